import type { Append, Appended, Body, Conflict, Entry } from './messages.ts'
import type { Persistent } from './persistent.ts'

/** About how much goes into one message, in bytes. */
const BATCH = 512 * 1024

/** A follower as its leader knows it. */
interface Follower {
  id: number
  /** The entry that it is sent next. */
  next: number
  /** Its log is the leader's up to here. */
  match: number
  /** The last round of heartbeats that it has answered. */
  round: number
  /** Ticks since it was last heard. */
  silent: number
  /** Ticks since something was sent to it. */
  unasked: number
  /** It must be sent something, even if there is no news. */
  due: boolean
}

/** What a leader knows besides, in its term: how far the others have come. */
export class Leadership {
  private readonly state: Persistent
  private readonly followers: Follower[]
  private round = 0

  constructor(others: number[], state: Persistent) {
    this.state = state
    const next = state.log.last.index + 1
    this.followers = others.map((id) => ({ id, next, match: 0, round: 0, silent: 0, unasked: 0, due: true }))
  }

  tick(heartbeat: number): void {
    for (const follower of this.followers) {
      follower.silent += 1
      follower.unasked += 1
      if (follower.unasked >= heartbeat) follower.due = true
    }
  }

  /** Everybody is to be asked anew. @returns the number of the round: an answer to what was sent before does not count for it. */
  startRound(): number {
    this.round += 1
    for (const follower of this.followers) follower.due = true
    return this.round
  }

  /** The last round that a majority has answered: this node led when it began. */
  get confirmedRound(): number {
    return this.reachedByMajority(this.round, ({ round }) => round)
  }

  /** The last entry that a majority has. */
  get matchedIndex(): number {
    return this.reachedByMajority(this.state.log.last.index, ({ match }) => match)
  }

  /** For how many ticks no majority has been heard. */
  get silence(): number {
    return -this.reachedByMajority(0, ({ silent }) => -silent)
  }

  private reachedByMajority(own: number, measure: (follower: Follower) => number): number {
    const all = [own, ...this.followers.map(measure)].sort((a, b) => b - a)
    return all[Math.floor(all.length / 2)] as number
  }

  /** Sends what is due, and news to those that have answered all that was sent before: what comes in meanwhile travels together. */
  replicate(commit: number, send: (to: number, body: Body) => void): void {
    for (const follower of this.followers) {
      const hasNews = follower.match === follower.next - 1 && follower.next <= this.state.log.last.index
      if (follower.due || hasNews) send(follower.id, this.messageFor(follower, commit))
    }
  }

  private messageFor(follower: Follower, commit: number): Body {
    const { log, snapshot } = this.state
    const { round } = this
    const prevIndex = follower.next - 1
    const prevTerm = log.termAt(prevIndex)
    follower.due = false
    follower.unasked = 0
    if (prevTerm === undefined) {
      follower.next = snapshot.index + 1
      return { type: 'snapshot', snapshot, round }
    }
    // Entries go only to a place that is known to fit. As long as it is not, an empty message asks.
    const entries = follower.match === prevIndex ? upToSize(log.between(prevIndex, log.last.index), BATCH) : []
    follower.next += entries.length
    return { type: 'append', prevIndex, prevTerm, entries, commit, round } satisfies Append
  }

  noteAnswer(from: number, { prevIndex, match, conflict, round }: Appended): void {
    const follower = this.followers.find(({ id }) => id === from) as Follower
    follower.silent = 0
    follower.round = Math.max(follower.round, round)
    if (match !== undefined) {
      follower.match = Math.max(follower.match, match)
      follower.next = Math.max(follower.next, match + 1)
    } else if (conflict && prevIndex === follower.next - 1) {
      follower.next = Math.max(follower.match + 1, this.firstDoubtful(conflict))
      follower.due = true
    }
  }

  /** Where the follower has a term that this log has too, the logs agree up to its end at most; otherwise that whole term is wrong. */
  private firstDoubtful({ term, index }: Conflict): number {
    const common = this.state.log.lastOfTerm(term)
    return common === undefined ? index : common + 1
  }
}

/** The first entries, one at least, that have so many bytes together. */
function upToSize(entries: Entry[], limit: number): Entry[] {
  let size = 0
  const end = entries.findIndex((entry) => {
    size += entry.command.join('').length
    return size > limit
  })
  return end < 0 ? entries : entries.slice(0, end + 1)
}
