import { setMaxListeners } from 'node:events'
import fs from 'node:fs'
import { Skipped } from '../engine/failure.ts'
import { bubblewrap, contain, environment, isRoot, type View } from './containment.ts'
import { type Input, type InputFile, Live } from './live.ts'
import { type Exit, type Limits, Process, watched } from './process.ts'
import { onTerminal, openScreen, type Size, TerminalSession } from './pty.ts'
import { Running } from './run.ts'
import type { Scratch } from './scratch.ts'
import { freePort, type ServeOptions, Server } from './server.ts'
import { Session } from './session.ts'
import { traced } from './strace.ts'
import { fillPlaces, type Submission } from './submission.ts'
import { commandLine, printf, quote, type Transcript } from './transcript.ts'

export interface RunOptions {
  /** Without it the program finds the end of its input at once. */
  stdin?: Input
  /** A file of the scratch folder that standard output goes to; `append` as in `>>`. */
  stdout?: { file: string; append?: boolean }
  env?: Record<string, string>
  /** A folder below the scratch folder. */
  cwd?: string
  limits?: Partial<Limits>
  /** For output too large to keep: each piece is handed over as it comes, and `stdout` stays empty. */
  onOutput?: (piece: Buffer) => void
  /** A folder below the scratch folder that is a disk of its own, of so many bytes, empty at first and gone with the program. Needs {@link Program.contained}. */
  disk?: { folder: string; bytes: number }
  /** Never as root: programs that see root's number may take for granted that everything is allowed (GNU's do). Skips the check where root can not become somebody else. */
  nobody?: boolean
  /** Notes system calls (see {@link traced}) in a file of the scratch folder. */
  trace?: { file: string; calls: string[] }
}

const MIB = 1024 ** 2
/** What runs for as long as a check wants it to: milliseconds, and bytes that are only counted. */
const LONG = 170_000
const LOAD = 1024 * MIB
/** Milliseconds that a server may take until it accepts. */
const READY = 20_000
const GENTLE = 500
/** What tells of itself every 50 ms has told all by then. */
const LULL = 70
const LIMITS: Limits = { time: 10_000, output: 64 * MIB, memory: 2048 * MIB, processes: 300 }

export interface ProgramContext {
  /** What the program is called in transcripts. */
  name: string
  submission: Submission
  scratch: Scratch
  /** The folder that it sees as /tmp, and an empty one to call home. */
  tmp: string
  home: string
  sandbox: boolean
  transcript: Transcript
  /** Limits are multiplied by this: less than 1 for programs known to be wrong. */
  patience: number
  /** Told of each run that ended, for the account of whose time it was. */
  onRun?: (exit: Exit) => void
}

/** The submission, ready to be run in the check's scratch folder. */
export class Program {
  private readonly context: ProgramContext
  private readonly started: Live[] = []
  private readonly over = new AbortController()

  constructor(context: ProgramContext) {
    this.context = context
    // A thousand clients may wait for it.
    setMaxListeners(0, this.over.signal)
  }

  /** True when it runs without the rights of root and with processes of its own. */
  get contained(): boolean {
    return bubblewrap() !== undefined
  }

  /** Runs it to its end. `await program.run(['-n']).succeeds({ stdout })` is the usual form. */
  run(args: string[], options: RunOptions = {}): Running {
    return new Running(() => this.start(args, options).end())
  }

  /** Runs a program of the system in the same place and in the same way: a yardstick for the submission. */
  plain(command: string[], options: RunOptions = {}): Running {
    const shown = commandLine(command)
    return new Running(() => this.launch(command, { shown, typed: shown }, options).end())
  }

  /** Starts it and lets it run; what it needs to be fed and asked is up to the caller. */
  start(args: string[], options: RunOptions & { stdin?: Input | 'open' } = {}): Live {
    const { submission, name } = this.context
    return this.launch([...submission.command, ...args], describeCommand(name, args, options), options)
  }

  /** Starts it as a session: a request a line, an answer a line. */
  session(args: string[], options: RunOptions = {}): Session {
    const output = (piece: Buffer) => session.take(piece)
    const limits = { time: LONG, output: LOAD, ...options.limits }
    const live = this.start(args, { ...options, limits, stdin: 'open', onOutput: output })
    const session = new Session(live, this.context.transcript)
    return session
  }

  /** Starts it on a terminal of its own. */
  async terminal(args: string[], { size, ...options }: RunOptions & { size?: Size } = {}): Promise<TerminalSession> {
    const { submission, name, transcript } = this.context
    const screen = await openScreen(size)
    const shown = describeCommand(name, args, options)
    const output = (piece: Buffer) => terminal.take(piece)
    const limits = { time: LONG, ...options.limits }
    const live = this.launch(onTerminal([...submission.command, ...args], size), shown, {
      ...options,
      env: { TERM: 'xterm', SHELL: '/bin/sh', ...options.env },
      limits,
      stdin: 'open',
      onOutput: output,
    })
    const terminal = new TerminalSession(live, transcript, screen)
    return terminal
  }

