import fs from 'node:fs'
import { bulkLines } from '../../models/bulk.ts'
import { BOUNDARIES, BROKEN, LETTERS, linesOf, longestOf, usual, wordsOf } from '../../models/wc.ts'
import { check, expect, hiddenTests, type Kit, tier } from '../../programs/kit.ts'
import { growsWithWork, idleMemory, MIB, memoryStaysBounded } from '../../programs/performance.ts'
import type { Run, Running } from '../../programs/run.ts'

/** Output with single blanks, and none at the start of a line: how wide the columns are is up to the program. */
const squeezed = (run: Run) => run.stdout.toString().replace(/ +/g, ' ').replace(/^ /gm, '')

/** The program succeeds and prints these fields. */
async function prints(running: Running, fields: string, why = ''): Promise<void> {
  const run = await running
  if (run.status !== 0) run.statusIs(0, why)
  expect(squeezed(run), `The output of \`${run.command}\` (blanks squeezed)`, why).toBeText(fields)
}

/** The program reports a file, counts the others and ends with status 1. (A line of zeros for that file would be all right.) */
async function printsDespite(running: Running, names: string, fields: string): Promise<void> {
  const run = (await running).fails({ status: 1, names })
  const lines = squeezed(run).replace(/^(0 )+\S+\n/gm, '')
  expect(lines, `The output of \`${run.command}\` (blanks squeezed)`, 'The other files must be counted.').toBeText(fields)
}

/** A text whose numbers of characters, bytes and words all differ. */
const foreign = ({ random }: Kit, words: number) =>
  Array.from({ length: words }, () => random.word() + random.pick(LETTERS) + random.pick(LETTERS)).join(' ')

