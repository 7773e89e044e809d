import { draw, holds, moved } from '../../../models/files.ts'
import { check, expect } from '../../../programs/kit.ts'
import { withTerminal } from '../../../programs/terminal.ts'

/** Questions before something is replaced. */
export const questions = [
  check(
    'ask',
    '-i asks before it replaces, one line for each question',
    {
      spec: 'asking',
      hint: 'The question goes to standard error. Read no more than one line: the next question needs the next one.',
    },
    async (kit) => {
      const { one, two, three, box, first, second } = draw(kit)
      for (const name of [one, two]) kit.scratch.file(`${box}/${name}`, second)
      for (const name of [one, two, three]) kit.scratch.file(name, first)
      const answers = kit.random.pick(['no\nyes\n', 'n\nY\n', '\ny\n', 'ay\ny\n'])
      const run = await kit.program.run(['-i', one, two, three, box], { stdin: answers })
      const why = `The answers were ${JSON.stringify(answers)}.`
      holds(kit, `${box}/${one}`, second, why)
      holds(kit, one, first, why)
      moved(kit, two, `${box}/${two}`, first)
      moved(kit, three, `${box}/${three}`, first)
      for (const name of [one, two]) expect(run.stderr.toString(), 'What was written to standard error').toInclude(name)
      expect(run.stderr.includes(three), `That ${three} is asked about`).toBe(false)
    },
  ),
  check(
    'no-clobber',
    '-n replaces nothing, and the last of -n, -i and -f counts',
    { spec: 'asking', hint: 'Look whether there is something at the target before you rename.' },
    async (kit) => {
      const { one, two, three, first, second } = draw(kit)
      kit.scratch.file(one, first)
      kit.scratch.file(two, second)
      for (const letters of ['-n', '-in', '-fn']) await kit.program.run([letters, one, two], { stdin: 'y\n' })
      await kit.program.run(['-fi', one, two], { stdin: 'n\n' })
      holds(kit, two, second)
      await kit.program.run(['-nif', one, two], { stdin: 'n\n' }).succeeds()
      moved(kit, one, two, first)
      await kit.program.run(['-n', two, three]).succeeds()
      moved(kit, two, three, first)
    },
  ),
]

/** Questions about what is write-protected. */
export const protection = [
  check(
    'protected',
    'asks in a terminal before it replaces a write-protected file',
    { spec: 'asking', hint: 'access(2) tells whether you may write to it, isatty whether standard input is a terminal.' },
    async (kit) => {
      const { one, two, three, first, second } = draw(kit)
      kit.scratch.file(one, first)
      kit.scratch.file(two, second, { mode: 0o444 })
      await withTerminal(80, async (terminal) => {
        for (const answer of ['no', 'yes']) {
          terminal.type(`${answer}\n`)
          const run = await kit.program.run([one, two], { stdin: terminal.input(), nobody: true })
          expect(run.stderr.toString(), 'What was written to standard error').toInclude(two)
          holds(kit, two, answer === 'no' ? second : first, `The answer was ${answer}.`)
        }
        await kit.program.run([two, three], { stdin: terminal.input(), nobody: true }).succeeds({ stderr: '' })
      })
    },
  ),
  check(
    'not-asked',
    'replaces a write-protected file without a question with -f, or when there is no terminal',
    {
      spec: 'asking',
      hint: 'With -f no question is ever asked; and where nobody sits at a terminal, there is nobody to be asked.',
    },
    async (kit) => {
      const { one, two, three, first, second } = draw(kit)
      kit.scratch.file(one, first)
      kit.scratch.file(two, second, { mode: 0o444 })
      await withTerminal(80, async (terminal) => {
        await kit.program.run(['-f', one, two], { stdin: terminal.input() }).succeeds({ stderr: '' })
      })
      moved(kit, one, two, first)
      kit.scratch.chmod(two, 0o444)
      await kit.program.run([kit.scratch.file(three, second), two]).succeeds({ stderr: '', why: 'Nobody was there to be asked.' })
      moved(kit, three, two, second)
    },
  ),
]
