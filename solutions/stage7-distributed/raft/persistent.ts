import { Log } from './log.ts'
import type { Change, Entry, Snapshot } from './messages.ts'

/** Behind its snapshot a node keeps so many entries all the same, for followers that are only a little late. */
const TAIL = 500

/** What a node must never forget, and what of it has changed since it was last stored. */
export class Persistent {
  term = 0
  /** Whom it voted for in this term; 0 for nobody. */
  vote = 0
  snapshot: Snapshot = { index: 0, term: 0, data: [] }
  readonly log = new Log()
  private voteChanged = false
  private snapshotChanged = false
  /** All entries before this index are stored. */
  private unsaved = 1

  /** Everything as the journal has it. */
  static from(changes: Iterable<Change>): Persistent {
    const state = new Persistent()
    for (const change of changes) {
      if ('snapshot' in change) state.install(change.snapshot)
      else if ('entry' in change) state.put(change.entry)
      else state.setVote(change.term, change.vote)
    }
    state.takeChanges()
    return state
  }

  setVote(term: number, vote: number): void {
    this.term = term
    this.vote = vote
    this.voteChanged = true
  }

  /** An entry replaces what there was in its place, and with it all that came behind that. */
  put(entry: Entry): void {
    this.log.cutFrom(entry.index)
    this.log.append(entry)
    this.unsaved = Math.min(this.unsaved, entry.index)
  }

  /** A snapshot of this node's own: the entries in it may go. */
  compact(snapshot: Snapshot): void {
    this.keep(snapshot)
    this.log.forgetTo(Math.max(this.log.base.index, snapshot.index - TAIL))
  }

  /** A snapshot that the leader sent. If the log has its last entry, the entries behind that are the leader's too, and may have been acknowledged. */
  install(snapshot: Snapshot): void {
    if (this.log.termAt(snapshot.index) === snapshot.term) this.log.forgetTo(snapshot.index)
    else this.log.restartAt(snapshot)
    this.keep(snapshot)
  }

  private keep(snapshot: Snapshot): void {
    this.snapshot = snapshot
    this.snapshotChanged = true
  }

  /** What the journal must learn now. If it begins with a snapshot, the journal begins with it too: nothing older is needed. */
  takeChanges(): Change[] {
    const { term, vote, snapshot, log } = this
    const from = this.snapshotChanged ? snapshot.index + 1 : this.unsaved
    const changes: Change[] = [
      ...(this.snapshotChanged ? [{ snapshot }] : []),
      ...(this.voteChanged || this.snapshotChanged ? [{ term, vote }] : []),
      ...log.between(from - 1, log.last.index).map((entry) => ({ entry })),
    ]
    this.snapshotChanged = false
    this.voteChanged = false
    this.unsaved = log.last.index + 1
    return changes
  }
}
