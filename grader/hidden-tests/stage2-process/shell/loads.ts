import fs from 'node:fs'
import path from 'node:path'
import { says } from '../../../models/shell.ts'
import { check, expect } from '../../../programs/kit.ts'
import { growsWithWork, looksAtWork } from '../../../programs/performance.ts'

const LIMITS = { time: 60_000 }
/** What a language may use of process numbers for its own threads. */
const THREADS = 150
const COMMANDS = 600
const LOOKS = 40

/** Empty files by the thousand. */
function fill(folder: string, count: number, name: (n: number) => string): void {
  for (let n = 0; n < count; n++) fs.writeFileSync(path.join(folder, name(n)), '')
}

export const loads = [
  check(
    'no-processes-for-builtins',
    'starts no process for what it can do itself',
    {
      spec: 'no-processes-for-nothing',
      hint: 'Look whether the command is a builtin before you fork. Redirections of a builtin are made in the shell, and undone.',
    },
    async (kit) => {
      const { program, random, skip, measure } = kit
      if (!program.contained) skip('processes of its own, so that their numbers can be counted: install bubblewrap')
      const word = random.word()
      const number = 'sh -c "echo \\$\\$"'
      const kinds = [
        `echo ${word} > out`,
        `x=${word}$x`,
        `{ echo ${word}; } > out`,
        'test -d / && cd .',
        `read y < out`,
        'export x; unset x',
        'false || true',
      ]
      const commands = Array.from({ length: COMMANDS }, (_, n) => kinds[n % kinds.length])
      const run = await program
        .run(['-c', [number, ...commands, number, 'true'].join('\n')], { limits: LIMITS })
        .succeeds({ stdout: /^\d+\n\d+\n$/ })
      const [first = 0, last = 0] = run.stdout.toString().split('\n').map(Number)
      measure({ name: `processes for ${COMMANDS} builtins`, value: last - first - 1, unit: 'processes' })
      const why =
        'The numbers of processes and threads are given one after the other; a program was started before and after these lines.'
      expect(last - first, `The distance of process numbers across ${COMMANDS} lines of builtins`, why).toBeAtMost(THREADS)
    },
  ),
  check(
    'long-scripts',
    'takes about four times as long for four times the lines',
    {
      spec: 'long-scripts',
      hint: 'Keep a position in the script instead of cutting off what was read; collect text in a list, not by adding characters to it.',
    },
    async (kit) => {
      const { random, program, scratch } = kit
      const words = random.distinct(50, random.word)
      const work = (lines: number) => {
        const word = (n: number) => words[n % words.length] as string
        const script = Array.from({ length: lines }, (_, n) => `x=${word(n)}; echo "$x"'  'end > /dev/null # ${word(n * 7)}\n`)
        script.push(`echo $x "${script.length}"\n`)
        scratch.file('script', script.join(''))
        return program.run(['script'], { limits: LIMITS }).succeeds({ stdout: `${word(lines - 1)} ${lines}\n` })
      }
      await growsWithWork(kit, { size: 3000, work, unit: 'lines' })
    },
  ),
  check(
    'long-words',
    'takes about four times as long for four times as much in one command',
    { spec: 'long-scripts', hint: 'A here-document of megabytes, or a line of ten thousand words, is gone through once.' },
    async (kit) => {
      const { random, program, scratch } = kit
      const words = random.distinct(50, random.word)
      const work = (count: number) => {
        const text = Array.from({ length: count }, (_, n) => `${words[n % words.length]} "${n}"`)
        const script = `cat <<E\n${text.join('\n')}\n$x\nE\necho ${text.join(' ')}\n`
        const stdout = `${text.join('\n')}\n\n${text.join(' ').replaceAll('"', '')}\n`
        return program.run([scratch.file('script', script)], { limits: LIMITS }).succeeds({ stdout })
      }
      await growsWithWork(kit, { size: 8000, work, unit: 'words' })
    },
  ),
  check(
    'many-files',
    'matches four times the files in about four times the time',
    { spec: 'many-files', hint: 'Read the folder once, match each name once, sort once.' },
    async (kit) => {
      const { random, program, scratch } = kit
      const [start, end] = random.distinct(2, random.word) as [string, string]
      const work = async (count: number) => {
        const folder = scratch.folder(`d${count}`)
        if (scratch.names(folder).length === 0) fill(scratch.path(folder), count, (n) => `${start}${n}${n % 2 === 0 ? end : ''}`)
        const names = Array.from({ length: count }, (_, n) => `${start}${n}`).filter((_, n) => n % 2 === 0)
        const stdout = `${names
          .map((name) => `${name}${end}`)
          .sort()
          .join(' ')}\n`
        return program.run(['-c', `cd ${folder}; echo ${start}*${end}`], { limits: LIMITS }).succeeds({ stdout })
      }
      await growsWithWork(kit, { size: 2500, work, unit: 'files' })
    },
  ),
  check(
    'large-substitutions',
    'takes four times the output in about four times the time',
    {
      spec: 'large-substitutions',
      hint: 'Read 64 KiB at a time into a list and join it at the end; split with one pass over the text.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const words = random.distinct(50, random.word)
      const work = (count: number) => {
        const text = Array.from({ length: count }, (_, n) => `${words[n % words.length]}${n}`)
        scratch.file('text', `${text.join('  \n')}\n\n`)
        return says(kit, `x="$(cat text)"; echo $(cat text; echo end) $x`, {
          stdout: `${[...text, 'end', ...text].join(' ')}\n`,
          limits: LIMITS,
        })
      }
      await growsWithWork(kit, { size: 20_000, work, unit: 'words' })
    },
  ),
  check(
    'one-pipe',
    'lets programs talk through a pipe that leads from one straight to the next',
    { spec: 'one-pipe', hint: 'Both children get an end of the same pipe(2). The shell copies nothing.' },
    async (kit) => {
      const number = (fd: number) => `stat -L -c %i /proc/self/fd/${fd}`
      const script = `${number(1)} | { cat; ${number(0)}; }; true | ${number(1)} | { cat; ${number(0)}; }`
      const run = await kit.program.run(['-c', script]).succeeds({ stdout: /^(\d+\n){4}$/ })
      const [a, b, c, d] = run.stdout.toString().split('\n')
      const why = 'These are the inodes of the two ends: standard output of the first program, standard input of the second.'
      expect([b, d], 'What leads from one program to the next', why).toBe([a, c])
    },
  ),
  check(
    'idles',
    'uses next to no processor time while it waits',
    { spec: 'waiting', hint: 'Let waitpid(2) and read(2) wait for you: do not ask again and again.' },
    async (kit) => {
      const watch = async (script: string) => {
        const word = kit.random.word()
        const live = kit.program.start(['-c', `echo ${word}; ${script}`], { stdin: 'open' })
        await live.shows(`${word}\n`, 'Then it waits.')
        const busy = await looksAtWork(live, LOOKS)
        const why = 'A program that waits in a system call is asleep whenever somebody looks.'
        expect(busy, `How often, of ${LOOKS} looks at \`${script}\`, the shell was running`, why).toBeAtMost(LOOKS / 2)
        await live.write('line\n')
        live.endInput()
        ;(await live.end()).succeeds()
      }
      await Promise.all(['cat | cat > /dev/null', 'read x', 'sleep 1000 & cat; kill $!'].map(watch))
    },
  ),
]
