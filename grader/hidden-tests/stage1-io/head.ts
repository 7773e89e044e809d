import fs from 'node:fs'
import { bulkLines, Digest } from '../../models/bulk.ts'
import { firstLines, headed, linesOf, twoFiles } from '../../models/lines.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { growsWithWork, idleMemory, KIB, MIB, memoryStaysBounded } from '../../programs/performance.ts'
import { endsWithItsReader } from '../../programs/readers.ts'

const allButLines = (text: string, count: number) => linesOf(text).slice(0, -count).join('')

export default hiddenTests('stage1-io/head', [
  tier('runs', [
    check(
      'ten-lines',
      'shows the first ten lines of a file',
      { spec: 'lines', hint: 'Read the file that is named, write what you read, and stop behind the tenth newline.' },
      async ({ program, random, scratch }) => {
        const text = random.text(random.int(13, 20))
        await program.run([scratch.file('poem.txt', text)]).succeeds({ stdout: firstLines(text, 10) })
      },
    ),
    check(
      'line-count',
      '-n sets the number of lines',
      { spec: 'lines', hint: 'The number is the argument behind -n.' },
      async ({ program, random, scratch }) => {
        const text = random.text(20)
        const count = random.int(11, 18)
        await program.run(['-n', `${count}`, scratch.file('poem.txt', text)]).succeeds({ stdout: firstLines(text, count) })
      },
    ),
    check(
      'standard-input',
      'reads standard input when no file is named',
      { spec: 'standard-input', hint: 'Standard input is file descriptor 0.' },
      async ({ program, random }) => {
        const text = random.text(6)
        await program.run(['-n', '4'], { stdin: text }).succeeds({ stdout: firstLines(text, 4) })
      },
    ),
  ]),

  tier('works', [
    check(
      'short-file',
      'shows a file whole that has less than was asked for',
      { spec: 'lines', hint: 'The end of the file ends the loop as well. A last line without a newline gets none.' },
      async ({ program, random, scratch }) => {
        const text = random.text(3) + random.word()
        await program.run(['-n', '7', scratch.file('poem.txt', text)]).succeeds({ stdout: text })
        await program.run(['-c', `${text.length + random.int(1, 9)}`, 'poem.txt']).succeeds({ stdout: text })
      },
    ),
    check(
      'bytes',
      '-c counts bytes, not characters',
      { spec: 'bytes', hint: 'Count bytes as you read them, undecoded. The value may be in the same argument.' },
      async ({ program, random, scratch }) => {
        const start = Buffer.from(`${random.word()}\n${random.word()}é`)
        const file = scratch.file('poem.txt', `${start}ü${random.text(2)}`)
        await program.run(['-c', `${start.length - 1}`, file]).succeeds({ stdout: start.subarray(0, -1) })
        await program.run([`-c${start.length}`, file]).succeeds({ stdout: start })
      },
    ),
    check(
      'units',
      'takes b, k and m behind a number as 512, 1024 and 1048576',
      { spec: 'units', hint: 'Split the value into its digits and at most one letter, and multiply.' },
      async ({ program, random, scratch }) => {
        const bytes = Buffer.alloc(2 * MIB, `${random.sentence(9)}\n`)
        const file = scratch.file('long.txt', bytes)
        const count = random.int(2, 5)
        const newlines = bytes.subarray(0, 512 * 100).toString()
        await program.run(['-c', `${count}k`, file]).succeeds({ stdout: bytes.subarray(0, count * KIB) })
        await program.run(['-n', '1b', file]).succeeds({ stdout: firstLines(newlines, 512) })
        await program.run(['-c', '1m', file]).succeeds({ stdout: bytes.subarray(0, MIB) })
      },
    ),
    check(
      'headers',
      'puts a header before the part of each of several files',
      { spec: 'headers', hint: 'The empty line comes before every header but the first. For - the name is "standard input".' },
      async (kit) => {
        const { names, texts } = twoFiles(kit)
        const input = kit.random.text(4)
        const shown = [
          headed(names[0], firstLines(texts[0], 2)),
          headed('standard input', firstLines(input, 2)),
          headed(names[1], firstLines(texts[1], 2)),
        ]
        await kit.program.run(['-n', '2', names[0], '-', names[1]], { stdin: input }).succeeds({ stdout: shown.join('\n') })
      },
    ),
    check(
      'quiet-and-verbose',
      '-v puts a header before a single file, too, and -q before none of several',
      { spec: 'headers', hint: 'There are three cases: -q never, -v always, and otherwise with more than one file.' },
      async (kit) => {
        const { names, texts } = twoFiles(kit)
        await kit.program.run(['-v', '-n', '2', names[0]]).succeeds({ stdout: headed(names[0], firstLines(texts[0], 2)) })
        await kit.program.run(['-q', '-n', '3', ...names]).succeeds({ stdout: texts.map((text) => firstLines(text, 3)).join('') })
      },
    ),
    check(
      'last-one-counts',
      'goes by the last of -n and -c, and by the last of -q and -v',
      { spec: 'the-interface', hint: 'Go through the options from left to right; each replaces what one before has set.' },
      async ({ program, random, scratch }) => {
        const text = random.text(5)
        const name = scratch.file(random.word(), text)
        const why = 'Of several options that contradict each other the last one counts.'
        await program.run(['-v', '-c', '4', '-qn', '3', name]).succeeds({ stdout: firstLines(text, 3), why })
        await program.run(['-n1', '-q', '-c', '9', '-v', name]).succeeds({ stdout: headed(name, text.slice(0, 9)), why })
      },
    ),
    check(
      'all-but-lines',
      '-n with a minus shows all but the last lines',
      { spec: 'all-but-the-last', hint: 'Write a line only when as many lines as are to be left out have come in behind it.' },
      async ({ program, random, scratch }) => {
        // More than twice as many as are left out: what is shown is never as much as what is not.
        const text = random.text(random.int(7, 12))
        const count = random.int(2, 3)
        await program.run(['-n', `-${count}`, scratch.file('poem.txt', text)]).succeeds({ stdout: allButLines(text, count) })
      },
    ),
    check(
      'all-but-bytes',
      '-c with a minus shows all but the last bytes',
      { spec: 'all-but-the-last', hint: 'Keep that many bytes back at all times, and drop them at the end.' },
      async ({ program, random }) => {
        const text = random.text(4)
        const count = random.int(2, 15)
        await program.run(['-c', `-${count}`], { stdin: text }).succeeds({ stdout: text.slice(0, -count) })
      },
    ),
    check(
      'all-but-none',
      '-n -0 shows everything, and leaving out more than there is shows nothing',
      { spec: 'all-but-the-last', hint: '"Minus zero" is not "zero": the sign says which way to count.' },
      async ({ program, random, scratch }) => {
        const text = random.text(3) + random.word()
        const name = scratch.file('poem.txt', text)
        await program.run(['-n', '-0', name]).succeeds({ stdout: text })
        await program.run(['-n', `-${random.int(4, 9)}`, name]).succeeds({ stdout: '' })
      },
    ),
    check(
      'all-but-unfinished',
      'counts a last line without a newline as a line',
      { spec: 'all-but-the-last', hint: 'What stands behind the last newline, if anything does, is the last line.' },
      async ({ program, random, scratch }) => {
        const text = random.text(5) + random.word()
        await program.run(['-n', '-2', scratch.file('poem.txt', text)]).succeeds({ stdout: allButLines(text, 2) })
      },
    ),
    check(
      'old-way',
      'takes a first argument such as -5 for a number of lines',
      { spec: 'the-old-way', hint: 'Look whether the first argument is a minus and digits before you take it for an option.' },
      async ({ program, random, scratch }) => {
        const text = random.text(20)
        const count = random.int(11, 18)
        await program.run([`-${count}`, scratch.file('poem.txt', text)]).succeeds({ stdout: firstLines(text, count) })
      },
    ),
    check(
      'options-anywhere',
      'takes options behind files, and what follows -- for files',
      { spec: 'the-interface', hint: 'Sort the arguments into options and files first; after -- nothing is an option any more.' },
      async ({ program, random, scratch }) => {
        const text = random.text(5)
        const name = scratch.file('-q', text)
        await program.run(['./-q', '-v', '-n', '2']).succeeds({ stdout: headed('./-q', firstLines(text, 2)) })
        await program.run(['-n', '3', '--', name]).succeeds({ stdout: firstLines(text, 3) })
      },
    ),
  ]),

  tier('holds', [
    check(
      'missing-file',
      'goes on after a file that is not there, without a header for it',
      { spec: 'errors', hint: 'Write the header once the file is open. Remember the error for the exit status.' },
      async (kit) => {
        const { names, texts } = twoFiles(kit)
        const missing = `no-${kit.random.word()}`
        const shown = names.map((name, n) => headed(name, firstLines(texts[n] as string, 2))).join('\n')
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
      'forbidden-file',
      'reports a file that it may not read and goes on',
      { spec: 'errors', hint: 'Opening fails with EACCES; it is an error like that of a missing file.' },
      async ({ program, random, scratch }) => {
        const text = random.text(3)
        const secret = scratch.forbid(scratch.file('secret', random.text(1)), program.contained)
        await program.run(['-q', secret, scratch.file('poem.txt', text)]).fails({ status: 1, stdout: text, names: secret })
      },
    ),
    check(
      'bad-number',
      'refuses numbers that are none',
      { spec: 'errors', hint: 'All of the value must be a number: digits, and at most one of the known letters behind them.' },
      async ({ program, random, scratch }) => {
        const name = scratch.file('poem.txt', random.text(12))
        for (const args of [
          ['-n', random.word()],
          ['-c', `${random.int(2, 9)}q`],
          ['-n', ''],
        ]) {
          await program.run([...args, name]).fails({ status: 1, stdout: '' })
        }
      },
    ),
    check(
      'unknown-option',
      'refuses an option that it does not know',
      { spec: 'errors', hint: 'Look at all options before the first byte is written.' },
      async ({ program, random, scratch }) => {
        const name = scratch.file('poem.txt', random.text(3))
        await program.run(['-Z', name]).fails({ status: 1, stdout: '' })
        await program.run([name, '-n']).fails({ status: 1, stdout: '', why: 'The value of -n is missing.' })
      },
    ),
    check(
      'any-byte',
      'copies every byte as it is, in lines of any length',
      { spec: 'any-byte', hint: 'Work on bytes. A line may be longer than your buffer.' },
      async ({ program, random, scratch }) => {
        const long = Buffer.concat([random.bytes(3000), Buffer.alloc(150_000, '\r\0\xff')]).filter((byte) => byte !== 10)
        const bytes = Buffer.concat([Buffer.from('\n\0\n'), long, Buffer.from('\n'), long, Buffer.from('\nrest\n')])
        const file = scratch.file('bytes.bin', bytes)
        await program.run(['-n', '3', file]).succeeds({ stdout: bytes.subarray(0, long.length + 4) })
        await program.run(['-n', '-2', file]).succeeds({ stdout: bytes.subarray(0, long.length + 4) })
      },
    ),
    check(
      'does-not-wait',
      'ends as soon as it has what it needs, while its input is still open',
      { spec: 'endless-input', hint: 'When the last wanted byte is written, end: do not call read again.' },
      async ({ program, random }) => {
        const text = random.text(6)
        for (const [args, shown] of [
          [['-n', '4'], firstLines(text, 4)],
          [['-c', '17'], text.slice(0, 17)],
        ] as const) {
          const live = program.start([...args], { stdin: 'open' })
          await live.write(text)
          const why = 'The writer keeps its end of the pipe open; what was asked for has come already.'
          ;(await live.end()).succeeds({ stdout: shown, why })
        }
      },
    ),
    check(
      'nothing-asked',
      '-n 0 and -c 0 show nothing, and are no error',
      { spec: 'endless-input', hint: 'Nothing need be read; but with several files there still are headers.' },
      async (kit) => {
        const { names } = twoFiles(kit)
        const shown = names.map((name) => headed(name, '')).join('\n')
        await kit.program.run(['-n', '0', ...names]).succeeds({ stdout: shown })
        await kit.program.run(['-c', '0', ...names]).succeeds({ stdout: shown })
      },
    ),
    check(
      'leaves-lines',
      'leaves the rest of a file on standard input to the next program',
      { spec: 'what-you-leave', hint: 'Before you end, set the place in the file (lseek) behind the last line you wrote.' },
      async ({ program, random, scratch }) => {
        const text = random.text(9)
        const file = scratch.file('poem.txt', text)
        const fd = fs.openSync(scratch.path(file), 'r')
        const why = 'Programs that are run one after another share their standard input, and the place in it.'
        try {
          await program.run(['-n', '2'], { stdin: { file, fd } }).succeeds({ stdout: firstLines(text, 2), why })
          await program.run(['-n', '3'], { stdin: { file, fd } }).succeeds({ stdout: linesOf(text).slice(2, 5).join(''), why })
        } finally {
          fs.closeSync(fd)
        }
      },
    ),
    check(
      'leaves-bytes',
      '-c takes not a byte too many from a pipe',
      { spec: 'what-you-leave', hint: 'Never ask read for more bytes than are still missing.' },
      async ({ program, random, scratch }) => {
        const text = random.text(3)
        const fifo = scratch.fifo('pipe')
        const fd = fs.openSync(scratch.path(fifo.name), 'r')
        fifo.write(text)
        try {
          await program.run(['-c', '8'], { stdin: { file: fifo.name, fd } }).succeeds({ stdout: text.slice(0, 8) })
          const why = 'The bytes behind those that the first run showed have to be still in the pipe.'
          await program.run(['-c', '9'], { stdin: { file: fifo.name, fd } }).succeeds({ stdout: text.slice(8, 17), why })
        } finally {
          fs.closeSync(fd)
        }
      },
    ),
    check(
      'reader-leaves',
      'ends at once when nobody reads its output any more',
      { spec: 'readers-that-leave', hint: 'When write fails with EPIPE there is no use in reading on.' },
      async (kit) => {
        const start = kit.random.text(3)
        const file = kit.scratch.file('big.log', start)
        kit.scratch.truncate(file, 512 * MIB)
        await endsWithItsReader(kit, { args: ['-c', '500m', file], file, start })
      },
    ),
  ]),

  tier('flies', [
    check(
      'reads-little',
      'reads only the beginning of a file of 1 GiB',
      { spec: 'large-input', hint: 'Do you read the whole file before you write the first line?' },
      async ({ program, random, scratch, measure }) => {
        const text = random.text(12)
        const name = scratch.file('big.log', text)
        scratch.truncate(name, 1024 * MIB)
        const run = await program.run(['-n', '10', name]).succeeds({ stdout: firstLines(text, 10) })
        measure({ name: 'bytes read of 1 GiB', value: run.exit.bytesRead, unit: 'bytes' })
        expect(run.exit.bytesRead, `The number of bytes that \`${run.command}\` read`).toBeAtMost(128 * MIB, 'bytes')
      },
    ),
    check(
      'bounded-queue',
      'holds back ten lines, not all of its input',
      { spec: 'a-bounded-queue', hint: 'Write what can no longer be among the last lines as soon as that is certain.' },
      async (kit) => {
        const block = bulkLines(kit.random, 20_000)
        const blocks = Math.ceil((200 * MIB) / block.length)
        const wanted = new Digest()
        for (let n = 1; n < blocks; n++) wanted.add(block)
        wanted.add(Buffer.from(allButLines(block.toString(), 10)))
        const idle = await idleMemory(kit, ['-n', '-10'])
        const digest = new Digest()
        const run = await kit.program
          .run(['-n', '-10'], {
            stdin: Array(blocks).fill(block),
            onOutput: digest.add,
            limits: { output: 300 * MIB, time: 60_000 },
          })
          .succeeds()
        expect(digest.value, 'The output for 200 MiB of input').toBe(wanted.value)
        memoryStaysBounded(kit, run, idle, 'holding back 10 lines of 200 MiB')
      },
    ),
    check(
      'queue-scales',
      'takes about four times as long to hold back four times the lines',
      { spec: 'a-bounded-queue', hint: 'Taking the first element of an array moves all others: use a ring, or an index.' },
      async (kit) => {
        const work = async (lines: number) => {
          const content = bulkLines(kit.random, lines)
          const held = Math.floor(lines / 2)
          const stdout = linesOf(content.toString())
            .slice(0, lines - held)
            .join('')
          const args = ['-n', `-${held}`]
          return kit.program.run(args, { stdin: content, limits: { time: 60_000 } }).succeeds({ stdout })
        }
        await growsWithWork(kit, { size: 100_000, work, unit: 'lines' })
      },
    ),
  ]),
])
