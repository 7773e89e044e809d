import fs from 'node:fs'
import { bulkLines } from '../../models/bulk.ts'
import { headed, lastLines, linesOf, twoFiles } from '../../models/lines.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { growsWithWork, idleMemory, KIB, MIB, memoryStaysBounded } from '../../programs/performance.ts'
import { endsWithItsReader } from '../../programs/readers.ts'
import { followingFlies, followingHolds, followingWorks } from './tail/following.ts'

export default hiddenTests('stage1-io/tail', [
  tier('runs', [
    check(
      'ten-lines',
      'shows the last ten lines of a file',
      { spec: 'lines', hint: 'For a start you may read the whole file, split it into lines and take the last ten.' },
      async ({ program, random, scratch }) => {
        const text = random.text(random.int(13, 20))
        await program.run([scratch.file('poem.txt', text)]).succeeds({ stdout: lastLines(text, 10) })
      },
    ),
    check(
      'line-count',
      '-n sets the number of lines',
      { spec: 'lines', hint: 'The number is the argument behind -n.' },
      async ({ program, random, scratch }) => {
        const text = random.text(20)
        const count = random.int(11, 18)
        await program.run(['-n', `${count}`, scratch.file('poem.txt', text)]).succeeds({ stdout: lastLines(text, count) })
      },
    ),
    check(
      'standard-input',
      'reads standard input when no file is named',
      { spec: 'standard-input', hint: 'Standard input is file descriptor 0. A pipe can not be read backwards.' },
      async ({ program, random }) => {
        const text = random.text(16)
        await program.run(['-n', '12'], { stdin: text }).succeeds({ stdout: lastLines(text, 12) })
      },
    ),
  ]),

  tier('works', [
    check(
      'short-file',
      'shows a file whole that has less than was asked for',
      { spec: 'lines', hint: 'Going backwards, stop at the start of the file, too.' },
      async ({ program, random, scratch }) => {
        const text = `\n${random.text(3)}`
        const name = scratch.file('poem.txt', text)
        await program.run(['-n', '7', name]).succeeds({ stdout: text })
        await program.run(['-c', `${text.length + random.int(1, 9)}`, name]).succeeds({ stdout: text })
        await program.run(['-c', `${text.length + random.int(1, 9)}`], { stdin: text }).succeeds({ stdout: text })
      },
    ),
    check(
      'bytes',
      '-c counts bytes, of files and of pipes',
      { spec: 'bytes', hint: 'Count bytes, undecoded: a character may be cut in half. The value may be in the same argument.' },
      async ({ program, random, scratch }) => {
        const end = Buffer.from(`é${random.word()}\n${random.word()}`)
        const text = `${random.text(2)}${end}`
        await program.run(['-c', `${end.length - 1}`, scratch.file('a', text)]).succeeds({ stdout: end.subarray(1) })
        await program.run([`-c${end.length}`], { stdin: text }).succeeds({ stdout: end })
      },
    ),
    check(
      'unfinished-line',
      'counts a last line without a newline as a line, and adds none',
      { spec: 'unfinished-lines', hint: 'The newline at the very end of a file begins no line; any other one does.' },
      async ({ program, random, scratch }) => {
        const text = random.text(4) + random.word()
        const name = scratch.file('poem.txt', text)
        await program.run(['-n', '2', name]).succeeds({ stdout: lastLines(text, 2) })
        await program.run(['-n', '3'], { stdin: text }).succeeds({ stdout: lastLines(text, 3) })
        await program.run(['-n', '0', name]).succeeds({ stdout: '' })
      },
    ),
    check(
      'from-line',
      '-n with a plus shows everything from that line on',
      { spec: 'from-the-start', hint: 'The first line has number 1: skip one line less than the number says.' },
      async ({ program, random, scratch }) => {
        const text = random.text(9) + random.word()
        const number = random.int(3, 7)
        const stdout = linesOf(text)
          .slice(number - 1)
          .join('')
        await program.run(['-n', `+${number}`, scratch.file('poem.txt', text)]).succeeds({ stdout })
        await program.run(['-n', `+${number}`], { stdin: text }).succeeds({ stdout })
      },
    ),
    check(
      'from-byte',
      '-c with a plus shows everything from that byte on',
      { spec: 'from-the-start', hint: 'The first byte has number 1. There is no number 0: take it for the first.' },
      async ({ program, random, scratch }) => {
        const text = random.text(4)
        const number = random.int(3, 30)
        const name = scratch.file('a', text)
        await program.run(['-c', `+${number}`], { stdin: text }).succeeds({ stdout: text.slice(number - 1) })
        await program.run(['-c', `+${number}`, name]).succeeds({ stdout: text.slice(number - 1) })
        await program.run(['-c', `+${text.length + random.int(2, 9)}`, name]).succeeds({ stdout: '' })
        await program.run(['-c', '+0', name]).succeeds({ stdout: text })
      },
    ),
    check(
      'units',
      'takes b, k and m behind a number as 512, 1024 and 1048576',
      { spec: 'units', hint: 'Split the value into its digits and at most one letter. A minus changes nothing.' },
      async ({ program, random, scratch }) => {
        const bytes = Buffer.alloc(2 * MIB + 7, `${random.sentence(9)}\n`)
        const name = scratch.file('long.txt', bytes)
        const count = random.int(2, 5)
        const end = bytes.subarray(-512 * 100).toString()
        await program.run(['-c', `-${count}k`, name]).succeeds({ stdout: bytes.subarray(-count * KIB) })
        await program.run(['-n', '1b', name]).succeeds({ stdout: lastLines(end, 512) })
        await program.run(['-c', '+1m', name]).succeeds({ stdout: bytes.subarray(MIB - 1) })
      },
    ),
    check(
      'headers',
      'puts a header before each of several files, with -v before one, with -q before none',
      { spec: 'headers', hint: 'The empty line comes before every header but the first.' },
      async (kit) => {
        const { names, texts } = twoFiles(kit)
        const shown = names.map((name, n) => headed(name, lastLines(texts[n] as string, 2))).join('\n')
        await kit.program.run(['-n', '2', ...names]).succeeds({ stdout: shown })
        await kit.program.run(['-v', '-n', '2', names[0]]).succeeds({ stdout: headed(names[0], lastLines(texts[0], 2)) })
        await kit.program.run(['-q', '-n', '3', ...names]).succeeds({ stdout: texts.map((text) => lastLines(text, 3)).join('') })
      },
    ),
    check(
      'input-header',
      'calls standard input by its name in a header',
      { spec: 'headers', hint: 'For - the header says "standard input".' },
      async ({ program, random, scratch }) => {
        const [text, input] = random.distinct(2, () => random.text(3)) as [string, string]
        const name = scratch.file(random.word(), text)
        const shown = `${headed('standard input', lastLines(input, 1))}\n${headed(name, lastLines(text, 1))}`
        await program.run(['-n', '1', '-', name], { stdin: input }).succeeds({ stdout: shown })
      },
    ),
    check(
      'old-way',
      'takes a first argument such as -5 for a number of lines',
      { spec: 'the-old-way', hint: 'Look whether the first argument is a minus and digits before you take it for an option.' },
      async ({ program, random, scratch }) => {
        const text = random.text(20)
        const count = random.int(11, 18)
        await program.run([`-${count}`, scratch.file('poem.txt', text)]).succeeds({ stdout: lastLines(text, count) })
      },
    ),
    check(
      'last-one-counts',
      'takes options anywhere, and goes by the last of those that contradict each other',
      { spec: 'the-interface', hint: 'Go through the options from left to right; each replaces what one before has set.' },
      async ({ program, random, scratch }) => {
        const text = random.text(5)
        scratch.file('-q', text)
        const shown = headed('-q', lastLines(text, 2))
        await program.run(['-n', '4', './-q', '-n', '3']).succeeds({ stdout: lastLines(text, 3) })
        await program.run(['-n1', '-q', '-vn2', '--', '-q']).succeeds({ stdout: shown })
      },
    ),
    ...followingWorks,
  ]),

  tier('holds', [
    check(
      'missing-file',
      'goes on after a file that is not there, without a header for it',
      { spec: 'errors', hint: 'Write the header once the file is open. Remember the error for the exit status.' },
      async (kit) => {
        const { names, texts } = twoFiles(kit)
        const missing = `no-${kit.random.word()}`
        const shown = names.map((name, n) => headed(name, lastLines(texts[n] as string, 2))).join('\n')
        await kit.program.run(['-n', '2', names[0], missing, names[1]]).fails({ status: 1, stdout: shown, names: missing })
      },
    ),
    check(
      'folder',
      'reports a folder as an error and goes on',
      { spec: 'errors', hint: 'A folder can be opened, but reading it fails (EISDIR): catch errors of reading, too.' },
      async ({ program, random, scratch }) => {
        const text = random.text(3)
        const folder = scratch.folder(random.word())
        await program.run(['-q', folder, scratch.file('poem.txt', text)]).fails({ status: 1, stdout: text, names: folder })
      },
    ),
    check(
      'bad-call',
      'refuses numbers that are none, and options that it does not know',
      { spec: 'errors', hint: 'All of the value must be a number: digits, and at most one known letter.' },
      async ({ program, random, scratch }) => {
        const name = scratch.file('poem.txt', random.text(12))
        for (const args of [['-n', random.word()], ['-c', `${random.int(2, 9)}q`], ['-Z']]) {
          await program.run([...args, name]).fails({ status: 1, stdout: '' })
        }
      },
    ),
    check(
      'any-byte',
      'copies every byte as it is, in lines of any length',
      { spec: 'any-byte', hint: 'Work on bytes. A line may be longer than your block: go on until you have enough newlines.' },
      async ({ program, random, scratch }) => {
        const long = Buffer.concat([Buffer.alloc(250_000, '\r\0\xff'), random.bytes(3000)]).filter((byte) => byte !== 10)
        const end = Buffer.concat([long, Buffer.from('\n'), long, Buffer.from('\n\0\n')])
        const bytes = Buffer.concat([Buffer.from('one\n\n'), end])
        await program.run(['-n', '3', scratch.file('bytes.bin', bytes)]).succeeds({ stdout: end })
        await program.run(['-n', '3'], { stdin: bytes }).succeeds({ stdout: end })
        await program.run(['-n', '+3', 'bytes.bin']).succeeds({ stdout: end })
      },
    ),
    check(
      'no-size',
      'reads files that claim to have no size',
      { spec: 'files-without-a-size', hint: 'If fstat gives 0 for the size, do not believe it: read as from a pipe.' },
      async ({ program }) => {
        const text = fs.readFileSync('/proc/filesystems', 'utf8')
        await program.run(['-n', '3', '/proc/filesystems']).succeeds({ stdout: lastLines(text, 3) })
        await program.run(['-c', '+9', '/proc/filesystems']).succeeds({ stdout: text.slice(8) })
      },
    ),
    check(
      'shared-input',
      'leaves alone what was read of standard input before it began',
      { spec: 'a-shared-standard-input', hint: 'Ask where you are (lseek with 0 and SEEK_CUR) before you go anywhere else.' },
      async ({ program, random, scratch }) => {
        const text = random.text(6)
        const file = scratch.file('poem.txt', text)
        const [read, rest] = [linesOf(text).slice(0, 3).join(''), lastLines(text, 3)]
        const why = `The first ${read.length} bytes of its standard input had been read by another program.`
        for (const [count, stdout] of [
          ['4', rest],
          ['+2', lastLines(text, 2)],
        ] as const) {
          const fd = fs.openSync(scratch.path(file), 'r')
          fs.readSync(fd, Buffer.alloc(read.length), 0, read.length, null)
          const run = program.run(['-n', count], { stdin: { file, fd } })
          await run.succeeds({ stdout, why }).finally(() => fs.closeSync(fd))
        }
      },
    ),
    check(
      'reader-leaves',
      'ends at once when nobody reads its output any more',
      { spec: 'readers-that-leave', hint: 'When write fails with EPIPE there is no use in reading on.' },
      async (kit) => {
        const start = kit.random.text(3)
        const file = kit.scratch.file('big.log', `\n${start}`)
        kit.scratch.truncate(file, 512 * MIB)
        await endsWithItsReader(kit, { args: ['-n', '+2', file], file, start })
      },
    ),
    ...followingHolds,
  ]),

  tier('flies', [
    check(
      'large-file',
      'reads no more than it needs of a file of 1 GiB',
      { spec: 'large-files', hint: 'Read the last block (pread), and the one before it only if there were too few newlines.' },
      async ({ program, random, scratch, measure }) => {
        const end = random.text(12)
        const name = scratch.sparse('big.log', 1024 * MIB, end)
        const cases = [
          [['-n', '10'], lastLines(end, 10)],
          [['-c', '100'], end.slice(-100)],
          [['-c', `+${1024 * MIB - 49}`], end.slice(-50)],
        ] as const
        for (const [args, stdout] of cases) {
          const run = await program.run([...args, name], { limits: { time: 30_000 } }).succeeds({ stdout })
          measure({ name: `bytes read of 1 GiB by ${args[0]}`, value: run.exit.bytesRead, unit: 'bytes' })
          expect(run.exit.bytesRead, `The number of bytes that \`${run.command}\` read`).toBeAtMost(96 * MIB, 'bytes')
        }
      },
    ),
    check(
      'long-stream',
      'holds ten lines of a long stream, not all of it',
      { spec: 'long-streams', hint: 'What has more than ten newlines behind it can be forgotten.' },
      async (kit) => {
        const block = bulkLines(kit.random, 20_000)
        const blocks = Math.ceil((200 * MIB) / block.length)
        const idle = await idleMemory(kit, [])
        const stdout = lastLines(block.toString(), 10)
        const run = await kit.program.run([], { stdin: Array(blocks).fill(block), limits: { time: 60_000 } }).succeeds({ stdout })
        memoryStaysBounded(kit, run, idle, 'the last 10 lines of 200 MiB')
      },
    ),
    check(
      'queue-scales',
      'takes about four times as long to hold four times the lines',
      { spec: 'long-streams', hint: 'Taking the first element of an array moves all others: use a ring, or an index.' },
      async (kit) => {
        const work = async (lines: number) => {
          const content = bulkLines(kit.random, lines)
          const held = Math.ceil(lines / 2)
          const stdout = lastLines(content.toString(), held)
          return kit.program.run(['-n', `${held}`], { stdin: content, limits: { time: 60_000 } }).succeeds({ stdout })
        }
        await growsWithWork(kit, { size: 100_000, work, unit: 'lines' })
      },
    ),
    ...followingFlies,
  ]),
])
