import type { Random } from '../../../engine/random.ts'
import { Digest } from '../../../models/bulk.ts'
import { by, fieldOf, mixed, sorted, ties, toText, words } from '../../../models/sort.ts'
import { check, expect } from '../../../programs/kit.ts'
import { growsWithWork, idleMemory, KIB, MIB, memoryStaysBounded } from '../../../programs/performance.ts'

/** Lines of a kibibyte, by their number, and with what they begin. */
function* longLines(random: Random, numbers: Iterable<number>): Generator<Buffer> {
  const filler = random
    .fork('filler')
    .bytes(KIB)
    .toString('hex')
    .slice(0, KIB - 9)
  for (const number of numbers) yield Buffer.from(`${String(number).padStart(7, '0')} ${filler}\n`)
}

/** All numbers below a count, far from any order: 7919 is prime, and no divisor of the counts used here. */
const scattered = (count: number) => Array.from({ length: count }, (_, n) => (n * 7919) % count)

/** Many more lines than fit into some kilobytes, with few different keys. */
function manyTies(random: Random): string[] {
  const few = ties(random, 50, 3)
  return Array.from({ length: 20_000 }, (_, n) => `${few[(n * 7919) % 50]} ${n} ${few[n % 50]}`)
}

export const sortHolds = [
  check(
    'missing-file',
    'writes nothing when one of its files is missing, and ends with status 2',
    { spec: 'errors', hint: 'Half an order is none: read everything before you write anything. Status 1 is for -c.' },
    async ({ program, random, scratch }) => {
      const missing = `no-${random.word()}`
      await program.run([scratch.file('one', random.text(2)), missing]).fails({ status: 2, stdout: '', names: missing })
    },
  ),
  check(
    'bad-arguments',
    'refuses keys, separators and options that are none, with status 2',
    {
      spec: 'errors',
      hint: 'Fields and characters are counted from 1, and what follows them can only be one of the known letters.',
    },
    async ({ program, random }) => {
      const lines = words(random, 3)
      const stdin = toText(lines)
      for (const args of [['-k0'], ['-k1.0'], ['-k1,2q'], ['-t', 'ab'], ['-Q']])
        await program.run(args, { stdin }).fails({ status: 2, stdout: '' })
      await program.run(['-k1,2'], { stdin }).succeeds({ stdout: toText(sorted(lines)) })
    },
  ),
  check(
    'output-fails',
    'ends with status 2 when its output can not be written',
    { spec: 'errors', hint: 'Opening can fail, and so can each write and the last flush: /dev/full is a disk without room.' },
    async ({ program, random }) => {
      const stdin = random.text(3)
      const file = `${random.word()}/out`
      await program.run(['-o', file], { stdin }).fails({ status: 2, names: file })
      await program.run(['-o', '/dev/full'], { stdin }).fails({ status: 2 })
    },
  ),
  check(
    'any-byte',
    'takes lines for bytes, whatever they are',
    { spec: 'any-byte', hint: 'Do not decode: what is not valid UTF-8 must come out as it was, and in the order of its bytes.' },
    async ({ program, random }) => {
      const heads = random.shuffle(Array.from({ length: 256 }, (_, byte) => byte)).filter((byte) => byte !== 10)
      const lines = heads.map((byte, n) => Buffer.from([byte, 13, 0, heads[(n + 1) % 255] as number]))
      const join = (list: Buffer[]) => Buffer.concat(list.flatMap((line) => [line, Buffer.from('\n')]))
      await program.run([], { stdin: join(lines) }).succeeds({ stdout: join([...lines].sort(Buffer.compare)) })
    },
  ),
  check(
    'empty',
    'makes nothing of nothing, and keeps empty lines',
    { spec: 'lines', hint: 'Behind the last newline there is no further line; but an empty line is a line.' },
    async ({ program, random, scratch }) => {
      const [word] = words(random, 1)
      await program.run([scratch.file('empty', '')]).succeeds({ stdout: '' })
      await program.run(['empty', '-'], { stdin: `\n${word}\n\n` }).succeeds({ stdout: `\n\n${word}\n` })
    },
  ),
  check(
    'missing-fields',
    'takes a key that a line does not have for an empty one',
    {
      spec: 'fields-and-keys',
      hint: 'Stop at the end of the line when you look for a field or a character; a place may also lie in the next field.',
    },
    async ({ program, random }) => {
      const [a, b, c] = sorted(words(random, 3)) as [string, string, string]
      const lines = [`x:${b}:${a}`, `y:${b}`, 'z', '', `w:${b}:${c}`, `v:${b}:`]
      const stdin = toText(mixed(random, lines))
      const wanted = toText(['', `v:${b}:`, `y:${b}`, 'z', `x:${b}:${a}`, `w:${b}:${c}`])
      await program.run(['-t:', '-k3'], { stdin }).succeeds({ stdout: wanted })
      const far = [`1 ${a}z`, `22 ${b}`, `333 ${a}a`]
      const order = sorted(
        far,
        by((line) => line.slice(2)),
      )
      await program.run(['-s', '-k1.3'], { stdin: toText(far) }).succeeds({ stdout: toText(order) })
    },
  ),
  check(
    'long-numbers',
    '-n compares numbers of any length exactly',
    {
      spec: 'long-numbers',
      hint: 'Compare digits, not machine numbers: more digits before the point are more, else the first different digit decides.',
    },
    async ({ program, random }) => {
      const digits = (count: number) => Array.from({ length: count }, () => random.int(1, 9)).join('')
      const long = digits(40)
      const huge = digits(65_540)
      const plus = [long.slice(1), `${long}1`, `${long}2`, `${long}20`, `${huge}1`, `${huge}2`, `${huge}23`]
      const fractions = ['0', `.${long}`, `.${long}01`, `.${long}1`, `.${long}10000000000000000000002`]
      const minus = plus.map((number) => `-${number}`).reverse()
      const wanted = [...minus, `-1.${long}1`, `-1.${long}`, ...fractions, ...plus]
      await program.run(['-n'], { stdin: toText(mixed(random, wanted)) }).succeeds({ stdout: toText(wanted) })
      const zeros = ['-0', '0.0', '-.', '00', 'x', '', '.000']
      await program
        .run(['-n', '-s'], { stdin: toText([...zeros, '-1', '+1']) })
        .succeeds({ stdout: toText(['-1', ...zeros, '+1']), why: 'All of these but -1 are 0.' })
    },
  ),
  check(
    'output-is-input',
    '-o may name an input',
    {
      spec: 'the-output-is-an-input',
      hint: 'Opening a file for writing empties it. Do that when you have read everything, and not before.',
    },
    async ({ program, random, scratch }) => {
      const lines = words(random, 12)
      await program.run(['-o', 'list', scratch.file('list', toText(lines))]).succeeds({ stdout: '' })
      expect(scratch.read('list'), 'The file list').toBeText(toText(sorted(lines)))
    },
  ),
  check(
    'merge-into-input',
    '-m -o may name an input',
    {
      spec: 'the-output-is-an-input',
      hint: 'Merging reads and writes at the same time: put the input that will be overwritten somewhere else first.',
    },
    async ({ program, random, scratch }) => {
      const lines = words(random, 600).map((word, n) => `${word} ${random.fork('filler').sentence(60)} ${n}`)
      const half = (n: number) => toText(sorted(lines.slice(300 * n, 300 * n + 300)))
      const files = [scratch.file('one', half(0)), scratch.file('two', half(1))]
      scratch.link('two', 'alias')
      await program.run(['-m', '-o', 'alias', ...files]).succeeds({ stdout: '' })
      expect(scratch.read('two'), 'The file two', 'The output was called alias, which is a link to it.').toBeText(
        toText(sorted(lines)),
      )
    },
  ),
  check(
    'more-than-memory',
    'sorts more than fits into the memory it may use, in the same order, and leaves no file behind',
    {
      spec: 'larger-than-memory',
      hint: 'Each run keeps the order of equal lines, and of equal lines in two runs the one from the earlier run comes first.',
    },
    async ({ program, random, scratch }) => {
      const lines = manyTies(random)
      const args = ['-s', '-k2,2', '-S', '16K', '-T', scratch.folder('tmp')]
      await program.run(args, { stdin: toText(lines) }).succeeds({ stdout: toText(sorted(lines, by(fieldOf(2)))) })
      expect(scratch.names('tmp'), 'What is left in the folder tmp').toBe([])
    },
  ),
  check(
    'temporary-folder',
    'needs its temporary folder only when memory does not suffice, and then says so if it is not there',
    {
      spec: 'larger-than-memory',
      hint: 'The folder is that of -T, else that of the variable TMPDIR. SIZE counts KiB where no letter follows.',
    },
    async ({ program, random }) => {
      const lines = manyTies(random).slice(0, 5000)
      const stdin = toText(lines)
      const stdout = toText(sorted(lines))
      const nowhere = `/no-${random.word()}`
      for (const size of ['3M', '1G'])
        await program
          .run(['-T', nowhere, '-S', size], { stdin })
          .succeeds({ stdout, why: 'All of it fits into this much memory.' })
      const why = 'This much memory is not enough, and there is no such folder.'
      for (const size of ['30', '30000b'])
        await program.run(['-T', nowhere, '-S', size], { stdin }).fails({ status: 2, stdout: '', names: nowhere, why })
      const env = { TMPDIR: nowhere }
      await program.run(['-S', '30K'], { stdin, env }).fails({ status: 2, stdout: '', names: nowhere, why })
      await program.run(['-S', '1x'], { stdin }).fails({ status: 2, stdout: '' })
    },
  ),
  check(
    'terminated',
    'leaves no temporary file when SIGTERM ends it',
    {
      spec: 'larger-than-memory',
      hint: 'Remove the files in a signal handler; or remove their names as soon as they are open, and no signal can come in between.',
    },
    async ({ program, random, scratch }) => {
      const args = ['-S', '64K', '-T', scratch.folder('tmp')]
      const chunk = toText(manyTies(random))
      const live = program.start(args, { stdin: 'open' })
      for (let n = 0; n < 4; n++) await live.process.write(chunk)
      await live.until(() => scratch.names('tmp').length > 0, 250)
      live.signal('SIGTERM')
      const gone = await live.until(() => live.process.ended)
      expect(gone, 'That it ended soon after SIGTERM').toBe(true)
      expect(scratch.names('tmp'), 'What is left in the folder tmp').toBe([])
      const lines = words(random, 4)
      await program.run(args, { stdin: toText(lines) }).succeeds({ stdout: toText(sorted(lines)) })
    },
  ),
  check(
    'many-files',
    '-m merges more files than anybody wants to have open at a time',
    {
      spec: 'larger-than-memory',
      hint: 'Merge some dozens at a time into temporary files, in order, and then those; equal lines stay in the order of the files.',
    },
    async ({ program, random, scratch }) => {
      const few = sorted(words(random, 3))
      const parts = Array.from({ length: 150 }, (_, n) => few.slice(n % 3).map((word) => `${word} ${n}`))
      const files = parts.map((part, n) => scratch.file(`part${n}`, toText(part)))
      await program.run(['-m', '-s', '-k1,1', ...files]).succeeds({ stdout: toText(sorted(parts.flat(), by(fieldOf(1)))) })
    },
  ),
  check(
    'reader-leaves',
    'ends quietly when nobody reads its output any more',
    {
      spec: 'readers-that-leave',
      hint: 'When write fails with EPIPE, stop. Do not ignore SIGPIPE, or end on that error without a stack trace.',
    },
    async ({ program, random, scratch }) => {
      const lines = manyTies(random)
      const seen: Buffer[] = []
      const onOutput = (piece: Buffer) => {
        seen.push(piece)
        live.closeOutput()
      }
      const live = program.start([scratch.file('big', toText(lines))], { onOutput })
      const run = await live.end()
      const head = toText(sorted(lines).slice(0, 3))
      expect(Buffer.concat(seen).subarray(0, head.length), 'What came before the reader left').toBeText(head)
      expect(run.stderr.toString().split('\n').length, 'The number of lines on standard error').toBeAtMost(2, 'lines')
    },
  ),
]

