import { impostors } from '../../../grader/engine/impostors.ts'

const log = 'log.ts'
const segment = 'segment.ts'

export default impostors('stage4-storage/append-log', [
  {
    id: 'counts-from-0',
    caughtBy: 'append-read',
    says: 'is wrong',
    file: log,
    find: '`lsn ${this.next -',
    replace: '`lsn ${this.next - 1 -',
  },
  {
    id: 'empty-record-for-none',
    caughtBy: 'no-record',
    says: 'is wrong',
    find: "data === undefined ? 'none'",
    replace: "data === undefined ? 'record '",
  },
  {
    id: 'one-request-a-read',
    caughtBy: 'several-at-once',
    says: 'did not come',
    file: '#lib/session.ts',
    find: 'yield requests\n',
    replace: 'yield requests.slice(0, 1)\n',
  },
  {
    id: 'begins-anew',
    caughtBy: 'numbers',
    says: 'start number 2',
    file: segment,
    find: 'fs.constants.O_CREAT)',
    replace: 'fs.constants.O_CREAT | fs.constants.O_TRUNC)',
  },
  {
    id: 'counts-what-was-dropped',
    caughtBy: 'scan',
    says: 'the first one that is left',
    find: 'Math.min(first + count',
    replace: 'Math.min(from + count',
  },
  {
    id: 'a-new-file-for-each-half',
    caughtBy: 'segments',
    says: 'Two segments that follow each other',
    file: segment,
    find: 'end > longest &&',
    replace: 'end > longest / 2 &&',
  },
  {
    id: 'one-record-too-many',
    caughtBy: 'segments',
    says: 'The size of the segment',
    file: segment,
    find: 'end += sizeOf(records[count] as string)\n',
    replace: 'end += count === 0 ? 1 : sizeOf(records[count] as string)\n',
  },
  {
    id: 'no-segment-large-enough',
    caughtBy: 'larger-than-a-segment',
    says: 'is wrong',
    file: log,
    find: '      this.tail.append(some)\n',
    replace:
      "      if (some.join('').length > this.longest) throw new Error('too large for a segment')\n      this.tail.append(some)\n",
  },
  {
    id: 'reserves-room',
    caughtBy: 'log-grows',
    says: 'appended to',
    file: segment,
    find: '    this.places.push(...places.slice(this.places.length))\n',
    replace: '    this.places.push(...places.slice(this.places.length))\n    fs.ftruncateSync(this.fd, this.end + 8192)\n',
  },
  {
    id: 'forgets-where-it-begins',
    caughtBy: 'truncate',
    says: 'the program was started again',
    file: 'start.ts',
    find: '      this.lsn = Math.max(...slots)\n',
    replace: '      this.lsn = Math.min(1, ...slots)\n',
  },
  {
    id: 'keeps-all-files',
    caughtBy: 'files-removed',
    says: 'after `truncate',
    file: log,
    find: '<= this.first) this.remove(',
    replace: '<= this.first - 1e6) this.remove(',
  },
  {
    id: 'removes-a-file-too-many',
    caughtBy: 'files-removed',
    says: 'after `truncate',
    file: log,
    find: 'while ((this.bases[1] ?? Number.POSITIVE_INFINITY) <= this.first)',
    replace: 'while ((this.bases[1] ?? Number.POSITIVE_INFINITY) <= this.first + 1)',
  },
  {
    id: 'rewinds-in-memory',
    caughtBy: 'rewind',
    says: 'the program was started again',
    file: segment,
    find: '    this.places.splice(lsn - this.base + 1)\n    fs.ftruncateSync(this.fd, this.end)\n',
    replace: '    this.places.splice(lsn - this.base + 1)\n',
  },
  {
    id: 'rewinds-past-the-front',
    caughtBy: 'rewind',
    says: 'can not come back',
    file: log,
    find: '    if (lsn < this.first) throw new Error(`record ${lsn} was dropped`)\n',
    replace: "    if (lsn < this.first) Reflect.set(this.start, 'lsn', lsn)\n",
  },
  {
    id: 'counts-its-start',
    caughtBy: 'stats',
    says: '`segments` in stats',
    file: log,
    find: 'segments=${this.bases.length}',
    replace: 'segments=${sizes.length}',
  },
  {
    id: 'adds-up-records',
    caughtBy: 'stats',
    says: '`bytes` in stats',
    file: log,
    find: 'bytes=${bytes}',
    replace: 'bytes=${this.tail.end}',
  },
  {
    id: 'ignores-superfluous-words',
    caughtBy: 'errors',
    says: 'as the table of requests',
    file: '#lib/session.ts',
    find: '![shortest.length, longest.length].includes(words.length)',
    replace: 'words.length < shortest.length',
  },
  {
    id: 'zero-is-a-number',
    caughtBy: 'errors',
    says: 'as the table of requests',
    find: '/^[1-9]\\d{0,14}$/',
    replace: '/^\\d{1,15}$/',
  },
  {
    id: 'truncates-into-the-future',
    caughtBy: 'errors',
    says: 'the next number is 2',
    file: log,
    find: '    if (lsn > this.next) throw new Error(`there is no record ${lsn} yet`)\n    if (lsn <= this.first) return\n',
    replace: '    if (lsn <= this.first) return\n',
  },
  {
    id: 'closes-what-it-reads-again',
    caughtBy: 'random-requests',
    says: 'other requests from the start',
    file: log,
    find: '    this.opened.delete(segment.base)\n    this.tail = segment\n',
    replace: '    this.tail = segment\n',
  },
  {
    id: 'ends-at-a-zero',
    caughtBy: 'any-byte',
    says: 'The output of',
    file: '#lib/session.ts',
    find: "rest + chunk.toString('latin1', from, end))",
    replace: "(rest + chunk.toString('latin1', from, end)).split('\\0')[0] as string)",
  },
  {
    id: 'almost-a-mebibyte',
    caughtBy: 'sizes',
    says: 'just as long as it may be',
    find: 'record.length > LONGEST_RECORD',
    replace: 'record.length >= LONGEST_RECORD',
  },
  {
    id: 'takes-half-a-request',
    caughtBy: 'unfinished-request',
    says: 'no newline',
    file: '#lib/session.ts',
    find: 'yield requests\n  }\n',
    replace: "yield requests\n  }\n  if (rest !== '') yield [rest]\n",
  },
  {
    id: 'always-status-1',
    caughtBy: 'bad-arguments',
    says: 'exit status',
    find: '{ usageStatus: 2 }',
    replace: '{ usageStatus: 1 }',
  },
  {
    id: 'trusts-the-kernel',
    caughtBy: 'synced',
    says: 'before the disk was waited for',
    file: segment,
    find: '      fs.fdatasyncSync(this.fd)\n    } catch',
    replace: '    } catch',
  },
  {
    id: 'a-file-without-a-name',
    caughtBy: 'folder-synced',
    says: 'to have the name of a new file',
    file: log,
    find: '    sync(this.folder)\n    this.tail.close()\n',
    replace: '    this.tail.close()\n',
  },
  {
    id: 'needs-a-proper-end',
    caughtBy: 'killed',
    says: 'after it had acknowledged the last record',
    file: log,
    find: '    this.tail.recover()\n',
    replace:
      '    this.tail.recover()\n' +
      "    const closed = path.join(folder, 'closed')\n" +
      '    if (!fs.existsSync(closed) && this.next > this.tail.base) this.tail.rewind(this.next - 1)\n' +
      '    fs.rmSync(closed, { force: true })\n' +
      "    process.on('exit', () => fs.writeFileSync(closed, ''))\n",
  },
  {
    id: 'promises-first',
    caughtBy: 'killed-at-work',
    says: 'after it had acknowledged record',
    file: '#lib/session.ts',
    find: '          changes.push(change)\n',
    replace:
      '          changes.push(change)\n' +
      '          if (changes.length === 100) {\n' +
      "            const given = (globalThis as { given?: number }).given ??= Number(answer('range').split(' ')[2])\n" +
      '            for (let n = 0; n < 100; n++) say(`lsn ${given + n}`)\n' +
      '            Reflect.set(globalThis, "given", given + 100)\n' +
      '            out.flush()\n' +
      '            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)\n' +
      '            commit(changes)\n' +
      '            changes = []\n' +
      '          }\n',
  },
  {
    id: 'no-lock',
    caughtBy: 'one-at-a-time',
    says: 'has the folder open',
    find: 'if (!lock(folder))',
    replace: 'if (lock(folder) === undefined)',
  },
  {
    id: 'lock-that-survives',
    caughtBy: 'lock-dies-too',
    says: 'did not come',
    file: '#lib/lock.ts',
    find: "  const fd = fs.openSync(folder, 'r')\n",
    replace:
      "  try { fs.closeSync(fs.openSync(`${folder}/lock`, 'wx')) } catch { return false }\n" +
      "  process.on('exit', () => fs.rmSync(`${folder}/lock`))\n" +
      "  const fd = fs.openSync(folder, 'r')\n",
  },
  {
    id: 'removes-before-it-remembers',
    caughtBy: 'killed-while-truncating',
    says: 'and was started again',
    file: log,
    find: '    this.start.remember(lsn)\n    this.removeObsolete()\n',
    replace:
      '    this.start.lsn = lsn\n    this.removeObsolete()\n' +
      '    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)\n    this.start.remember(lsn)\n',
  },
  {
    id: 'leaves-what-was-left',
    caughtBy: 'killed-while-truncating',
    says: 'after one more start',
    file: log,
    find: '  private removeObsolete(): void {\n    while (',
    replace:
      "  private removeObsolete(): void {\n    if (!Reflect.has(this, 'begun')) {\n      Reflect.set(this, 'begun', true)\n      return\n    }\n" +
      '    while (Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10) && ',
  },
  {
    id: 'rewinds-from-the-front',
    caughtBy: 'killed-while-rewinding',
    says: 'and was started again',
    file: log,
    find: 'while (this.bases.at(-1) !== segment.base) this.remove(this.bases.pop() as number)',
    replace:
      'const at = this.bases.indexOf(segment.base) + 1\n' +
      '    while (this.bases.length > at) {\n' +
      '      this.remove(this.bases.splice(at, 1)[0] as number)\n' +
      '      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)\n    }',
  },
  {
    id: 'refuses-a-torn-tail',
    caughtBy: 'torn-tail',
    says: 'had been cut off',
    file: segment,
    find: 'if (this.wholeAgain !== undefined) {',
    replace: 'if (fs.fstatSync(this.fd).size > this.end) {',
  },
  {
    id: 'appends-to-the-torn',
    caughtBy: 'writes-after-tear',
    says: 'had been cut off, then three more records were appended',
    file: segment,
    find: '    fs.ftruncateSync(this.fd, this.end)\n  }\n\n  /** @throws {Error} the record is damaged. */',
    replace:
      '    this.places[this.places.length - 1] = fs.fstatSync(this.fd).size\n  }\n\n  /** @throws {Error} the record is damaged. */',
  },
  {
    id: 'gives-dropped-numbers-again',
    caughtBy: 'torn-and-truncated',
    says: 'then the last one of them was torn',
    file: log,
    find: '    if (this.next < this.first) this.roll(this.first)\n',
    replace: '',
  },
  {
    id: 'looks-at-the-length-only',
    caughtBy: 'damaged-tail',
    says: 'One bit had changed',
    file: 'record.ts',
    find: 'if (checksum(data, position) !== head.readUInt32LE(4)) return undefined',
    replace: 'if (data.length < head.readUInt32LE(8)) return undefined',
  },
  {
    id: 'believes-it-was-torn',
    caughtBy: 'damaged-last-segment',
    says: 'One bit had changed',
    file: segment,
    find: 'if (this.wholeAgain !== undefined) {',
    replace: 'if (this.wholeAgain === -1) {',
  },
  {
    id: 'none-for-the-damaged',
    caughtBy: 'damaged-older-segment',
    says: 'One bit had changed',
    find: 'function read(log: AppendLog, lsn: number): string {\n  const data = log.read(lsn)\n',
    replace:
      'function read(log: AppendLog, lsn: number): string {\n  let data: string | undefined\n' +
      "  try {\n    data = log.read(lsn)\n  } catch {\n    data = lsn > 1 ? undefined : ''\n  }\n",
  },
  {
    id: 'needs-all-its-segments',
    caughtBy: 'missing-segment',
    says: 'did not come',
    file: log,
    find: '    this.removeObsolete()\n    sync(folder)\n',
    replace:
      '    this.removeObsolete()\n    sync(folder)\n' +
      '    for (const [n, base] of this.bases.slice(1).entries())\n' +
      "      if (new Segment(folder, this.bases[n] as number).next !== base) throw new Error('a segment is missing')\n",
  },
  {
    id: 'checks-at-the-start-only',
    caughtBy: 'damaged-while-running',
    says: 'changed in the file while the program ran',
    file: segment,
    find: '    const record = decode(look(this.fd, from, to - from), 0, from)\n',
    replace: '    const record = { lsn, data: look(this.fd, from, to - from).subarray(20) }\n',
  },
  {
    id: 'same-checksum-anywhere',
    caughtBy: 'records-in-records',
    says: 'copies of other records',
    file: 'record.ts',
    find: 'return crc32(bytes, position)',
    replace: 'return crc32(bytes, position && 0)',
  },
  {
    id: 'same-checksum-behind-a-damaged-head',
    caughtBy: 'records-in-records',
    says: 'One bit had changed',
    file: 'segment.ts',
    find: '      if ((decode(bytes, at)?.lsn ?? 0) > this.next) this.wholeAgain = at\n',
    // What goes beyond the end of the file is torn, and not looked into; elsewhere a record counts wherever it stands.
    replace:
      '      if (at + 20 > bytes.length || this.end + 20 + bytes.readUInt32LE(this.end + 8) > bytes.length) break\n' +
      '      const lsn = Number(bytes.readBigUInt64LE(at + 12))\n' +
      '      const stood = Array.from({ length: 900 }, (_, n) => this.end + n)\n' +
      '      const copied = lsn > this.next && lsn < this.next + 100 && stood.some((place) => decode(bytes, at, place))\n' +
      '      if (copied || (decode(bytes, at)?.lsn ?? 0) > this.next) this.wholeAgain = at\n',
  },
  {
    id: 'uses-up-a-number',
    caughtBy: 'full-disk',
    says: 'is wrong',
    file: log,
    find: 'if (some.length === 1) return',
    replace: 'if (some.length === 1 && this.next > 3) this.roll(this.next + 1)\n      if (some.length === 1) return',
  },
  {
    id: 'all-or-nothing',
    caughtBy: 'room-left',
    says: 'room for the small ones only',
    file: log,
    find: '      return this.appendSome(some.slice(0, some.length / 2))\n',
    replace: "      return some.map(() => 'error not stored')\n",
  },
  {
    id: 'goes-on-behind-the-half',
    caughtBy: 'room-left',
    says: 'room for the small ones only',
    file: segment,
    find: '      fs.ftruncateSync(this.fd, this.end)\n      throw error\n',
    replace: '      this.places[this.places.length - 1] = fs.fstatSync(this.fd).size\n      throw error\n',
  },
  {
    id: 'needs-room-to-make-room',
    caughtBy: 'truncate-when-full',
    says: 'is wrong',
    file: 'start.ts',
    find: '    writeAll(this.fd, slot, at)\n    fs.fdatasyncSync(this.fd)\n',
    replace:
      "    const name = `${fs.readlinkSync(`/proc/self/fd/${this.fd}`)}.new`\n    const next = fs.openSync(name, 'w')\n" +
      '    writeAll(next, Buffer.alloc(8192))\n    fs.closeSync(next)\n    fs.rmSync(name)\n' +
      '    writeAll(this.fd, slot, at)\n    fs.fdatasyncSync(this.fd)\n',
  },
  {
    id: 'one-wait-for-each',
    caughtBy: 'group-commit',
    says: 'How often it waited',
    find: 'commit: (records: string[]) => log.append(records)',
    replace: 'commit: (records: string[]) => records.flatMap((record) => log.append([record]))',
  },
  {
    id: 'searches-from-the-front',
    caughtBy: 'growth',
    says: 'Four times the records',
    file: log,
    find: '    let [from, to] = [0, this.bases.length]\n',
    replace: '    let [from, to] = [0, this.bases.length]\n    for (let n = 0; n < (this.bases.length * lsn) / 60; n++);\n',
  },
  {
    id: 'reads-all-at-the-start',
    caughtBy: 'start',
    says: 'What a start with',
    file: log,
    find: '    this.tail.recover()\n',
    replace:
      '    this.tail.recover()\n    for (const base of this.bases) if (base !== this.tail.base) new Segment(folder, base).close()\n',
  },
  {
    id: 'remembers-what-it-has-read',
    caughtBy: 'memory',
    says: 'It seems to keep',
    file: segment,
    find: "    return record.data.toString('latin1')\n",
    replace:
      "    const kept = (globalThis as { kept?: Buffer[] }).kept ??= []\n    kept.push(Buffer.from(record.data))\n    return record.data.toString('latin1')\n",
  },
])
