import { Socket } from 'node:net'
import { Client } from './client.ts'
import { type Call, type Command, CommandError, type Commands, type Words } from './command.ts'
import { connection } from './connection.ts'
import { Database, WrongType } from './database.ts'
import { Following, type Leader } from './follower.ts'
import { hashes } from './hashes.ts'
import { keys } from './keys.ts'
import { lists } from './lists.ts'
import type { Log } from './log.ts'
import { encodeCommand, failure, ProtocolError, simple } from './protocol.ts'
import { publishing } from './publishing.ts'
import { sets } from './sets.ts'
import { describeValue } from './snapshot.ts'
import { sortedSets } from './sorted-sets.ts'
import { strings } from './strings.ts'
import { transactions } from './transactions.ts'
import { Waiting } from './waiting.ts'

const COMMANDS: Commands = {
  ...connection,
  ...keys,
  ...strings,
  ...lists,
  ...hashes,
  ...sets,
  ...sortedSets,
  ...transactions,
  ...publishing,
}
/** What is not put off in a transaction, and what a subscriber may still say. */
const AT_ONCE = ['MULTI', 'EXEC', 'DISCARD', 'WATCH', 'QUIT']
const FOR_SUBSCRIBERS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'PSUBSCRIBE', 'PUNSUBSCRIBE', 'PING', 'QUIT']
const EXPIRE_EVERY = 100
/** So many bytes of an unknown name are given back. */
const SHOWN = 128

export interface Limits {
  /** Bytes; 0 for no limit. */
  maxmemory: number
  policy: string
}

/** All clients, the data that they share, and what has to happen after each command. */
export class Server {
  readonly db = new Database()
  readonly clients = new Set<Client>()
  readonly followers = new Set<Client>()
  readonly waiting: Waiting
  private readonly log: Log | undefined
  /** On whose behalf is done what the log or the leader says. */
  private readonly nobody = new Client(new Socket())
  private readonly limits: Limits
  private following: Following | undefined
  private readonly changed = new Set<string>()
  private effects: string[][] = []
  private settling = false

  constructor(log: Log | undefined, limits: Limits) {
    this.log = log
    this.limits = limits
    this.waiting = new Waiting((client, effect) => {
      if (effect) this.effects.push(effect)
      this.settleSoon()
      // What it sent while it waited.
      this.readFrom(client)
    })
    log?.replay((words) => this.redo(words))
    this.db.onChange = (key) => {
      this.changed.add(key)
      for (const client of this.clients) if (client.watched.has(key)) client.watchBroken = true
    }
    this.db.onLoss = (key) => this.effects.push(['DEL', key])
    setInterval(() => {
      this.db.expire()
      this.settleSoon()
    }, EXPIRE_EVERY).unref()
  }

  /** Does again what was done before, or elsewhere. */
  private redo(words: string[]): void {
    const command = COMMANDS[(words[0] as string).toUpperCase()] as Command
    this.db.redoing = true
    command.run({ db: this.db, args: words.slice(1) as Words, server: this, client: this.nobody })
    this.db.redoing = false
  }