export default hiddenTests('stage1-io/wc', [
  tier('runs', [
    check(
      'three-counts',
      'counts the lines, words and bytes of a file',
      { spec: 'three-counts', hint: 'Print three numbers and the name, in this order: newlines, words, bytes.' },
      async ({ program, random, scratch }) => {
        const text = random.text(random.int(4, 9))
        await prints(program.run([scratch.file('poem.txt', text)]), `${usual(text)} poem.txt\n`)
      },
    ),
    check(
      'standard-input',
      'counts standard input when no file is named, and prints no name',
      { spec: 'standard-input', hint: 'Without arguments read file descriptor 0. Nothing follows the last number.' },
      async ({ program, random }) => {
        const text = random.text(random.int(4, 9))
        await prints(program.run([], { stdin: text }), `${usual(text)}\n`)
      },
    ),
    check(
      'dash',
      'takes - for standard input, and calls it so',
      { spec: 'standard-input', hint: 'Compare the argument with "-" before you open it, and print it as it was given.' },
      async ({ program, random }) => {
        const text = random.text(3)
        await prints(program.run(['-'], { stdin: text }), `${usual(text)} -\n`)
      },
    ),
  ]),

  tier('works', [
    check(
      'one-count',
      'prints only the count that is asked for',
      { spec: 'choosing-counts', hint: 'Collect the letters first. Only if there is none at all is it -lwc.' },
      async ({ program, random, scratch }) => {
        const text = random.text(4)
        const name = scratch.file('poem.txt', text)
        const counts = usual(text).split(' ')
        for (const [n, letter] of ['-l', '-w', '-c'].entries())
          await prints(program.run([letter, name]), `${counts[n]} ${name}\n`)
      },
    ),
    check(
      'fixed-order',
      'prints counts in the same order, wherever and in whatever order the letters stand',
      { spec: 'choosing-counts', hint: 'Options only say which counts are shown: the order is that of the spec.' },
      async (kit) => {
        const { program, random, scratch } = kit
        const text = `${foreign(kit, 3)}\n${foreign(kit, 5)}\n`
        const [words, characters, bytes] = [wordsOf(text), [...text].length, Buffer.byteLength(text)]
        const args = [random.pick(['-cmw', '-mcw', '-wcm']), scratch.file('poem.txt', text)]
        await prints(program.run(args), `${words} ${characters} ${bytes} poem.txt\n`)
        const plain = random.text(4)
        const others = ['-L', '-c', scratch.file('plain.txt', plain), '-l']
        await prints(program.run(others), `${linesOf(plain)} ${plain.length} ${longestOf(plain)} plain.txt\n`)
      },
    ),
    check(
      'bare-number',
      'prints a single count of standard input as a bare number',
      { spec: 'choosing-counts', hint: 'Where nothing has to line up there is nothing to pad.' },
      async ({ program, random }) => {
        const text = random.text(random.int(11, 30))
        await program.run(['-l'], { stdin: text }).succeeds({ stdout: `${linesOf(text)}\n` })
      },
    ),
    check(
      'no-final-newline',
      'does not count what follows the last newline as a line',
      { spec: 'lines', hint: 'Count newlines, nothing else. Words and bytes of the last piece count all the same.' },
      async ({ program, random, scratch }) => {
        const text = `${random.text(2)}\n${random.sentence(3)}`
        await prints(program.run([scratch.file('poem.txt', text)]), `${usual(text)} poem.txt\n`)
      },
    ),
    check(
      'words',
      'ends a word at any white space, however much of it there is',
      { spec: 'words', hint: 'Count the moments at which a word begins, not the blanks between words.' },
      async ({ program, random, scratch }) => {
        const words = random.distinct(12, random.word)
        const gaps = [...random.shuffle([' ', '\t', '\n', '\v', '\f', '\r']), '  ', ' \t', '\n\n', '\r\n', ' \n ']
        const text =
          random.pick([' ', '\t']) + words.map((word, n) => word + (gaps[n] ?? '')).join('') + random.pick(['', ' ', '\n\n'])
        await prints(program.run(['-w', scratch.file('poem.txt', text)]), '12 poem.txt\n')
      },
    ),
    check(
      'total',
      'counts several files, an empty one among them, and adds them up in a last line',
      { spec: 'totals', hint: 'Keep sums beside the counts of each file; print them as `total` if there are several.' },
      async ({ program, random, scratch }) => {
        const texts = [...random.distinct(2, () => random.text(random.int(2, 9))), '']
        const names = texts.map((text, n) => scratch.file(`poem-${n}`, text))
        const rows = [...texts.map((text, n) => `${usual(text)} ${names[n]}`), `${usual(texts.join(''))} total`]
        await prints(program.run(names), `${rows.join('\n')}\n`)
      },
    ),
    check(
      'aligned',
      'puts the numbers of several files below each other',
      { spec: 'totals', hint: 'Pad numbers on the left to a width that is large enough for the sum.' },
      async ({ program, random, scratch }) => {
        const sizes = random.shuffle([random.int(2, 9), random.int(20, 90), random.int(2000, 9000)])
        const names = sizes.map((size, n) => scratch.file(`file-${n}`, 'x\n'.repeat(size)))
        const run = await program.run(['-l', '-c', ...names]).succeeds()
        const all = [...sizes, sizes.reduce((a, b) => a + b)]
        const rows = all.map((size, n) => `${size} ${2 * size} ${names[n] ?? 'total'}\n`)
        expect(squeezed(run), `The output of \`${run.command}\` (blanks squeezed)`).toBeText(rows.join(''))
        const lines = run.stdout.toString().trimEnd().split('\n')
        const ends = lines.map((line) => [...line.matchAll(/\d(?= )/g)].map(({ index }) => index + 1))
        const why = 'Each number of a column must end where the others end.'
        for (const row of ends) expect(row, 'The columns in which the numbers of a line end', why).toBe(ends[0] ?? [])
      },
    ),
    check(
      'characters',
      '-m counts characters of one to four bytes',
      { spec: 'characters', hint: 'In UTF-8 every character has exactly one byte that does not look like 10xxxxxx.' },
      async (kit) => {
        const text = `${LETTERS.join('')}\n${foreign(kit, 6)}\n`
        const args = ['-m', kit.scratch.file('poem.txt', text)]
        await prints(kit.program.run(args), `${[...text].length} poem.txt\n`)
      },
    ),
    check(
      'longest-line',
      '-L finds the longest line, also if it is the last and has no newline',
      { spec: 'the-longest-line', hint: 'Count columns since the start of the line; keep the largest number there was.' },
      async ({ program, random, scratch }) => {
        const lines = random.distinct(4, () => random.sentence(5))
        const longest = random.sentence(9)
        const inside = [...random.shuffle(lines).slice(0, 2), longest, ...lines.slice(2)].join('\n')
        await prints(program.run(['-L', scratch.file('one', `${inside}\n`)]), `${longestOf(inside)} one\n`)
        const atEnd = [...lines, longest].join('\n')
        await prints(program.run(['-L', scratch.file('two', atEnd)]), `${longestOf(atEnd)} two\n`)
      },
    ),
    check(
      'tabs',
      '-L lets a tab go on to the next multiple of eight',
      { spec: 'the-longest-line', hint: 'A tab is worth between one and eight columns: it depends on where it stands.' },
      async ({ program, random, scratch }) => {
        const [before, after] = [random.int(9, 14), random.int(1, 6)]
        const text = `${'x'.repeat(8)}\ty\n${'x'.repeat(before)}\t\t${'y'.repeat(after)}\n`
        await prints(program.run(['-L', scratch.file('table', text)]), `${24 + after} table\n`)
      },
    ),
    check(
      'control-characters',
      '-L gives control characters no column, and starts again after a carriage return or form feed',
      {
        spec: 'the-longest-line',
        hint: 'Three characters go back to column 0; the others, but for the tab, stay where they are.',
      },
      async ({ program, random, scratch }) => {
        const [one, two, three] = [7, 11, 9].map((least) => 'x'.repeat(random.int(least, least + 1))) as [string, string, string]
        const text = `${one}\r${two}\x07\x01\x7f\f${three}\v\n`
        await prints(program.run(['-L', scratch.file('poem.txt', text)]), `${two.length} poem.txt\n`)
      },
    ),
    check(
      'wide-characters',
      '-L gives a character of several bytes one column',
      { spec: 'the-longest-line', hint: 'Columns are counted for characters, so put the bytes of a character together first.' },
      async (kit) => {
        const text = `${foreign(kit, 5)}\n${foreign(kit, 3)}\n`
        const args = ['-L', kit.scratch.file('poem.txt', text)]
        await prints(kit.program.run(args), `${longestOf(text)} poem.txt\n`)
      },
    ),
    check(
      'longest-of-all',
      '-L gives the longest line of all files as their total',
      { spec: 'totals', hint: 'Every count is added up but this one: the total is the maximum.' },
      async ({ program, random, scratch }) => {
        const texts = random.distinct(3, () => random.text(3))
        const names = texts.map((text, n) => scratch.file(`poem-${n}`, text))
        const lengths = texts.map(longestOf)
        const rows = [...lengths.map((length, n) => `${length} ${names[n]}\n`), `${Math.max(...lengths)} total\n`]
        await prints(program.run(['-L', ...names]), rows.join(''))
      },
    ),
  ]),

  tier('holds', [
    check(
      'missing-file',
      'goes on after a file that is not there, and ends with status 1',
      { spec: 'errors', hint: 'Name it on standard error, remember that something failed, take the next file.' },
      async ({ program, random, scratch }) => {
        const [one, two] = random.distinct(2, () => random.text(3)) as [string, string]
        const missing = `no-${random.word()}`
        const args = [scratch.file('one', one), missing, scratch.file('two', two)]
        await printsDespite(program.run(args), missing, `${usual(one)} one\n${usual(two)} two\n${usual(one + two)} total\n`)
      },
    ),
    check(
      'unreadable',
      'reports a folder, and a file that it may not read, and goes on',
      { spec: 'errors', hint: 'Opening a file may fail (EACCES), and so may reading it: a folder can be opened.' },
      async ({ program, random, scratch }) => {
        const text = random.text(3)
        const folder = scratch.folder(random.word())
        const secret = scratch.forbid(scratch.file('secret', random.text(1)), program.contained)
        const rows = `${usual(text)} poem.txt\n${usual(text)} total\n`
        await printsDespite(program.run([folder, scratch.file('poem.txt', text)]), folder, rows)
        await printsDespite(program.run(['poem.txt', secret]), secret, rows)
      },
    ),
    check(
      'unknown-option',
      'refuses an option that it does not know',
      { spec: 'errors', hint: 'Look at all options before the first file is counted.' },
      async ({ program, random, scratch }) => {
        await program.run(['-Z', scratch.file('poem.txt', random.text(1))]).fails({ status: 1, stdout: '' })
      },
    ),
    check(
      'full-disk',
      'reports that its result could not be written',
      { spec: 'errors', hint: 'Writing can fail, too: look at what write returns, and flush before you exit.' },
      async ({ program, random, scratch }) => {
        const name = scratch.file('poem.txt', random.text(3))
        await program.run([name], { stdout: { file: '/dev/full' } }).fails({ status: 1 })
      },
    ),
    check(
      'double-dash',
      'takes what follows -- for files, whatever it looks like',
      { spec: 'names-that-look-like-options', hint: 'After -- nothing is an option any more.' },
      async ({ program, random, scratch }) => {
        const text = random.text(5)
        await prints(program.run(['-c', '--', scratch.file('-l', text)]), `${text.length} -l\n`)
      },
    ),
    check(
      'cut-words',
      'counts a word that is cut by the end of a block once',
      { spec: 'cuts-anywhere', hint: 'Whether you are inside a word must be remembered from one read to the next.' },
      async ({ program, random }) => {
        const words = Array.from({ length: 40_000 }, () => random.pick(['word', 'words', 'longer', 'a', 'somewhat-longer']))
        const text = `${words.join(' ')}\n${'x'.repeat(300_000)}\n`
        const longest = Math.max(words.join(' ').length, 300_000)
        await prints(program.run(['-lwL'], { stdin: text }), `2 40001 ${longest}\n`)
      },
    ),
    check(
      'cut-characters',
      'counts a character that is cut by the end of a block once',
      { spec: 'cuts-anywhere', hint: 'Keep the beginning of a character until its rest comes with the next read.' },
      async ({ program, random }) => {
        const [one, two] = random.distinct(2, () => random.pick(['€', 'ẞ', '→', 'ა', '∑'])) as [string, string]
        const text = random.pick(['', 'x', 'xy']) + (one + two).repeat(60_000)
        await prints(program.run(['-m'], { stdin: text }), `${[...text].length}\n`)
      },
    ),
    check(
      'broken-utf-8',
      '-m counts no bytes that are not valid UTF-8',
      { spec: 'broken-utf-8', hint: 'When a byte does not go on with a character, forget its beginning and begin anew.' },
      async ({ program, random, scratch }) => {
        const pieces = random.shuffle([...BROKEN, ...BROKEN]).map((bytes) => [bytes, Buffer.from(random.pick(BOUNDARIES))])
        const bytes = Buffer.concat([...pieces.flat(), Buffer.from([0xe2, 0x82])])
        await prints(program.run(['-mc', scratch.file('broken', bytes)]), `${pieces.length} ${bytes.length} broken\n`)
      },
    ),
    check(
      'broken-words',
      'neither ends a word nor takes a column for bytes that are not valid UTF-8',
      { spec: 'broken-utf-8', hint: 'What is no character is passed over, as if it was not there; only -c counts it.' },
      async ({ program, random, scratch }) => {
        const [one, two, three] = random.distinct(3, random.word) as [string, string, string]
        const bytes = Buffer.from(`${one}\xff${two}\xe2 ${three}`, 'latin1')
        const columns = one.length + two.length + 1 + three.length
        await prints(program.run(['-w', '-L', scratch.file('broken', bytes)]), `2 ${columns} broken\n`)
      },
    ),
    check(
      'any-byte',
      'counts the lines and bytes of data that are no text',
      { spec: 'broken-utf-8', hint: 'Read bytes, not text: a zero byte ends nothing, and decoding changes lengths.' },
      async ({ program, random, scratch }) => {
        const bytes = Buffer.concat([random.bytes(3000), Buffer.from('\n\0\n\0')])
        const newlines = bytes.filter((byte) => byte === 10).length
        await prints(program.run(['-cl', scratch.file('data', bytes)]), `${newlines} ${bytes.length} data\n`)
      },
    ),
    check(
      'wide-blanks',
      'ends a word at the blanks of Unicode, too',
      { spec: 'blanks-of-unicode', hint: 'Decode the character, then look whether it is in the list.' },
      async ({ program, random, scratch }) => {
        const blanks = random.shuffle([...'\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000'])
        const text = `${blanks.map((blank) => random.word() + blank).join('')}ä\u1681\u200bß`
        await prints(program.run(['-w', scratch.file('poem.txt', text)]), `${blanks.length + 1} poem.txt\n`)
      },
    ),
  ]),

  tier('flies', [
    check(
      'one-long-line',
      'counts 128 MiB that are one word on one line in bounded memory',
      { spec: 'large-input', hint: 'Nothing of what was counted needs to be kept: a block of fixed size is enough.' },
      async (kit) => {
        const { program, random } = kit
        const block = Buffer.alloc(64 * 1024, random.pick([...'xyz']))
        const size = 128 * MIB
        const pieces = Array<Buffer>(size / block.length).fill(block)
        const idle = await idleMemory(kit, [])
        const running = program.run(['-lwcL'], { stdin: pieces, limits: { time: 120_000 } })
        await prints(running, `0 1 ${size} ${size}\n`)
        memoryStaysBounded(kit, await running, idle, '128 MiB')
      },
    ),
    check(
      'scales',
      'takes about four times as long for four times the text',
      { spec: 'large-input', hint: 'Look for something that grows with what was read: a string, a list of lines.' },
      async (kit) => {
        const { program, random, scratch } = kit
        const work = async (lines: number) => {
          const content = bulkLines(random, lines)
          const text = content.toString()
          const running = program.run(['-lwmL', scratch.file('lines.txt', content)], { limits: { time: 60_000 } })
          await prints(running, `${lines} ${wordsOf(text)} ${text.length} ${longestOf(text)} lines.txt\n`)
          return await running
        }
        await growsWithWork(kit, { size: 40_000, work, unit: 'lines' })
      },
    ),
    check(
      'known-size',
      '-c does not read a large file to know its size',
      { spec: 'a-size-that-is-known', hint: 'fstat tells the size of a regular file; read its end to be sure.' },
      async ({ program, random, scratch, measure }) => {
        const size = 64 * 1024 * MIB + random.int(1000, 9999)
        const running = program.run(['-c', scratch.sparse('huge', size, 'end')])
        await prints(running, `${size} huge\n`)
        const read = (await running).exit.bytesRead
        measure({ name: 'bytes read to count 64 GiB', value: Math.round(read / 1024), unit: 'KiB' })
        expect(read, 'The number of bytes that it read').toBeAtMost(64 * MIB, 'bytes')
      },
    ),
    check(
      'claimed-size',
      '-c does not believe the sizes of files that are made up as they are read',
      { spec: 'a-size-that-is-known', hint: 'The inode of /proc/version says 0: read on from the size that is claimed.' },
      async ({ program }) => {
        const length = fs.readFileSync('/proc/version').length
        await prints(program.run(['-c', '/proc/version']), `${length} /proc/version\n`)
      },
    ),
    check(
      'rest-of-input',
      '-c counts only what is left of a file that somebody has begun to read',
      { spec: 'a-size-that-is-known', hint: 'A file on standard input may have an offset that is not 0; lseek tells it.' },
      async ({ program, random, scratch }) => {
        const text = random.text(9)
        const begun = random.int(5, 30)
        const fd = fs.openSync(scratch.path(scratch.file('poem.txt', text)), 'r')
        fs.readSync(fd, Buffer.alloc(begun))
        const why = `${begun} bytes had been read before it was started, as in \`(read line; wc -c) < poem.txt\`.`
        await prints(program.run(['-c'], { stdin: { file: 'poem.txt', fd } }), `${text.length - begun}\n`, why)
        fs.closeSync(fd)
      },
    ),
  ]),
])
