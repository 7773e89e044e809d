import { Leadership } from './leadership.ts'
import type {
  Append,
  Body,
  Change,
  Command,
  Conflict,
  Entry,
  InstallSnapshot,
  Message,
  Snapshot,
  Vote,
  Voted,
} from './messages.ts'
import type { Persistent } from './persistent.ts'

/** All times are in ticks. A node that was held up does not take its own sleep for the leader's death, as it might if it asked the clock. */
export const TICK_MS = 20
const HEARTBEAT = 5
const ELECTION_MIN = 15
const ELECTION_MAX = 30

/** What is to be done for a node, in this order: store the changes for good, send the messages, replace the state by `restore`, apply the entries. */
export interface Output {
  changes: Change[]
  messages: { to: number; message: Message }[]
  restore: Snapshot | undefined
  committed: Entry[]
}

/** Raft without disk, network and clock: messages, ticks and commands come in; what is to be done comes out of `take`. */
export class Raft {
  readonly id: number
  readonly state: Persistent
  role: 'follower' | 'candidate' | 'leader' = 'follower'
  /** The leader of this term as far as it is known, or 0. */
  leader = 0
  commit: number
  /** The last entry that was handed out to be applied. */
  applied: number
  private readonly others: number[]
  private readonly random: () => number
  /** Ticks since the leader was heard or a vote was given. */
  private elapsed = 0
  private patience = 0
  private votes = new Set<number>()
  /** While this node leads. */
  private leadership: Leadership | undefined
  private messages: Output['messages'] = []
  private restore: Snapshot | undefined

  /** @param random numbers from 0 up to 1. */
  constructor(id: number, others: number[], state: Persistent, random: () => number) {
    this.id = id
    this.others = others
    this.state = state
    this.random = random
    this.commit = state.snapshot.index
    this.applied = state.snapshot.index
    this.waitAnew()
  }

  get term(): number {
    return this.state.term
  }

  /** Puts a command into the log. @returns its index, or undefined where this node does not lead. */
  propose(command: Command): number | undefined {
    if (!this.leadership) return undefined
    const index = this.state.log.last.index + 1
    this.state.put({ index, term: this.term, command })
    return index
  }

  /**
   * Finds a place for a read: behind all entries there are. It sees what there is when entry `index` has been applied and the next one has not. It may
   * be answered when `confirmedRound` has reached `round`: then this node was still the leader after the question came, and nobody else has committed anything.
   */
  read(): { index: number; round: number } | undefined {
    if (!this.leadership) return undefined
    return { index: this.state.log.last.index, round: this.leadership.startRound() }
  }

  get confirmedRound(): number {
    return this.leadership?.confirmedRound ?? 0
  }

  /** Replaces all that has been applied by a snapshot. */
  compact(data: Snapshot['data']): void {
    this.state.compact({ index: this.applied, term: this.state.log.termAt(this.applied) as number, data })
  }

  tick(): void {
    this.elapsed += 1
    this.leadership?.tick(HEARTBEAT)
    // A leader that no majority answers can do nothing, and must not keep the others from choosing one that can.
    if (this.leadership && this.leadership.silence >= ELECTION_MAX) this.stepDown()
    if (!this.leadership && this.elapsed >= this.patience) this.campaign()
  }

  receive(message: Message): void {
    if (message.type === 'vote' && message.term > this.term && this.hearsLeader()) return
    if (message.term > this.term) {
      this.state.setVote(message.term, 0)
      this.stepDown()
    }
    // To a question of the past the answer is the present term. An answer from the past says nothing.
    const outdated = message.term < this.term
    if (message.type === 'vote') this.giveVote(message.from, message, outdated)
    else if (message.type === 'append') this.takeEntries(message.from, message, outdated)
    else if (message.type === 'snapshot') this.takeSnapshot(message.from, message, outdated)
    else if (outdated) return
    else if (message.type === 'voted') this.countVote(message.from, message)
    else if (message.type === 'appended') this.leadership?.noteAnswer(message.from, message)
    this.advanceCommit()
  }

  /** All that is to be done since the last time. */
  take(): Output {
    this.leadership?.replicate(this.commit, (to, body) => this.send(to, body))
    const output: Output = {
      changes: this.state.takeChanges(),
      messages: this.messages,
      restore: this.restore,
      committed: this.state.log.between(this.applied, this.commit),
    }
    this.messages = []
    this.restore = undefined
    this.applied = this.commit
    return output
  }

