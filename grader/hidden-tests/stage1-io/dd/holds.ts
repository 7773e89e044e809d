import fs from 'node:fs'
import { bulkBytes } from '../../../models/bulk.ts'
import { holds, source, told } from '../../../models/dd.ts'
import { openFlagsOf } from '../../../models/open-files.ts'
import { check, expect } from '../../../programs/kit.ts'
import { KIB, MIB } from '../../../programs/performance.ts'

export const ddHolds = [
  check(
    'short-reads',
    'takes what a pipe gives for a record, and counts it',
    { spec: 'short-reads', hint: 'One read, one record. With bs each is written at once; count counts partial ones too.' },
    async ({ program, random }) => {
      const [one, two, three] = random.distinct(3, () => random.sentence(2)) as [string, string, string]
      const live = program.start(['bs=4k', 'count=2'], { stdin: 'open' })
      await live.write(one)
      await live.shows(one, 'It was read as a partial block, and has to be written as one.')
      await live.write(two)
      await live.shows(one + two, 'These are two blocks.')
      await live.write(three)
      told((await live.end()).succeeds({ stdout: one + two }), '0+2', '0+2')
    },
  ),
  check(
    'gathers-short-reads',
    'makes full output blocks of short reads when bs is not given',
    { spec: 'records', hint: 'Copy what was read into the output block, as often as it takes, and write only what is full.' },
    async ({ program, random }) => {
      const [a, b, c] = random.distinct(3, () => random.bytes(8).toString('hex')) as [string, string, string]
      const live = program.start(['ibs=1k', 'obs=10'], { stdin: 'open' })
      await live.write(a)
      await live.shows(a.slice(0, 10), 'One output block is full.')
      await live.write(b)
      await live.shows(a + b.slice(0, 14), 'Now three output blocks are full.')
      await live.write(c)
      live.endInput()
      told((await live.end()).succeeds({ stdout: a + b + c }), '0+3', '4+1')
    },
  ),
  check(
    'full-blocks',
    'iflag=fullblock reads until the block is full',
    { spec: 'short-reads', hint: 'Read again into the rest of the buffer until it is full or the input ends.' },
    async (kit) => {
      const bytes = Buffer.concat([...bulkBytes(kit.random, 3 * MIB)])
      const run = await kit.program.run(['bs=1M', 'count=2', 'iflag=fullblock'], { stdin: bytes })
      told(run.succeeds({ stdout: bytes.subarray(0, 2 * MIB), why: 'A pipe never holds a mebibyte at a time.' }), '2+0', '2+0')
      const tail = await kit.program.run(['bs=2M', 'iflag=fullblock'], { stdin: bytes })
      told(tail.succeeds({ stdout: bytes }), '1+1', '1+1')
    },
  ),
  check(
    'missing-input',
    'reports an input that is not there, and leaves the output alone',
    { spec: 'errors', hint: 'Open the input first.' },
    async (kit) => {
      const old = kit.random.text(2)
      const missing = `no-${kit.random.word()}`
      kit.scratch.file('old', old)
      await kit.program.run([`if=${missing}`, 'of=old']).fails({ status: 1, names: missing })
      holds(kit, 'old', old)
      await kit.program.run([`of=${missing}/x`], { stdin: old }).fails({ status: 1, names: `${missing}/x` })
    },
  ),
  check(
    'bad-operands',
    'refuses what it does not understand, and copies nothing',
    { spec: 'errors', hint: 'Go through all operands before you open anything.' },
    async (kit) => {
      const { name, bytes } = source(kit, 25)
      for (const bad of ['bs=0', 'count=x', 'count=1q', 'conv=sync,foo', 'foo=1', 'status=loud', name])
        await kit.program.run([`if=${name}`, 'of=out', bad]).fails({ status: 1, stdout: '' })
      expect(kit.scratch.exists('out'), 'That there is a file out').toBe(false)
      await kit.program.run([`if=${name}`, 'of=out']).succeeds()
      holds(kit, 'out', bytes)
    },
  ),
  check(
    'full-disk',
    'ends with status 1 when its output can not be written, and counts only what was',
    {
      spec: 'errors',
      hint: 'Count a block when it has been written. An error tells which file it was; the report comes all the same.',
    },
    async (kit) => {
      const run = await kit.program.run(['if=/dev/zero', 'of=/dev/full', 'bs=1k', 'count=5'])
      told(run.fails({ status: 1, names: '/dev/full' }), '1+0', '0+0')
      const { name } = source(kit, 25)
      told((await kit.program.run([`if=${name}`, 'of=/dev/full', 'ibs=10', 'obs=100'])).fails({ status: 1 }), '2+1', '0+0')
    },
  ),
  check(
    'seek-in-a-pipe',
    'reports that a pipe can not be sought',
    { spec: 'seeking', hint: 'lseek and pwrite fail with ESPIPE.' },
    async (kit) => {
      const { name, bytes } = source(kit, 25)
      await kit.program.run([`if=${name}`, 'bs=10', 'seek=1']).fails({ status: 1, stdout: '' })
      await kit.program.run([`if=${name}`, 'bs=10', 'seek=0']).succeeds({ stdout: bytes })
    },
  ),
  check(
    'read-error',
    'ends with status 1 when its input can not be read',
    { spec: 'read-errors', hint: 'A folder can be opened, but not read. Write what was read before, then report.' },
    async (kit) => {
      const folder = kit.scratch.folder(kit.random.word())
      await kit.program.run([`if=${folder}`, 'bs=10', 'count=2']).fails({ status: 1, stdout: '', names: folder })
    },
  ),
  check(
    'noerror',
    'conv=noerror,sync goes on after a read error, with zeros in place of the block',
    { spec: 'read-errors', hint: 'Tell the error, count the block as a partial one, and write a block of zeros for it.' },
    async (kit) => {
      const folder = kit.scratch.folder(kit.random.word())
      const block = kit.random.int(20, 40)
      const run = await kit.program.run([`if=${folder}`, `bs=${block}`, 'count=3', 'conv=noerror,sync'])
      told(run.succeeds({ stdout: Buffer.alloc(3 * block), stderr: new RegExp(folder) }), '0+3', '3+0')
    },
  ),
  check(
    'shared-input',
    'reads no more from standard input than it was asked for',
    {
      spec: 'shared-places',
      hint: 'The place in a file belongs to the descriptor, and is shared with whoever has it next: read ibs bytes at a time, not more.',
    },
    async (kit) => {
      const { name, bytes } = source(kit, 100)
      const fd = fs.openSync(kit.scratch.path(name), 'r')
      const stdin = { file: name, fd }
      await kit.program.run(['bs=10', 'count=3'], { stdin }).succeeds({ stdout: bytes.subarray(0, 30) })
      await kit.program.run(['bs=10', 'skip=2', 'count=1'], { stdin }).succeeds({ stdout: bytes.subarray(50, 60) })
      await kit.program.run(['bs=1k'], { stdin }).succeeds({ stdout: bytes.subarray(60) })
      fs.closeSync(fd)
    },
  ),
  check(
    'shared-output',
    'writes to standard output where it stands',
    { spec: 'shared-places', hint: 'Only a file that was named with of= is yours to truncate.' },
    async (kit) => {
      const { name, bytes } = source(kit, 25)
      const old = kit.random.bytes(40)
      kit.scratch.file('out', old)
      await kit.program.run([`if=${name}`, 'bs=10'], { stdout: { file: 'out', append: true } }).succeeds()
      holds(kit, 'out', Buffer.concat([old, bytes]))
    },
  ),
  check(
    'sparse',
    'conv=sparse leaves holes for blocks of zeros, at the end too',
    {
      spec: 'sparse-files',
      hint: 'Step over a block of zeros by seeking. A hole at the end needs ftruncate, for nothing is written behind it.',
    },
    async (kit) => {
      const piece = kit.random.bytes(4 * KIB)
      const almost = Buffer.alloc(4 * KIB, 0)
      almost[4 * KIB - 1] = 7
      const bytes = Buffer.concat([piece, Buffer.alloc(MIB), almost, piece, Buffer.alloc(2 * MIB + 5)])
      kit.scratch.file('in', bytes)
      await kit.program.run(['if=in', 'of=out', 'bs=4k', 'conv=sparse']).succeeds()
      holds(kit, 'out', bytes)
      expect(kit.scratch.stat('out').blocks * 512, 'The room that out takes on the disk').toBeAtMost(MIB, 'bytes')
      const old = Buffer.alloc(4 * MIB, 'x')
      kit.scratch.file('long', old)
      await kit.program.run(['if=in', 'of=long', 'bs=4k', 'conv=sparse,notrunc']).succeeds()
      expect(kit.scratch.stat('long').size, 'The size of a longer file after conv=sparse,notrunc').toBe(4 * MIB)
      await kit.program.run(['if=in', 'bs=4k', 'conv=sparse']).succeeds({ stdout: bytes, why: 'A pipe has no holes.' })
    },
  ),
  check(
    'fsync',
    'conv=fsync fails where nothing can be synced',
    { spec: 'reaching-the-disk', hint: 'Call fsync at the end, and look at what it returns.' },
    async (kit) => {
      const { name, bytes } = source(kit, 25)
      await kit.program.run([`if=${name}`, 'of=out', 'conv=fsync']).succeeds()
      holds(kit, 'out', bytes)
      await kit.program.run([`if=${name}`, 'of=/dev/null', 'conv=fsync']).fails({ status: 1, names: '/dev/null' })
    },
  ),
  check(
    'direct',
    'oflag=direct and iflag=direct go past the cache',
    {
      spec: 'direct',
      hint: 'Open with O_DIRECT; buffers must begin at a multiple of 512. Clear the flag (fcntl) before the last, short block is written.',
    },
    async (kit) => {
      const { name, bytes } = source(kit, 9000)
      try {
        fs.closeSync(fs.openSync(kit.scratch.path(name), fs.constants.O_RDONLY | fs.constants.O_DIRECT))
      } catch {
        kit.skip('a file system with direct I/O')
      }
      await kit.program.run([`if=${name}`, 'of=copy', 'bs=4k', 'iflag=direct']).succeeds()
      holds(kit, 'copy', bytes)
      const live = kit.program.start(['of=out', 'bs=4k', 'oflag=direct'], { stdin: 'open' })
      await live.process.write(bytes.subarray(0, 4096))
      await live.until(() => kit.scratch.exists('out') && kit.scratch.stat('out').size === 4096)
      expect(kit.scratch.stat('out').size, 'The size of out after one block').toBe(4096)
      expect(
        openFlagsOf(kit.scratch.path('out')).some((flags) => (flags & fs.constants.O_DIRECT) !== 0),
        'That out is open with O_DIRECT',
      ).toBe(true)
      await live.process.write(bytes.subarray(4096, 5000))
      live.endInput()
      ;(await live.end()).succeeds()
      holds(kit, 'out', bytes.subarray(0, 5000))
    },
  ),
  check(
    'sigusr1-waiting',
    'reports on SIGUSR1 while it waits for input, and goes on',
    {
      spec: 'sigusr1',
      hint: 'The handler writes the report, or makes the interrupted read return (EINTR) so that you write it; then read again.',
    },
    async ({ program, random }) => {
      const [one, two] = random.distinct(2, () => random.sentence(3)) as [string, string]
      const live = program.start(['bs=4k'], { stdin: 'open' })
      await live.write(one)
      await live.shows(one, 'It has to be running before the signal comes.')
      live.signal('SIGUSR1')
      await live.until(() => live.stderr.includes('records out'))
      expect(live.stderr.toString(), 'What came on standard error after SIGUSR1').toMatch(/^0\+1 records in\n0\+1 records out$/m)
      await live.write(two)
      live.endInput()
      told((await live.end()).succeeds({ stdout: one + two }), '0+2', '0+2')
    },
  ),
  check(
    'sigusr1-working',
    'reports on SIGUSR1 while it works, and goes on',
    { spec: 'sigusr1', hint: 'Look for the signal between two blocks, if your language does not call a handler by itself.' },
    async ({ program }) => {
      let size = 0
      const onOutput = (piece: Buffer) => {
        size += piece.length
      }
      const live = program.start(['if=/dev/zero', 'bs=2k'], { onOutput, limits: { output: 64 * 1024 * MIB } })
      await live.until(() => size > 0)
      live.signal('SIGUSR1')
      await live.until(() => live.stderr.includes('records out'))
      expect(live.stderr.toString(), 'What came on standard error after SIGUSR1').toMatch(
        /^\d+\+0 records in\n\d+\+0 records out$/m,
      )
      const before = size
      expect(await live.until(() => size > before + MIB), 'That more output came after the signal').toBe(true)
      await live.stop()
    },
  ),
  check(
    'reader-leaves',
    'ends quietly when nobody reads its output any more',
    { spec: 'readers-that-leave', hint: 'EPIPE ends the copy. Without conv=noerror nothing is tried again.' },
    async (kit) => {
      const { name, bytes } = source(kit, 5000)
      fs.truncateSync(kit.scratch.path(name), 512 * MIB)
      const seen: Buffer[] = []
      const onOutput = (piece: Buffer) => {
        seen.push(piece)
        live.closeOutput()
      }
      const live = kit.program.start([`if=${name}`, 'bs=5000'], { onOutput, limits: { output: 1024 * MIB } })
      const run = await live.end()
      const why = 'Its reader was gone after the first bytes.'
      expect(Buffer.concat(seen).subarray(0, 5000), 'What came before the reader left').toBeText(bytes)
      expect(run.exit.bytesRead, `The number of bytes that \`${run.command}\` read`, why).toBeAtMost(128 * MIB, 'bytes')
      expect(run.stderr.toString().split('\n').length, 'The number of lines on standard error', why).toBeAtMost(5, 'lines')
    },
  ),
]
