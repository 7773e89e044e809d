import type { Entry } from './policies.ts'

/** Entries that expire, as a heap: each one's deadline is not before that of the one above it. Each knows its place, so that it can be taken out again. */
export class Deadlines {
  private readonly heap: Entry[] = []

  /** The entry that expires first. */
  get first(): Entry | undefined {
    return this.heap[0]
  }

  add(entry: Entry, deadline: number): void {
    entry.deadline = deadline
    this.rise(entry, this.heap.length)
  }

  remove(entry: Entry): void {
    if (entry.deadline === undefined) return
    entry.deadline = undefined
    const last = this.heap.pop() as Entry
    if (last === entry) return
    // The last one fills the gap, and goes up or down from there.
    this.rise(last, entry.place)
    this.sink(last, last.place)
  }

  /** Finds the place for an entry, upwards from a free one. */
  private rise(entry: Entry, from: number): void {
    let place = from
    for (let above = aboveOf(place); place > 0 && dueAt(this.heap[above]) > dueAt(entry); above = aboveOf(place)) {
      this.settle(this.heap[above] as Entry, place)
      place = above
    }
    this.settle(entry, place)
  }

  private sink(entry: Entry, from: number): void {
    let place = from
    for (
      let below = this.sooner(2 * place + 1, 2 * place + 2);
      dueAt(this.heap[below]) < dueAt(entry);
      below = this.sooner(2 * place + 1, 2 * place + 2)
    ) {
      this.settle(this.heap[below] as Entry, place)
      place = below
    }
    this.settle(entry, place)
  }

  private sooner(one: number, other: number): number {
    return dueAt(this.heap[other]) < dueAt(this.heap[one]) ? other : one
  }

  private settle(entry: Entry, place: number): void {
    this.heap[place] = entry
    entry.place = place
  }
}

const aboveOf = (place: number) => Math.floor((place - 1) / 2)

/** Where there is nobody, nobody is ever due. */
const dueAt = (entry: Entry | undefined) => entry?.deadline ?? Number.POSITIVE_INFINITY
