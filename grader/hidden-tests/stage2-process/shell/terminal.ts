import { tool } from '../../../models/shell.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import type { TerminalSession } from '../../../programs/pty.ts'

/** Waits until a prompt has been shown so many times. */
async function prompted(terminal: TerminalSession, prompt: string, times: number, why = ''): Promise<void> {
  const seen = () =>
    terminal
      .text()
      .split('\n')
      .filter((line) => line.startsWith(prompt)).length
  if (await terminal.until(() => seen() >= times)) return
  throw terminal.notShown(
    `the prompt ${prompt} at the start of a line, for the ${times === 1 ? 'first' : `${times}th`} time`,
    why,
  )
}

/** Starts a shell on a terminal, and gives it prompts that can be told from all else. (They can not come from outside: a run.sh in bash loses PS1.) */
async function startedWith({ program }: Kit, first: string, second: string): Promise<TerminalSession> {
  const terminal = await program.terminal([])
  await terminal.shows(/[$#]/, 'Without PS1 the prompt is "$ ".')
  terminal.enter(`PS1='${first} ' PS2='${second} '`)
  await prompted(terminal, first, 1, 'This is the value that PS1 was given.')
  return terminal
}

export const prompt = [
  check(
    'prompt',
    'talks with a terminal: a prompt, a line, and what comes of it',
    {
      spec: 'a-prompt',
      hint: 'isatty(3) tells whether standard input is a terminal. If a line is not finished, show PS2, read one more, and parse both together.',
    },
    async (kit) => {
      const { random } = kit
      const [word, other, more, name] = random.distinct(4, random.word) as [string, string, string, string]
      const status = random.int(3, 99)
      const terminal = await startedWith(kit, `${word}>`, `${more}?`)
      terminal.enter(`x=${name}; echo "$x"${other}`)
      await terminal.shows(`${name}${other}`)
      await prompted(terminal, `${word}>`, 2, 'The command has ended.')
      terminal.enter('echo "<$x')
      await prompted(terminal, `${more}?`, 1, 'The quote is still open: this is the value of PS2.')
      terminal.enter(`${other}>"`)
      await terminal.shows(`<${name}\n${other}>`, 'Both lines are one command.')
      await prompted(terminal, `${word}>`, 3)
      terminal.enter('| echo wrong')
      await prompted(terminal, `${word}>`, 4, 'An error in a line does not end the shell.')
      terminal.enter(`echo "$?"$x; PS1='${other}# '; (exit ${status})`)
      await terminal.shows(`2${name}`, 'The status of a line that was not understood is 2.')
      await prompted(terminal, `${other}#`, 1, 'PS1 has changed.')
      terminal.press('C-d')
      await terminal.endsWith(status, 'At the end of its input it ends with the last status.')
    },
  ),
]

export const interrupts = [
  check(
    'ctrl-c-at-the-prompt',
    'throws away at Ctrl-C what was typed, and goes on',
    {
      spec: 'ctrl-c',
      hint: 'Catch SIGINT in the shell, but not in its children. What was collected of an unfinished command is forgotten, too.',
    },
    async (kit) => {
      const { random } = kit
      const [word, more, one, two] = random.distinct(4, random.word) as [string, string, string, string]
      const terminal = await startedWith(kit, `${word}>`, `${more}?`)
      terminal.type(`echo ${one}`)
      await terminal.shows(`echo ${one}`)
      terminal.press('C-c')
      await prompted(terminal, `${word}>`, 2, 'After Ctrl-C there is a new prompt.')
      terminal.enter(`echo "$?"${two}`)
      await terminal.shows(`130${two}`, 'The status after Ctrl-C is 130, and the line before it is forgotten.')
      await prompted(terminal, `${word}>`, 3)
      terminal.enter(`echo '${one}`)
      await prompted(terminal, `${more}?`, 1, 'The quote is still open: this is the value of PS2.')
      terminal.press('C-c')
      await prompted(terminal, `${word}>`, 4, 'After Ctrl-C there is a new prompt.')
      terminal.enter(`echo ${two}"${one}"`)
      await terminal.shows(`\n${two}${one}`, 'What was begun before Ctrl-C is not part of this command.')
      await prompted(terminal, `${word}>`, 5)
      terminal.press('C-d')
      await terminal.endsWith(0)
    },
  ),
  check(
    'ctrl-c-for-a-program',
    'survives a Ctrl-C that ends a program, and leaves alone what runs in the background',
    {
      spec: 'ctrl-c',
      hint: 'The terminal sends SIGINT to all in its foreground group. Who must not get it belongs in a group or session of its own, or ignores it.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [word, one, two] = random.distinct(3, random.word) as [string, string, string]
      const long = tool(scratch, 'long', `echo "$1"ing; exec sleep 1000`)
      const terminal = await startedWith(kit, `${word}>`, `${word}?`)
      terminal.enter(`${long} ${one} & x=$!`)
      await terminal.shows(`${one}ing`)
      await prompted(terminal, `${word}>`, 2, 'The program runs in the background.')
      terminal.enter(`${long} ${two}; echo go"es"on`)
      await terminal.shows(`${two}ing`)
      terminal.press('C-c')
      await prompted(terminal, `${word}>`, 3, 'After Ctrl-C there is a new prompt.')
      terminal.enter(`echo "$?"${two}`)
      await terminal.shows(new RegExp(`\\d${two}`), 'The shell goes on.')
      expect(/goeson/.test(terminal.text()), 'That the rest of the line was run').toBe(false)
      await terminal.shows(`130${two}`, 'The program was ended by the signal, and this is its status.')
      await prompted(terminal, `${word}>`, 4)
      terminal.enter(`kill -0 $x && echo "$x"alive || echo "$x"dead`)
      await terminal.shows(/\d(alive|dead)/)
      expect(/\dalive/.test(terminal.text()), 'That the program in the background is still there').toBe(true)
      await prompted(terminal, `${word}>`, 5)
      terminal.enter('kill $x; wait $x 2>/dev/null; exit 3')
      await terminal.endsWith(3)
    },
  ),
]
