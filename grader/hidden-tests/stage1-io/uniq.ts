import type { Random } from '../../engine/random.ts'
import { bulkLines, Digest } from '../../models/bulk.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { growsWithWork, idleMemory, MIB, memoryStaysBounded } from '../../programs/performance.ts'
import { endsWithItsReader } from '../../programs/readers.ts'

interface Group {
  line: string
  size: number
}

/** Adjacent lines with the same key. */
function groupsOf(lines: string[], key = (line: string) => line): Group[] {
  const groups: (Group & { key: string })[] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last?.key === key(line)) last.size += 1
    else groups.push({ line, size: 1, key: key(line) })
  }
  return groups
}

const plain = (groups: Group[]) => groups.map(({ line }) => `${line}\n`).join('')

const counted = (groups: Group[]) => groups.map(({ line, size }) => `${String(size).padStart(7)} ${line}\n`).join('')

/** Lines in runs of several sizes, short and long ones, and the first line once more at the end. */
function runsOf(random: Random): string[] {
  const sizes = random.shuffle([1, 1, 2, 3, random.int(10, 15)])
  const lines = random.distinct(sizes.length, () => random.sentence(2))
  return [...sizes.flatMap((size, n) => Array<string>(size).fill(lines[n] as string)), lines[0] as string]
}

const asText = (lines: string[]) => lines.map((line) => `${line}\n`).join('')

