import type { Socket } from 'node:net'
import { CommandReader } from './protocol.ts'

/** A connection, and what the server has to know of it. */
export class Client {
  readonly socket: Socket
  readonly reader = new CommandReader()
  /** Replies that wait for the log to be on the disk. */
  private replies: string[] = []
  /** The commands since MULTI; undefined outside of a transaction. */
  queue: string[][] | undefined
  /** A queued command was wrong: the transaction will not be carried out. */
  spoiled = false
  /** True while EXEC carries out what was queued. */
  inTransaction = false
  readonly watched = new Set<string>()
  /** A watched key has changed. */
  watchBroken = false
  readonly channels = new Set<string>()
  readonly patterns = new Set<string>()
  /** It waits in BLPOP or BRPOP: what it sends meanwhile waits, too. */
  blocked = false
  /** It is over when it has its replies. */
  leaving = false

  constructor(socket: Socket) {
    this.socket = socket
  }

  get subscriptions(): number {
    return this.channels.size + this.patterns.size
  }

  reply(text: string): void {
    this.replies.push(text)
  }

  get hasReplies(): boolean {
    return this.replies.length > 0
  }

  flush(): void {
    this.socket.write(Buffer.from(this.replies.join(''), 'latin1'))
    this.replies = []
    if (this.leaving) this.socket.end()
  }

  forgetTransaction(): void {
    this.queue = undefined
    this.spoiled = false
    this.watched.clear()
    this.watchBroken = false
  }
}
