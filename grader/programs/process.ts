import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import fs from 'node:fs'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { account } from './account.ts'
import { Collector } from './collector.ts'
import { inputPipe, outputPipe } from './pipes.ts'
import { limitProcesses, type ProcessLimit } from './process-limit.ts'
import { atWork, descendants, marked, nameOf, send, type Usage, usageOf } from './process-table.ts'

/** What a process may use before it is stopped. */
export interface Limits {
  /** Wall-clock time in milliseconds. */
  time: number
  /** Bytes on standard output and standard error, each. */
  output: number
  /** Bytes of resident memory, all its processes together. */
  memory: number
  processes: number
}

export type Cut = keyof Limits

/** How a process ended. */
export interface Exit {
  /** As a shell gives it: 128 + n after signal n. Undefined when the grader stopped it, or when it took down the shell that watched it. */
  status?: number | undefined
  /** The limit it was stopped for. */
  cut?: Cut
  /** Milliseconds of processor time, user and system, of all that has been waited for. */
  cpu: number
  /** Wall-clock milliseconds from start to end. */
  ms: number
  /** Bytes that it asked read(2) and its kin for and got, from files, pipes and sockets. */
  bytesRead: number
  peakMemory: number
  /** Names of processes that were still there half a second after it had ended. */
  leftovers: string[]
}

export interface Launch {
  /** The whole command, containment included; it runs `watcher` (see {@link watched}). */
  argv: string[]
  cwd: string
  env: Record<string, string>
  limits: Limits
  stdin: 'pipe' | 'ignore' | number
  stdout: 'pipe' | number
  /** Keep standard output in memory; else it is only counted and passed on to listeners. */
  keepOutput: boolean
  /** True when its processes live in a namespace of their own, which ends with it. */
  contained: boolean
}

const SAMPLE_FIRST = 15
const SAMPLE_EVERY = 30
/** The setting that all processes carry which this grader started, with a value that begins with its own process id. */
export const MARK = 'GRADE_RUN'

/**
 * A shell that waits for the command, then reports on descriptor 3: its status, the processor time and the I/O of all that was waited for
 * (a parent inherits them, see proc(5)), and, inside a pid namespace, who is left behind.
 */
const WATCHER = `exec 4>&2 2>/dev/null
[ -z "$GRADE_PROCESSES" ] || ulimit -u "$GRADE_PROCESSES" || ulimit -p "$GRADE_PROCESSES"
"$@" 2>&4 4>&- 3>&-
status=$?
others() { left=; for p in /proc/[0-9]*; do p=\${p#/proc/}; [ "$p" = 1 ] || [ "$p" = $$ ] || left="$left $p"; done; }
report() {
  while read -r key value; do [ "$key" = rchar: ] && echo "read $value"; done </proc/$$/io
  read -r line </proc/$$/stat; set -- $line; echo "ticks $((\${16} + \${17}))"
  if [ -n "$GRADE_ALONE" ]; then
    n=0; others
    while [ -n "$left" ] && [ $n -lt 10 ]; do sleep 0.05; n=$((n + 1)); others; done
    for p in $left; do read -r name </proc/$p/comm && echo "left $name"; done
  fi
  echo "status $status"
}
report >&3`

const MS_PER_TICK = 10
const PATIENCE = 2000
/** Processes beyond the limit that the kernel still allows: the sampling must get to see that there are too many. */
const SPARE = 100

/** The words that run a command under the watcher. */
export function watched(command: string[]): string[] {
  return ['/bin/sh', '-c', WATCHER, 'watcher', ...command]
}

let runs = 0

/** A process that was started, until all of it is gone. Emits `stdout` with each piece, `output` whenever either stream has more, and `ended`. */
export class Process extends EventEmitter<{ stdout: [Buffer]; output: []; ended: [] }> {
  readonly stdout: Collector
  readonly stderr: Collector
  readonly exited: Promise<Exit>
  private readonly child: ChildProcess
  private readonly stdin: Socket | undefined
  private readonly out: Socket | undefined
  private readonly err: Socket
  private readonly launch: Launch
  private readonly limit: ProcessLimit | undefined
  private readonly mark = `${process.pid}-${++runs}`
  private readonly started = performance.now()
  private readonly timers: NodeJS.Timeout[] = []
  private peak = 0
  private cut: Cut | undefined
  private report = ''
  ended = false

  constructor(launch: Launch) {
    super()
    // As many clients of a server as there are may wait for its end.
    this.setMaxListeners(0)
    this.launch = launch
    this.limit = launch.contained ? limitProcesses(launch.limits.processes + SPARE) : undefined
    const [file = '', ...args] = [...(this.limit?.enter ?? []), ...launch.argv]
    const input = launch.stdin === 'pipe' ? inputPipe() : undefined
    const output = launch.stdout === 'pipe' ? outputPipe() : undefined
    const errors = outputPipe()
    this.child = spawn(file, args, {
      cwd: launch.cwd,
      env: {
        ...launch.env,
        [MARK]: this.mark,
        ...(launch.contained && { GRADE_ALONE: '1' }),
        // Where there is a group, it must be what is hit: only of that the kernel tells.
        ...(launch.contained && !this.limit && { GRADE_PROCESSES: String(launch.limits.processes + SPARE) }),
      },
      stdio: [input?.theirs ?? launch.stdin, output?.theirs ?? launch.stdout, errors.theirs, 'pipe'],
      detached: true,
    })
    for (const pipe of [input, output, errors]) if (pipe) fs.closeSync(pipe.theirs)
    this.stdin = input?.ours
    this.out = output?.ours
    this.err = errors.ours
    const flood = () => this.cutShort('output')
    const most = launch.limits.output
    this.stdout = new Collector(
      this.out,
      launch.keepOutput,
      most,
      (chunk) => this.emit('stdout', chunk) && this.emit('output'),
      flood,
    )
    this.stderr = new Collector(this.err, true, most, () => this.emit('output'), flood)
    account.started()
    this.stdin?.on('error', () => {})
    const reports = this.child.stdio[3] as Readable
    reports.on('error', () => {})
    reports.on('data', (chunk: Buffer) => {
      this.report += chunk.toString('latin1')
    })
    this.exited = this.watch()
    this.exited.catch(() => {})
    this.timers.push(setTimeout(() => this.cutShort('time'), launch.limits.time))
    this.timers.push(setTimeout(() => this.sample(), SAMPLE_FIRST))
  }

