import fs from 'node:fs'
import { bulkBytes, bulkLines, Digest } from '../../models/bulk.ts'
import { EVERY_BYTE, numbered, numberedNonblank, spelled } from '../../models/cat.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { comparesWith, growsWithWork, idleMemory, MIB, memoryStaysBounded } from '../../programs/performance.ts'
import { endsWithItsReader } from '../../programs/readers.ts'

export default hiddenTests('stage1-io/cat', [
  tier('runs', [
    check(
      'one-file',
      'copies a file to standard output',
      {
        spec: 'files',
        hint: 'Open the file that is named on the command line, read it, and write what you read to standard output.',
      },
      async ({ program, random, scratch }) => {
        const content = random.text(5)
        await program.run([scratch.file('poem.txt', content)]).succeeds({ stdout: content })
      },
    ),
    check(
      'several-files',
      'copies several files, in the order of the arguments',
      { spec: 'files', hint: 'Go through the arguments from the first to the last; nothing comes between two files.' },
      async ({ program, random, scratch }) => {
        const names = random.distinct(3, random.word)
        const contents = random.distinct(3, () => random.text(2))
        names.forEach((name, n) => void scratch.file(name, contents[n] as string))
        await program.run(names).succeeds({ stdout: contents.join('') })
      },
    ),
    check(
      'standard-input',
      'copies standard input when no file is named',
      { spec: 'standard-input', hint: 'Standard input is file descriptor 0: it is read like any file, and is already open.' },
      async ({ program, random }) => {
        const content = random.text(3)
        await program.run([], { stdin: content }).succeeds({ stdout: content })
      },
    ),
    check(
      'dash',
      'takes - for standard input, between files too',
      { spec: 'standard-input', hint: 'Compare each argument with "-" before you try to open it.' },
      async ({ program, random, scratch }) => {
        const [before, middle, after] = random.distinct(3, () => random.text(2)) as [string, string, string]
        const args = [scratch.file('before', before), '-', scratch.file('after', after)]
        await program.run(args, { stdin: middle }).succeeds({ stdout: before + middle + after })
      },
    ),
  ]),

  tier('works', [
    check(
      'number',
      '-n numbers every line, empty ones too',
      { spec: 'numbers', hint: 'The number comes right-aligned in six columns, then a tab, then the line.' },
      async ({ program, random, scratch }) => {
        const text = `${random.text(random.int(9, 12))}\n\n${random.text(2)}`
        await program.run(['-n', scratch.file('poem.txt', text)]).succeeds({ stdout: numbered(text) })
      },
    ),
    check(
      'number-across-files',
      '-n goes on counting in the next file',
      { spec: 'numbers', hint: 'The count belongs to the output, not to a file: keep it outside of the loop over files.' },
      async ({ program, random, scratch }) => {
        const [one, two] = random.distinct(2, () => random.text(3)) as [string, string]
        await program.run(['-n', scratch.file('one', one), scratch.file('two', two)]).succeeds({ stdout: numbered(one + two) })
      },
    ),
    check(
      'number-joined-line',
      '-n gives no number to bytes that go on a line begun in the file before',
      {
        spec: 'numbers',
        hint: 'Write a number when the first byte of a line comes, and a line begins only after a newline, whichever file that was in.',
      },
      async ({ program, random, scratch }) => {
        const [one, two] = [random.text(2) + random.word(), random.text(2)]
        await program.run(['-n', scratch.file('one', one), scratch.file('two', two)]).succeeds({ stdout: numbered(one + two) })
      },
    ),
    check(
      'number-nonblank',
      '-b numbers only lines that are not empty',
      { spec: 'numbers', hint: 'An empty line, a newline right after a newline, is copied as it is and does not count.' },
      async ({ program, random, scratch }) => {
        const text = `\n${random.text(2)}\n\n \n${random.text(2)}`
        await program.run(['-b', scratch.file('poem.txt', text)]).succeeds({ stdout: numberedNonblank(text) })
      },
    ),
    check(
      'nonblank-wins',
      '-b wins over -n, on whichever side it stands',
      { spec: 'the-interface', hint: 'Decide how to number after all options have been read, not while reading them.' },
      async ({ program, random, scratch }) => {
        const text = `${random.text(2)}\n${random.text(1)}`
        const name = scratch.file('poem.txt', text)
        for (const args of [['-n', '-b'], ['-bn']])
          await program.run([...args, name]).succeeds({ stdout: numberedNonblank(text) })
      },
    ),
    check(
      'squeeze',
      '-s keeps one of several empty lines, also at the start',
      { spec: 'squeezing', hint: 'Count the newlines since the last other byte; the third and later ones are dropped.' },
      async ({ program, random, scratch }) => {
        const [one, two, three] = random.distinct(3, () => random.text(1))
        const text = `\n\n${one}\n\n\n\n${two}\n${three} \n \n`
        await program.run(['-s', scratch.file('poem.txt', text)]).succeeds({ stdout: `\n${one}\n${two}\n${three} \n \n` })
      },
    ),
    check(
      'squeeze-across-files',
      '-s sees a run of empty lines that goes on in the next file',
      { spec: 'squeezing', hint: 'What the last line was must be remembered from one file to the next.' },
      async ({ program, random, scratch }) => {
        const [one, two] = random.distinct(2, () => random.text(1))
        const args = ['-s', scratch.file('one', `${one}\n\n`), scratch.file('two', `\n${two}`)]
        await program.run(args).succeeds({ stdout: `${one}\n${two}` })
      },
    ),
    check(
      'squeeze-before-numbers',
      '-sn counts only the lines that are left',
      { spec: 'squeezing', hint: 'Drop a line before you give it a number. Letters behind one dash are options each.' },
      async ({ program, random, scratch }) => {
        const [one, two] = random.distinct(2, () => random.text(1))
        await program
          .run(['-sn', scratch.file('poem.txt', `${one}\n\n\n${two}`)])
          .succeeds({ stdout: numbered(`${one}\n${two}`) })
      },
    ),
    check(
      'ends',
      '-E shows where each line ends',
      {
        spec: 'making-bytes-visible',
        hint: 'Write a $ before every newline, and nowhere else: a last line without a newline gets none.',
      },
      async ({ program, random, scratch }) => {
        const text = `${random.text(2)}\n \t${random.text(1)}${random.word()}`
        await program.run(['-E', scratch.file('poem.txt', text)]).succeeds({ stdout: text.replaceAll('\n', '$\n') })
      },
    ),
    check(
      'tabs',
      '-T shows tabs as ^I',
      {
        spec: 'making-bytes-visible',
        hint: 'Byte 9 becomes the two characters ^ and I; other control characters stay as they are.',
      },
      async ({ program, random, scratch }) => {
        const [one, two] = random.distinct(2, random.word)
        const text = `\t${one}\t\t${two}\x01\n`
        await program.run(['-T', scratch.file('poem.txt', text)]).succeeds({ stdout: text.replaceAll('\t', '^I') })
      },
    ),
    check(
      'nonprinting',
      '-v spells every byte by the table',
      {
        spec: 'making-bytes-visible',
        hint: 'Below 32 add 64 after a ^; 127 is ^?; from 128 on write M- and spell the byte minus 128. Tab and newline stay.',
      },
      async ({ program, random, scratch }) => {
        const bytes = Buffer.from(random.shuffle([...EVERY_BYTE]))
        await program.run(['-v', scratch.file('bytes.bin', bytes)]).succeeds({ stdout: Array.from(bytes, spelled).join('') })
      },
    ),
    check(
      'show-all',
      '-A is -v, -E and -T at once',
      { spec: 'making-bytes-visible', hint: 'Treat -A as if all three letters had been given.' },
      async ({ program, random, scratch }) => {
        const text = `${random.word()}\t\x02\x7f\xe9\n\n`
        const shown = Array.from(Buffer.from(text), (byte) => (byte === 9 ? '^I' : byte === 10 ? '$\n' : spelled(byte))).join('')
        await program.run(['-A', scratch.file('poem.txt', text)]).succeeds({ stdout: shown })
      },
    ),
    check(
      'options-anywhere',
      'takes options before and after files',
      { spec: 'the-interface', hint: 'Sort the arguments into options and files first; then work on the files.' },
      async ({ program, random, scratch }) => {
        const text = random.text(3)
        const args = ['-n', scratch.file('poem.txt', text), '-E']
        await program.run(args).succeeds({ stdout: numbered(text.replaceAll('\n', '$\n')) })
      },
    ),
  ]),

  tier('holds', [
    check(
      'missing-file',
      'goes on after a file that is not there, and ends with status 1',
      {
        spec: 'errors',
        hint: 'Report the error on standard error with the name of the file, remember that there was one, and take the next file.',
      },
      async ({ program, random, scratch }) => {
        const [one, two] = random.distinct(2, () => random.text(2)) as [string, string]
        const missing = `no-${random.word()}`
        const args = [scratch.file('one', one), missing, scratch.file('two', two)]
        await program.run(args).fails({ status: 1, stdout: one + two, names: missing })
      },
    ),
    check(
      'folder',
      'reports a folder as an error and goes on',
      {
        spec: 'errors',
        hint: 'A folder can be opened, but reading it fails (EISDIR): catch errors of reading too, not only of opening.',
      },
      async ({ program, random, scratch }) => {
        const text = random.text(2)
        const folder = scratch.folder(random.word())
        await program.run([folder, scratch.file('poem.txt', text)]).fails({ status: 1, stdout: text, names: folder })
      },
    ),
    check(
      'forbidden-file',
      'reports a file that it may not read and goes on',
      { spec: 'errors', hint: 'Opening fails with EACCES; it is an error like that of a missing file.' },
      async ({ program, random, scratch }) => {
        const text = random.text(2)
        const secret = scratch.forbid(scratch.file('secret', random.text(1)), program.contained)
        await program.run([secret, scratch.file('poem.txt', text)]).fails({ status: 1, stdout: text, names: secret })
      },
    ),
    check(
      'unknown-option',
      'refuses an option that it does not know',
      { spec: 'errors', hint: 'Look at all options before the first byte is copied.' },
      async ({ program, random, scratch }) => {
        await program.run(['-Z', scratch.file('poem.txt', random.text(1))]).fails({ status: 1, stdout: '' })
      },
    ),
    check(
      'double-dash',
      'takes what follows -- for files, whatever it looks like',
      { spec: 'the-interface', hint: 'After -- nothing is an option any more.' },
      async ({ program, random, scratch }) => {
        const text = random.text(2)
        await program.run(['-n', '--', scratch.file('-b', text)]).succeeds({ stdout: numbered(text) })
      },
    ),
    check(
      'any-byte',
      'copies every byte as it is, a missing last newline included',
      { spec: 'any-byte', hint: 'Read and write bytes, not text: decoding and encoding again changes what is not valid UTF-8.' },
      async ({ program, random, scratch }) => {
        const bytes = Buffer.concat([random.bytes(5000), Buffer.from(random.shuffle([...EVERY_BYTE])), Buffer.from('x')])
        await program.run([scratch.file('bytes.bin', bytes)]).succeeds({ stdout: bytes })
      },
    ),
    check(
      'empty-files',
      'passes over empty files without a trace',
      { spec: 'numbers', hint: 'An empty file has no line, so there is nothing to number and nothing to write.' },
      async ({ program, random, scratch }) => {
        const text = random.text(2)
        const args = ['-n', scratch.file('empty', ''), scratch.file('poem.txt', text), 'empty']
        await program.run(args).succeeds({ stdout: numbered(text) })
      },
    ),
    check(
      'streams',
      'passes on what has come before more comes',
      {
        spec: 'streaming',
        hint: 'Do not read until the end before you write, and do not wait for a full block: one read, then one write.',
      },
      async ({ program, random, scratch }) => {
        const fifo = scratch.fifo('pipe')
        const [first, second] = random.distinct(2, () => random.text(1)) as [string, string]
        const live = program.start([fifo.name])
        fifo.write(first)
        await live.shows(first, 'The writer has written these bytes and keeps the pipe open: they have to come out now.')
        fifo.write(second)
        await live.shows(first + second, 'The second piece has to follow the first at once.')
        fifo.close()
        ;(await live.end()).succeeds({ stdout: first + second })
      },
    ),
    check(
      'streams-numbers',
      'passes on numbered lines before more come',
      {
        spec: 'streaming',
        hint: 'Formatted output goes through a buffer of yours or of your language: empty it before you wait for more input.',
      },
      async ({ program, random }) => {
        const [first, second] = random.distinct(2, () => random.text(1)) as [string, string]
        const live = program.start(['-n'], { stdin: 'open' })
        await live.write(first)
        await live.shows(numbered(first), 'The writer has written this line and keeps the pipe open: it has to come out now.')
        await live.write(second)
        live.endInput()
        ;(await live.end()).succeeds({ stdout: numbered(first + second) })
      },
    ),
    check(
      'reader-leaves',
      'ends at once when nobody reads its output any more',
      {
        spec: 'readers-that-leave',
        hint: 'When write fails with EPIPE there is no use in reading on. Do not ignore SIGPIPE, or end quietly on that error.',
      },
      async (kit) => {
        const start = kit.random.text(3)
        const file = kit.scratch.file('big.log', start)
        fs.truncateSync(kit.scratch.path(file), 512 * MIB)
        await endsWithItsReader(kit, { args: [file], file, start })
      },
    ),
    check(
      'own-output',
      'refuses to copy a file onto its own end',
      { spec: 'its-own-output', hint: 'fstat standard output and each input: the same device and inode mean the same file.' },
      async ({ program, random, scratch }) => {
        const [one, two] = random.distinct(2, () => random.text(2)) as [string, string]
        const args = [scratch.file('one', one), scratch.file('two', two)]
        const run = program.run(args, { stdout: { file: 'two', append: true }, limits: { output: MIB } })
        await run.fails({ status: 1, names: 'two' })
        expect(scratch.read('two'), 'The file two').toBeText(two + one)
      },
    ),
  ]),

  tier('flies', [
    check(
      'large-files',
      'copies 256 MiB in bounded memory, and not many times slower than the system does',
      {
        spec: 'large-files',
        hint: 'Use one buffer of some dozens of kilobytes for everything; neither collect what you read nor go through it byte by byte.',
      },
      async (kit) => {
        const { program, random, scratch } = kit
        const pieces = [...bulkBytes(random, 16 * MIB)]
        const files = Array<string>(16).fill(scratch.file('block.bin', Buffer.concat(pieces)))
        const wanted = new Digest()
        for (const _ of files) pieces.forEach(wanted.add)
        const idle = await idleMemory(kit, [])
        const copy = async () => {
          const digest = new Digest()
          const limits = { output: 300 * MIB, time: 60_000 }
          const run = await program.run(files, { onOutput: digest.add, limits }).succeeds()
          expect(digest.value, 'The output of 16 files of 16 MiB').toBe(wanted.value)
          memoryStaysBounded(kit, run, idle, '256 MiB')
          return run
        }
        const yardstick = () => program.plain(['cat', ...files], { onOutput: () => {}, limits: { output: 300 * MIB } })
        await comparesWith(kit, { name: 'copying 256 MiB', run: copy, yardstick, atMost: 15 })
      },
    ),
    check(
      'numbers-scale',
      '-n takes about four times as long for four times the lines',
      { spec: 'large-files', hint: 'Look for something that is built up piece by piece, such as a string of all output so far.' },
      async (kit) => {
        const { program, random, scratch } = kit
        const work = async (lines: number) => {
          const content = bulkLines(random, lines)
          const stdout = numbered(content.toString())
          return program.run(['-n', scratch.file('lines.txt', content)], { limits: { time: 60_000 } }).succeeds({ stdout })
        }
        await growsWithWork(kit, { size: 50_000, work, unit: 'lines' })
      },
    ),
  ]),
])
