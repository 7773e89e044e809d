import { byBytes, inColumns, withoutTabs } from '../../../models/ls.ts'
import { check, expect } from '../../../programs/kit.ts'
import { withTerminal } from '../../../programs/terminal.ts'

const lines = (names: string[]) => names.map((name) => `${name}\n`).join('')

/** Columns, and terminals that are as wide as they are. */
export const columnLayouts = [
  check(
    'columns',
    '-C sets names in as many columns as fit',
    {
      spec: 'columns',
      hint: 'Try numbers of lines from one on; each gives the widths of its columns. Take the first that fits.',
    },
    async ({ program, random, scratch }) => {
      const widths = [80, random.int(30, 60), 5]
      const draw = () => random.word().slice(0, random.int(2, 9)) + random.pick(['', 'ö'])
      let names: string[]
      do names = byBytes(random.distinct(random.int(30, 40), draw))
      while (widths.some((width) => !inColumns(names, width)))
      for (const name of names) scratch.file(name, '')
      for (const width of widths) {
        const run = await program.run(['-C'], { env: width === 80 ? {} : { COLUMNS: String(width) } }).succeeds()
        const shown = withoutTabs(run.stdout.toString())
        expect(lines(shown), `The output of \`${run.command}\``).toBeText(lines(inColumns(names, width) ?? []))
      }
    },
  ),
  check(
    'terminal',
    'sets names in columns when standard output is a terminal, if -1 does not forbid it',
    { spec: 'columns', hint: 'isatty tells whether it is a terminal, and an ioctl (TIOCGWINSZ) how wide that is.' },
    async ({ program, random, scratch }) => {
      const names = byBytes(random.distinct(40, () => random.word().padEnd(9, 'x').slice(0, 9)))
      for (const name of names) scratch.file(name, '')
      const columns = random.int(45, 60)
      const perLine = Math.floor((columns + 1) / 11)
      await withTerminal(columns, async (terminal) => {
        const show = async (args: string[]) => {
          const run = await program.run(args, { stdout: { file: terminal.name } }).succeeds()
          const all = await terminal.output()
          return { run, text: all.replace(/\x1b\[[\d;]*m/g, '') }
        }
        const { run, text } = await show([])
        const why = `It was run as \`${run.command}\`, ${columns} columns wide.`
        const rows = withoutTabs(text).map((line) => line.split(/ +/))
        expect(
          rows
            .flatMap((_, at) => rows.map((row) => row[at]))
            .filter(Boolean)
            .slice(0, 40),
          'The names, read downwards',
          why,
        ).toBe(names)
        expect(rows[0]?.length, 'The number of columns', why).toBe(Math.ceil(40 / Math.ceil(40 / perLine)))
        const after = await show(['-1'])
        expect(after.text.slice(text.length), 'What `ls -1` shows in a terminal').toBeText(lines(names))
      })
    },
  ),
]

/** Terminals obey what is written to them. */
export const safeTerminals = [
  check(
    'safe-terminal',
    'lets no control character of a name reach a terminal',
    {
      spec: 'odd-names',
      hint: 'If standard output is a terminal, put ? in the place of what is not printable, or quote the name.',
    },
    async ({ program, random, scratch }) => {
      const [one, two, three, four] = random.distinct(4, random.word) as [string, string, string, string]
      for (const name of [`a\x1b]0;${one}\x07`, `b\n${two}`, `c\t${three}`, `d\x7f\x9b${four}`]) scratch.file(name, '')
      scratch.link(`\x1b[8m${one}`, 'z')
      await withTerminal(100, async (terminal) => {
        const options = { stdout: { file: terminal.name } }
        await program.run(['-1'], options).succeeds()
        await program.run(['-l', 'z'], options).succeeds()
        const text = (await terminal.output()).replace(/\x1b\[[\d;]*m/g, '')
        for (const word of [one, two, three, four]) expect(text, 'What the terminal got').toInclude(word)
        const why = 'Control characters of a name can move the cursor of a terminal, and do worse.'
        expect(
          text.replace(/[^\0-\x09\x0b-\x1f\x7f\u0080-\u009f]/g, ''),
          'The control characters that the terminal got',
          why,
        ).toBe('')
        expect(text.trimEnd().split('\n').length, 'The number of lines', why).toBe(6)
      })
    },
  ),
]
