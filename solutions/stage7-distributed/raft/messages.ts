/** A client's command, as it goes into the log: `['SET', 'k', 'v']`. A leader begins its term with an empty one, which changes nothing. */
export type Command = string[]

export interface Entry {
  index: number
  term: number
  command: Command
}

/** All that the commands up to and including entry `index` have made. */
export interface Snapshot {
  index: number
  term: number
  data: [key: string, value: string][]
}

/** What nodes say to each other. Each message stands for itself: it may be lost, and it may come after a later one. */
export type Message = Body & { from: number; term: number }

export type Body = Vote | Voted | Append | Appended | InstallSnapshot

/** A candidate asks for a vote, and says how far its log goes. */
export interface Vote {
  type: 'vote'
  lastIndex: number
  lastTerm: number
}

export interface Voted {
  type: 'voted'
  granted: boolean
}

/** Entries, and where they go: behind the entry `prevIndex`, which must be of `prevTerm`. Without entries it is a heartbeat, and a question. */
export interface Append {
  type: 'append'
  prevIndex: number
  prevTerm: number
  entries: Entry[]
  commit: number
  round: number
}

/** The log is the leader's up to `match`. Or else it is not even at `prevIndex`, and `conflict` says what is there. */
export interface Appended {
  type: 'appended'
  prevIndex: number
  match?: number
  conflict?: Conflict
  round: number
}

/** For a follower that lacks entries which the leader has forgotten. */
export interface InstallSnapshot {
  type: 'snapshot'
  snapshot: Snapshot
  round: number
}

/** The term of the entry that does not fit, and its first index; term 0 where the log ends before. */
export interface Conflict {
  term: number
  index: number
}

/** One line of the journal. An entry takes the place of all that was stored from its index on. */
export type Change = { snapshot: Snapshot } | { term: number; vote: number } | { entry: Entry }
