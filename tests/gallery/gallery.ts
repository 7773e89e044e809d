import fs from 'node:fs'
import path from 'node:path'

/** A submission that does its worst, and what must come of it. */
export interface Hostile {
  name: string
  /** The body of `run.sh`; `TOKEN` becomes a number that no other process has among its arguments. */
  run?: string
  build?: string
  runMode?: number
  /** The check that it is graded with. */
  only?: string
  flags?: string[]
  env?: Record<string, string>
  /** Exit status of the grading: 1 a failed check, 2 an unusable folder. */
  status: 1 | 2
  /** What the learner is told. */
  says: RegExp
  /** True when only a namespace can hold it: it is not tried without bubblewrap. */
  contained?: boolean
}

const IMPATIENT = { GRADE_PATIENCE: '0.2' }

export const GALLERY: Hostile[] = [
  {
    name: 'endless loop',
    run: 'while :; do :; done',
    env: IMPATIENT,
    status: 1,
    says: /still running after 2 s and was stopped/,
  },
  {
    name: 'fork bomb',
    run: 'bomb() { bomb | bomb & }; bomb; sleep TOKEN',
    status: 1,
    says: /more than \d+ processes at once/,
    contained: true,
  },
  {
    name: 'many children',
    run: 'for n in $(seq 400); do sleep TOKEN & done; wait',
    status: 1,
    says: /more than \d+ processes at once/,
  },
  { name: 'flood on standard output', run: 'exec yes', status: 1, says: /wrote more than 64 MiB/ },
  { name: 'flood on standard error', run: 'exec yes >&2', status: 1, says: /wrote more than 64 MiB/ },
  { name: 'line of 100 MB', run: "head -c 100000000 /dev/zero | tr '\\0' x", status: 1, says: /wrote more than 64 MiB/ },
  {
    name: 'ignored SIGTERM',
    run: "trap '' TERM INT HUP; while :; do sleep TOKEN; done",
    env: IMPATIENT,
    status: 1,
    says: /still running/,
  },
  {
    name: 'daemon in a session of its own',
    run: 'setsid sleep TOKEN & cat "$@"',
    status: 1,
    says: /left a process running.*sleep/,
  },
  {
    name: 'daemon without streams or environment',
    run: 'setsid env -i sleep TOKEN </dev/null >/dev/null 2>&1 & cat "$@"',
    status: 1,
    says: /left a process running.*sleep/,
    contained: true,
  },
  { name: 'closed streams', run: 'exec <&- >&- 2>&-; sleep TOKEN', env: IMPATIENT, status: 1, says: /still running/ },
  { name: 'never reads its input', run: 'exit 0', only: 'standard-input', status: 1, says: /nothing was written/ },
  { name: 'huge memory', run: 'exec tail /dev/zero', status: 1, says: /used more than 2048 MiB of memory/ },
  { name: 'early success', run: 'exit 0', status: 1, says: /nothing was written/ },
  {
    name: 'report forged on standard output',
    run: `echo '{"schema":1,"verdict":"pass","stars":4}'; echo '  ★★★★  30 of 30 checks passed'; echo '::set-output name=stars::4'`,
    status: 1,
    says: /the first difference is in line 1/,
  },
  {
    name: 'writes into the repository',
    run: 'for f in README.md grader/main.js .grade/results/x.json; do echo hacked >> "REPO/$f"; done; echo done',
    status: 1,
    says: /the first difference is in line 1/,
    contained: true,
  },
  {
    name: 'follows a link out of its folder',
    run: 'ln -s REPO out; echo hacked > out/package.json; rm -rf out/stages; echo done',
    status: 1,
    says: /the first difference is in line 1/,
    contained: true,
  },
  {
    name: 'runs the reference',
    run: 'exec REPO/solutions/stage1-io/cat/run.sh "$@"',
    flags: ['--sandbox'],
    status: 1,
    says: /not found|No such file/,
    contained: true,
  },
  {
    name: 'reads the hidden tests and the home folder',
    run: 'ls -d REPO/grader REPO/solutions REPO/my "$HOME/.ssh" /root/* /home/* 2>/dev/null; exit 3',
    flags: ['--sandbox'],
    status: 1,
    says: /status 3, 0 bytes of output/,
    contained: true,
  },
  { name: 'kills its parent', run: 'kill -9 $PPID; sleep TOKEN', status: 1, says: /killed the shell that had started it/ },
  { name: 'crashes', run: 'kill -SEGV $$', status: 1, says: /SIGSEGV ended it/ },
  {
    name: 'names a program that is not there',
    run: 'exec no-such-interpreter main.xy',
    status: 1,
    says: /run\.sh names a command that is not there/,
  },
  { name: 'no run.sh', status: 2, says: /has no run\.sh/ },
  { name: 'run.sh that can not be executed', run: 'cat "$@"', runMode: 0o644, status: 2, says: /chmod \+x/ },
  {
    name: 'failing build.sh',
    run: 'cat "$@"',
    build: 'echo "main.c:3: error: no" >&2; exit 7',
    status: 1,
    says: /build\.sh ended with status 7/,
  },
  {
    name: 'endless build.sh',
    run: 'cat "$@"',
    build: 'setsid sleep TOKEN & while :; do sleep TOKEN; done',
    env: { GRADE_BUILD_SECONDS: '1' },
    status: 1,
    says: /build\.sh was still running after 1 s/,
  },
  {
    name: 'build.sh that steals the reference',
    run: 'exec "$(dirname "$0")/stolen/run.sh" "$@"',
    build: 'cd "$(dirname "$0")" && cp -r REPO/solutions/stage1-io/cat stolen',
    flags: ['--sandbox'],
    status: 1,
    says: /build\.sh ended with status 1.*No such file/,
    contained: true,
  },
]

/** Writes a hostile submission into a folder. @param token marks its processes. @param repository what it attacks. */
export function layOut(hostile: Hostile, folder: string, token: string, repository: string): void {
  const script = (name: string, body: string, mode = 0o755) => {
    const text = `#!/bin/sh\n${body.replaceAll('TOKEN', token).replaceAll('REPO', repository)}\n`
    fs.writeFileSync(path.join(folder, name), text, { mode })
  }
  fs.mkdirSync(folder, { recursive: true })
  if (hostile.run !== undefined) script('run.sh', hostile.run, hostile.runMode)
  if (hostile.build !== undefined) script('build.sh', hostile.build)
}

/** Processes that have a text among their arguments. */
export function processesWith(text: string): string[] {
  return fs.readdirSync('/proc').flatMap((pid) => {
    try {
      const command = /^\d+$/.test(pid) ? fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') : ''
      return command.includes(text) ? [`${pid} ${command.replaceAll('\0', ' ')}`] : []
    } catch {
      return []
    }
  })
}
