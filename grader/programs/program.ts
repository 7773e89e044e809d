import fs from 'node:fs'
import { bubblewrap, contain, environment, type View } from './containment.ts'
import { type Input, type InputFile, Live } from './live.ts'
import { type Exit, type Limits, Process, watched } from './process.ts'
import { Running } from './run.ts'
import type { Scratch } from './scratch.ts'
import type { Submission } from './submission.ts'
import { commandLine, printf, type Transcript } from './transcript.ts'

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
}

const MIB = 1024 ** 2
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

  constructor(context: ProgramContext) {
    this.context = context
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

  private launch(command: string[], { shown, typed }: Shown, options: RunOptions & { stdin?: Input | 'open' }): Live {
    const { submission, scratch, sandbox, transcript, tmp, home, patience } = this.context
    const bwrap = bubblewrap()
    const cwd = scratch.path(options.cwd)
    const asked = { ...LIMITS, ...options.limits }
    const limits = { ...asked, time: asked.time * patience }
    const writable = [scratch.dir, home, ...(scratch.other ? [scratch.other] : []), ...submission.writable]
    const view: View = { system: sandbox ? 'private' : 'shared', visible: submission.visible, writable, tmp, cwd }
    const opened = openFiles(options, scratch)
    transcript.command(typed)
    const process = new Process({
      argv: [...(bwrap ? contain(bwrap, view) : []), ...watched(command)],
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
    process.exited.then((exit) => this.context.onRun?.(exit))
    if (options.stdin !== undefined && options.stdin !== 'open' && !isFile(options.stdin)) live.feed(options.stdin)
    this.started.push(live)
    return live
  }

  /** Stops whatever still runs. */
  async close(): Promise<void> {
    await Promise.all(this.started.map((live) => live.stop()))
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
  const words = [...Object.entries(env ?? {}).map(([key, value]) => `${key}=${value}`), name, ...args]
  const literal = stdin instanceof Uint8Array || (typeof stdin === 'string' && stdin !== 'open')
  const before = literal ? `${printf(stdin)} | ` : ''
  const from = isFile(stdin) ? ` < ${stdin.file}` : ''
  const to = stdout ? ` ${stdout.append ? '>>' : '>'} ${stdout.file}` : ''
  const shown = `${commandLine(words)}${from}${to}`
  return { shown, typed: `${cwd ? `cd ${cwd} && ` : ''}${before}${shown}` }
}
