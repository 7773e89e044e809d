import { Shell } from '../../models/job-shell.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { control } from './job-shell/control.ts'
import { flies } from './job-shell/flies.ts'
import { keyboard } from './job-shell/keyboard.ts'
import { lines } from './job-shell/lines.ts'
import { states } from './job-shell/states.ts'

export default hiddenTests('level3-shell/job-shell', [
  tier('runs', [
    check(
      'prompt',
      'shows the prompt, and waits for a line',
      { spec: 'the-prompt', hint: 'Write the value of PS1, without a newline, flush it, and read a line.' },
      async (kit) => {
        const shell = await Shell.open(kit)
        await shell.terminal.live.until(() => false, 200)
        expect(shell.terminal.live.process.ended, 'Whether the shell has ended, though nothing was typed yet,').toBe(false)
        expect(shell.terminal.lines()[0]?.trimEnd(), 'The first line of the screen').toBe(shell.prompt.trimEnd())
        expect(shell.terminal.cursor().column, 'The column of the cursor, behind the prompt,').toBe(shell.prompt.length)
      },
    ),
    check(
      'command',
      'runs programs with their arguments, and shows the prompt when they are over',
      { spec: 'commands', hint: 'fork, execvp in the child, waitpid in the parent; then the prompt again.' },
      async (kit) => {
        const { random, scratch } = kit
        const [one, two] = random.distinct(2, random.word) as [string, string]
        const text = random.text(3)
        scratch.file(one, text)
        const shell = await Shell.open(kit)
        await shell.prints(`cat ${one}`, text.trimEnd())
        await shell.prints(`wc -l  ${one}   ${one}`, /^ +3 \S+\n +3 \S+\n +6 total$/)
        await shell.prints(`mkdir ${two}`, '')
        expect(scratch.exists(two), `Whether \`mkdir ${two}\` made a folder`).toBe(true)
      },
    ),
    check(
      'exit',
      'ends with the status that exit is given',
      { spec: 'the-end', hint: '`exit` can not be a program: it is the shell itself that ends.' },
      async (kit) => {
        const shell = await Shell.open(kit)
        await shell.exit(kit.random.int(3, 99))
      },
    ),
  ]),

  tier('works', [
    check(
      'words',
      'takes quotes and backslashes as POSIX does',
      { spec: 'words', hint: 'Quotes may begin and end within a word, and what they hold keeps its blanks.' },
      async (kit) => {
        const [a, b, c] = kit.random.distinct(3, kit.random.word) as [string, string, string]
        const shell = await Shell.open(kit)
        await shell.prints(
          `printf '<%s>' '${a}  ${b}' "${b} | ${c}" ${a}'${b}'"${c}" ''; echo`,
          `<${a}  ${b}><${b} | ${c}><${a}${b}${c}><>`,
        )
        await shell.prints(`printf '<%s>' ${a}\\ \\ ${b} "${c}\\"" '\\' "a\\b" \\'; echo`, `<${a}  ${b}><${c}"><\\><a\\b><'>`)
      },
    ),
    check(
      'variables',
      'has variables, gives those that are exported to programs, and takes the prompt from PS1',
      { spec: 'variables', hint: 'Two kinds: those in the environment of the programs you start, and those of the shell alone.' },
      async (kit) => {
        const { random } = kit
        const [name, own] = random.distinct(2, () => random.word().toUpperCase()) as [string, string]
        const [one, two, three, other] = random.distinct(4, random.word) as [string, string, string, string]
        const shell = await Shell.open(kit, { env: { [name]: one } })
        await shell.prints(`echo $${name}-\${${name}}x "$${name}" '$${name}'`, `${one}-${one}x ${one} $${name}`)
        await shell.run(`${own}=${two}`)
        await shell.prints(
          `echo "$${own}"; sh -c 'echo "<$${own}>"'`,
          `${two}\n<>`,
          'A variable that was not exported stays in the shell.',
        )
        await shell.run(`export ${own}`)
        await shell.prints(`sh -c 'echo "<$${own}>"'`, `<${two}>`, 'After `export` programs get to see the variable.')
        await shell.run(`${name}=${three}; export ${own}=${other}`)
        await shell.prints(`sh -c 'echo $${name} $${own}'`, `${three} ${other}`)
        await shell.run(`unset ${name}`)
        await shell.prints(`${own}=${one} sh -c 'echo $${own}"<$${name}>"'; echo $${own}`, `${one}<>\n${other}`)
        shell.prompt = `${three}# `
        await shell.run(`PS1='${shell.prompt}'`, 'The prompt is the value of PS1 at that moment.')
      },
    ),
    check(
      'statuses',
      'knows the status of the last pipeline, and goes by it at && and ||',
      { spec: 'lists', hint: '`a && b || c`: from left to right, each asks for the status of what ran last.' },
      async (kit) => {
        const { random } = kit
        const [a, b, c] = random.distinct(3, random.word) as [string, string, string]
        const status = random.int(3, 99)
        const shell = await Shell.open(kit)
        await shell.prints(`sh -c 'exit ${status}'; echo $?; echo $?`, `${status}\n0`)
        await shell.prints(`true && echo ${a}; false && echo ${b}; false || echo ${c}`, `${a}\n${c}`)
        await shell.prints(`false && echo ${a} || echo ${b}; true || echo ${c} && echo ${a}`, `${b}\n${a}`)
        await shell.prints(`sh -c 'exit ${status}' | true; echo $?; true | sh -c 'exit ${status}'; echo $?`, `0\n${status}`)
      },
    ),
    check(
      'pipelines',
      'connects programs with pipes, and to files',
      {
        spec: 'pipes-and-files',
        hint: 'All programs of a pipeline run at once. Close the ends that are not yours, or the last never sees the end.',
      },
      async (kit) => {
        const { random, scratch } = kit
        const [one, two, out] = random.distinct(3, random.word) as [string, string, string]
        const text = random.text(20)
        scratch.file('text', text)
        const shell = await Shell.open(kit)
        await shell.prints('cat text | sort -r | tail -n 1', text.trimEnd().split('\n').sort()[0] as string)
        await shell.run(`echo ${one} > ${out}; echo ${two} >> ${out}; tr a-z A-Z < ${out} > ${out}2`)
        expect(scratch.read(`${out}2`), `What ${out}2 holds`).toBeText(`${one}\n${two}\n`.toUpperCase())
        await shell.run(`echo ${two} > ${out}`)
        expect(scratch.read(out), `What ${out} holds after \`>\``).toBeText(`${two}\n`)
        await shell.prints('yes | head -n 1', 'y', 'Its reader has gone: `yes` has to end too.')
      },
    ),
    check(
      'builtins',
      'changes its own folder with cd',
      { spec: 'commands', hint: 'Every process has a folder of its own, so a child can not change the one of the shell.' },
      async (kit) => {
        const { random, scratch } = kit
        const [folder, file] = random.distinct(2, random.word) as [string, string]
        scratch.file(`${folder}/${file}`, '')
        const shell = await Shell.open(kit)
        await shell.run(`cd ${folder}`)
        await shell.prints('ls', file)
        await shell.run('cd ..')
        await shell.prints(`ls ${folder}`, file)
        await shell.prints('cd /usr/bin/; pwd -P', '/usr/bin')
      },
    ),
    check(
      'no-terminal',
      'without a terminal reads commands from its input, and shows no prompt',
      {
        spec: 'without-a-terminal',
        hint: 'isatty(0) tells whether there is a terminal. The end of the input is the end of the shell.',
      },
      async ({ program, random }) => {
        const [one, two] = random.distinct(2, random.word) as [string, string]
        const stdin = `echo ${one}; A=${two}\necho $A && false\nsh -c 'exit 7'\n`
        const run = program.run([], { stdin: Buffer.from(stdin), env: { PS1: 'prompt> ' } })
        const { status, stdout, stderr } = await run
        expect(stdout, 'The output of commands that came through a pipe').toBeText(`${one}\n${two}\n`)
        expect(stderr, 'What it wrote to standard error').toBeText('')
        expect(status, 'Its exit status, which is that of the last command,').toBe(7)
      },
    ),
    ...control,
    ...lines,
  ]),

  tier('holds', [...states, ...keyboard]),

  tier('flies', flies),
])