  /**
   * Starts it as a server on a free port, and waits until it accepts.
   * @throws {Failure} it ends, or does not accept in time.
   */
  async serve({ data, port: known, id, peers, args = [], ...options }: ServeOptions = {}): Promise<Server> {
    const { submission, name, scratch } = this.context
    const port = known ?? (await freePort())
    const values = { port, data: data === undefined ? undefined : scratch.path(data), id, peers }
    const given = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [`--${key}`, String(value)]))
    const filled = fillPlaces(submission.command, values)
    const command = filled ?? [...submission.command, ...given]
    const limits = { time: LONG, output: LOAD, ...options.limits }
    // Paths are shown as a learner would type them, from the scratch folder.
    const typed = given.map((word) => (word === values.data ? (data as string) : word))
    const shown = describeCommand(name, [...typed, ...args], options)
    const live = this.launch([...command, ...args], shown, { ...options, limits, onOutput: () => {} })
    const server = new Server(live, port, this.context.transcript, this.over.signal)
    await server.accepts(READY * this.context.patience)
    return server
  }

  private launch(command: string[], { shown, typed }: Shown, options: RunOptions & { stdin?: Input | 'open' }): Live {
    const { submission, scratch, sandbox, transcript, tmp, home, patience } = this.context
    const bwrap = bubblewrap()
    const cwd = scratch.path(options.cwd)
    const asked = { ...LIMITS, ...options.limits }
    const limits = { ...asked, time: asked.time * patience }
    const writable = [scratch.dir, home, ...(scratch.other ? [scratch.other] : []), ...submission.writable]
    const disk = options.disk && { ...options.disk, folder: scratch.path(options.disk.folder) }
    if (disk && !bwrap) throw new Skipped('a small disk to fill: bubblewrap is not installed, or not allowed here')
    if (options.nobody && isRoot() && !bwrap)
      throw new Skipped('another user than root: bubblewrap is not installed, or not allowed here')
    const view: View = {
      system: sandbox ? 'private' : 'shared',
      visible: submission.visible,
      writable,
      tmp,
      cwd,
      ...(disk && { disk }),
      nobody: options.nobody === true && isRoot(),
    }
    const watchedCommand = watched(
      options.trace ? traced(command, scratch.path(options.trace.file), options.trace.calls) : command,
    )
    const opened = openFiles(options, scratch)
    transcript.command(typed)
    const process = new Process({
      argv: [...(bwrap ? contain(bwrap, view) : []), ...watchedCommand],
      cwd,
      env: { ...environment(home), TMPDIR: bwrap ? '/tmp' : tmp, ...submission.env, ...options.env },
      limits,
      stdin: opened.stdin ?? (options.stdin === undefined ? 'ignore' : 'pipe'),
      stdout: opened.stdout ?? 'pipe',
      keepOutput: !options.onOutput,
      contained: bwrap !== undefined,
    })
    opened.close()
    if (options.onOutput) process.on('stdout', options.onOutput)
    const live = new Live(process, shown, limits, transcript, patience)
    if (submission.gently) live.lull = LULL
    process.exited.then((exit) => this.context.onRun?.(exit))
    if (options.stdin !== undefined && options.stdin !== 'open' && !isFile(options.stdin)) live.feed(options.stdin)
    this.started.push(live)
    return live
  }

  /** Stops whatever still runs, for good. */
  async close(): Promise<void> {
    this.over.abort()
    await this.stop()
  }

  /** Stops whatever still runs; more may be started. */
  async stop(): Promise<void> {
    const end = async (live: Live) => {
      if (this.context.submission.gently && live.process.signal('SIGTERM')) await live.until(() => false, GENTLE)
      await live.stop()
    }
    await Promise.all(this.started.map(end))
  }
}

/** Descriptors for redirections; the process has its own copies once it is started. */
function openFiles({ stdin, stdout }: RunOptions & { stdin?: Input | 'open' }, scratch: Scratch) {
  const shared = isFile(stdin) ? stdin.fd : undefined
  const input = isFile(stdin) && shared === undefined ? fs.openSync(scratch.path(stdin.file), 'r') : undefined
  const output = stdout && fs.openSync(scratch.path(stdout.file), stdout.append ? 'a' : 'w')
  const close = () => {
    for (const fd of [input, output]) if (fd !== undefined) fs.closeSync(fd)
  }
  return { stdin: shared ?? input, stdout: output, close }
}

const isFile = (input: unknown): input is InputFile => typeof input === 'object' && input !== null && 'file' in input

interface Shown {
  /** The command as it is spoken of. */
  shown: string
  /** The same as it would be typed, with the input that it gets. */
  typed: string
}

function describeCommand(name: string, args: string[], options: RunOptions & { stdin?: Input | 'open' }): Shown {
  const { stdin, stdout, env, cwd } = options
  const settings = Object.entries(env ?? {}).map(([key, value]) => `${key}=${quote(value)} `)
  const literal = stdin instanceof Uint8Array || (typeof stdin === 'string' && stdin !== 'open')
  const before = literal ? `${printf(stdin)} | ` : ''
  const from = isFile(stdin) ? ` < ${stdin.file}` : ''
  const to = stdout ? ` ${stdout.append ? '>>' : '>'} ${stdout.file}` : ''
  const shown = `${settings.join('')}${commandLine([name, ...args])}${from}${to}`
  return { shown, typed: `${cwd ? `cd ${cwd} && ` : ''}${before}${shown}` }
}
