import { type Facts, heldOpen, jobLine, Shell, sleeper } from '../../../models/job-shell.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { send } from '../../../programs/process-table.ts'

const only = ([first]: Facts[]): Facts => {
  if (!first) throw new Failure('The job was not started.')
  return first
}

const SLEEPS = 'sleep 5000.5'
/** Turns the echo off, as programs do that ask for a password, and stays. */
const SECRET = `#!/bin/sh\nstty -echo noflsh\nexec ${SLEEPS}\n`
/** Writes a file when it is told that its shell goes: by SIGHUP, or by SIGTERM, as bash does. */
const farewell = (name: string) => `#!/bin/sh\ntrap 'touch ${name}.told; exit' HUP TERM\ntouch ${name}.ready\nsleep 1000 & wait\n`

/** Jobs in states that nobody plans for. */
export const states = [
  check(
    'leader-gone',
    'keeps a group whose first program has ended',
    {
      spec: 'groups-without-their-leader',
      hint: 'Do not wait for anything before all of the pipeline is started, and never for the first program alone.',
    },
    async (kit) => {
      const [a, b, c] = kit.random.distinct(3, () => sleeper(kit)) as [string, string, string]
      const shell = await Shell.open(kit)
      const front = await shell.starts(`true | ${a} | ${b}`, a, b)
      expect(front[1]?.group, `The process group of \`${b}\``).toBe(front[0]?.group)
      await shell.terminalBelongsTo(
        only(front).group,
        'the job in the foreground',
        'Its first program has ended, but the others are in its group.',
      )
      await shell.pressAndReady(['C-z'], 'The job stops, though its first program has ended.')
      await shell.become('stopped', front, 'Ctrl-Z is for the whole group.')
      await shell.run('bg')
      await shell.become('running', front, '`bg` is for the whole group, whose first program has ended.')
      await shell.run(`true | ${c} &`)
      const back = await shell.processes(c)
      await shell.run('kill %2')
      await shell.become('gone', back, '`kill %2` is for the group, whose first program has ended.')
      await shell.become('running', front, 'It was not meant.')
    },
  ),
  check(
    'hand-over',
    'has the terminal handed over before a program can look',
    {
      spec: 'who-is-first',
      hint: 'After fork nobody knows who runs first. Let the parent and the child both call setpgid, and both tcsetpgrp.',
    },
    async (kit) => {
      const { scratch, random } = kit
      const word = random.word()
      // What a program sees right after its start: its group, and the group that has the terminal.
      scratch.file(
        'look',
        `#!/bin/sh\nread -r _ _ _ _ g _ _ f _ </proc/$$/stat\n[ "$g" = "$f" ] && echo ${word} >>with || echo ${word} >>without\n`,
        { mode: 0o755 },
      )
      const shell = await Shell.open(kit)
      const times = 40
      for (let n = 0; n < times; n += 10) await shell.run(Array.from({ length: 10 }, () => './look').join('; '))
      expect(
        scratch.exists('without'),
        `Whether one of ${times} programs found that its group did not have the terminal yet`,
      ).toBe(false)
      expect(scratch.read('with').toString().split(word).length - 1, 'The number of programs that looked').toBe(times)
    },
  ),
  check(
    'clean-start',
    'starts programs with no signal ignored or blocked, and no descriptor of its own',
    {
      spec: 'a-clean-start',
      hint: 'What a shell ignores, its children ignore too, until signal(…, SIG_DFL) between fork and exec. O_CLOEXEC for descriptors.',
    },
    async (kit) => {
      const shell = await Shell.open(kit)
      const signals = 'grep -E "^Sig(Ign|Blk)" /proc/self/status'
      const none = /^SigBlk:\s+0+\s*\nSigIgn:\s+0+\s*$/
      await shell.prints(signals, none, 'Each digit that is not 0 stands for signals that the program will not get.')
      await shell.prints(`true | ${signals}`, none, 'It is the second program of a pipeline.')
      const open = (await shell.run('ls /proc/self/fd < /dev/null | cat')).split(/\s+/)
      // ls itself opens the folder that it lists.
      const own = open.filter((fd) => !shell.inherited().includes(fd)).sort()
      expect(own.join(' '), 'The descriptors that `ls /proc/self/fd` has, with the folder that it opens itself,').toBe('0 1 2 3')
    },
  ),
  check(
    'terminal-input',
    'lets the terminal stop a background job that reads from it, and hands over what is typed after fg',
    {
      spec: 'reading-in-the-background',
      hint: 'The terminal itself sends SIGTTIN, if the job has a group of its own. waitpid tells of it with WUNTRACED.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [a, b] = random.distinct(2, random.word) as [string, string]
      // One that gets nothing at all stays, so that it can be seen what it did.
      const ask = '#!/bin/sh\nread line || while sleep 5000; do :; done\necho "got $line"\n'
      scratch.file('ask', ask, { mode: 0o755 })
      const shell = await Shell.open(kit)
      await shell.run('./ask &')
      const job = await shell.processes('./ask')
      await shell.become('stopped', job, 'It reads from the terminal, which is not its turn: SIGTTIN.')
      await shell.prints(`echo ${a}`, new RegExp(`^${a}$`, 'm'), 'What is typed is for the shell alone.')
      await shell.prints('jobs', jobLine(1, 'Stopped', './ask'), 'A job that SIGTTIN has stopped is a stopped job.')
      shell.terminal.enter('fg')
      await shell.become('running', job, '`fg` lets it go on.')
      shell.terminal.enter(b)
      await shell.shows(new RegExp(`^got ${b}$`, 'm'), 'With the terminal, the job gets what is typed.')
    },
  ),
  check(
    'from-outside',
    'notices that others stop a job, let it go on, and kill it',
    {
      spec: 'signals-from-elsewhere',
      hint: 'WUNTRACED and WCONTINUED: the shell goes by what waitpid tells, not by the keys it has seen.',
    },
    async (kit) => {
      const [a, b] = kit.random.distinct(2, () => sleeper(kit)) as [string, string]
      const shell = await Shell.open(kit)
      const front = await shell.starts(a, a)
      send(only(front).pid, 'SIGSTOP')
      await shell.isReady('Something else than Ctrl-Z has stopped the job in the foreground (SIGSTOP): the prompt comes back.', 2)
      await shell.run(`${b} &`)
      const back = await shell.processes(b)
      send(only(back).pid, 'SIGSTOP')
      await shell.become('stopped', back, 'It got SIGSTOP.')
      await shell.run('true')
      const stopped = await shell.run('jobs')
      for (const [n, command] of [a, b].entries())
        expect(stopped, 'What `jobs` shows after SIGSTOP').toMatch(jobLine(n + 1, 'Stopped', command))
      send(only(back).pid, 'SIGCONT')
      await shell.become('running', back, 'It got SIGCONT.')
      send(only(front).pid, 'SIGKILL')
      await shell.become('gone', front, 'It got SIGKILL.')
      await shell.run('true')
      await shell.prints('jobs', new RegExp(`^[^\\n]*Running[^\\n]*${b}[^\\n]*$`), 'The first job is dead, the second goes on.')
    },
  ),
  check(
    'kill-stopped',
    'ends stopped jobs with kill',
    { spec: 'waiting-and-killing', hint: 'A stopped process sees SIGTERM only when it goes on: SIGCONT has to follow.' },
    async (kit) => {
      const [a, b] = kit.random.distinct(2, () => sleeper(kit)) as [string, string]
      const shell = await Shell.open(kit)
      const job = await shell.starts(`${a} | ${b}`, a, b)
      await shell.pressAndReady(['C-z'], 'The job stops.')
      await shell.become('stopped', job, 'Ctrl-Z stops it.')
      await shell.run('kill %1')
      await shell.become('gone', job, '`kill %1` sends SIGTERM, and then SIGCONT, without which nobody sees it.')
    },
  ),
  check(
    'modes',
    'has the terminal as it was when a job has changed it and is stopped or killed',
    {
      spec: 'modes-of-the-terminal',
      hint: 'tcgetattr before the first job; tcsetattr when one was stopped or killed. One that ended well meant what it did.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [a, b] = random.distinct(2, random.word) as [string, string]
      scratch.file('secret', SECRET, { mode: 0o755 })
      const shell = await Shell.open(kit)
      const tell = 'stty -a | tr ";" "\\n" | grep -oE -- "-?(echo|noflsh|icanon|isig|icrnl)\\b" | tr "\\n" " "; echo'
      const before = (await shell.run(tell)).trim()
      for (const [key, does] of [
        ['C-c', 'killed'],
        ['C-z', 'stopped'],
      ] as const) {
        shell.terminal.enter('./secret')
        await shell.processes(SLEEPS)
        await shell.pressAndReady([key], `The job is ${does}.`)
        const after = (await shell.run(tell)).trim()
        expect(after, `The modes of the terminal after a job that turned the echo off was ${does}`).toBe(before)
        await shell.prints(`echo ${a}`, a)
      }
      await shell.run('stty noflsh')
      const why = 'What a command that ended well has set stays set: that is what stty is for.'
      await shell.prints(`echo ${b}; stty -a | grep -oE -- "-?noflsh"`, new RegExp(`^${b}\\nnoflsh$`), why)
    },
  ),
  check(
    'modes-again',
    'gives a stopped job its own modes of the terminal again',
    {
      spec: 'modes-of-the-terminal',
      hint: 'tcgetattr when the job has stopped, before the modes of the shell are set; tcsetattr at `fg`.',
    },
    async (kit) => {
      kit.scratch.file('secret', SECRET, { mode: 0o755 })
      const shell = await Shell.open(kit)
      shell.terminal.enter('./secret')
      const job = await shell.processes(SLEEPS)
      await shell.pressAndReady(['C-z'], 'The job stops.')
      shell.terminal.enter('fg')
      await shell.terminalBelongsTo(only(job).group, 'the job', 'It is in the foreground again.')
      await shell.become('running', job, '`fg` sends SIGCONT.')
      const echo = () => /-?\becho\b/.exec(shell.modes())?.[0] ?? ''
      const why = 'The job had turned the echo off when it was stopped: it must find it so again after `fg`.'
      await shell.becomes(
        () => echo() === '-echo',
        () => why,
        () => `the mode is ${echo()}`,
      )
      await shell.pressAndReady(['C-c'], 'Ctrl-C ends it.')
    },
  ),
  check(
    'no-zombies',
    'waits for every job that has ended, while it waits for a line itself',
    {
      spec: 'nobody-left-behind',
      hint: 'SIGCHLD tells; or look before every prompt. One signal may stand for several children.',
    },
    async (kit) => {
      const shell = await Shell.open(kit)
      const line = Array.from({ length: 10 }, () => 'true &').join(' ')
      for (let n = 0; n < 3; n++) await shell.run(line)
      await shell.becomes(
        () => shell.children().every(({ state }) => state === 'Z'),
        () => 'All of 30 background jobs should have ended.',
      )
      await shell.run('true | true')
      await shell.run('true')
      expect(shell.zombies(), 'The number of zombies at the prompt, after 30 jobs have ended,').toBe(0)
    },
  ),
  check(
    'stopped-jobs',
    'warns once before it ends with stopped jobs, and leaves none of them behind',
    {
      spec: 'leaving',
      hint: 'Remember that you have warned, until another command is run. A stopped job that loses its shell gets SIGHUP and SIGCONT from the kernel.',
    },
    async (kit) => {
      const name = kit.random.word()
      const shell = await Shell.open(kit)
      const job = await stoppedJob(kit, shell, name)
      for (let n = 0; n < 2; n++) {
        await shell.run('exit', 'There is a stopped job: the first `exit` warns, and the shell stays.')
        await shell.shows(/^(?!\[).*stopped jobs/im, 'It says that there are stopped jobs.')
        await shell.run('true')
      }
      await shell.become('stopped', job, 'The shell has only warned.')
      await shell.run('exit', 'Another command was run since the last warning.')
      const { pid } = shell.facts()
      heldOpen(shell, kit)
      shell.terminal.enter('exit')
      await shell.becomes(
        () => Shell.hasEnded(pid),
        () => 'The second `exit` in a row has to end the shell.',
      )
      await told(kit, shell, name, 'was stopped when the shell ended')
    },
  ),
  check(
    'hang-up',
    'tells its jobs in the background when the terminal goes away, and ends',
    {
      spec: 'leaving',
      hint: 'The shell gets SIGHUP. It sends SIGHUP to each job, and SIGCONT, since a stopped process hears nothing else.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const name = random.word()
      scratch.file(name, farewell(name), { mode: 0o755 })
      const shell = await Shell.open(kit)
      await shell.run(`./${name} &`)
      await shell.becomes(
        () => scratch.exists(`${name}.ready`),
        () => `./${name} should be at work.`,
      )
      const { pid } = shell.facts()
      heldOpen(shell, kit)
      shell.terminal.hangUp()
      await told(kit, shell, name, 'runs in the background')
      await shell.becomes(
        () => Shell.hasEnded(pid),
        () => 'The shell itself has to end when its terminal goes away.',
      )
    },
  ),
  check(
    'hang-up-stopped',
    'leaves no stopped job behind when the terminal goes away',
    {
      spec: 'leaving',
      hint: 'read(2) gives the end of the input, or EIO, again and again: that is no Ctrl-D, and nobody can read a warning.',
    },
    async (kit) => {
      const name = kit.random.word()
      const shell = await Shell.open(kit)
      await stoppedJob(kit, shell, name)
      const { pid } = shell.facts()
      heldOpen(shell, kit)
      shell.terminal.hangUp()
      await shell.becomes(
        () => Shell.hasEnded(pid),
        () => 'The shell itself has to end when its terminal goes away.',
      )
      await told(kit, shell, name, 'was stopped')
    },
  ),
]

/** A job that is stopped, and will tell when it hears of the end. */
async function stoppedJob({ scratch }: Kit, shell: Shell, name: string): Promise<Facts[]> {
  scratch.file(name, farewell(name), { mode: 0o755 })
  const job = await shell.starts(`./${name}`, `./${name}`)
  await shell.becomes(
    () => scratch.exists(`${name}.ready`),
    () => `./${name} should be at work.`,
  )
  await shell.pressAndReady(['C-z'], 'The job stops.')
  await shell.become('stopped', job, 'Ctrl-Z stops it.')
  return job
}

async function told({ scratch }: Kit, shell: Shell, name: string, which: string): Promise<void> {
  await shell.becomes(
    () => scratch.exists(`${name}.told`),
    () => `./${name}, which ${which}, was not told: it has got neither SIGHUP nor SIGTERM, or it is still stopped.`,
  )
}
