import { once } from 'node:events'
import net from 'node:net'
import { excerpt, lastLines } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import { describeStatus } from './explain.ts'
import type { Live } from './live.ts'
import type { RunOptions } from './program.ts'
import type { Run } from './run.ts'
import type { Transcript } from './transcript.ts'

export interface ServeOptions extends Omit<RunOptions, 'stdin' | 'stdout' | 'onOutput'> {
  /** The folder below the scratch folder that `--data` names. */
  data?: string
  /** A port from {@link freePort}, for a server that others must know before it is there; otherwise one is found. */
  port?: number
  id?: number
  peers?: string
  /** More arguments, after those that all servers get. */
  args?: string[]
}

/** Ports below those that the kernel gives to clients (ip_local_port_range begins at 32768), so that no connection of ours takes one in between. */
const PORTS = { from: 12_000, to: 32_000 }
const given = new Set<number>()

/** A port of 127.0.0.1 on which nobody listens, and which was not handed out of late. */
export async function freePort(): Promise<number> {
  for (;;) {
    // The seed shall not decide: two gradings side by side would want the same ones.
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from))
    if (given.has(port)) continue
    // After so many the first ones have long been given back.
    if (given.size >= (PORTS.to - PORTS.from) / 2) given.clear()
    given.add(port)
    const server = net.createServer().listen(port, '127.0.0.1')
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!free) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

const TRY_EVERY = 15
/** Milliseconds that SIGTERM may take; twice what specs say, for a machine that is busy. */
const STOP_WITHIN = 4000

/** Something on a port of 127.0.0.1 that a client can talk to. */
export interface Endpoint {
  readonly port: number
  readonly transcript: Transcript
  /** Time limits of its clients are multiplied by this. */
  readonly patience: number
  /** Aborted when the check is over: whoever is still connected goes then. */
  readonly over: AbortSignal
  /** Why it is no longer there, if it is not; for failures that may come from that. */
  obituary(): Promise<string>
}

/** A server that was started. What is said to it goes over connections (`grader/protocols`). */
export class Server implements Endpoint {
  readonly live: Live
  readonly port: number
  readonly transcript: Transcript
  readonly over: AbortSignal
  /** The line of the transcript that starts it. */
  readonly begins: number

  constructor(live: Live, port: number, transcript: Transcript, over: AbortSignal) {
    this.live = live
    this.port = port
    this.transcript = transcript
    this.over = over
    this.begins = transcript.lines.length - 1
  }

  get patience(): number {
    return this.live.patience
  }

  /** Waits until it accepts a connection. */
  async accepts(within: number): Promise<void> {
    const deadline = performance.now() + within
    while (!(await this.answersTo())) {
      if (this.live.process.ended) throw await this.gone('It ended before it accepted a connection')
      if (performance.now() > deadline) {
        const said = this.live.stderr.length > 0 ? ` On standard error: ${excerpt(this.live.stderr)}` : ''
        throw new Failure(
          `\`${this.live.command}\` does not accept connections on 127.0.0.1:${this.port}; ${Math.round(within / 1000)} s were waited for it.${said} ` +
            'Usual reasons: it listens on another port than --port says, or on another address (::1, the name of the machine).',
          { expected: `a listener on 127.0.0.1:${this.port}`, actual: 'connection refused' },
        )
      }
      await new Promise((resolve) => setTimeout(resolve, TRY_EVERY))
    }
  }

  /**
   * Whoever listens on all addresses of a machine is open to its whole network. Another address of the loopback device stands for these.
   * @throws {Failure} it can be reached there, too.
   */
  async isPrivate(): Promise<void> {
    const other = '127.0.0.2'
    if (!(await this.answersTo(other))) return
    throw new Failure(
      `\`${this.live.command}\` also accepts connections on ${other}:${this.port}: it listens on all addresses of the machine, where everybody in the same network can reach it.`,
      { expected: 'a listener on 127.0.0.1 alone', actual: 'a listener on 0.0.0.0, or on ::' },
    )
  }

  private answersTo(host = '127.0.0.1'): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = net.connect(this.port, host)
      const done = (answer: boolean) => {
        socket.destroy()
        resolve(answer)
      }
      socket.once('connect', () => done(true))
      socket.once('error', () => done(false))
    })
  }

  /** Gives a program that is just ending the time to do so. */
  async obituary(): Promise<string> {
    await this.live.until(() => false, 150)
    if (this.live.process.ended) return ` ${(await this.gone('The server has ended')).message}${this.said()}`
    return this.said()
  }

  private said(): string {
    return this.live.stderr.length > 0 ? ` It wrote to standard error:\n${lastLines(this.live.stderr)}` : ''
  }

  private async gone(what: string): Promise<Failure> {
    const run = await this.live.end().catch((error) => error)
    if (run instanceof Failure) return run
    const said = run.stderr.length > 0 ? `on standard error:\n${lastLines(run.stderr)}` : 'nothing on standard error'
    return new Failure(`${what}: \`${this.live.command}\`, status ${describeStatus(run.status)}.`, {
      expected: `a server that goes on running and accepts connections on 127.0.0.1:${this.port}`,
      actual: `status ${describeStatus(run.status)}, ${said}`,
    })
  }

  signal(name: NodeJS.Signals): void {
    this.live.signal(name)
  }

  /** kill -9, to it and all its children at once: no chance to write anything more. */
  async kill(): Promise<void> {
    this.transcript.command(`kill -9 ${this.live.command.split(' ')[0]}`)
    await this.live.stop()
  }

  /**
   * Asks it to stop, as the contract has it: SIGTERM, and status 0 soon.
   * @throws {Failure} it goes on running, or ends otherwise.
   */
  async stop(): Promise<Run> {
    this.live.signal('SIGTERM')
    const ended = await this.live.until(() => this.live.process.ended, STOP_WITHIN)
    if (!ended) {
      throw new Failure(`\`${this.live.command}\` was still running ${STOP_WITHIN / 1000} s after SIGTERM.`, {
        expected: 'an end within 2 s, with status 0',
        actual: 'still running',
      })
    }
    return (await this.live.end()).statusIs(0, 'It was asked to stop by SIGTERM.')
  }
}