  private send(to: number, body: Body): void {
    this.messages.push({ to, message: { from: this.id, term: this.term, ...body } })
  }

  // Elections

  private campaign(): void {
    this.state.setVote(this.term + 1, this.id)
    this.role = 'candidate'
    this.leader = 0
    this.votes = new Set([this.id])
    this.waitAnew()
    const { index, term } = this.state.log.last
    for (const to of this.others) this.send(to, { type: 'vote', lastIndex: index, lastTerm: term })
  }

  /** While there is a leader nobody is helped to become another one: a node that does not hear it is alone with that. */
  private hearsLeader(): boolean {
    return this.role === 'leader' || (this.leader !== 0 && this.elapsed < ELECTION_MIN)
  }

  private giveVote(from: number, { lastIndex, lastTerm }: Vote, outdated: boolean): void {
    const isFree = this.state.vote === 0 || this.state.vote === from
    const own = this.state.log.last
    const isUpToDate = lastTerm > own.term || (lastTerm === own.term && lastIndex >= own.index)
    const granted = !outdated && isFree && isUpToDate
    if (granted) {
      this.state.setVote(this.term, from)
      this.waitAnew()
    }
    this.send(from, { type: 'voted', granted })
  }

  private countVote(from: number, { granted }: Voted): void {
    if (granted) this.votes.add(from)
    if (this.role === 'candidate' && this.votes.size > (this.others.length + 1) / 2) this.lead()
  }

  private lead(): void {
    this.role = 'leader'
    this.leader = this.id
    this.leadership = new Leadership(this.others, this.state)
    // An entry of this term, so that the older ones before it can be committed.
    this.propose([])
  }

  /** Back to following, in whatever term it is. A timer that runs goes on: a hopeless candidate must not hold up the others. */
  private stepDown(): void {
    if (this.leadership) this.waitAnew()
    this.role = 'follower'
    this.leader = 0
    this.leadership = undefined
  }

  private waitAnew(): void {
    this.elapsed = 0
    this.patience = ELECTION_MIN + Math.floor(this.random() * (ELECTION_MAX - ELECTION_MIN))
  }

  // The log

  /** Only an entry of this term is committed by counting: an older one can still be replaced, even if a majority has it. */
  private advanceCommit(): void {
    const matched = this.leadership?.matchedIndex ?? 0
    if (matched > this.commit && this.state.log.termAt(matched) === this.term) this.commit = matched
  }

  private takeEntries(from: number, { prevIndex, prevTerm, entries, commit, round }: Append, outdated: boolean): void {
    if (!outdated) this.follow(from)
    const conflict = outdated ? { term: 0, index: 0 } : this.conflictAt(prevIndex, prevTerm)
    if (conflict) {
      this.send(from, { type: 'appended', prevIndex, conflict, round })
      return
    }
    for (const entry of entries) {
      // Only an entry that contradicts cuts the log: an old message must not undo what a newer one has brought.
      if (this.isNews(entry)) this.state.put(entry)
    }
    const match = prevIndex + entries.length
    this.commit = Math.max(this.commit, Math.min(commit, match))
    this.send(from, { type: 'appended', prevIndex, match, round })
  }

  private isNews({ index, term }: Entry): boolean {
    return index > this.state.log.base.index && this.state.log.termAt(index) !== term
  }

  /** What is wrong with the place behind which entries are to go. Nothing is wrong where the log has been forgotten: that was committed. */
  private conflictAt(prevIndex: number, prevTerm: number): Conflict | undefined {
    const { log } = this.state
    if (prevIndex < log.base.index) return undefined
    const term = log.termAt(prevIndex)
    if (term === prevTerm) return undefined
    if (term === undefined) return { term: 0, index: log.last.index + 1 }
    return { term, index: log.firstOfTerm(term) as number }
  }

  private takeSnapshot(from: number, { snapshot, round }: InstallSnapshot, outdated: boolean): void {
    if (!outdated) this.follow(from)
    // What is in it may have come otherwise meanwhile, and more.
    if (!outdated && snapshot.index > this.commit) {
      this.state.install(snapshot)
      this.restore = snapshot
      this.commit = snapshot.index
      this.applied = snapshot.index
    }
    this.send(from, { type: 'appended', prevIndex: snapshot.index, match: snapshot.index, round })
  }

  /** This term has a leader: there is nothing to be elected in it any more. */
  private follow(leader: number): void {
    this.role = 'follower'
    this.leader = leader
    this.elapsed = 0
  }
}
