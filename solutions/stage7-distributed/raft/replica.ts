import type { Journal } from './journal.ts'
import type { Command, Message } from './messages.ts'
import type { Network } from './network.ts'
import { Persistent } from './persistent.ts'
import { Raft } from './raft.ts'
import { type Answer, failure } from './resp.ts'
import { Store } from './store.ts'

/** With more entries than these behind its snapshot, a node takes another one. */
const MOST_ENTRIES = 1000

type Reply = (answer: Answer) => void

/** A read and its place in the log: it sees what the entries up to `index` have made. */
interface Read {
  key: string
  index: number
  round: number
  reply: Reply
}

/** One node: the rules of Raft, with a disk to remember, a network to talk, a store to fill and clients to answer. */
export class Replica {
  private readonly raft: Raft
  private readonly journal: Journal
  private readonly network: Network
  private readonly store = new Store()
  /** Who waits for which entry. */
  private writes = new Map<number, Reply>()
  /** In the order of the log. */
  private reads: Read[] = []
  /** Reads that have their answer, and wait only until it is certain that this node led all the time. */
  private answered: { answer: Answer; round: number; reply: Reply }[] = []
  private isScheduled = false

  constructor(id: number, journal: Journal, network: Network) {
    this.journal = journal
    this.network = network
    const state = Persistent.from(journal.read())
    this.store.restore(state.snapshot.data)
    this.raft = new Raft(id, network.others, state, Math.random)
  }

  write(command: Command, reply: Reply): void {
    const index = this.raft.propose(command)
    if (index === undefined) reply(this.moved())
    else this.writes.set(index, reply)
    this.schedule()
  }

  read(key: string, reply: Reply): void {
    const place = this.raft.read()
    if (place === undefined) reply(this.moved())
    else this.reads.push({ key, ...place, reply })
    this.schedule()
  }

  receive(message: Message): void {
    this.raft.receive(message)
    this.schedule()
  }

  tick(): void {
    this.raft.tick()
    this.schedule()
  }

  get info(): string {
    const { id, role, term, leader, commit, applied, state } = this.raft
    const [log, snapshot, sent] = [state.log.entries.length, state.snapshot.index, this.network.sent]
    const fields = { id, role, term, leader, commit, applied, log, snapshot, sent }
    return Object.entries(fields)
      .map(([name, value]) => `${name}:${value}\r\n`)
      .join('')
  }

  private moved(): Answer {
    return failure(`MOVED ${this.raft.leader}`)
  }

  /** Whatever arrives together is dealt with together: one fsync, one message to each follower. */
  private schedule(): void {
    if (this.isScheduled) return
    this.isScheduled = true
    setImmediate(() => {
      this.isScheduled = false
      this.act()
    })
  }

  private act(): void {
    const { changes, messages, restore, committed } = this.raft.take()
    // What a message promises must be on the disk before it leaves.
    this.journal.save(changes)
    for (const { to, message } of messages) this.network.send(to, message)
    // The entries to come may not be those that were waited for.
    if (this.raft.role !== 'leader') this.abandon()
    if (restore) this.store.restore(restore.data)
    const before = this.raft.applied - committed.length
    this.answerReads(before)
    for (const { index, command } of committed) {
      const answer = this.store.apply(command)
      this.writes.get(index)?.(answer)
      this.writes.delete(index)
      this.answerReads(index)
    }
    this.releaseReads()
    if (this.raft.applied - this.raft.state.snapshot.index > MOST_ENTRIES) {
      this.raft.compact(this.store.dump())
      this.schedule()
    }
  }

  private answerReads(applied: number): void {
    while (this.reads[0]?.index === applied) {
      const { key, round, reply } = this.reads.shift() as Read
      this.answered.push({ answer: this.store.get(key), round, reply })
    }
  }

  private releaseReads(): void {
    const confirmed = this.raft.confirmedRound
    while (this.answered[0] && this.answered[0].round <= confirmed) {
      const { answer, reply } = this.answered.shift() as (typeof this.answered)[0]
      reply(answer)
    }
  }

  /** This node does not lead any more: its reads are void, and nobody knows what becomes of its writes. */
  private abandon(): void {
    for (const { reply } of [...this.reads, ...this.answered]) reply(this.moved())
    for (const reply of this.writes.values())
      reply(failure('TIMEOUT this node has lost the lead, the command may come into effect or not'))
    this.reads = []
    this.answered = []
    this.writes.clear()
  }
}
