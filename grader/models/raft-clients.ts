import net from 'node:net'
import { Failure } from '../engine/failure.ts'
import type { Random } from '../engine/random.ts'
import { encodeCommand, parseReply, type Reply } from '../protocols/resp.ts'
import { findViolation, type Operation } from './linearizability.ts'
import { isRefusal, type Nodes } from './raft.ts'
import { type Command, register } from './register.ts'
import { tellViolation } from './timeline.ts'

/**
 * How long a client waits before it tries elsewhere, in milliseconds, and how many of ten commands of its are reads. One in two stays with a leader that is
 * asleep, to hear what that has to say when it wakes up; the others find its heir, and change what there is.
 */
const PATIENT = { patience: 1500, reads: 5 }
const IMPATIENT = { patience: 250, reads: 3 }
/** A key is left alone after so many operations, or after so many of which nobody knows what became of them: the search for an order stays short. */
const LONGEST = 60
const MOST_UNKNOWN = 4

/** So many answers are waited for at a time. */
const FEW = 40

/** Clients that run random commands side by side, each one at a time, and note what they saw. */
export class Clients {
  readonly history: Operation<Command, Reply>[] = []
  /** How many operations were answered. */
  answered = 0
  private readonly nodes: Nodes
  private readonly random: Random
  private readonly keys: { name: string; operations: number; unknown: number; values: string[] }[] = []
  private keyCount = 0
  private valueCount = 0
  private isOver = false
  private readonly running: Promise<void>[] = []
  private failure: unknown

  constructor(nodes: Nodes, random: Random, keys = 4) {
    this.nodes = nodes
    this.random = random
    for (let n = 0; n < keys; n++) this.keys.push(this.newKey())
  }

  private newKey() {
    this.keyCount += 1
    return { name: `k${this.keyCount}`, operations: 0, unknown: 0, values: [] }
  }

  start(count: number): void {
    for (let n = 0; n < count; n++) {
      const run = this.run(String.fromCharCode(65 + n), n % 2 === 0 ? PATIENT : IMPATIENT).catch((error) => {
        this.failure = error
      })
      this.running.push(run)
    }
  }

  /** Waits until so many more operations were answered. How quickly is not judged here, only that it goes on: each few answers have the whole patience. */
  async goOn(count: number, why: string): Promise<void> {
    for (const goal = this.answered + count; this.answered < goal; ) {
      const few = Math.min(FEW, goal - this.answered)
      const next = this.answered + few
      const look = async () => {
        if (this.failure) throw this.failure
        return this.answered >= next || undefined
      }
      await this.nodes.cluster.settles(`the clients get ${few} more answers`, look, { why, state: this.nodes.state })
    }
  }

  /** Lets them come to an end, reads every key once more, and judges what they saw. */
  async judge(): Promise<void> {
    this.isOver = true
    await Promise.all(this.running)
    if (this.failure) throw this.failure
    const leader = await this.nodes.leader()
    const line = new Line(this.nodes.cluster.server(leader).port, PATIENT.patience)
    for (let n = 1; n <= this.keyCount; n++) await this.perform(line, 'Z', ['GET', `k${n}`])
    line.close()
    const violation = findViolation(register, this.history)
    if (violation)
      throw new Failure(tellViolation(register, violation), {
        expected: 'a linearizable history',
        actual: 'one that nothing explains',
      })
  }

  private async run(client: string, { patience, reads }: typeof PATIENT): Promise<void> {
    let id = this.random.pick(this.nodes.ids)
    let line: Line | undefined
    while (!this.isOver) {
      const { server } = this.nodes.cluster.node(id)
      if (!server) {
        id = this.random.pick(this.nodes.ids)
        await new Promise((resolve) => setTimeout(resolve, 10))
        continue
      }
      if (line?.port !== server.port || line.isBroken) {
        line?.close()
        line = new Line(server.port, patience)
      }
      const key = this.random.pick(this.keys)
      const reply = await this.perform(line, client, this.command(key, reads))
      const hint = typeof reply === 'string' ? /^-MOVED (\d+)/.exec(reply)?.[1] : undefined
      key.operations += 1
      if (reply === undefined || isRefusal(reply)) {
        if (hint === undefined) key.unknown += 1
        id = Number(hint ?? 0) || this.random.pick(this.nodes.ids)
        if (Number(hint) === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      } else this.answered += 1
      if (key.operations >= LONGEST || key.unknown >= MOST_UNKNOWN)
        this.keys.splice(this.keys.indexOf(key), Number(this.keys.includes(key)), this.newKey())
    }
    line?.close()
  }

  private command({ name, values }: { name: string; values: string[] }, reads: number): Command {
    this.valueCount += 1
    const value = `v${this.valueCount}`
    if (this.random.int(1, 10) <= reads) return ['GET', name]
    const kind = this.random.int(1, 6)
    if (kind === 1) return ['DEL', name]
    if (kind === 2 && values.length > 0) return ['CAS', name, values.at(-1) as string, value]
    if (kind <= 4) return ['APPEND', name, `${value}.`]
    values.push(value)
    return ['SET', name, value]
  }

  /** Does it, and notes it: a command that was refused has not happened, and of one without an answer nobody knows. */
  private async perform(line: Line, client: string, input: Command): Promise<Reply | undefined> {
    const start = performance.now()
    const reply = await line.ask(input)
    const end = performance.now()
    if (typeof reply === 'string' && reply.startsWith('-MOVED')) return reply
    const isUnknown = reply === undefined || isRefusal(reply)
    if (!isUnknown && typeof reply === 'string' && reply.startsWith('-'))
      throw new Failure(`${input.join(' ')} is answered with an error.`, {
        expected: 'a reply, -MOVED or -TIMEOUT',
        actual: reply,
      })
    this.history.push({
      client,
      input,
      output: isUnknown ? undefined : reply,
      start,
      end: isUnknown ? Number.POSITIVE_INFINITY : end,
    })
    return reply
  }
}

/** A client's connection: what is not answered soon never was. */
class Line {
  readonly port: number
  private readonly patience: number
  isBroken = false
  private readonly socket: net.Socket
  private bytes = Buffer.alloc(0)
  private answer: (reply: Reply | undefined) => void = () => {}
  private failure: unknown

  constructor(port: number, patience: number) {
    this.port = port
    this.patience = patience
    this.socket = net.connect(port, '127.0.0.1').setNoDelay(true)
    this.socket.on('error', () => this.break())
    this.socket.on('close', () => this.break())
    this.socket.on('data', (data: Buffer) => this.take(data))
  }

  private take(data: Buffer): void {
    try {
      this.bytes = Buffer.concat([this.bytes, data])
      const found = parseReply(this.bytes)
      if (!found) return
      this.bytes = this.bytes.subarray(found.length)
      this.answer(found.value)
    } catch (error) {
      this.failure = error
      this.break()
    }
  }

  private break(): void {
    this.isBroken = true
    this.answer(undefined)
  }

  async ask(words: string[]): Promise<Reply | undefined> {
    const answered = new Promise<Reply | undefined>((resolve) => {
      this.answer = resolve
    })
    if (this.isBroken) this.break()
    const timer = setTimeout(() => this.close(), this.patience)
    this.socket.write(encodeCommand(words))
    const reply = await answered
    clearTimeout(timer)
    if (this.failure) throw this.failure
    return reply
  }

  close(): void {
    this.socket.destroy()
    this.break()
  }
}
