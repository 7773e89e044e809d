/** What stands in a slot: a key and its value; nothing yet; or the mark of a key that was deleted. */
interface Entry {
  hash: number
  key: string
  value: string
}
const DELETED = 'deleted'
type Slot = Entry | typeof DELETED | undefined

const LEAST = 8

/**
 * A hash map with open addressing. A key stands in the slot that its hash names, or in the first free one after it. So a look-up goes on from slot to slot until it
 * finds the key or a slot that was never used. Deleting must not tear such a chain: it leaves a mark.
 */
export class HashMap {
  private readonly hash: (key: string) => number
  private slots: Slot[] = emptySlots(LEAST)
  private used = 0
  private marks = 0

  constructor(hash: (key: string) => number) {
    this.hash = hash
  }

  get size(): number {
    return this.used
  }

  get capacity(): number {
    return this.slots.length
  }

  get tombstones(): number {
    return this.marks
  }

  get(key: string): string | undefined {
    return this.entryOf(key)?.value
  }

  set(key: string, value: string): void {
    const entry = this.entryOf(key)
    if (entry) {
      entry.value = value
      return
    }
    // A quarter stays free: chains grow without bounds as the last free slot comes near.
    if (this.used + this.marks >= this.capacity * 0.75) this.rebuild()
    this.place({ hash: this.hash(key), key, value })
    this.used += 1
  }

  delete(key: string): boolean {
    const at = this.find(key)
    if (at < 0) return false
    this.slots[at] = DELETED
    this.used -= 1
    this.marks += 1
    if (this.used < this.capacity / 8 && this.capacity > LEAST) this.rebuild()
    return true
  }

  clear(): void {
    this.slots = emptySlots(LEAST)
    this.used = 0
    this.marks = 0
  }

  *entries(): Generator<Entry> {
    for (const slot of this.slots) if (isEntry(slot)) yield slot
  }

  /**
   * A walk through the slots as they are now, from which it takes only those keys that are still in the map when their turn comes. A rebuilt map has new
   * slots; the walk keeps to the old ones.
   */
  *walk(): Generator<Entry> {
    const { slots } = this
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at]
      const entry = isEntry(slot) ? this.entryOf(slot.key) : undefined
      if (entry) yield entry
    }
  }

  private entryOf(key: string): Entry | undefined {
    const slot = this.slots[this.find(key)]
    return isEntry(slot) ? slot : undefined
  }

  /** @returns the slot of a key, or -1. There is always a slot that was never used, where the search ends. */
  private find(key: string): number {
    const hash = this.hash(key)
    for (let at = hash % this.capacity; ; at = (at + 1) % this.capacity) {
      const slot = this.slots[at]
      if (slot === undefined) return -1
      if (isEntry(slot) && slot.hash === hash && slot.key === key) return at
    }
  }

  /** Puts an entry that is not in the map yet into the first slot that nobody needs. */
  private place(entry: Entry): void {
    let at = entry.hash % this.capacity
    while (isEntry(this.slots[at])) at = (at + 1) % this.capacity
    if (this.slots[at] === DELETED) this.marks -= 1
    this.slots[at] = entry
  }

  /** Moves all entries to new slots, twice as many as they need, and leaves the marks behind. */
  private rebuild(): void {
    const entries = [...this.entries()]
    let capacity = LEAST
    while (capacity < 2 * (entries.length + 1)) capacity *= 2
    this.slots = emptySlots(capacity)
    this.marks = 0
    for (const entry of entries) this.place(entry)
  }
}

const emptySlots = (count: number): Slot[] => new Array<Slot>(count).fill(undefined)

function isEntry(slot: Slot): slot is Entry {
  return slot !== undefined && slot !== DELETED
}