export default hiddenTests('stage1-io/uniq', [
  tier('runs', [
    check(
      'neighbours',
      'shows only the first of adjacent lines that are alike',
      { spec: 'neighbours', hint: 'Remember the line before, and print a line only if it is another one.' },
      async ({ program, random, scratch }) => {
        const lines = runsOf(random)
        await program.run([scratch.file('lines.txt', asText(lines))]).succeeds({ stdout: plain(groupsOf(lines)) })
      },
    ),
    check(
      'standard-input',
      'reads standard input when no file is named, and where it is called -',
      { spec: 'standard-input', hint: 'Standard input is file descriptor 0.' },
      async ({ program, random }) => {
        const lines = runsOf(random)
        await program.run([], { stdin: asText(lines) }).succeeds({ stdout: plain(groupsOf(lines)) })
        await program.run(['-'], { stdin: asText(lines) }).succeeds({ stdout: plain(groupsOf(lines)) })
      },
    ),
  ]),

  tier('works', [
    check(
      'count',
      '-c shows how many lines there were in each group',
      { spec: 'counting', hint: 'Right-aligned in seven columns, then a blank, then the line. Mind the last group.' },
      async ({ program, random, scratch }) => {
        const lines = runsOf(random)
        await program.run(['-c', scratch.file('lines.txt', asText(lines))]).succeeds({ stdout: counted(groupsOf(lines)) })
      },
    ),
    check(
      'repeated',
      '-d shows groups of several lines only',
      { spec: 'selecting', hint: 'You know whether a group is to be shown when it ends. At the end of the input one ends, too.' },
      async ({ program, random, scratch }) => {
        const lines = [...runsOf(random), 'the end', 'the end']
        const stdout = plain(groupsOf(lines).filter(({ size }) => size > 1))
        await program.run(['-d', scratch.file('lines.txt', asText(lines))]).succeeds({ stdout })
      },
    ),
    check(
      'single',
      '-u shows groups of one line only',
      { spec: 'selecting', hint: 'You know that a line stands alone only when you have seen the next one, or the end.' },
      async ({ program, random, scratch }) => {
        const lines = runsOf(random)
        const stdout = plain(groupsOf(lines).filter(({ size }) => size === 1))
        await program.run(['-u', scratch.file('lines.txt', asText(lines))]).succeeds({ stdout })
      },
    ),
    check(
      'combined',
      'takes -c together with -d or -u, and shows nothing for -d with -u',
      { spec: 'selecting', hint: 'Whether a group is shown, and how, are two questions.' },
      async ({ program, random, scratch }) => {
        const lines = runsOf(random)
        const name = scratch.file('lines.txt', asText(lines))
        const [several, single] = [true, false].map((many) => groupsOf(lines).filter(({ size }) => size > 1 === many))
        await program.run(['-cd', name]).succeeds({ stdout: counted(several as Group[]) })
        await program.run(['-u', name, '-c']).succeeds({ stdout: counted(single as Group[]) })
        await program.run(['-du', name]).succeeds({ stdout: '' })
      },
    ),
    check(
      'case',
      '-i takes A and a for the same, and shows the first line as it was',
      { spec: 'case', hint: 'Compare changed copies, but print the line itself. Only letters have two cases: [ is not {.' },
      async ({ program, random, scratch }) => {
        const [one, two] = random.distinct(2, () => random.sentence(3)) as [string, string]
        const upper = one.toUpperCase()
        const mixed = one.charAt(0).toUpperCase() + one.slice(1)
        const lines = [mixed, upper, one, `${two}[Z`, `${two}{z`, `${two}@`, `${two}\``]
        const stdout = plain([mixed, `${two}[Z`, `${two}{z`, `${two}@`, `${two}\``].map((line) => ({ line, size: 1 })))
        await program.run(['-i', scratch.file('lines.txt', asText(lines))]).succeeds({ stdout })
      },
    ),
    check(
      'fields',
      '-f skips fields, each with the blanks before it',
      { spec: 'fields', hint: 'Skip blanks and tabs, then anything else, once for each field; compare what remains.' },
      async ({ program, random, scratch }) => {
        const [a, b, c, d] = random.distinct(4, random.word) as [string, string, string, string]
        const lines = [`${a} ${b} ${c}`, `${d}\t${a} ${c}`, `  ${b}\t \t${d} ${c}`, `${a} ${b}  ${c}`, `${a} ${b} ${d}`]
        const groups = [
          { line: lines[0], size: 3 },
          { line: lines[3], size: 1 },
          { line: lines[4], size: 1 },
        ] as Group[]
        await program.run(['-c', '-f', '2', scratch.file('lines.txt', asText(lines))]).succeeds({ stdout: counted(groups) })
      },
    ),
    check(
      'too-few-fields',
      'takes lines with nothing left to compare for alike',
      { spec: 'fields', hint: 'Skipping ends at the end of the line; what remains then is nothing.' },
      async ({ program, random, scratch }) => {
        const [a, b, c] = random.distinct(3, random.word) as [string, string, string]
        const lines = [a, `${b} ${c}`, '', `${c} ${a} ${b} `, `${a} ${b} ${c}`, `${b} ${b} ${c} ${a}`]
        const groups = groupsOf(lines, (line) => line.split(' ').slice(3).join(' '))
        expect(groups.length, 'The number of groups in this test').toBe(2)
        const shown = [
          { line: a, size: 3 },
          { line: lines[3], size: 1 },
          { line: lines[4], size: 1 },
          { line: lines[5], size: 1 },
        ]
        await program.run(['-cf3', scratch.file('lines.txt', asText(lines))]).succeeds({ stdout: counted(shown as Group[]) })
      },
    ),
    check(
      'skipped-bytes',
      '-s skips bytes, behind the fields if there are any',
      { spec: 'bytes', hint: 'First the fields, then the bytes. A line may be shorter than what is to be skipped.' },
      async ({ program, random, scratch }) => {
        const [a, b, c] = random.distinct(3, () => random.word().slice(0, 4)) as [string, string, string]
        const lines = [`${a}${c}`, `${b}${c}`, `${b}${a}`, 'ab', 'c', '']
        const groups = groupsOf(lines, (line) => line.slice(4))
        await program.run(['-c', '-s', '4', scratch.file('one', asText(lines))]).succeeds({ stdout: counted(groups) })
        const more = [`${a}${b} 1${c}`, `${c} 2${c}`, `${c} 2${a}`]
        const stdout = counted([
          { line: more[0] as string, size: 2 },
          { line: more[2] as string, size: 1 },
        ])
        await program.run(['-s2', '-cf1', scratch.file('two', asText(more))]).succeeds({ stdout })
      },
    ),
    check(
      'width',
      '-w compares so many bytes at most',
      { spec: 'bytes', hint: 'Cut the part that is compared, not the line. With a width of 0 nothing is compared.' },
      async ({ program, random, scratch }) => {
        const [a, b, c] = random.distinct(3, () => random.word().slice(0, 4)) as [string, string, string]
        const lines = [`${a}${b}`, `${a}${c}`, a, `${a.slice(0, 3)}X`, `${b}${c}`, `${b}`]
        const name = scratch.file('lines.txt', asText(lines))
        await program.run(['-w', '4', '-c', name]).succeeds({ stdout: counted(groupsOf(lines, (line) => line.slice(0, 4))) })
        const within = counted(groupsOf(lines, (line) => line.slice(3, 5)))
        await program.run(['-w2', '-s3', '-c', name]).succeeds({ stdout: within })
        await program.run(['-w', '0', name]).succeeds({ stdout: `${lines[0]}\n` })
      },
    ),
    check(
      'output-file',
      'writes to the second file, which it empties first',
      { spec: 'output-file', hint: 'Open it for writing, cut to nothing; standard output gets nothing then.' },
      async ({ program, random, scratch }) => {
        const lines = runsOf(random)
        const result = scratch.file('result.txt', random.text(50))
        await program.run([scratch.file('lines.txt', asText(lines)), result]).succeeds({ stdout: '' })
        expect(scratch.read(result), 'The file result.txt').toBeText(plain(groupsOf(lines)))
        await program.run(['-c', '-', 'new.txt'], { stdin: asText(lines) }).succeeds({ stdout: '' })
        expect(scratch.read('new.txt'), 'The file new.txt').toBeText(counted(groupsOf(lines)))
      },
    ),
    check(
      'double-dash',
      'takes what follows -- for files, whatever it looks like',
      { spec: 'the-interface', hint: 'After -- nothing is an option any more.' },
      async ({ program, random, scratch }) => {
        const lines = runsOf(random)
        const args = ['-c', '--', scratch.file('-d', asText(lines))]
        await program.run(args).succeeds({ stdout: counted(groupsOf(lines)) })
      },
    ),
  ]),

  tier('holds', [
    check(
      'unfinished-line',
      'compares a last line without a newline as if it had one, and gives it one',
      { spec: 'unfinished-lines', hint: 'Take the newline off each line that has one, compare, and print one with each.' },
      async ({ program, random, scratch }) => {
        const lines = runsOf(random)
        const last = lines.at(-1) as string
        const name = scratch.file('lines.txt', `${asText(lines)}${last}`)
        await program.run(['-c', name]).succeeds({ stdout: counted(groupsOf([...lines, last])) })
      },
    ),
    check(
      'exactly-alike',
      'tells lines apart that differ by a blank, a tab or a carriage return',
      { spec: 'exactly-alike', hint: 'Do not trim lines. An empty line is a line like any other, the first one too.' },
      async ({ program, random, scratch }) => {
        const [a, b] = random.distinct(2, random.word) as [string, string]
        const lines = ['', '', a, `${a} `, `${a}\t`, `${a}\r`, `${a}\r`, ` ${a}`, '', b, b.toUpperCase()]
        await program.run(['-c', scratch.file('lines.txt', asText(lines))]).succeeds({ stdout: counted(groupsOf(lines)) })
      },
    ),
    check(
      'any-byte',
      'compares and copies bytes, whatever they are',
      { spec: 'exactly-alike', hint: 'Decoding makes different invalid bytes the same character: work on bytes.' },
      async ({ program, random, scratch }) => {
        const bytes = random.bytes(300).filter((byte) => byte !== 10 && byte !== 0)
        const line = Buffer.concat([bytes, Buffer.from('\xff', 'latin1')])
        const other = Buffer.concat([bytes, Buffer.from('\xfe', 'latin1')])
        const newline = Buffer.from('\n')
        const input = Buffer.concat([line, newline, line, newline, other, newline])
        const stdout = Buffer.concat([line, newline, other, newline])
        await program.run([scratch.file('bytes.bin', input)]).succeeds({ stdout })
      },
    ),
    check(
      'zero-bytes',
      'takes a zero byte for a byte like any other',
      { spec: 'exactly-alike', hint: 'A line has a length: strings that end at a zero byte are of no use here.' },
      async ({ program, random, scratch }) => {
        const [a, b] = random.distinct(2, random.word) as [string, string]
        const lines = [`${a}\0${a}`, `${a}\0${b}`, `${a}\0${b}`, a]
        await program.run(['-c', scratch.file('bytes.bin', asText(lines))]).succeeds({ stdout: counted(groupsOf(lines)) })
      },
    ),
    check(
      'long-lines',
      'compares long lines to their end',
      { spec: 'exactly-alike', hint: 'A line may be longer than any buffer that you read into.' },
      async ({ program, random, scratch }) => {
        const long = random.word().repeat(60_000)
        const lines = [`${long}a`, `${long}a`, `${long}b`, long]
        await program.run([scratch.file('long.txt', asText(lines))]).succeeds({ stdout: plain(groupsOf(lines)) })
      },
    ),
    check(
      'missing-input',
      'reports an input that it can not open, and leaves the output alone',
      { spec: 'errors', hint: 'Open the input first; empty the output only when that has succeeded.' },
      async ({ program, random, scratch }) => {
        const [missing, text] = [`no-${random.word()}`, random.text(2)]
        const output = scratch.file('result.txt', text)
        await program.run([missing, output]).fails({ status: 1, stdout: '', names: missing })
        expect(scratch.read(output), 'The file result.txt').toBeText(text)
        await program.run([output]).succeeds({ stdout: text })
      },
    ),
    check(
      'folders',
      'reports a folder as input or as output',
      { spec: 'errors', hint: 'A folder can be opened for reading, but not read; it can not be opened for writing.' },
      async ({ program, random, scratch }) => {
        const folder = scratch.folder(random.word())
        const text = random.text(2)
        await program.run([folder]).fails({ status: 1, stdout: '', names: folder })
        await program.run([scratch.file('lines.txt', text), folder]).fails({ status: 1, stdout: '', names: folder })
        await program.run(['lines.txt']).succeeds({ stdout: text })
      },
    ),
    check(
      'bad-call',
      'refuses a third file, numbers that are none, and unknown options',
      { spec: 'errors', hint: 'Check all arguments before you touch a file.' },
      async ({ program, random, scratch }) => {
        const text = random.text(2)
        const name = scratch.file('lines.txt', text)
        for (const args of [
          [name, 'out.txt', 'more.txt'],
          ['-f', random.word(), name],
          ['-w', '', name],
          ['-Z', name],
        ]) {
          await program.run(args).fails({ status: 1, stdout: '' })
        }
        expect(scratch.names().join(' '), 'The files in the folder').toBe('lines.txt')
        await program.run(['-s', '0', name]).succeeds({ stdout: text })
      },
    ),
    check(
      'streams',
      'shows groups while its input goes on',
      {
        spec: 'endless-input',
        hint: 'Write a group when it ends (or when some kilobytes are full), not at the end of the input.',
      },
      async ({ program, random }) => {
        const text = bulkLines(random, 20_000).toString()
        const live = program.start([], { stdin: 'open' })
        await live.write(text.replace(/.*\n/g, '$&$&'))
        await live.until(() => live.stdout.length > 0)
        const why = `${2 * text.length} bytes of lines have come, and more may come.`
        expect(live.stdout.length, 'What it has written so far', why).toBeAtLeast(1, 'bytes')
        live.endInput()
        ;(await live.end()).succeeds({ stdout: text })
      },
    ),
    check(
      'reader-leaves',
      'ends at once when nobody reads its output any more',
      { spec: 'readers-that-leave', hint: 'When write fails with EPIPE there is no use in reading on.' },
      async (kit) => {
        const block = bulkLines(kit.random, 10_000, (n, word) => `${n} ${word.repeat(5)}\n`)
        const file = kit.scratch.file('big.txt', Buffer.alloc(128 * MIB, block))
        await endsWithItsReader(kit, { args: [file], file, start: block.toString().slice(0, 500) })
      },
    ),
  ]),

  tier('flies', [
    check(
      'memory',
      'holds one line, however many lines and groups there are, and however large a group is',
      { spec: 'memory', hint: 'Keep the first line of the group and a number; do not collect lines, nor groups.' },
      async (kit) => {
        const block = bulkLines(kit.random, 10_000, (n, word) => `${n} ${word.repeat(5)}\n`)
        const blocks = Math.ceil((80 * MIB) / block.length)
        const line = `${kit.random.sentence(30)}\n`
        const same = Buffer.from(line.repeat(10_000))
        const sames = Math.ceil((80 * MIB) / same.length)
        const wanted = new Digest()
        for (let n = 0; n < blocks; n++) wanted.add(block)
        wanted.add(Buffer.from(line))
        const idle = await idleMemory(kit, [])
        const digest = new Digest()
        const stdin = [...Array<Buffer>(blocks).fill(block), ...Array<Buffer>(sames).fill(same)]
        const options = { stdin, onOutput: digest.add, limits: { output: 300 * MIB, time: 60_000 } }
        const run = await kit.program.run([], options).succeeds()
        expect(digest.value, 'The output').toBe(wanted.value)
        memoryStaysBounded(kit, run, idle, '160 MiB of lines')
      },
    ),
    check(
      'scales',
      'takes about four times as long for four times the lines, with all options',
      { spec: 'time', hint: 'Look for something that grows: a list of lines, a string of the output so far.' },
      async (kit) => {
        const make = (n: number, word: string) => `${word} field ${n >> 2} ${'x'.repeat(n % 40)}\n`
        const work = async (lines: number) => {
          const content = bulkLines(kit.random, lines, make)
          const skipped = content.toString().split('\n').slice(0, -1)
          const groups = groupsOf(skipped, (line) => line.split(' ').slice(4).join(' ').slice(2, 12))
          const args = ['-c', '-i', '-f', '4', '-s', '3', '-w', '10', kit.scratch.file('lines.txt', content)]
          return kit.program.run(args, { limits: { time: 60_000 } }).succeeds({ stdout: counted(groups) })
        }
        await growsWithWork(kit, { size: 50_000, work, unit: 'lines' })
      },
    ),
  ]),
])
