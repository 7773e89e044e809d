import { check, expect, type Kit } from '../../../programs/kit.ts'

const text = (lines: string[]) => lines.map((line) => `${line}\n`).join('')

/** Two files; in each some lines have the word and others have not. */
function twoFiles({ random, scratch }: Kit) {
  const [word, ...others] = random.distinct(9, () => random.word().slice(0, 4)) as [string, ...string[]]
  const [a, b, c, d, e, f, g, h] = others as [string, string, string, string, string, string, string, string]
  const first = [a, `${b} ${word}`, c, `${word}${d}`, `${e}${word}`]
  const second = [f, g, `${word} ${word}`, h]
  const names = [scratch.file(`${a}.txt`, text(first)), scratch.file(`${b}.txt`, text(second))] as [string, string]
  const has = (line: string) => line.includes(word)
  return { word, first, second, names, has, missing: `${a}${b}` }
}

/** What `grep -n` puts before a line, and `-` instead of `:` where it is context. */
const numbered = (lines: string[], ...numbers: number[]) =>
  numbers.map((number) => `${Math.abs(number)}${number < 0 ? '-' : ':'}${lines[Math.abs(number) - 1]}\n`).join('')

export const outputChecks = [
  check(
    'invert',
    '-v selects the lines without a match',
    { spec: 'inverting', hint: 'Turn the answer of the matcher round, and leave the rest as it is.' },
    async (kit) => {
      const { word, first, names, has, missing } = twoFiles(kit)
      await kit.program.run(['-v', word, names[0]]).succeeds({ stdout: text(first.filter((line) => !has(line))) })
      await kit.program.run(['-vc', missing, names[0]]).succeeds({ stdout: `${first.length}\n` })
      ;(await kit.program.run(['-v', '', names[0]])).statusIs(1, 'Every line holds the empty pattern, so -v selects none.')
    },
  ),
  check(
    'prefixes',
    'puts names before lines of several files, and numbers with -n',
    { spec: 'prefixes', hint: 'First the name, then the number, each with a colon. Each file is counted from 1.' },
    async (kit) => {
      const { word, first, second, names, has } = twoFiles(kit)
      const shown = [first, second].flatMap((lines, n) =>
        lines.flatMap((line, at) => (has(line) ? [`${names[n]}:${at + 1}:${line}`] : [])),
      )
      await kit.program.run(['-n', word, ...names]).succeeds({ stdout: text(shown) })
      await kit.program.run(['-n', word, names[0]]).succeeds({ stdout: numbered(first, 2, 4, 5) })
    },
  ),
  check(
    'with-and-without-names',
    '-H puts the name before lines of one file, -h before none',
    { spec: 'prefixes', hint: 'The last of -H and -h counts; without them it is the number of files.' },
    async (kit) => {
      const { word, first, second, names, has } = twoFiles(kit)
      const lines = first.filter(has)
      await kit.program.run(['-hH', word, names[0]]).succeeds({ stdout: text(lines.map((line) => `${names[0]}:${line}`)) })
      await kit.program.run(['-Hh', word, ...names]).succeeds({ stdout: text([...lines, ...second.filter(has)]) })
      const shown = text(lines.map((line) => `(standard input):${line}`))
      await kit.program.run(['-H', word], { stdin: text(first) }).succeeds({ stdout: shown })
    },
  ),
  check(
    'matches-with-prefixes',
    '-o gives each match of a line the same prefix',
    { spec: 'matches-only', hint: 'Search on behind the end of each match.' },
    async (kit) => {
      const { word, second, names } = twoFiles(kit)
      const name = names[1]
      await kit.program.run(['-noH', word, name]).succeeds({ stdout: `${name}:3:${word}\n${name}:3:${word}\n` })
      await kit.program.run(['-ov', word, name]).succeeds({ stdout: '', why: '-o shows matches; lines without one have none.' })
      const letters = [...(second[0] as string)]
      await kit.program.run(['-o', '.', '-m', '1', name]).succeeds({ stdout: text(letters) })
    },
  ),
  check(
    'count',
    '-c shows how many lines were selected in each file',
    { spec: 'counts-and-names', hint: 'Lines are counted, not matches; a file without any has 0.' },
    async (kit) => {
      const { word, names } = twoFiles(kit)
      const none = kit.scratch.file('none', 'nothing of note\n')
      const stdout = `${names[0]}:3\n${none}:0\n${names[1]}:1\n`
      await kit.program.run(['-c', word, names[0], none, names[1]]).succeeds({ stdout })
      const run = await kit.program.run(['-c', word], { stdin: 'none\n' })
      run.statusIs(1)
      await kit.program.run(['-co', word, names[1]]).succeeds({ stdout: '1\n' })
    },
  ),
  check(
    'names',
    '-l shows the names of the files with a selected line, and -L those of the others',
    { spec: 'counts-and-names', hint: 'One name, however many lines were selected.' },
    async (kit) => {
      const { word, names } = twoFiles(kit)
      const none = kit.scratch.file('none', 'nothing of note\n')
      const files = [names[0], none, names[1], '-']
      await kit.program
        .run(['-l', word, ...files], { stdin: `${word}\n` })
        .succeeds({ stdout: text([...names, '(standard input)']) })
      const run = await kit.program.run(['-L', word, ...files], { stdin: 'none\n' })
      expect(run.stdout, 'The output of `grep -L`').toBeText(text([none, '(standard input)']))
    },
  ),
  check(
    'context',
    '-A, -B and -C show lines around each selected one, and -- between groups',
    { spec: 'context', hint: 'Remember the last lines that were not shown, and how many are still to be shown after a match.' },
    async ({ program, random, scratch }) => {
      const word = random.word()
      const lines = Array.from({ length: 30 }, (_, n) => ([4, 6, 16, 17, 29].includes(n + 1) ? `${word} ${n}` : `line ${n}`))
      const name = scratch.file('lines.txt', text(lines))
      const show = (...groups: number[][]) => groups.map((group) => numbered(lines, ...group)).join('--\n')
      await program.run(['-n', '-A', '1', word, name]).succeeds({ stdout: show([4, -5, 6, -7], [16, 17, -18], [29, -30]) })
      await program
        .run(['-n', '-B2', word, name])
        .succeeds({ stdout: show([-2, -3, 4, -5, 6], [-14, -15, 16, 17], [-27, -28, 29]) })
      const around = show([-1, -2, -3, 4, -5, 6, -7, -8, -9], [-13, -14, -15, 16, 17, -18], [-26, -27, -28, 29, -30])
      await program.run(['-nC3', '-A', '1', word, name]).succeeds({ stdout: around.replace('8-line 7\n9-line 8\n', '') })
    },
  ),
  check(
    'context-of-files',
    'separates groups of different files, and marks names of context with -',
    { spec: 'context', hint: 'No line of one file is the neighbour of a line of the next.' },
    async (kit) => {
      const { word, first, second, names } = twoFiles(kit)
      const [one, two] = names
      const shown = [`${one}-${first[0]}`, `${one}:${first[1]}`, `${one}-${first[2]}`, `${one}:${first[3]}`, `${one}:${first[4]}`]
      const more = [`${two}-${second[1]}`, `${two}:${second[2]}`, `${two}-${second[3]}`]
      await kit.program.run(['-C', '1', word, ...names]).succeeds({ stdout: text([...shown, '--', ...more]) })
    },
  ),
  check(
    'max-count',
    '-m stops after so many selected lines of each file',
    { spec: 'stopping', hint: 'Count selected lines, not matches. The context after the last of them still follows.' },
    async (kit) => {
      const { word, first, second, names } = twoFiles(kit)
      await kit.program.run(['-hm', '2', word, ...names]).succeeds({ stdout: text([first[1], first[3], second[2]] as string[]) })
      await kit.program.run(['-m1', '-nA1', word, names[0]]).succeeds({ stdout: numbered(first, 2, -3) })
      await kit.program.run(['-c', '-m2', word, names[0]]).succeeds({ stdout: '2\n' })
    },
  ),
  check(
    'folders',
    '-r searches all files below a folder',
    { spec: 'folders', hint: 'Walk the tree; names begin with the folder as it was given, and with no operand with nothing.' },
    async (kit) => {
      const { word, first, has } = twoFiles(kit)
      const { program, scratch } = kit
      const found = ['tree/one', 'tree/deep/two', 'tree/deep/er/three']
      for (const file of found) scratch.file(file, text(first))
      scratch.file('tree/deep/none', 'nothing of note\n')
      scratch.link('deep', 'tree/link')
      const wanted = found.flatMap((file) => first.filter(has).map((line) => `${file}:${line}`))
      const sorted = (bytes: Buffer) => text(bytes.toString().split('\n').filter(Boolean).sort())
      const named = await program.run(['-r', word, 'tree/'])
      expect(sorted(named.stdout), 'The output, sorted').toBeText(text(wanted.sort()))
      const below = await program.run(['-rl', word], { cwd: 'tree' })
      expect(sorted(below.stdout), 'The output, sorted').toBeText(text(found.map((file) => file.slice(5)).sort()))
      await program.run(['-r', word, 'tree/one']).succeeds({ stdout: text(first.filter(has)) })
    },
  ),
]