  /** Passes on input, waiting while the program is slow to take it. @returns false when it no longer reads. */
  async write(data: string | Uint8Array): Promise<boolean> {
    const stdin = this.stdin
    if (!stdin || stdin.destroyed || this.ended) return false
    if (!stdin.write(data)) {
      // Listeners of the events that did not come have to go, or they add up with each write.
      const waiting = new AbortController()
      const { signal } = waiting
      await Promise.race([once(stdin, 'drain', { signal }), once(stdin, 'close', { signal }), this.exited]).catch(() => {})
      waiting.abort()
    }
    return !stdin.destroyed
  }

  endInput(): void {
    this.stdin?.end()
  }

  /** Goes away as a reader: what the program writes from now on fails with EPIPE. */
  closeOutput(): void {
    this.out?.destroy()
  }

  /** Stops reading, so that the pipe fills up, or reads on. */
  pauseOutput(paused: boolean): void {
    if (paused) this.out?.pause()
    else this.out?.resume()
  }

  /** Sends a signal to the program itself, past those that watch it. @returns false when it has ended. */
  signal(name: NodeJS.Signals): boolean {
    const program = this.program()
    return program !== undefined && send(program, name)
  }

  /** The program's own process: the watcher's first child. */
  program(): number | undefined {
    const pids = descendants(this.child.pid as number)
    const watcher = this.launch.contained ? pids[1] : this.child.pid
    return watcher === undefined ? undefined : descendants(watcher)[0]
  }

  usage(): Usage {
    const usage = usageOf(descendants(this.child.pid as number))
    this.peak = Math.max(this.peak, usage.resident, usage.peak)
    return usage
  }

  /** Whether any of it has something to do, rather than waiting. */
  atWork(): boolean {
    return atWork(descendants(this.child.pid as number))
  }

  /** Ends all of it, now. */
  async stop(): Promise<void> {
    this.kill()
    await this.exited
  }

  private sample(): void {
    if (this.ended) return
    const { limits } = this.launch
    const usage = this.usage()
    if (usage.resident > limits.memory) this.cutShort('memory')
    else if (usage.processes > limits.processes || this.limit?.wasHit()) this.cutShort('processes')
    else this.timers.push(setTimeout(() => this.sample(), SAMPLE_EVERY))
  }

  private cutShort(cut: Cut): void {
    this.cut ??= cut
    this.kill()
  }

  private kill(): void {
    if (this.ended) return
    try {
      process.kill(-(this.child.pid as number), 'SIGKILL')
    } catch {
      // It has just ended by itself.
    }
  }

  private async watch(): Promise<Exit> {
    const open = [this.out, this.err].filter((stream) => stream && !stream.closed)
    const closed = Promise.all([
      once(this.child, 'close'),
      ...open.map((stream) => new Promise((done) => stream?.once('close', done))),
    ])
    // `exit` and `close` part when somebody else still holds a stream: in a namespace nobody can, elsewhere those are ended here.
    await once(this.child, 'exit')
    const strays = this.launch.contained ? [] : await this.endMarked()
    // A process that shed its mark may still hold a stream: it is not waited for.
    await Promise.race([closed, new Promise((resolve) => this.timers.push(setTimeout(resolve, PATIENCE)))])
    for (const stream of [this.stdin, this.out, this.err, this.child.stdio[3]]) stream?.destroy()
    this.ended = true
    account.ended()
    if (this.limit?.wasHit()) this.cut ??= 'processes'
    this.limit?.remove()
    for (const timer of this.timers) clearTimeout(timer)
    this.emit('ended')
    const read = (key: string) => [...this.report.matchAll(new RegExp(`^${key} (.*)$`, 'gm'))].map((match) => match[1] as string)
    const [status] = read('status')
    return {
      status: status === undefined ? undefined : Number(status),
      ...(this.cut && { cut: this.cut }),
      cpu: Number(read('ticks')[0] ?? 0) * MS_PER_TICK,
      ms: performance.now() - this.started,
      bytesRead: Number(read('read')[0] ?? 0),
      peakMemory: this.peak,
      leftovers: [...read('left'), ...strays],
    }
  }

  /** Without a namespace: gives children that are just ending half a second, then ends what still carries this run's mark. */
  private async endMarked(): Promise<string[]> {
    const setting = `${MARK}=${this.mark}`
    let left = marked(setting)
    for (let n = 0; left.length > 0 && n < 10 && !this.cut; n++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      left = marked(setting)
    }
    const names = left.map(nameOf)
    // One that forks while it is being ended leaves another: until none is left.
    for (; left.length > 0; left = marked(setting)) for (const pid of left) endProcess(pid)
    return names
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was quicker.
  }
}
