import { says, tool } from '../../models/shell.ts'
import { check, hiddenTests, tier } from '../../programs/kit.ts'
import { builtins } from './shell/builtins.ts'
import { commands } from './shell/commands.ts'
import { errors } from './shell/errors.ts'
import { loads } from './shell/loads.ts'
import { processes } from './shell/processes.ts'
import { interrupts, prompt } from './shell/terminal.ts'
import { words } from './shell/words.ts'

export default hiddenTests('stage2-process/shell', [
  tier('runs', [
    check(
      'runs-a-program',
      'runs a program with its arguments, and finds it along PATH',
      {
        spec: 'a-command',
        hint: 'Split the script at blanks. Let the child call execvp(3) (or what your language has) with these words, and wait for it.',
      },
      async (kit) => {
        const { random, scratch } = kit
        const [one, two] = random.distinct(2, () => random.text(2)) as [string, string]
        const [first, second] = random.distinct(2, random.word) as [string, string]
        scratch.file(first, one)
        scratch.file(second, two)
        await says(kit, `cat   ${second}\t ${first} `, { stdout: two + one })
        await says(kit, `${tool(scratch, 'here', 'cat $1')} ${first}`, { stdout: one, why: 'A name with a slash is a path.' })
      },
    ),
    check(
      'script-file',
      'runs the lines of a file, one after the other',
      { spec: 'lines', hint: 'The script is the file that the first argument names. Skip empty lines.' },
      async ({ program, random, scratch }) => {
        const texts = random.distinct(3, () => random.text(2))
        const lines = texts.map((text, n) => `cat ${scratch.file(`text${n}`, text)}\n`)
        await program.run([scratch.file('script', `\n${lines.join('\n\n')}`)]).succeeds({ stdout: texts.join('') })
      },
    ),
    check(
      'script-on-input',
      'runs the lines of its standard input',
      { spec: 'lines', hint: 'With no argument read the script from descriptor 0, and end when it ends.' },
      async ({ program, random, scratch }) => {
        const texts = random.distinct(3, () => random.text(2))
        const lines = texts.map((text, n) => `cat ${scratch.file(`text${n}`, text)}\n`)
        await program.run([], { stdin: lines.join('') }).succeeds({ stdout: texts.join('') })
      },
    ),
    check(
      'last-status',
      'ends with the status of the last program',
      {
        spec: 'status',
        hint: 'waitpid(2) gives a number that holds the status: take it out with WEXITSTATUS, and exit with it.',
      },
      async (kit) => {
        const [one, two] = kit.random.distinct(2, () => kit.random.int(2, 120)) as [number, number]
        const leave = [one, two].map((status) => tool(kit.scratch, `leave${status}`, `exit ${status}`))
        await says(kit, `${leave[0]}\n${leave[1]}`, { stdout: '', status: two })
        await says(kit, `${leave[0]}\ncat script`, { stdout: '', status: 1 })
        await says(kit, `${leave[1]}\ncat leave${one}`, { stdout: kit.scratch.read(`leave${one}`).toString() })
      },
    ),
  ]),
  tier('works', [...words, ...commands, ...builtins, ...prompt]),
  tier('holds', [...errors, ...processes, ...interrupts]),
  tier('flies', loads),
])
