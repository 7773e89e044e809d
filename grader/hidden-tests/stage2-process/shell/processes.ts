import { buriesItsDead, LIMITS, says, tool, usualDescriptors } from '../../../models/shell.ts'
import { check, expect } from '../../../programs/kit.ts'
import { KIB } from '../../../programs/performance.ts'

const OPEN = 'ls /proc/self/fd'

/** Descriptors, pipes and children: what must not be left lying about. */
export const processes = [
  check(
    'no-leaked-descriptors',
    'gives programs no descriptors but those meant for them',
    {
      spec: 'descriptors',
      hint: 'Open everything with O_CLOEXEC (pipe2, too); dup2(2) clears it for the copy. Close both ends of every pipe in every child.',
    },
    async (kit) => {
      const { program, random, scratch } = kit
      const word = random.word()
      const clean = await usualDescriptors(kit)
      const why = 'These are the descriptors that a program has; 3 is the folder that ls reads.'
      const script = `${OPEN}
echo ${word} | ${OPEN} | cat; echo | cat | cat | ${OPEN}
${OPEN} < script 2> err
${OPEN} << E
${word}
E
x=$(${OPEN}); echo "$x"; (${OPEN}; :)
{ ${OPEN}; echo $(${OPEN}; :); } < script 5>&1 5>&-
${OPEN} & wait
`
      const once = clean.trim().replaceAll('\n', ' ')
      const stdout = `${clean.repeat(7)}${clean}${once}\n${clean}`
      scratch.file('script', script)
      await program.run(['script'], { limits: LIMITS }).succeeds({ stdout, why })
      await program.run([], { stdin: script, limits: LIMITS }).succeeds({ stdout, why })
      await says(kit, `${OPEN} 4<script; ${OPEN}`, { stdout: `${await usualDescriptors(kit, 4)}${clean}`, why })
      const lines = `echo ${word} > out; cat < out > out2; { read x; } < out; cat <<E | cat > out\n$(echo)\nE\n`
      await says(kit, `ls /proc/$$/fd > first\n${lines.repeat(4)}ls /proc/$$/fd > last; true`, { stdout: '' })
      const count = (name: string) => scratch.read(name).toString().trim().split('\n').length
      expect(
        count('last') - count('first'),
        'The number of descriptors that the shell itself has more after 16 redirections',
      ).toBeAtMost(6)
    },
  ),
  check(
    'writers-end',
    'lets a program end whose reader has gone',
    {
      spec: 'ends-of-pipes',
      hint: 'A writer gets SIGPIPE only when nobody has the read end open any more: not the shell, and no other child. And a child must not inherit SIGPIPE as ignored.',
    },
    async (kit) => {
      const [word, other] = kit.random.distinct(2, kit.random.word) as [string, string]
      const why = 'yes writes until SIGPIPE ends it.'
      await says(kit, `yes ${word} | head -n 2; echo $?; yes | yes ${other} | cat | head -n 1`, {
        stdout: `${word}\n${word}\n0\n${other}\n`,
        why,
      })
      await says(kit, `{ yes ${word}; echo $? >&2; } 2>status | head -n 1; cat status; x=$(yes ${other} | head -n 1); echo $x`, {
        stdout: `${word}\n141\n${other}\n`,
        why,
      })
    },
  ),
  check(
    'full-pipes',
    'never waits for a program that waits for the shell',
    {
      spec: 'ends-of-pipes',
      hint: 'Start all of a pipeline, then wait. Read $(…) to its end, then wait. Put a large here-document into a file, or let a child write it.',
    },
    async (kit) => {
      const { program, random, scratch } = kit
      const lines = random.int(2000, 3000)
      const text = Array.from({ length: lines }, (_, n) => `${n} ${'x'.repeat(120)}\n`).join('')
      const size = Buffer.byteLength(text)
      scratch.file('text', text)
      await says(
        kit,
        `cat text | cat | cat | wc -c; x=$(cat text; cat text >/dev/null); echo "$x" | wc -c; wc -c $(echo text) | cat text - | tail -n 1`,
        {
          stdout: `${size}\n${size}\n${size} text\n`,
          why: `A pipe holds ${64 * KIB} bytes, and this is more.`,
        },
      )
      await program
        .run([scratch.file('script', `x=y; { read line; wc -c; } <<E | cat\n$x\n${text}E\ncat <<'E' | wc -l\n${text}E\n`)])
        .succeeds({
          stdout: `${size}\n${lines}\n`,
          why: `The here-documents have more than ${64 * KIB} bytes.`,
        })
    },
  ),
  check(
    'a-hundred-programs',
    'runs a hundred programs in a pipeline, all at the same time',
    {
      spec: 'ends-of-pipes',
      hint: 'Make each pipe just before its writer is started, and close its ends as soon as both have them: then a few descriptors are enough.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const word = random.word()
      const stages = Array(98).fill('cat')
      const first = tool(scratch, 'first', `until [ -e go ]; do sleep 0.05; done; echo ${word}`)
      const last = tool(scratch, 'last', '> go; cat')
      await says(kit, [first, ...stages, last].join('|'), {
        stdout: `${word}\n`,
        limits: { time: 30_000, processes: 1500 },
        why: 'The first program ends only when the last one has made a file.',
      })
      const turn = tool(scratch, 'turn', 'read x; echo ${x#?}${x%"${x#?}"}')
      const turns = random.int(3, 9)
      const letters = 'abcdefghijklmno'.slice(0, turns + 4)
      await says(kit, [`echo ${letters}`, ...Array(turns).fill(turn), `sed s/^/${word}/`].join(' |\n'), {
        stdout: `${word}${letters.slice(turns)}${letters.slice(0, turns)}\n`,
      })
    },
  ),
  check(
    'no-zombies',
    'asks for the status of what ran in the background while it waits for something else',
    {
      spec: 'the-dead',
      hint: 'Wait with waitpid(-1), whoever it is for, and keep the statuses; while you wait for input, SIGCHLD can tell you.',
    },
    async (kit) => {
      const { program, random, scratch } = kit
      const [word, other] = random.distinct(2, random.word) as [string, string]
      const quick = tool(scratch, 'quick', 'exit 0')
      const script = `${quick} & ${quick} & ${quick} | ${quick} & (${quick}) &\necho ${word}; read x; wait; cat; echo ${other}`
      const live = program.start(['-c', script], { stdin: 'open' })
      await live.shows(`${word}\n`, 'Then it waits for a line.')
      await buriesItsDead(live, 'it waits for a line of input')
      await live.write('line\n')
      live.endInput()
      const run = await live.end()
      run.succeeds({ stdout: `${word}\n${other}\n` })

      const waiting = program.start(['-c', `${quick} & ${quick} & echo ${word}; cat; echo ${other}`], { stdin: 'open' })
      await waiting.shows(`${word}\n`, 'Then it waits for a program.')
      await buriesItsDead(waiting, 'it waits for a program')
      waiting.endInput()
      ;(await waiting.end()).succeeds({ stdout: `${word}\n${other}\n` })
    },
  ),
  check(
    'one-input',
    'takes no more of its input than it needs, so that programs find the rest',
    {
      spec: 'one-input-for-all',
      hint: 'From a pipe read byte by byte, up to the newline: what you have read too much nobody can put back.',
    },
    async ({ program, random }) => {
      const [a, b, c, d] = random.distinct(4, random.sentence) as [string, string, string, string]
      const reader = 'sh -c \'read line; echo "[$line]"\''
      const script = `read x\n${a}\necho "<$x>"\n${reader}\n${b}\n{ read x; ${reader}; }; echo "$x"\n${c}\n${d}\ncat\n${a}\n`
      const stdout = `<${a}>\n[${b}]\n[${d}]\n${c}\n${a}\n`
      await program
        .run([], { stdin: script })
        .succeeds({ stdout, why: 'The programs in the script read what stands behind them in the script.' })
      const lines = `${b}\n${c}\n${d}\n`
      await program
        .run(['-c', `read x; ${reader}; cat; echo "$x"`], { stdin: lines })
        .succeeds({ stdout: `[${c}]\n${d}\n${b}\n` })
    },
  ),
]
