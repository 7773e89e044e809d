import { jobLine, pidWithin, Shell, sleeper } from '../../../models/job-shell.ts'
import { check, expect, Failure } from '../../../programs/kit.ts'
import type { Fifo } from '../../../programs/scratch.ts'

const STOPS = 'Ctrl-Z sends SIGTSTP to the group in the foreground. waitpid tells of it only with WUNTRACED.'

/** The jobs: what the keys do to them, what `fg`, `bg`, `jobs`, `wait` and `kill` do. */
export const control = [
  check(
    'groups',
    'makes each pipeline a process group, and gives it the terminal while it runs',
    {
      spec: 'a-group-for-each-job',
      hint: 'setpgid for each process of the pipeline, with the id of the first; tcsetpgrp gives that group the terminal.',
    },
    async (kit) => {
      const [one, two] = kit.random.distinct(2, () => sleeper(kit)) as [string, string]
      const shell = await Shell.open(kit)
      const own = shell.facts().group
      const [first, second] = await shell.starts(`${one} | ${two}`, one, two)
      const groups = () => [first, second].map((facts) => facts?.group)
      expect(groups()[0], `The process group of \`${one}\`, the first of its pipeline,`).toBe(first?.pid)
      expect(groups()[1], `The process group of \`${two}\`, in one pipeline with \`${one}\`,`).toBe(first?.pid)
      expect(first?.session, 'The session of the job').toBe(shell.facts().session)
      await shell.terminalBelongsTo(first?.group ?? 0, 'the job in the foreground', 'Without it Ctrl-C would go to the shell.')
      await shell.pressAndReady(['C-c'], 'Ctrl-C ends the job, and the shell goes on.')
      await shell.terminalBelongsTo(own, 'the shell', 'The prompt is here again, so it is the turn of the shell.')
    },
  ),
  check(
    'interrupt',
    'Ctrl-C and Ctrl-\\ end the job in the foreground, and never the shell',
    {
      spec: 'keys-that-signal',
      hint: 'The terminal sends SIGINT or SIGQUIT to its foreground group. The status is 128 and the number of the signal.',
    },
    async (kit) => {
      const [a, b, c, d] = kit.random.distinct(4, () => sleeper(kit)) as [string, string, string, string]
      const shell = await Shell.open(kit)
      const job = await shell.starts(`${a} | ${b} | ${c}`, a, b, c)
      await shell.pressAndReady(['C-c'], 'Ctrl-C ends all three programs of the pipeline.')
      await shell.become('gone', job, 'Ctrl-C is for all of the pipeline.')
      await shell.prints('echo $?', '130', 'The job was ended by SIGINT, signal 2.')
      await shell.starts(d, d)
      await shell.pressAndReady(['C-\\'], 'Ctrl-\\ ends the job.')
      await shell.prints('echo $?', '131', 'The job was ended by SIGQUIT, signal 3.')
    },
  ),
  check(
    'fresh-line',
    'at the prompt Ctrl-C throws away what is typed, and shows a new prompt',
    { spec: 'keys-that-signal', hint: 'No job is there to take it: forget the line, go to the next row, show the prompt.' },
    async (kit) => {
      const [one, two] = kit.random.distinct(2, kit.random.word) as [string, string]
      const shell = await Shell.open(kit)
      shell.terminal.type(`touch ${one}`)
      await shell.shows(new RegExp(`touch ${one}$`, 'm'), 'What is typed is shown.')
      await shell.pressAndReady(['C-c'], 'Ctrl-C at the prompt gives a new prompt on a new row.')
      await shell.prints(`echo ${two}`, two)
      expect(kit.scratch.exists(one), `Whether \`touch ${one}\` was run, though Ctrl-C threw it away,`).toBe(false)
    },
  ),
  check(
    'background',
    'runs what ends in & beside the prompt, in a group of its own without the terminal',
    { spec: 'in-the-background', hint: 'The same as in the foreground, but without tcsetpgrp, and without waiting.' },
    async (kit) => {
      const [one, two] = kit.random.distinct(2, () => sleeper(kit)) as [string, string]
      const shell = await Shell.open(kit)
      await shell.run(`${one} | ${two} &`, 'A job in the background is not waited for.')
      const [first, second] = await shell.processes(one, two)
      expect(first?.group, 'The process group of the first program').toBe(first?.pid)
      expect(second?.group, 'The process group of the second program').toBe(first?.pid)
      expect(shell.foreground(), 'The group that the terminal belongs to, which is that of the shell,').toBe(shell.facts().group)
      await shell.prints(
        'echo $!',
        String(pidWithin(second)),
        '`$!` is the process id of the last program that was put into the background.',
      )
      await shell.prints(
        'jobs',
        jobLine(1, 'Running', `${one} | ${two}`, '\\+'),
        'See "jobs" in the spec for the form of the line.',
      )
      await shell.pressAndReady(['C-c'], 'Ctrl-C at the prompt gives a new prompt.')
      await shell.become(
        'running',
        [first, second].flatMap((facts) => facts ?? []),
        'Ctrl-C is for the foreground alone.',
      )
    },
  ),
  check(
    'stop',
    'Ctrl-Z stops the job in the foreground, and the prompt comes back',
    { spec: 'stopping', hint: STOPS },
    async (kit) => {
      const [one, two] = kit.random.distinct(2, () => sleeper(kit)) as [string, string]
      const shell = await Shell.open(kit)
      const job = await shell.starts(`${one} | ${two}`, one, two)
      await shell.pressAndReady(['C-z'], STOPS)
      await shell.become('stopped', job, 'All processes of the pipeline stop.')
      await shell.shows(jobLine(1, 'Stopped', `${one} | ${two}`), 'The shell says that the job was stopped.')
      await shell.prints('jobs', jobLine(1, 'Stopped', `${one} | ${two}`), 'A stopped job is still a job.')
      expect(shell.foreground(), 'The group that the terminal belongs to, which is that of the shell,').toBe(shell.facts().group)
    },
  ),
  check(
    'foreground',
    'fg brings a job back to the foreground, and waits for it',
    {
      spec: 'fg-and-bg',
      hint: 'First give it the terminal, then send SIGCONT to its group (kill with a negative id), then wait.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const word = random.word()
      const status = random.int(3, 99)
      // It waits for the word from here without starting anything: Ctrl-Z in the middle of a vfork would stop the child alone.
      const fifo = scratch.fifo('go')
      scratch.file('ask', `#!/bin/sh\nread go < go\nread line\necho "got $line"\nexit ${status}\n`, { mode: 0o755 })
      const shell = await Shell.open(kit)
      const [job] = await shell.starts('./ask', './ask')
      await shell.pressAndReady(['C-z'], STOPS)
      shell.terminal.enter('fg')
      await shell.terminalBelongsTo(job?.group ?? 0, 'the job', '`fg` gives the terminal to the job before it goes on.')
      await shell.become(
        'running',
        [job].flatMap((facts) => facts ?? []),
        '`fg` sends SIGCONT to the whole group.',
      )
      fifo.write('go\n')
      shell.terminal.enter(word)
      await shell.shows(new RegExp(`^got ${word}$`, 'm'), 'In the foreground again, the job reads what is typed.')
      await shell.isReady('The job has ended.', 2)
      await shell.prints('echo $?', String(status), 'The status of `fg` is that of the job.')
    },
  ),
  check(
    'bg',
    'bg lets a stopped job run on in the background',
    { spec: 'fg-and-bg', hint: 'SIGCONT to its group, and nothing else: the terminal stays with the shell.' },
    async (kit) => {
      const [one, two] = kit.random.distinct(2, () => sleeper(kit)) as [string, string]
      const shell = await Shell.open(kit)
      const job = await shell.starts(`${one} | ${two}`, one, two)
      await shell.pressAndReady(['C-z'], STOPS)
      await shell.run('bg')
      await shell.become('running', job, '`bg` sends SIGCONT to the whole group.')
      expect(shell.foreground(), 'The group that the terminal belongs to, which is that of the shell,').toBe(shell.facts().group)
      await shell.prints('jobs', jobLine(1, 'Running', `${one} | ${two}`), 'It runs again.')
      shell.terminal.enter('fg %1')
      await shell.terminalBelongsTo(job[0]?.group ?? 0, 'the job', '`fg` works for jobs that run in the background, too.')
      await shell.pressAndReady(['C-c'], 'Now Ctrl-C reaches it.')
      await shell.become('gone', job, 'In the foreground Ctrl-C ends it.')
      expect(await shell.run('jobs'), 'What `jobs` shows when there is no job left').toBe('')
    },
  ),
  check(
    'current',
    'numbers jobs, marks the current and the one before, and takes % operands',
    { spec: 'jobs', hint: 'The current job is the one stopped last; if none is stopped, the one put into the background last.' },
    async (kit) => {
      const [a, b, c] = kit.random.distinct(3, () => sleeper(kit)) as [string, string, string]
      const shell = await Shell.open(kit)
      await shell.run(`${a} &`)
      await shell.starts(b, b)
      await shell.pressAndReady(['C-z'], STOPS)
      await shell.starts(c, c)
      await shell.pressAndReady(['C-z'], STOPS)
      const list = await shell.run('jobs')
      expect(list.split('\n').length, 'The number of lines that `jobs` shows').toBe(3)
      const wanted = [jobLine(1, 'Running', a, ' '), jobLine(2, 'Stopped', b, '-'), jobLine(3, 'Stopped', c, '\\+')]
      for (const line of wanted)
        expect(list, 'What `jobs` shows', 'Stopped jobs go before running ones, and the latest first.').toMatch(line)
      for (const [command, operand] of [
        [b, '%2'],
        [c, ''],
        [a, '%1'],
      ] as const) {
        const [job] = await shell.processes(command)
        shell.terminal.enter(`fg ${operand}`.trim())
        await shell.terminalBelongsTo(job?.group ?? 0, `\`${command}\``, `That is the job that \`fg ${operand}\` means.`)
        await shell.pressAndReady(['C-c'], 'Ctrl-C ends it.')
      }
    },
  ),
  check(
    'done',
    'says once, before a prompt, that a job in the background is done, and with which status',
    { spec: 'news-of-jobs', hint: 'waitpid with WNOHANG before each prompt. A job that was reported is forgotten.' },
    async (kit) => {
      const { random, scratch } = kit
      const status = random.int(3, 99)
      const [well, badly] = random.distinct(2, random.word) as [string, string]
      const waits = (name: string, end: number) =>
        scratch.file(name, `#!/bin/sh\nread go < ${name}.fifo\nexit ${end}\n`, { mode: 0o755 })
      const fifos = [scratch.fifo(`${well}.fifo`), scratch.fifo(`${badly}.fifo`)]
      waits(well, 0)
      waits(badly, status)
      const shell = await Shell.open(kit)
      await shell.run(`./${well} &`)
      await shell.run(`./${badly} &`)
      const jobs = await shell.processes(`./${well}`, `./${badly}`)
      for (const fifo of fifos) fifo.write('go\n')
      await shell.become('gone', jobs, 'Both were told to end.')
      const said = await shell.run('true')
      expect(said, 'What is shown after the next command', 'Both jobs have ended.').toMatch(jobLine(1, 'Done', `./${well}`))
      const failed = new RegExp(`^\\[2\\] ?[-+ ]? *(Done ?\\(${status}\\)|Exit ${status}) +\\\\?\\./${badly}\\s*$`, 'm')
      expect(said, 'What is shown after the next command', 'The second job ended with a status.').toMatch(failed)
      expect(await shell.run('jobs'), 'What `jobs` shows after that').toBe('')
    },
  ),
  check(
    'wait',
    'waits for jobs in the background, and tells the status of one',
    {
      spec: 'waiting-and-killing',
      hint: '`wait %1` ends when that job has, with its status; `wait` when there is none left that runs.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const status = random.int(3, 99)
      const word = random.word()
      const fifos = ['one', 'two', 'three'].map((name) => scratch.fifo(name)) as [Fifo, Fifo, Fifo]
      const slow = `#!/bin/sh\nread line < $1\necho $line >> came\nexit ${status}`
      scratch.file('slow', `${slow}\n`, { mode: 0o755 })
      const shell = await Shell.open(kit)
      await shell.run('./slow one &')
      const job = await shell.processes('./slow one')
      shell.terminal.enter('wait %1; echo "status $?"')
      await shell.shows(/wait %1/, 'What is typed is shown.')
      await shell.terminal.live.until(() => false, 150)
      expect(/^status/m.test(shell.terminal.text()), 'Whether `wait` was over while its job still ran').toBe(false)
      fifos[0].write(`${word}\n`)
      await shell.shows(new RegExp(`^status ${status}$`, 'm'), 'The status of `wait %1` is that of the job.')
      await shell.become('gone', job, '`wait` is over.')
      await shell.run('./slow two & ./slow three &')
      await shell.processes('./slow two', './slow three')
      shell.terminal.enter('wait; cat came; echo')
      for (const fifo of fifos.slice(1)) {
        fifo.write(`${word}\n`)
        await shell.terminal.live.until(() => false, 150)
      }
      const all = new RegExp(`^${word}\n${word}\n${word}$`, 'm')
      await shell.shows(all, '`wait` alone waits for all jobs: each has written a line when it is over.')
    },
  ),
  check(
    'kill',
    'sends signals to all of a job',
    { spec: 'waiting-and-killing', hint: 'kill(2) with the negative of the group id reaches every process of the group.' },
    async (kit) => {
      const [a, b, c] = kit.random.distinct(3, () => sleeper(kit)) as [string, string, string]
      const shell = await Shell.open(kit)
      await shell.run(`${a} | ${b} &`)
      const job = await shell.processes(a, b)
      await shell.run('kill -STOP %1')
      await shell.become('stopped', job, '`kill -STOP %1` stops every process of the job.')
      await shell.run('kill -CONT %1')
      await shell.become('running', job, '`kill -CONT %1` is for every process of the job.')
      await shell.run(`${c} &`)
      const [other] = await shell.processes(c)
      await shell.run('kill %1')
      await shell.become('gone', job, '`kill %1` sends SIGTERM to every process of the job.')
      await shell.run('true')
      await shell.shows(jobLine(1, 'Terminated', `${a} | ${b}`), 'Before the next prompt the shell tells of its end.')
      if (!other) throw new Failure('The second job was not started.')
      await shell.become('running', [other], 'Only the first job was meant.')
    },
  ),
]
