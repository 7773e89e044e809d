import { Shell } from '../../../models/job-shell.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'

const three = ({ random }: Kit) => random.distinct(3, random.word) as [string, string, string]

/** The line while it is typed: editing, history, completion. */
export const lines = [
  check(
    'erasing',
    'erases the last character with Backspace, and all that was typed with Ctrl-U',
    { spec: 'editing', hint: 'Backspace sends the byte 127. In raw mode it is up to you what it does, also on the screen.' },
    async (kit) => {
      const [a, b, c] = three(kit)
      const shell = await Shell.open(kit)
      const { terminal } = shell
      terminal.type(`echo ${a}xy`)
      terminal.press('Backspace', 'Backspace')
      await shell.prints(b, `${a}${b}`)
      terminal.type(`touch ${a}`)
      terminal.press('C-u')
      await shell.prints(`echo ${c}`, c)
      expect(kit.scratch.exists(a), `Whether \`touch ${a}\` was run, though Ctrl-U erased it,`).toBe(false)
      expect(terminal.text().includes('xy'), 'Whether the erased characters are still on the screen').toBe(false)
    },
  ),
  check(
    'editing',
    'moves within the line with the arrows, Home and End, inserts and erases there',
    {
      spec: 'editing',
      hint: 'Arrows come as three bytes: ESC, [ and a letter. After each change the rest of the line is drawn anew.',
    },
    async (kit) => {
      const [a, b, c] = three(kit)
      const shell = await Shell.open(kit)
      const { terminal } = shell
      terminal.type(`cho ${a}${c}`)
      terminal.press(...Array.from(c, () => 'Left'))
      terminal.type(b)
      terminal.press('Home')
      terminal.type('e')
      terminal.press('C-e', 'Backspace', 'C-a', 'Right', 'Right', 'Right', 'Right', 'C-f', 'C-d', 'C-b')
      terminal.type('X')
      const whole = `echo X ${a}${b}${c}`
      // The blank is behind the X now, and the first letter of the first word is gone.
      const wanted = `echoX ${a.slice(1)}${b}${c.slice(0, -1)}`
      const row = `${shell.prompt}${wanted}`
      if (!(await terminal.until(() => terminal.lines().some((line) => line.trimEnd() === row))))
        throw terminal.notShown(row, `It began as ${whole}.`)
      expect(terminal.cursor().column, 'The column of the cursor, which stands behind the X,').toBe(shell.prompt.length + 5)
      terminal.press('Backspace', 'End')
      await shell.prints(' Y', `${a.slice(1)}${b}${c.slice(0, -1)} Y`)
    },
  ),
  check(
    'cutting',
    'erases to the end with Ctrl-K and the word before the cursor with Ctrl-W',
    { spec: 'editing', hint: 'A word ends at a blank. Ctrl-W leaves what is behind the cursor.' },
    async (kit) => {
      const [a, b, c] = three(kit)
      const shell = await Shell.open(kit)
      const { terminal } = shell
      terminal.type(`echo ${a} ${b} ${c}`)
      terminal.press(...Array.from(c, () => 'Left'), 'C-w')
      await shell.prints('', `${a} ${c}`)
      terminal.type(`echo ${a} ${b}`)
      terminal.press(...Array.from(` ${b}`, () => 'Left'), 'C-k')
      await shell.prints('', a)
    },
  ),
  check(
    'history',
    'brings earlier lines back with Up and Down, to be edited and run',
    { spec: 'history', hint: 'Keep all lines. Down from the newest leads back to what was being typed.' },
    async (kit) => {
      const [a, b, c] = three(kit)
      const shell = await Shell.open(kit)
      const { terminal } = shell
      for (const word of [a, b, c]) await shell.prints(`echo ${word}`, word)
      terminal.press('Up', 'Up', 'Up', 'Down')
      await shell.prints('x', `${b}x`, 'Up three times and Down once is the line before the last.')
      terminal.press('Up', 'Up', 'Up', 'Up')
      await shell.prints(
        'y',
        `${a}y`,
        'The line that was changed and run is a line of its own: the earlier ones are as they were.',
      )
      terminal.type(`echo ${c}${a}`)
      terminal.press('Up', 'Down')
      await shell.prints('z', `${c}${a}z`, 'Down from the newest line leads back to what was typed before Up.')
    },
  ),
  check(
    'history-list',
    'lists the lines that were typed with their numbers',
    { spec: 'history', hint: '`history` has to be a builtin: the lines are in the memory of the shell.' },
    async (kit) => {
      const [a, b, c] = three(kit)
      const shell = await Shell.open(kit)
      await shell.prints(`echo ${a}; echo "${b}"`, `${a}\n${b}`)
      await shell.prints(`echo ${c} | cat`, c)
      const list = new RegExp(`^ *(\\d+)\\*?[ \\t]+echo ${a}; echo "${b}"\n *(\\d+)\\*?[ \\t]+echo ${c} \\| cat`, 'm')
      const found = list.exec(await shell.run('history'))
      expect(Boolean(found), 'Whether `history` shows both lines as they were typed, numbered and in order,').toBe(true)
      expect(Number(found?.[2]) - Number(found?.[1]), 'The step between the numbers of two lines').toBe(1)
    },
  ),
  check(
    'complete-file',
    'completes the name of a file with Tab, up to where names differ',
    {
      spec: 'completion',
      hint: 'Collect the names that begin like the word before the cursor. What they all have in common can be inserted.',
    },
    async (kit) => {
      const { scratch } = kit
      const [a, b, c] = three(kit)
      scratch.file(`Q${a}/R${b}`, `${c}\n`)
      scratch.file(`S${b}-one${c}`, `${a}${a}\n`)
      scratch.file(`S${b}-two${c}`, `${c}${a}\n`)
      const shell = await Shell.open(kit)
      const { terminal } = shell
      terminal.type('cat Q')
      terminal.press('Tab')
      await shell.shows(
        new RegExp(`cat Q${a}/$`, 'm'),
        'One folder begins with Q: its name is completed, with a slash behind it.',
      )
      terminal.type('R')
      terminal.press('Tab')
      await shell.shows(new RegExp(`cat Q${a}/R${b}`, 'm'), 'In that folder one name begins with R.')
      terminal.type('S')
      terminal.press('Tab')
      terminal.enter('t\t')
      const whole = new RegExp(`^${c}\n${c}${a}$`, 'm')
      await shell.shows(whole, 'A blank comes behind the name of a file that is whole; two names were the same up to one letter.')
    },
  ),
  check(
    'complete-command',
    'completes the names of programs and builtins, and lists what is possible at the second Tab',
    { spec: 'completion', hint: 'The first word of a command is looked for in all folders of PATH.' },
    async (kit) => {
      const { scratch } = kit
      const [a, b, c] = three(kit)
      for (const name of [`zq${a}`, `zr${b}-x`, `zr${b}-y`])
        scratch.file(`bin/${name}`, `#!/bin/sh\necho ${c} "$@"\n`, { mode: 0o755 })
      scratch.file(`bin/zq${a}-text`, 'This is no program.\n', { mode: 0o644 })
      const shell = await Shell.open(kit, { env: { PATH: `${scratch.path('bin')}:/usr/bin:/bin` } })
      const { terminal } = shell
      terminal.type('true; zq')
      terminal.press('Tab')
      await shell.prints('x', `${c} x`, 'One program begins with zq; a file that can not be executed is none.')
      terminal.type('zr')
      terminal.press('Tab', 'Tab', 'Tab')
      await shell.shows(new RegExp(`^zr${b}-x +zr${b}-y`, 'm'), 'The second Tab lists what it could become.')
      await shell.shows(new RegExp(`zr${b}-$`, 'm'), 'What they have in common is inserted, and is still there behind the list.')
      terminal.enter('y')
      await shell.shows(new RegExp(`^${c}$`, 'm'), 'The completed name is that of a program.')
    },
  ),
]