export const sortFlies = [
  check(
    'grows',
    'takes n log n steps, whether its input is in order, in reverse or all alike',
    {
      spec: 'growth',
      hint: 'Quicksort with the first element as pivot is slow on what is sorted already. Merge sort and heap sort are never slow.',
    },
    async (kit) => {
      const work = async (count: number) => {
        const { random, scratch, program } = kit
        const word = random.fork('word').word()
        const line = (n: number) => `${word} ${String(n).padStart(7, '0')}`
        const up = Array.from({ length: Math.ceil(count / 3) }, (_, n) => line(n))
        const lines = [...up, ...up.map(() => line(7)), ...[...up].reverse()]
        const args = [scratch.file('lines', toText(lines))]
        return program.run(args, { limits: { time: 60_000 } }).succeeds({ stdout: toText(sorted(lines)) })
      }
      await growsWithWork(kit, { size: 20_000, work, unit: 'lines' })
    },
  ),
  check(
    'little-memory',
    '-S keeps the memory for 128 MiB of input small',
    {
      spec: 'little-memory',
      hint: 'Count what the lines of a run take, and put the run aside in time. Merging needs one line or block of each run.',
    },
    async (kit) => {
      const count = 128 * KIB
      const wanted = new Digest()
      for (const line of longLines(kit.random, Array(count).keys())) wanted.add(line)
      const args = ['-S', '2M']
      const idle = await idleMemory(kit, args)
      const digest = new Digest()
      const stdin = longLines(kit.random, scattered(count))
      const options = { stdin, onOutput: digest.add, limits: { output: 256 * MIB, time: 60_000 } }
      const run = await kit.program.run(args, options).succeeds()
      expect(digest.value, 'The output for 128 MiB of lines').toBe(wanted.value)
      memoryStaysBounded(kit, run, idle, '128 MiB with -S 2M')
    },
  ),
  check(
    'merge-memory',
    '-m needs no memory for what it merges',
    { spec: 'little-memory', hint: 'Read from each file only as much as you need next.' },
    async (kit) => {
      const { program, random, scratch } = kit
      const count = 128 * KIB
      const wanted = new Digest()
      for (const line of longLines(random, Array(count).keys())) wanted.add(line)
      const half = (rest: number) =>
        Buffer.concat([
          ...longLines(
            random,
            Array.from({ length: count / 2 }, (_, n) => 2 * n + rest),
          ),
        ])
      const args = ['-m', scratch.file('odd', half(1)), scratch.file('even', half(0))]
      const idle = await idleMemory(kit, ['-m'])
      const digest = new Digest()
      const run = await program.run(args, { onOutput: digest.add, limits: { output: 256 * MIB, time: 60_000 } }).succeeds()
      expect(digest.value, 'The output of two files of 64 MiB').toBe(wanted.value)
      memoryStaysBounded(kit, run, idle, 'merging 128 MiB')
    },
  ),
]
