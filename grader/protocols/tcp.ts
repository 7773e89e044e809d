import { once } from 'node:events'
import net from 'node:net'
import { excerpt, lastLines, type Text } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import type { Endpoint } from '../programs/server.ts'

const WITHIN = 10_000

export interface ConnectOptions {
  /** What it is called in transcripts, where there are several. */
  name?: string
  /** Leaves no trace in the transcript: for one of a thousand. */
  quiet?: boolean
  /** Milliseconds that it waits for what must come. */
  within?: number
}

/** Finds a whole message at the front of what has come: its value and its length, or undefined while more must come. */
export type Parser<T> = (bytes: Buffer) => { value: T; length: number } | undefined

/** A client's connection to a server under test. */
export class Connection {
  readonly socket: net.Socket
  readonly server: Endpoint
  readonly name: string
  readonly quiet: boolean
  private readonly within: number
  private chunks: Buffer[] = []
  private wake = () => {}
  /** Bytes that have come and were not taken yet. */
  waiting = 0
  /** All bytes that ever came. */
  total = 0
  ended = false
  private error: NodeJS.ErrnoException | undefined

  private constructor(socket: net.Socket, server: Endpoint, { name = '', quiet = false, within = WITHIN }: ConnectOptions) {
    this.socket = socket
    this.server = server
    this.name = name
    this.quiet = quiet
    this.within = within * server.patience
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk)
      this.waiting += chunk.length
      this.total += chunk.length
      this.wake()
    })
    const over = () => {
      this.ended = true
      this.wake()
    }
    socket.on('end', over)
    socket.on('close', over)
    socket.on('error', (error) => {
      this.error = error
      over()
    })
  }

  /** @throws {Failure} the server does not accept. */
  static async open(server: Endpoint, options: ConnectOptions = {}): Promise<Connection> {
    // Half-open, so that reading can go on after `end`, and the other way round; then nobody closes it but us.
    const socket = net.connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true, signal: server.over })
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout((options.within ?? WITHIN) * server.patience) })
    } catch (error) {
      socket.destroy()
      const { code = 'no answer' } = error as NodeJS.ErrnoException
      throw new Failure(`A client can not connect to 127.0.0.1:${server.port} (${code}).${await server.obituary()}`, {
        expected: 'the connection is accepted',
        actual: code === 'ABORT_ERR' ? 'nothing happens: the queue of connections is full, and nobody calls accept' : code,
      })
    }
    const connection = new Connection(socket, server, options)
    if (!options.quiet) server.transcript.note(`${options.name ?? 'a client'} connects to 127.0.0.1:${server.port}`)
    return connection
  }

  /** Sends, and waits while the server is slow to take it. With `noted` the transcript has it already, in better words. @returns false when the connection is gone. */
  async write(data: Text, noted = false): Promise<boolean> {
    if (!this.quiet && !noted) this.server.transcript.sent(this.name, data)
    if (this.socket.destroyed || this.socket.writableEnded) return false
    if (!this.socket.write(data) && !this.ended) {
      const waiting = new AbortController()
      const { signal } = waiting
      const patience = new Promise((resolve) => setTimeout(resolve, this.within, undefined).unref())
      await Promise.race([once(this.socket, 'drain', { signal }), once(this.socket, 'close', { signal }), patience]).catch(
        () => {},
      )
      waiting.abort()
    }
    return !this.socket.destroyed
  }

  /** Waits until the server has had this connection's bytes before it: another client's PING goes there and back after they are sent. */
  async isSent(through: { call(word: string): Promise<unknown> }): Promise<void> {
    while (this.socket.writableLength > 0) await new Promise((resolve) => setImmediate(resolve))
    for (let n = 0; n < 3; n++) await through.call('PING')
  }

  /** Sends at once what fits, and keeps the rest: for a server that may never read. @returns false when it does not all fit. */
  push(data: Text): boolean {
    return !this.socket.destroyed && this.socket.write(data)
  }

  /** Half-close: nothing more is sent, but answers may still come. */
  end(): void {
    this.note('ends its side (half-close)')
    this.socket.end()
  }

  /** Ends with a reset (RST), as a program that was killed with data unread. */
  reset(): void {
    this.note('resets the connection')
    this.socket.resetAndDestroy()
  }

  /** Goes away. */
  close(): void {
    this.socket.destroy()
  }

  /** No longer reads, so that the server's sending comes to a halt. */
  pause(): void {
    this.note('stops reading')
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  private note(what: string): void {
    if (!this.quiet) this.server.transcript.note(`${this.name || 'the client'} ${what}`)
  }

  /** The bytes that have come and were not taken yet. */
  get bytes(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)]
    return this.chunks[0] ?? Buffer.alloc(0)
  }

  private consume(length: number): Buffer {
    const taken = this.bytes.subarray(0, length)
    this.chunks = length < this.waiting ? [this.bytes.subarray(length)] : []
    this.waiting -= length
    return taken
  }

  /**
   * Waits for a whole message.
   * @param what it is, for the failure: `the reply to GET k`.
   * @throws {Failure} the connection ends before, or it takes too long.
   */
  async read<T>(parse: Parser<T>, what: string): Promise<T> {
    for (;;) {
      const found = parse(this.bytes)
      if (found) {
        const taken = this.consume(found.length)
        if (!this.quiet) this.server.transcript.received(this.name, taken)
        return found.value
      }
      await this.more(what)
    }
  }

  /** Waits for so many bytes. */
  async take(length: number, what: string): Promise<Buffer> {
    while (this.waiting < length) await this.more(what, `${length} bytes`)
    const taken = this.consume(length)
    if (!this.quiet) this.server.transcript.received(this.name, taken)
    return taken
  }

  /** Waits until the server closes its side. @returns what came before that. @throws {Failure} it does not. */
  async closes(what: string): Promise<Buffer> {
    while (!this.ended) await this.more(what, 'the end of the connection')
    return this.consume(this.waiting)
  }

  private async more(what: string, expected = 'the rest of it'): Promise<void> {
    const had = this.total
    const deadline = performance.now() + this.within
    while (this.total === had && !this.ended && performance.now() < deadline) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(1, deadline - performance.now()))
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    if (this.total > had) return
    if (this.ended && expected === 'the end of the connection') return
    const got = this.waiting > 0 ? `only ${this.waiting} bytes: ${lastLines(this.bytes.subarray(-400))}` : 'nothing'
    const how = this.ended
      ? `the server ${this.error ? `broke the connection (${this.error.code})` : 'closed the connection'}.${await this.server.obituary()}`
      : `${this.within / 1000} s were waited for it.`
    throw new Failure(`${what} did not come: ${how}`, { expected, actual: excerpt(got, 400) })
  }
}

/** Opens many connections, in order. */
export async function openMany(server: Endpoint, count: number, options: ConnectOptions = {}): Promise<Connection[]> {
  const connections: Connection[] = []
  server.transcript.note(`${count} clients connect`)
  for (let n = 0; n < count; n++) connections.push(await Connection.open(server, { quiet: true, ...options }))
  return connections
}
