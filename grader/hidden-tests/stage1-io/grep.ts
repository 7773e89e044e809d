import { bulkLines } from '../../models/bulk.ts'
import { check, expect, hiddenTests, type Kit, tier } from '../../programs/kit.ts'
import { growsWithWork, idleMemory, MIB, memoryStaysBounded } from '../../programs/performance.ts'
import { endsWithItsReader } from '../../programs/readers.ts'
import { outputChecks } from './grep/output.ts'
import { patternChecks } from './grep/patterns.ts'

/** A word, and a text in which some lines have it and others have not. */
function wordAndText({ random }: Kit) {
  const [word, ...others] = random.distinct(7, () => random.word().slice(0, 4)) as [string, ...string[]]
  const lines = others.map((other, n) => (n % 2 === 0 ? `${other} ${word} ${n}\n` : `${other} ${n}\n`))
  return { word, text: lines.join(''), found: lines.filter((line) => line.includes(word)).join('') }
}

export default hiddenTests('stage1-io/grep', [
  tier('runs', [
    check(
      'plain-text',
      'shows the lines that hold a word',
      { spec: 'plain-text', hint: 'Read the file line by line, and look for the pattern anywhere in each line.' },
      async (kit) => {
        const { word, text, found } = wordAndText(kit)
        await kit.program.run([word, kit.scratch.file('text.txt', text)]).succeeds({ stdout: found })
      },
    ),
    check(
      'standard-input',
      'searches standard input when no file is named',
      { spec: 'standard-input', hint: 'Standard input is file descriptor 0.' },
      async (kit) => {
        const { word, text, found } = wordAndText(kit)
        await kit.program.run([word], { stdin: text }).succeeds({ stdout: found })
      },
    ),
    check(
      'status',
      'ends with status 1 when no line is found, and with -q says nothing else',
      { spec: 'status', hint: '0 is for "found", 1 for "not found"; other numbers are for errors.' },
      async (kit) => {
        const { word, text } = wordAndText(kit)
        const name = kit.scratch.file('text.txt', text)
        const none = await kit.program.run([`${word}${word}`, name])
        expect(none.stdout, 'The output when nothing is found').toBeText('')
        none.statusIs(1, 'No line of the file has the word.')
        await kit.program.run(['-q', word, name]).succeeds({ stdout: '' })
      },
    ),
  ]),

  tier('works', [
    ...patternChecks,
    ...outputChecks,
    check(
      'options-anywhere',
      'takes options behind files, values in the same argument, and -- as their end',
      { spec: 'the-interface', hint: 'The pattern is the first argument that is neither an option nor the value of one.' },
      async (kit) => {
        const { word, text, found } = wordAndText(kit)
        const name = kit.scratch.file('-v', `${text}-${word}\n`)
        await kit.program.run([word, './-v', '-m3', '-h']).succeeds({ stdout: found })
        await kit.program.run(['--', `-${word}`, name]).succeeds({ stdout: `-${word}\n` })
      },
    ),
  ]),

  tier('holds', [
    check(
      'missing-file',
      'goes on after a file that is not there, and ends with status 2; with -s it says nothing',
      { spec: 'errors', hint: 'An error counts for more than a match in the exit status. -s silences the message only.' },
      async (kit) => {
        const { word, text, found } = wordAndText(kit)
        const args = ['-h', word, 'nope.txt', kit.scratch.file('text.txt', text)]
        await kit.program.run(args).fails({ status: 2, stdout: found, names: 'nope.txt' })
        const run = await kit.program.run(['-s', ...args])
        expect(run.stdout, 'The output with -s').toBeText(found)
        expect(run.stderr, 'What it says on standard error with -s').toBeText('')
        run.statusIs(2, 'A file could not be read.')
      },
    ),
    check(
      'forbidden-file',
      'reports a file that it may not read and goes on',
      { spec: 'errors', hint: 'Opening fails with EACCES; it is an error like that of a missing file.' },
      async (kit) => {
        const { word, text, found } = wordAndText(kit)
        const secret = kit.scratch.forbid(kit.scratch.file('secret', text), kit.program.contained)
        const args = ['-h', word, secret, kit.scratch.file('text.txt', text)]
        await kit.program.run(args).fails({ status: 2, stdout: found, names: secret })
      },
    ),
    check(
      'folder',
      'searches the other files when one is a folder',
      { spec: 'errors', hint: 'Reading a folder fails (EISDIR): that must not end the program.' },
      async (kit) => {
        const { word, text, found } = wordAndText(kit)
        const folder = kit.scratch.folder('folder')
        const run = await kit.program.run(['-h', word, folder, kit.scratch.file('text.txt', text)])
        expect(run.stdout, `The output of \`${run.command}\``).toBeText(found)
      },
    ),
    check(
      'quiet-wins',
      '-q ends with 0 at the first match, whatever failed before',
      { spec: 'errors', hint: 'With -q the first selected line is the end of all work.' },
      async (kit) => {
        const { word, text } = wordAndText(kit)
        await kit.program.run(['-q', word, 'nope.txt', kit.scratch.file('text.txt', text)]).succeeds({ stdout: '' })
        ;(await kit.program.run(['-q', `${word}${word}`, 'nope.txt', 'text.txt'])).statusIs(
          2,
          'Nothing was found, and a file is missing.',
        )
      },
    ),
    check(
      'bad-patterns',
      'refuses patterns that are none, with status 2',
      { spec: 'patterns-that-are-none', hint: 'Check each while parsing: what is still open at the end of the pattern?' },
      async (kit) => {
        const { word, text, found } = wordAndText(kit)
        const name = kit.scratch.file('text.txt', text)
        const basic = ['\\(', '\\)', '[', '[[:colour:]]', '[z-a]', '\\(a\\)\\2', 'a\\{2,1\\}', 'a\\{x\\}', '\\']
        const why = 'The pattern is none.'
        for (const end of kit.random.shuffle(basic))
          await kit.program.run([word + end, name]).fails({ status: 2, stdout: '', why })
        for (const end of ['(', 'a{40000}']) await kit.program.run(['-E', word + end, name]).fails({ status: 2, stdout: '', why })
        await kit.program.run(['-F', `${word} 0\n[z-a](`, name]).succeeds({ stdout: found.slice(0, found.indexOf('\n') + 1) })
      },
    ),
    check(
      'bad-call',
      'refuses a wrong call with status 2',
      { spec: 'patterns-that-are-none', hint: 'Check the whole command line before you open a file.' },
      async (kit) => {
        const { word, text } = wordAndText(kit)
        const name = kit.scratch.file('text.txt', text)
        for (const args of [['-Q', word, name], ['-m', 'x', word, name], [], [word, name, '-A'], ['-f', 'nope', name]]) {
          await kit.program.run(args).fails({ status: 2, stdout: '' })
        }
      },
    ),
    check(
      'binary',
      'says of a binary file only that it matches',
      { spec: 'binary-files', hint: 'A zero byte anywhere in what you have read so far makes a file binary.' },
      async (kit) => {
        const { word, text, found } = wordAndText(kit)
        const name = kit.scratch.file('blob.bin', `${text}\0\n`)
        const other = kit.scratch.file('latin.txt', Buffer.from(`none\n${word} \xe9\n`, 'latin1'))
        for (const file of [name, other]) {
          const run = await kit.program.run([word, file])
          run.succeeds({
            stdout: '',
            stderr: new RegExp(`^[^\\n]*${file}[^\\n]*\\n$`),
            why: 'One line, with the name of the file.',
          })
          expect(run.stderr.toString(), 'What it says of a binary file').toInclude('binary')
        }
        await kit.program.run(['-c', word, name]).succeeds({ stdout: `${found.split('\n').length - 1}\n` })
      },
    ),
    check(
      'invalid-bytes',
      'searches around bytes that are no characters',
      { spec: 'any-line', hint: 'Such a byte is no character, so no set has it; but what stands beside it can match.' },
      async (kit) => {
        const { word } = wordAndText(kit)
        const bytes = Buffer.from(`\xff${word}\n${word}\xc3\n\xe9\n\xed\xa0\x80\n\xc0\x80\n\xf5${word}x\n`, 'latin1')
        const name = kit.scratch.file('latin.txt', bytes)
        await kit.program.run(['-c', word, name]).succeeds({ stdout: '3\n' })
        await kit.program.run(['-c', `${word}$\\|x`, name]).succeeds({ stdout: '2\n' })
        const none = await kit.program.run(['-c', `^.${word}\\|${word}[^x]\\|^.*$`, name])
        expect(none.stdout.toString(), 'The number of lines in which . or [^x] would have to match such a byte').toBe('0\n')
      },
    ),
    check(
      'any-line',
      'searches lines of any length, and ends the last one',
      { spec: 'any-line', hint: 'A line may be longer than any buffer that you read into.' },
      async (kit) => {
        const { word } = wordAndText(kit)
        const long = `${'x'.repeat(200_000)}${word}${'y'.repeat(100_000)}`
        const name = kit.scratch.file('long.txt', `\r\n${word}\r\n${long}\nno\n${word}`)
        await kit.program.run([`${word}y*$`, name]).succeeds({ stdout: `${long}\n${word}\n` })
        await kit.program.run(['-c', '', name]).succeeds({ stdout: '5\n' })
      },
    ),
    check(
      'does-not-wait',
      'ends as soon as the answer is known, while its input is still open',
      { spec: 'no-more-than-needed', hint: 'With -q, -l and -m leave the loop over the lines: do not call read again.' },
      async (kit) => {
        const { word, text } = wordAndText(kit)
        const first = text.slice(0, text.indexOf('\n') + 1)
        for (const [option, shown] of [
          ['-q', ''],
          ['-l', '(standard input)\n'],
          ['-m1', first],
        ] as const) {
          const live = kit.program.start([option, word], { stdin: 'open' })
          await live.write(text)
          ;(await live.end()).succeeds({
            stdout: shown,
            why: 'The writer keeps its end of the pipe open, but the answer is known.',
          })
        }
      },
    ),
    check(
      'own-output',
      'refuses to search the file that it writes to',
      { spec: 'its-own-output', hint: 'fstat standard output and each input: the same device and inode mean the same file.' },
      async (kit) => {
        const { word, text, found } = wordAndText(kit)
        const args = ['-h', word, kit.scratch.file('one', text), kit.scratch.file('two', text)]
        const run = kit.program.run(args, { stdout: { file: 'two', append: true }, limits: { output: MIB } })
        await run.fails({ status: 2, names: 'two' })
        expect(kit.scratch.read('two'), 'The file two').toBeText(text + found)
      },
    ),
    check(
      'reader-leaves',
      'ends at once when nobody reads its output any more',
      { spec: 'readers-that-leave', hint: 'When write fails with EPIPE there is no use in reading on.' },
      async (kit) => {
        const block = bulkLines(kit.random, 10_000, (n, word) => `${n} ${word.repeat(5)}\n`)
        const file = kit.scratch.file('big.txt', Buffer.alloc(128 * MIB, block))
        await endsWithItsReader(kit, { args: ['[0-9]', file], file, start: block.toString().slice(0, 500) })
      },
    ),
  ]),

  tier('flies', [
    check(
      'evil-patterns',
      'is not stalled by any pattern',
      { spec: 'no-evil-patterns', hint: 'Do not backtrack: keep the set of all places in the pattern where you may be.' },
      async ({ program, random, scratch }) => {
        const word = random.word()
        const name = scratch.file('evil.txt', `${'a'.repeat(40)}\n${word}\n`)
        for (const evil of ['(a*)*b', '(a|aa)+$b', `(a?){25}a{41}`, '(a|a|aa)*c']) {
          const why = 'Only the last line matches; the other is to be found out about quickly.'
          await program.run(['-E', '-e', evil, '-e', `^${word}$`, name]).succeeds({ stdout: `${word}\n`, why })
        }
      },
    ),
    check(
      'line-length-scales',
      'takes about four times as long for a line four times as long',
      { spec: 'no-evil-patterns', hint: 'A search that begins anew at each character goes through the line again and again.' },
      async (kit) => {
        const work = async (length: number) => {
          const line = `${'a'.repeat(length)}\n`
          const name = kit.scratch.file('long.txt', `${line}${'a'.repeat(9)}b\n`)
          const args = ['-E', '(a|aa)*b', name]
          return kit.program.run(args, { limits: { time: 20_000 } }).succeeds({ stdout: 'aaaaaaaaab\n' })
        }
        await growsWithWork(kit, { size: 100_000, work, unit: 'characters' })
      },
    ),
    check(
      'many-patterns',
      'takes little longer for a thousand patterns than for one',
      { spec: 'many-patterns', hint: 'All patterns together are one pattern with alternatives: one machine for all of them.' },
      async (kit) => {
        const { program, random, scratch, measure } = kit
        const words = random.distinct(1000, () => `${random.word()}${random.word()}`)
        const text = bulkLines(random, 20_000)
        const last = `the ${words.at(-1)} end\n`
        const name = scratch.file('text.txt', Buffer.concat([text, Buffer.from(last)]))
        const cost = async (count: number) => {
          scratch.file('patterns', words.slice(-count).join('\n'))
          const run = program.run(['-f', 'patterns', name], { limits: { time: 60_000 } })
          return (await run.succeeds({ stdout: last })).exit.cpu
        }
        const one = await cost(1)
        const thousand = await cost(1000)
        measure({ name: 'processor time for 1000 patterns', value: thousand, unit: 'ms', yardstick: one })
        const why = `With one pattern the same search takes ${one} ms.`
        expect(thousand, 'The processor time with 1000 patterns', why).toBeAtMost(25 * Math.max(one, 20), 'ms')
      },
    ),
    check(
      'large-files',
      'searches 160 MiB in bounded memory',
      { spec: 'large-files', hint: 'Hold one line at a time, and neither what was found nor the lines before.' },
      async (kit) => {
        // All but one line in a hundred match at their beginning: it is memory that is measured here.
        const block = bulkLines(kit.random, 10_000, (n, word) => `${n % 100} ${word.repeat(5)}\n`)
        const blocks = Math.ceil((160 * MIB) / block.length)
        const idle = await idleMemory(kit, ['x'])
        const options = { stdin: Array<Buffer>(blocks).fill(block), limits: { time: 60_000 } }
        const run = await kit.program.run(['-c', '[1-9]'], options).succeeds({ stdout: `${blocks * 9900}\n` })
        memoryStaysBounded(kit, run, idle, '160 MiB')
      },
    ),
  ]),
])