  accept(socket: Socket): void {
    const client = new Client(socket)
    this.clients.add(client)
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      client.reader.push(chunk)
      this.readFrom(client)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.clients.delete(client)
      this.followers.delete(client)
      this.waiting.drop(client)
    })
  }

  private readFrom(client: Client): void {
    try {
      for (
        let words = client.blocked ? undefined : client.reader.next();
        words;
        words = client.blocked ? undefined : client.reader.next()
      ) {
        const reply = this.answer(client, words)
        if (reply !== undefined) client.reply(reply)
        if (this.changed.size > 0) this.serveWaiting()
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      client.reply(failure(`ERR Protocol error: ${error.message}`))
      client.leaving = true
    }
    this.settleSoon()
  }

  /** Puts a command off or carries it out. */
  private answer(client: Client, words: string[]): string | undefined {
    const name = (words[0] as string).toUpperCase()
    const problem = this.problemWith(client, name, words)
    if (problem !== undefined) {
      client.spoiled = true
      return failure(problem)
    }
    if (client.queue && !AT_ONCE.includes(name)) {
      client.queue.push(words)
      return simple('QUEUED')
    }
    return this.carryOut(client, words)
  }

  private problemWith(client: Client, name: string, words: string[]): string | undefined {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (!command) return `ERR unknown command '${(words[0] as string).slice(0, SHOWN)}'`
    const { arity, writes } = command
    if (arity > 0 ? words.length !== arity : words.length < -arity)
      return `ERR wrong number of arguments for '${name.toLowerCase()}' command`
    if (client.subscriptions > 0 && !FOR_SUBSCRIBERS.includes(name)) {
      return `ERR Can't execute '${name.toLowerCase()}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`
    }
    if (writes && this.following) return "READONLY You can't write against a read only replica."
    if (writes && !['DEL', 'UNLINK', 'FLUSHALL'].includes(name) && !this.makeRoom())
      return "OOM command not allowed when used memory > 'maxmemory'."
    return undefined
  }

  private makeRoom(): boolean {
    const { maxmemory, policy } = this.limits
    while (maxmemory > 0 && this.db.weight > maxmemory) {
      if (policy !== 'allkeys-lru') return false
      this.db.evict()
    }
    return true
  }

  /** Does what a command asks for, and notes what has to be done elsewhere. */
  carryOut(client: Client, words: string[]): string | undefined {
    const command = COMMANDS[(words[0] as string).toUpperCase()] as Command
    const call: Call = { db: this.db, client, server: this, args: words.slice(1) as Words }
    try {
      const reply = command.run(call)
      if (command.writes && !reply?.startsWith('-')) this.effects.push(...(call.effect ?? [words]))
      return reply
    } catch (error) {
      if (error instanceof CommandError || error instanceof WrongType) return failure(error.message)
      throw error
    }
  }

  /** What is done meanwhile is done elsewhere as a whole, or not at all. */
  atomically<Result>(work: () => Result): Result {
    const before = this.effects
    this.effects = []
    const result = work()
    if (this.effects.length > 0) before.push(['MULTI'], ...this.effects, ['EXEC'])
    this.effects = before
    return result
  }

  private serveWaiting(): void {
    const keys = new Set(this.changed)
    this.changed.clear()
    this.waiting.serve(keys)
  }

  /** Once for all that has come together: the log to the disk, then the changes to the followers, then the replies to the clients. */
  private settleSoon(): void {
    if (this.settling) return
    this.settling = true
    setImmediate(() => {
      this.settling = false
      const text = this.effects.map(encodeCommand).join('')
      this.effects = []
      this.changed.clear()
      if (text) {
        this.log?.add(text)
        this.log?.commit()
        for (const follower of this.followers) follower.reply(text)
      }
      for (const client of this.clients) if (client.hasReplies) client.flush()
    })
  }

  /** All there is, as commands. */
  snapshot(): string {
    return this.db
      .keys()
      .flatMap((key) => describeValue(this.db, key))
      .map(encodeCommand)
      .join('')
  }

  /** Follows a leader from now on, or nobody. */
  follow(leader: Leader | undefined): void {
    this.following?.stop()
    this.following =
      leader &&
      new Following(
        leader,
        (commands) => this.begin(commands),
        (words) => this.repeat(words),
      )
  }

  private begin(commands: string[][]): void {
    this.db.clear()
    this.effects.push(['FLUSHALL'])
    for (const words of commands) this.repeat(words)
  }

  /** Transactions of the leader come as a whole; here nobody can look in between anyway. */
  private repeat(words: string[]): void {
    if (words[0] !== 'MULTI' && words[0] !== 'EXEC') this.redo(words)
    this.effects.push(words)
    this.settleSoon()
  }

  info(): string {
    const { following } = this
    const replication = following
      ? [
          'role:slave',
          `master_host:${following.leader.host}`,
          `master_port:${following.leader.port}`,
          `master_link_status:${following.upToDate ? 'up' : 'down'}`,
        ]
      : ['role:master', `connected_slaves:${this.followers.size}`]
    const sections = {
      Clients: [`connected_clients:${this.clients.size}`],
      Memory: [`used_memory:${this.db.weight}`, `maxmemory:${this.limits.maxmemory}`],
      Replication: replication,
      Keyspace: [`db0:keys=${this.db.size}`],
    }
    return Object.entries(sections)
      .map(([name, lines]) => [`# ${name}`, ...lines, ''].join('\r\n'))
      .join('\r\n')
  }
}
