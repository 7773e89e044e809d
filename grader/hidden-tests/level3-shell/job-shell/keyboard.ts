import { Shell, sleeper } from '../../../models/job-shell.ts'
import { check, expect } from '../../../programs/kit.ts'
import { send } from '../../../programs/process-table.ts'

/** What the line and the terminal have to stand. */
export const keyboard = [
  check(
    'type-ahead',
    'loses nothing that is typed while a job runs',
    { spec: 'typing-ahead', hint: 'tcsetattr with TCSAFLUSH throws away what was typed and not yet read; TCSADRAIN does not.' },
    async (kit) => {
      const { random, scratch } = kit
      const [a, b, c] = random.distinct(3, random.word) as [string, string, string]
      const fifo = scratch.fifo('go')
      scratch.file('slow', '#!/bin/sh\nread line < go\n', { mode: 0o755 })
      const shell = await Shell.open(kit)
      await shell.starts('./slow', './slow')
      shell.terminal.enter(`echo "${a}"${b}`)
      shell.terminal.type(`echo '${b}'${c}`)
      await shell.shows(new RegExp(`echo '${b}'${c}$`, 'm'), 'The terminal shows what is typed.')
      fifo.write('go\n')
      await shell.shows(new RegExp(`${a}${b}$`, 'm'), 'A line that was typed while a job ran is run after it.')
      shell.terminal.enter(a)
      await shell.shows(
        new RegExp(`^${b}${c}${a}$`, 'm'),
        'Half a line that was typed while a job ran is still there at the prompt.',
      )
    },
  ),
  check(
    'interrupted-line',
    'keeps the half-typed line when a job ends and when the window changes its size',
    {
      spec: 'in-the-middle-of-a-line',
      hint: 'SIGCHLD and SIGWINCH interrupt read(2): it returns EINTR, and has to be called again.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [a, b, c] = random.distinct(3, random.word) as [string, string, string]
      const fifo = scratch.fifo('go')
      scratch.file('slow', '#!/bin/sh\nread line < go\n', { mode: 0o755 })
      const shell = await Shell.open(kit)
      await shell.run('./slow &')
      const job = await shell.processes('./slow')
      shell.terminal.type(`echo ${a}`)
      await shell.shows(new RegExp(`echo ${a}$`, 'm'), 'What is typed is shown.')
      fifo.write('go\n')
      await shell.become('gone', job, 'It was told to end.')
      shell.terminal.type(b)
      await shell.shows(new RegExp(`${a}${b}$`, 'm'), 'A job has ended while the line was typed.')
      const size = { columns: random.int(70, 90), rows: random.int(20, 30) }
      shell.terminal.resize(size)
      // It may take its time to notice: the rest is typed when it has.
      await shell.terminal.live.until(() => false, 150)
      shell.terminal.type(`${c}; stty size`)
      shell.terminal.press('Enter')
      await shell.shows(
        new RegExp(`^${a}${b}${c}$`, 'm'),
        'The line was typed in three pieces; in between a job ended and the window was resized.',
      )
      await shell.shows(new RegExp(`^${size.rows} ${size.columns}$`, 'm'), 'Programs see the new size.')
    },
  ),
  check(
    'long-line',
    'edits a line that is longer than a row of the terminal',
    {
      spec: 'long-lines',
      hint: 'Rows and columns follow from the length of prompt and line and the width of the window. At the right margin a terminal waits.',
    },
    async (kit) => {
      const { random } = kit
      const words = random.distinct(12, random.word)
      const columns = random.int(30, 40)
      const shell = await Shell.open(kit, { size: { columns, rows: 24 } })
      const { terminal } = shell
      const line = `cho ${words.join(' ')}`
      // Exactly at the margin a terminal waits with the step to the next row.
      terminal.type(line.slice(0, columns - shell.prompt.length))
      terminal.type(line.slice(columns - shell.prompt.length))
      terminal.press('Home')
      terminal.type('e')
      terminal.press('End', 'Left', 'Left')
      terminal.type('X')
      const whole = `e${line.slice(0, -2)}X${line.slice(-2)}`
      const row = `${shell.prompt}${whole}`
      const rows = Array.from({ length: Math.ceil(row.length / columns) }, (_, n) =>
        row.slice(n * columns, (n + 1) * columns).trimEnd(),
      )
      const there = () => rows.every((text, n) => terminal.lines()[n]?.trimEnd() === text)
      if (!(await terminal.until(there)))
        throw terminal.notShown(rows.join('\n'), 'A line goes on in the next row, and is edited there like anywhere.')
      const at = row.length - 2
      const cursor = terminal.cursor()
      expect(`row ${cursor.row}, column ${cursor.column}`, 'The place of the cursor').toBe(
        `row ${Math.floor(at / columns)}, column ${at % columns}`,
      )
      terminal.press('Enter')
      await shell.shows(
        new RegExp(`^${words.join(' ').slice(0, -2)}X${words.join(' ').slice(-2)}$`, 'm'),
        'The whole line is run.',
      )
    },
  ),
  check(
    'characters',
    'edits characters that have several bytes',
    { spec: 'long-lines', hint: 'In UTF-8 the bytes from 128 to 191 belong to the character before them.' },
    async (kit) => {
      const { random } = kit
      const [a, b] = random.distinct(2, random.word) as [string, string]
      const letters = random.shuffle(['é', 'ß', 'ж', 'ñ', 'ő', '→'])
      const shell = await Shell.open(kit)
      const { terminal } = shell
      terminal.type(`echo ${a}${letters.slice(0, 4).join('')}`)
      terminal.press('Backspace', 'Left', 'Left', 'Delete')
      terminal.type(b)
      await shell.prints('', `${a}${letters[0]}${b}${letters[2]}`)
    },
  ),
  check(
    'odd-names',
    'completes names with blanks and quotes so that they are still one word',
    { spec: 'completion', hint: 'Put a backslash before each character that has a meaning for the shell.' },
    async (kit) => {
      const { random, scratch } = kit
      const [a, b, c] = random.distinct(3, random.word) as [string, string, string]
      scratch.file(`M${a} ${b}'s & $${c}`, `${c}${a}\n`)
      scratch.file(`.N${a}`, `${b}\n`)
      const shell = await Shell.open(kit)
      shell.terminal.type('cat M')
      shell.terminal.press('Tab')
      await shell.prints('', `${c}${a}`)
      shell.terminal.type('cat .N')
      shell.terminal.press('Tab')
      await shell.prints('', b)
    },
  ),
  check(
    'search',
    'finds the newest line that holds a text, with Ctrl-R',
    { spec: 'history', hint: 'With each character the search begins anew; Enter runs what was found.' },
    async (kit) => {
      const { random } = kit
      const [a, b, c, d] = random.distinct(4, random.word) as [string, string, string, string]
      const shell = await Shell.open(kit)
      for (const line of [`echo ${a} ${b}`, `echo ${c} ${b}`, `echo ${d}`]) await shell.run(line)
      shell.terminal.press('C-r')
      shell.terminal.type(` ${b}`)
      await shell.pressAndReady(['Enter'], 'Enter runs the line that was found.')
      expect(
        shell.terminal
          .text()
          .split('\n')
          .filter((line) => line === `${c} ${b}`).length,
        `How often \`echo ${c} ${b}\` was run`,
      ).toBe(2)
      const before = shell.countOf(`echo ${a} ${b}`)
      shell.terminal.press('C-r')
      shell.terminal.type(a)
      await shell.shows(`echo ${a} ${b}`, 'The line that was found is shown.', before + 1)
      shell.terminal.press('C-c')
      await shell.isReady('Ctrl-C ends the search, and nothing is run.')
      await shell.prints(`echo ${a}`, a)
      expect(
        shell.terminal
          .text()
          .split('\n')
          .filter((line) => line === `${a} ${b}`).length,
        `How often \`echo ${a} ${b}\` was run`,
      ).toBe(1)
    },
  ),
  check(
    'immune',
    'goes on when signals are sent to it that are meant for jobs',
    {
      spec: 'signals-from-elsewhere',
      hint: 'Ignore SIGTSTP, SIGTTIN, SIGTTOU, SIGQUIT and SIGTERM in the shell, and let children have the default again.',
    },
    async (kit) => {
      const word = kit.random.word()
      const shell = await Shell.open(kit)
      for (const signal of ['SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGQUIT', 'SIGTERM'] as const) send(shell.pid, signal)
      shell.terminal.press('C-z', 'C-\\', 'C-u')
      shell.terminal.enter(`echo ${word}`)
      await shell.shows(new RegExp(`^${word}$`, 'm'), 'It got SIGTSTP, SIGTTIN, SIGTTOU, SIGQUIT and SIGTERM, and must go on.')
    },
  ),
  check(
    'mistakes',
    'reports what it can not run, and goes on',
    {
      spec: 'mistakes',
      hint: '127: there is no such command. 126: it is there, but can not be run. After a syntax error nothing of the line is run.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [a, b, c] = random.distinct(3, random.word) as [string, string, string]
      scratch.file(`${b}.txt`, 'no program\n', { mode: 0o644 })
      const shell = await Shell.open(kit)
      await shell.prints(`${a}; echo "status $?"`, new RegExp(`${a}.*\nstatus 127$`), 'There is no such command.')
      await shell.prints(
        `./${b}.txt; echo "status $?"`,
        new RegExp(`${b}.*\nstatus 126$`),
        'The file is there, but is no program.',
      )
      await shell.prints(`cat < ${c}; echo "status $?"`, new RegExp(`${c}.*\nstatus [12]$`), 'There is no such file.')
      for (const line of [`touch ${a}; | cat`, `touch ${a} ; ; true`, `&& touch ${a}`, `touch ${a} < ; true`]) {
        expect((await shell.run(line)).length > 0, `Whether \`${line}\`, which is a syntax error, is complained of,`).toBe(true)
        await shell.prints('echo "status $?" | grep -v " 0"', /^status \d+$/, 'After a syntax error the status is not 0.')
      }
      expect(scratch.exists(a), 'Whether something was run of a line with a syntax error').toBe(false)
      await shell.prints('fg; echo "status $?"', /^.+\nstatus [12]$/, 'There is no job.')
      await shell.prints(`cd ${c}; echo "status $?"`, new RegExp(`${c}.*\nstatus [12]$`), 'There is no such folder.')
    },
  ),
  check(
    'shared-input',
    'without a terminal leaves what follows a line to the program that it starts',
    { spec: 'without-a-terminal', hint: 'What you have read, nobody else can read: take one byte at a time, up to the newline.' },
    async ({ program, random }) => {
      const [a, b, c] = random.distinct(3, random.word) as [string, string, string]
      const stdin = Buffer.from(`echo ${a}\nsh -c 'read line; echo "got $line"'\n${b} ${c}\necho ${c}\n`)
      await program
        .run([], { stdin })
        .succeeds({ stdout: `${a}\ngot ${b} ${c}\n${c}\n`, why: 'The third line is for the `sh` in the second.' })
    },
  ),
  check(
    'end-of-input',
    'ends with Ctrl-D on an empty line, and with no other',
    {
      spec: 'the-end',
      hint: 'Ctrl-D is the end of the input only where nothing was typed. The status is that of the last command.',
    },
    async (kit) => {
      const { random } = kit
      const status = random.int(3, 99)
      const word = random.word()
      const shell = await Shell.open(kit)
      shell.terminal.type(`echo ${word}`)
      shell.terminal.press('C-d')
      await shell.prints('', word, 'Ctrl-D in a line that is not empty does not end the shell.')
      await shell.run(`sh -c 'exit ${status}'`)
      shell.terminal.press('C-d')
      await shell.terminal.endsWith(status, 'Ctrl-D at an empty prompt ends the shell, with the status of the last command.')
    },
  ),
  check(
    'wait-interrupted',
    'lets Ctrl-C end the waiting for a job in the background, but not the job',
    {
      spec: 'waiting-and-killing',
      hint: 'During `wait` the shell itself is in the foreground: SIGINT has to interrupt waitpid, and no more.',
    },
    async (kit) => {
      const job = sleeper(kit)
      const shell = await Shell.open(kit)
      await shell.run(`${job} &`)
      const facts = await shell.processes(job)
      shell.terminal.enter('wait')
      await shell.shows(/ wait$/m, 'What is typed is shown.')
      await shell.terminal.live.until(() => false, 150)
      await shell.pressAndReady(['C-c'], 'Ctrl-C ends the `wait`.')
      await shell.become('running', facts, 'Its group was not in the foreground.')
      await shell.prints('jobs', new RegExp(`Running.*${job}`), 'It is still a job.')
    },
  ),
]
