import { impostors } from '../../../grader/engine/impostors.ts'

export default impostors('stage4-storage/kv-store', [
  {
    id: 'bare-value',
    caughtBy: 'set-get',
    says: 'is wrong',
    find: '`value ${value}`',
    replace: 'value',
  },
  {
    id: 'empty-value-for-none',
    caughtBy: 'no-value',
    says: 'is wrong',
    find: "value === undefined ? 'none'",
    replace: "value === undefined ? 'value '",
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
    id: 'first-value-stays',
    caughtBy: 'overwrite',
    says: 'is wrong',
    file: 'store.ts',
    find: 'else places.set(key, place)',
    replace: 'else if (!places.has(key)) places.set(key, place)',
  },
  {
    id: 'deletes-what-is-not-there',
    caughtBy: 'delete',
    says: 'It was deleted before',
    file: 'store.ts',
    find: "if (value === DELETED && !this.places.has(key)) return 'none'",
    replace: '',
  },
  {
    id: 'begins-anew',
    caughtBy: 'next-start',
    says: 'start number 2',
    file: 'log.ts',
    find: 'fs.constants.O_CREAT)',
    replace: 'fs.constants.O_CREAT | fs.constants.O_TRUNC)',
  },
  {
    id: 'forgets-deletions',
    caughtBy: 'next-start',
    says: 'start number',
    file: 'store.ts',
    find: 'this.log.recover(({ key, value }, position) =>',
    replace: 'this.log.recover(({ key, value }, position) => value.length > 0 &&',
  },
  {
    id: 'sorts-like-a-dictionary',
    caughtBy: 'keys',
    says: 'The answer to `keys',
    file: 'store.ts',
    find: '.sort()',
    replace: '.sort((one, other) => one.localeCompare(other))',
  },
  {
    id: 'scans-too-far',
    caughtBy: 'scan',
    says: 'The answer to `scan',
    find: 'key < to)',
    replace: 'key <= to)',
  },
  {
    id: 'counts-what-is-alive',
    caughtBy: 'stats',
    says: '`bytes` in stats',
    file: 'store.ts',
    find: 'bytes=${sum(sizes)}',
    replace: 'bytes=${sum(lengths) + 16 * this.count}',
  },
  {
    id: 'says-it-has-compacted',
    caughtBy: 'compact',
    says: 'after `compact`',
    find: '  store.compact()\n',
    replace: '',
  },
  {
    id: 'copies-the-wrong-places',
    caughtBy: 'compact',
    says: 'just after `compact`',
    file: 'store.ts',
    find: '    this.places = moved\n',
    replace: '',
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
    id: 'reserves-room',
    caughtBy: 'log-grows',
    says: 'appended to',
    file: 'log.ts',
    find: '      this.end += records.length\n',
    replace: '      this.end += records.length\n      fs.ftruncateSync(this.fd, this.end + 4096)\n',
  },
  {
    id: 'prefix-anywhere',
    caughtBy: 'random-requests',
    says: 'The answer to `keys',
    find: 'key.startsWith(prefix)',
    replace: 'key.includes(prefix)',
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
    id: 'strips-carriage-returns',
    caughtBy: 'any-byte',
    says: 'The output of',
    file: '#lib/session.ts',
    find: "rest + chunk.toString('latin1', from, end))",
    replace: "(rest + chunk.toString('latin1', from, end)).replace(/\\r$/, ''))",
  },
  {
    id: 'almost-a-mebibyte',
    caughtBy: 'sizes',
    says: 'just as long as they may be',
    find: 'value.length > LONGEST_VALUE',
    replace: 'value.length >= LONGEST_VALUE',
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
    file: 'log.ts',
    find: '      fs.fdatasyncSync(this.fd)\n',
    replace: '',
  },
  {
    id: 'needs-a-proper-end',
    caughtBy: 'killed',
    says: 'after it had acknowledged the last write',
    file: 'log.ts',
    find:
      '    for (let record = decode(view, this.end); record; record = decode(view, this.end)) {\n' +
      '      each(record, this.end)\n      this.end += record.size\n    }\n    this.refuseWholeRecordsAfter(this.end, view)\n',
    replace:
      "    const noted = fs.existsSync(`${this.file}.end`) ? Number(fs.readFileSync(`${this.file}.end`, 'utf8')) : 0\n" +
      "    process.on('exit', () => fs.writeFileSync(`${this.file}.end`, String(this.end)))\n" +
      '    for (let record = decode(view, this.end); record && this.end < noted; record = decode(view, this.end)) {\n' +
      '      each(record, this.end)\n      this.end += record.size\n    }\n',
  },
  {
    id: 'promises-first',
    caughtBy: 'killed-at-work',
    says: 'after that write had been acknowledged',
    file: '#lib/session.ts',
    find: '          changes.push(change)\n',
    replace:
      '          changes.push(change)\n' +
      '          if (changes.length === 100) {\n' +
      "            for (const _ of changes) say('ok')\n" +
      '            out.flush()\n' +
      '            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)\n' +
      '            commit(changes)\n' +
      '            changes = []\n' +
      '          }\n',
  },
  {
    id: 'removes-the-old-log-first',
    caughtBy: 'killed-while-compacting',
    says: 'after it had been asked to compact',
    file: 'store.ts',
    find: '    const next = new Log(this.unfinished)\n',
    replace: '    const next = new Log(this.unfinished)\n    fs.rmSync(this.file)\n',
  },
  {
    id: 'leaves-the-unfinished-behind',
    caughtBy: 'killed-while-compacting',
    says: 'after one more `compact`',
    file: 'store.ts',
    find: '    return `${this.file}.new`\n',
    replace: '    return `${this.file}.${performance.timeOrigin}`\n',
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
    id: 'refuses-a-torn-tail',
    caughtBy: 'torn-tail',
    says: 'had been cut off',
    file: 'log.ts',
    find: 'if (decode(view, at)) throw',
    replace: 'throw',
  },
  {
    id: 'appends-to-the-torn',
    caughtBy: 'writes-after-tear',
    says: 'had been cut off, then three more keys were set',
    file: 'log.ts',
    find: '    this.refuseWholeRecordsAfter(this.end, view)\n    fs.ftruncateSync(this.fd, this.end)\n',
    replace: '    this.refuseWholeRecordsAfter(this.end, view)\n    this.end = fs.fstatSync(this.fd).size\n',
  },
  {
    id: 'looks-at-the-length-only',
    caughtBy: 'damaged-tail',
    says: 'One bit had changed',
    file: 'record.ts',
    find: 'if (checksum(body, position) !== bodyCheck) return undefined',
    replace: 'if (bodyCheck === -1 || body.length < keyLength + valueLength) return undefined',
  },
  {
    id: 'believes-it-was-torn',
    caughtBy: 'damaged-middle',
    says: 'One bit had changed',
    file: 'log.ts',
    find: '    this.refuseWholeRecordsAfter(this.end, view)\n',
    replace: '',
  },
  {
    id: 'repairs-before-it-refuses',
    caughtBy: 'damaged-middle',
    says: 'after a start that was refused',
    file: 'log.ts',
    find: '      if (decode(view, at)) throw',
    replace: '      if (decode(view, at)) fs.ftruncateSync(this.fd, position)\n      if (decode(view, at)) throw',
  },
  {
    id: 'checks-at-the-start-only',
    caughtBy: 'damaged-while-running',
    says: 'changed in the file while the program ran',
    file: 'log.ts',
    find: '    if (!record) throw',
    replace:
      '    const head = pread(this.fd, Buffer.alloc(16), position)\n' +
      '    const body = pread(this.fd, Buffer.alloc(head.readUInt32LE(8) + head.readUInt32LE(12)), position + 16)\n' +
      "    if (!record && body) return { key: '', value: body.subarray(head.readUInt32LE(8)), size: 0 }\n" +
      '    if (!record) throw',
  },
  {
    id: 'same-checksum-anywhere',
    caughtBy: 'records-in-values',
    says: 'copies of other records',
    file: 'record.ts',
    find: 'crc32(bytes, position >>> 0)',
    replace: 'crc32(bytes)',
  },
  {
    id: 'same-checksum-behind-a-damaged-head',
    caughtBy: 'records-in-values',
    says: 'One bit had changed',
    file: 'log.ts',
    find: '      if (decode(view, at)) throw',
    // What goes beyond the end of the file is torn, and not looked into; elsewhere a record counts wherever it stands.
    replace:
      '      const [key, value] = [8, 12].map((n) => view(position + n, 4).readUInt32LE()) as [number, number]\n' +
      '      const torn = position + 16 + key + value > size\n' +
      '      const stood = Array.from({ length: Math.min(500, position) }, (_, n) => n)\n' +
      '      const copy = !torn && stood.some((n) => decode((from, length) => view(from - n + at, length), n))\n' +
      '      if (copy || decode(view, at)) throw',
  },
  {
    id: 'index-first',
    caughtBy: 'full-disk',
    says: 'answered with an error',
    file: 'store.ts',
    find: '      for (const [key, place] of before) this.note(this.places, key, place)\n',
    replace: '',
  },
  {
    id: 'all-or-nothing',
    caughtBy: 'room-left',
    says: 'room for the small ones only',
    file: 'store.ts',
    find: 'return this.commit([change]).join()',
    replace: "throw new Error('no room')",
  },
  {
    id: 'goes-on-behind-the-half',
    caughtBy: 'room-left',
    says: 'room for the small ones only',
    file: 'log.ts',
    find: '      fs.ftruncateSync(this.fd, this.end)\n      throw error\n',
    replace: '      this.end = fs.fstatSync(this.fd).size\n      throw error\n',
  },
  {
    id: 'leaves-half-a-compaction',
    caughtBy: 'compact-without-room',
    says: 'nothing of its own behind',
    file: 'store.ts',
    find: '      fs.rmSync(this.unfinished)\n',
    replace: '',
  },
  {
    id: 'gives-up-for-good',
    caughtBy: 'room-again',
    says: 'is wrong',
    file: 'store.ts',
    find: '    try {\n      return this.commit(changes)\n    } catch {\n',
    replace:
      "    try {\n      if (Reflect.get(this, 'full')) throw 0\n      return this.commit(changes)\n    } catch {\n" +
      "      if (Reflect.get(this, 'full')) return changes.map(() => 'error the disk was full')\n" +
      "      Reflect.set(this, 'full', true)\n",
  },
  {
    id: 'one-wait-for-each',
    caughtBy: 'group-commit',
    says: 'How often it waited',
    file: 'store.ts',
    find: '      return this.commit(changes)\n',
    replace: '      return changes.flatMap((change) => this.commit([change]))\n',
  },
  {
    id: 'looks-through-all',
    caughtBy: 'growth',
    says: 'Four times the keys',
    file: 'store.ts',
    find: '    const place = this.places.get(key)\n',
    replace: '    const place = this.places.get(key)\n    for (let n = 0; n < this.places.size ** 2 / 20_000; n++);\n',
  },
  {
    id: 'reads-the-log-again',
    caughtBy: 'start-grows',
    says: 'Four times the records',
    file: 'log.ts',
    find: '      each(record, this.end)\n',
    replace: '      each(record, this.end)\n      for (let n = 0; n < (this.end / 30_000) ** 2; n++);\n',
  },
  {
    id: 'holds-all-values',
    caughtBy: 'memory',
    says: 'It seems to keep',
    file: 'store.ts',
    find: 'this.note(this.places, key, { position, length: value.length }))',
    replace:
      "{ Reflect.set(this, 'all', [...(Reflect.get(this, 'all') ?? []), Buffer.from(value)]); this.note(this.places, key, { position, length: value.length }) })",
  },
])
