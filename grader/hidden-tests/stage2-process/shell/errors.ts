import { says } from '../../../models/shell.ts'
import { randomScript, runsAsModelled } from '../../../models/shell-scripts.ts'
import { check, expect } from '../../../programs/kit.ts'

const WHOLE_SCRIPTS = 5

/** What goes wrong, and how a shell bears it. */
export const errors = [
  check(
    'not-found',
    'has status 127 for what is not there, 126 for what can not be executed, and goes on',
    { spec: 'not-found', hint: 'If exec fails, the child itself must say so and end: ENOENT is 127, everything else 126.' },
    async (kit) => {
      const { random, scratch, program } = kit
      const [none, text, word, folder] = random.distinct(4, () => `${random.word()}q`) as [string, string, string, string]
      scratch.file(text, `echo ${word}\n`)
      scratch.folder(folder)
      const script = `${none} x | cat; ${none}; echo $?; ./${none}; echo $?; ./${text}; echo $?; ./${folder}; echo $?; "" 2>/dev/null; echo $?; ./${text} 2>/dev/null | cat; ./${folder} 2>/dev/null; echo $?; ${none}`
      const run = await program.run(['-c', script])
      run.fails({ status: 127, stdout: '127\n127\n126\n126\n127\n126\n', names: none })
      expect(run.stderr.toString(), 'What it wrote to standard error').toInclude(text)
      await says(kit, `${none} 2>err || { echo ${word}; cat err | grep -c ${none}; }`, {
        stdout: `${word}\n1\n`,
        why: 'That it is not found is said where standard error of the command leads.',
      })
    },
  ),
  check(
    'script-without-a-name',
    'runs an executable text without #! as a script',
    {
      spec: 'not-found',
      hint: 'exec(2) fails with ENOEXEC: then run a shell with the file and its arguments. execvp(3) does that by itself.',
    },
    async (kit) => {
      const [name, word, other] = kit.random.distinct(3, kit.random.word) as [string, string, string]
      kit.scratch.file(`bin/${name}`, `echo "<$1>" $#\nexit 3\n`, { mode: 0o755 })
      await says(kit, `./bin/${name} ${word} | cat; PATH=$PWD/bin:$PATH; ${name} '${other}  ' ${word}; echo $?`, {
        stdout: `<${word}> 1\n<${other}  > 2\n3\n`,
      })
    },
  ),
  check(
    'signals',
    'has status 128 and the number of the signal that ended a program',
    { spec: 'signals', hint: 'waitpid(2) tells apart exit and signal: WIFSIGNALED, WTERMSIG.' },
    async (kit) => {
      const signals = kit.random.shuffle([1, 2, 9, 13, 14, 15])
      const script = signals.map((signal) => `sh -c 'kill -${signal} $$' 2>/dev/null; echo $?`).join('\n')
      const stdout = signals.map((signal) => `${128 + signal}\n`).join('')
      const [last = 9] = signals.filter((signal) => signal === 9 || signal === 15)
      await says(
        kit,
        `${script}\nsleep 100 & kill -${last} $!; wait $! 2>/dev/null; echo $?; true | sh -c 'kill -${last} $$' 2>/dev/null`,
        {
          stdout: `${stdout}${128 + last}\n`,
          status: 128 + last,
        },
      )
    },
  ),
  check(
    'syntax-errors',
    'runs nothing of a line that it does not understand, and ends with status 2',
    { spec: 'syntax-errors', hint: 'Parse all of a line (or of several, if they belong together) before you run any of it.' },
    async (kit) => {
      const { program, random, scratch } = kit
      const word = random.word()
      const wrong = [
        '| cat',
        'echo a &&; echo b',
        '( echo a',
        'echo a)',
        'echo a; ; echo b',
        "echo 'a",
        'echo "a',
        '&& echo a',
        'echo <',
        'echo > | cat',
        'echo a || ',
        '{ echo a',
        'echo a; }',
        'echo $(echo a',
        '()',
        'echo a | | cat',
        'echo a & | cat',
      ]
      for (const line of random.shuffle(wrong)) {
        const script = `echo ${word}; > made\necho no; > never; ${line}\n`
        const why = `Its second line has an error: ${line}`
        const run = await program.run(random.oneIn(2) ? ['-c', script] : [scratch.file('script', script)])
        run.fails({ status: 2, stdout: `${word}\n`, why })
        expect(
          [scratch.exists('made'), scratch.exists('never')],
          `That the first line was run and the second was not (${line})`,
        ).toBe([true, false])
        scratch.remove('made')
      }
      await program.run([], { stdin: `echo ${word}\n(echo )echo\necho no\n` }).fails({ status: 2, stdout: `${word}\n` })
    },
  ),
  check(
    'redirection-errors',
    'does not run a command whose redirection fails, and notices when a builtin can not write',
    {
      spec: 'errors-in-redirections',
      hint: 'In the child say what is wrong and exit. For a builtin open first, run second. Look at what write(2) returns.',
    },
    async (kit) => {
      const { program, random } = kit
      const [none, word, other] = random.distinct(3, random.word) as [string, string, string]
      const failing = [
        `echo no < ${none}`,
        `cat > ${none}/x`,
        `{ echo no; } 2>&7`,
        `echo no >&7`,
        `(echo no) <${none}`,
        'echo no >&-',
        'read x <&-',
        `echo no | cat <${none}`,
      ]
      const script = random.shuffle(failing).map((command) => `${command} && echo no; echo ${word}`)
      await program.run(['-c', script.join('\n')]).fails({ status: 0, stdout: `${word}\n`.repeat(failing.length), names: none })
      await says(
        kit,
        `> made < ${none} 2> err || echo ${word}; echo ${other} > out <${none}; cat out; echo ${word} > /dev/full || echo ${other}`,
        {
          stdout: `${word}\n${other}\n`,
        },
      )
    },
  ),
  check(
    'whole-scripts',
    'writes what a script of everything must write',
    {
      spec: 'whole-scripts',
      hint: 'The script that is shown is the shortest beginning that goes wrong: look at its last line first.',
    },
    async (kit) => {
      for (let n = 0; n < WHOLE_SCRIPTS; n++) await runsAsModelled(kit, randomScript(kit.random.fork(`script ${n}`)))
    },
  ),
]
