import { type Link, List } from './list.ts'

/** What is stored under a key. */
export interface Entry extends Link {
  key: string
  value: string
  /** When it expires, if ever. */
  deadline: number | undefined
  /** Its place among those that expire. */
  place: number
  /** The group that it belongs to, where uses are counted. */
  group: Group
}

/** Keeps entries in the order in which they have to go. Each call takes the same time, however many there are. */
export interface Policy extends Iterable<Entry> {
  /** The one that goes first. */
  readonly victim: Entry | undefined
  add(entry: Entry): void
  /** An entry was used. */
  touch(entry: Entry): void
  remove(entry: Entry): void
}

/** Who was used least recently goes first: one list, and whoever is used goes to its end. */
export class LeastRecent implements Policy {
  private readonly list = new List<Entry>()

  get victim(): Entry | undefined {
    return this.list.first
  }

  add(entry: Entry): void {
    this.list.append(entry)
  }

  touch(entry: Entry): void {
    this.remove(entry)
    this.add(entry)
  }

  remove(entry: Entry): void {
    this.list.remove(entry)
  }

  [Symbol.iterator](): Iterator<Entry> {
    return this.list[Symbol.iterator]()
  }
}

/** Entries that have been used equally often, the least recently used first. */
interface Group extends Link {
  uses: number
  entries: List<Entry>
}

/**
 * Who was used least often goes first: a list of groups, by their number of uses. An entry that is used is used just once more: it moves to the next group,
 * or to a new one between. So nobody ever searches for the smallest number. (Shah, Mitra and Matani, 2010.)
 */
export class LeastFrequent implements Policy {
  private readonly groups = new List<Group>()

  get victim(): Entry | undefined {
    return this.groups.first?.entries.first
  }

  add(entry: Entry): void {
    this.join(entry, 1, this.groups.first)
  }

  touch(entry: Entry): void {
    const { group } = entry
    group.entries.remove(entry)
    this.join(entry, group.uses + 1, this.groups.after(group), group)
    this.dropIfEmpty(group)
  }

  remove(entry: Entry): void {
    entry.group.entries.remove(entry)
    this.dropIfEmpty(entry.group)
  }

  *[Symbol.iterator](): Generator<Entry> {
    for (const { entries } of this.groups) yield* entries
  }

  /** Makes an entry the last of the group with so many uses: that is `candidate`, or else a new one behind `before`. */
  private join(entry: Entry, uses: number, candidate: Group | undefined, before?: Group): void {
    entry.group = candidate?.uses === uses ? candidate : this.newGroup(uses, before)
    entry.group.entries.append(entry)
  }

  private newGroup(uses: number, before: Group | undefined): Group {
    const group = { uses, entries: new List<Entry>() } as Group
    this.groups.insert(group, before)
    return group
  }

  private dropIfEmpty(group: Group): void {
    if (!group.entries.first) this.groups.remove(group)
  }
}
