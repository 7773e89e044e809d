import { difference, excerpt, type Text } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import { explainMisconduct } from './explain.ts'
import type { Limits, Process } from './process.ts'
import type { Usage } from './process-table.ts'
import { Run } from './run.ts'
import { printf, type Transcript } from './transcript.ts'

/** A file of the scratch folder; with `fd`, as it was opened before: its place is then shared, as among the programs of a shell script. */
export interface InputFile {
  file: string
  fd?: number
}

/** Where a program's standard input comes from: bytes, pieces that are made while it reads, or a file. */
export type Input = Text | Iterable<Uint8Array> | AsyncIterable<Uint8Array> | InputFile

/** How long to wait for what must come soon, in milliseconds. */
const WITHIN = 8000

/** A program that is running: to be fed, watched and signalled. */
export class Live {
  readonly process: Process
  readonly command: string
  private readonly limits: Limits
  private readonly transcript: Transcript
  readonly patience: number
  /** Milliseconds that it is left alone before it is killed, since it may have something to tell (see {@link Submission.gently}). */
  lull = 0

  constructor(process: Process, command: string, limits: Limits, transcript: Transcript, patience: number) {
    this.process = process
    this.command = command
    this.limits = limits
    this.transcript = transcript
    this.patience = patience
  }

  get stdout(): Buffer {
    return this.process.stdout.bytes
  }

  get stderr(): Buffer {
    return this.process.stderr.bytes
  }

  /** Feeds all of an input, then ends it. Does not wait. */
  feed(input: Exclude<Input, InputFile>): void {
    const pieces = typeof input === 'string' || input instanceof Uint8Array ? [input] : input
    const pump = async () => {
      for await (const piece of pieces) if (!(await this.process.write(piece))) break
      this.process.endInput()
    }
    pump().catch(() => this.process.endInput())
  }

  /** Writes to its standard input and leaves that open. */
  async write(data: Text): Promise<void> {
    this.transcript.note(`written to its input, which stays open: ${printf(data)}`)
    await this.process.write(data)
  }

  endInput(): void {
    this.transcript.note('end of its input (Ctrl-D)')
    this.process.endInput()
  }

  /** The reader of its output goes away, as `head` does. */
  closeOutput(): void {
    this.transcript.note('the reader of its output leaves')
    this.process.closeOutput()
  }

  signal(name: NodeJS.Signals): void {
    this.transcript.command(`kill -${name.slice(3)} ${this.command.split(' ')[0]}`)
    this.process.signal(name)
  }

  usage(): Usage {
    return this.process.usage()
  }

  /**
   * Waits until its standard output is exactly this so far.
   * @throws {Failure} it writes something else, ends before, or takes too long.
   */
  async shows(expected: Text, why: string): Promise<void> {
    const want = Buffer.from(expected)
    const reached = await this.until(() => this.stdout.length >= want.length)
    const found = difference(want, this.stdout)
    if (!found) return
    const when = reached ? '' : this.process.ended ? ' It has ended.' : ` Waited ${WITHIN / 1000} s for it.`
    throw new Failure(`The output of \`${this.command}\` so far is wrong: ${found.where}.${when} ${why}`, found)
  }

  /** Waits for a condition to become true. @returns false when the program ended or the time ran out first. */
  async until(condition: () => boolean, within = WITHIN): Promise<boolean> {
    const deadline = performance.now() + within * this.patience
    while (!condition()) {
      if (this.process.ended || performance.now() > deadline) return condition()
      await this.something(20)
    }
    return true
  }

  /** Until it writes or ends, but no longer than some milliseconds (what is awaited may be a file). */
  private something(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.process.off('output', done)
        this.process.off('ended', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.process.on('output', done)
      this.process.on('ended', done)
    })
  }

  /** Waits for its end, and tells what it came to. @throws {Failure} it had to be stopped, or left processes behind. */
  async end(): Promise<Run> {
    const exit = await this.process.exited
    const { stdout, stderr } = this.process
    const story = { command: this.command, exit, limits: this.limits, written: stdout.size, stderr: stderr.bytes }
    const misconduct = explainMisconduct(story)
    if (misconduct) throw misconduct
    const said = stderr.size > 0 ? `, on standard error: ${excerpt(stderr.bytes)}` : ''
    this.transcript.note(`status ${exit.status}, ${stdout.size} bytes of output${said}`)
    return new Run(this.command, exit, stdout.bytes, stderr.bytes)
  }

  /** Ends it, whatever it is doing. */
  async stop(): Promise<void> {
    if (this.lull > 0) await this.until(() => false, this.lull)
    await this.process.stop()
  }
}
