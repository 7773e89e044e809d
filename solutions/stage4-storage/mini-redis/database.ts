import { EMPTY, isEmpty, type TypeName, type Values } from './values.ts'

interface Entry {
  type: TypeName
  value: Values[TypeName]
  /** Milliseconds since 1970. */
  expires: number | undefined
  /** Where its key stands in the table of slots. */
  slot: number
  /** When it was last used: a count of all uses. */
  used: number
  /** What it is reckoned to take, in bytes. */
  weight: number
}

/** The key holds another kind of value. Its message is part of the protocol. */
export class WrongType extends Error {
  constructor() {
    super('WRONGTYPE Operation against a key holding the wrong kind of value')
  }
}

/** What a key takes beside its bytes, roughly. */
const OVERHEAD = 64
/** Of so many keys, drawn at random, the one that was not used for longest has to go. */
const SAMPLE = 24
/** Keys with a deadline that are looked at together. */
const GLANCE = 50

/** Keys and their values. */
export class Database {
  private readonly entries = new Map<string, Entry>()
  /** A key keeps its slot for as long as it exists: what SCAN goes through, whatever comes and goes meanwhile. */
  private slots: (string | undefined)[] = []
  private freeSlots: number[] = []
  private readonly expiring = new Set<string>()
  /** Where {@link expire} goes on. */
  private turn = this.expiring.values()
  private uses = 0
  /** True while what was done earlier is done again: the keys that expired then are deleted by what is done again, too, and no others. */
  redoing = false
  /** Bytes, as far as they are counted. */
  weight = 0
  /** Told of each key that changes, however it does. */
  onChange: (key: string) => void = () => {}
  /** Told of each key that is gone without a command: its time was up, or its room was needed. */
  onLoss: (key: string) => void = () => {}

  get size(): number {
    return this.entries.size
  }

  keys(): string[] {
    return [...this.entries.keys()].filter((key) => this.find(key))
  }

  private find(key: string): Entry | undefined {
    const entry = this.entries.get(key)
    if (entry?.expires === undefined || this.redoing || entry.expires > Date.now()) return entry
    this.remove(key)
    this.onLoss(key)
    return undefined
  }

  typeOf(key: string): TypeName | undefined {
    return this.find(key)?.type
  }

  /** @throws {WrongType} */
  get<Type extends TypeName>(key: string, type: Type): Values[Type] | undefined {
    const entry = this.find(key)
    if (!entry) return undefined
    if (entry.type !== type) throw new WrongType()
    entry.used = ++this.uses
    return entry.value as Values[Type]
  }

  /** Changes a collection, which is made if it is not there, and is gone if nothing is left in it. */
  change<Type extends Exclude<TypeName, 'string'>, Result>(
    key: string,
    type: Type,
    how: (value: Values[Type]) => Result,
  ): Result {
    const value = this.get(key, type) ?? EMPTY[type]()
    const result = how(value)
    if (isEmpty(type, value)) this.delete(key)
    else this.put(key, type, value, this.entries.get(key)?.expires)
    return result
  }

  /** Sets a string; a time to live that there was is kept only when asked. */
  setString(key: string, value: string, keepsExpiry = false): void {
    this.put(key, 'string', value, keepsExpiry ? this.find(key)?.expires : undefined)
  }

  put(key: string, type: TypeName, value: Values[TypeName], expires: number | undefined): void {
    const old = this.entries.get(key)
    const slot = old?.slot ?? this.freeSlots.pop() ?? this.slots.length
    const weight = OVERHEAD + key.length + weightOf(type, value)
    this.weight += weight - (old?.weight ?? 0)
    this.slots[slot] = key
    this.entries.set(key, { type, value, expires, slot, used: ++this.uses, weight })
    if (expires === undefined) this.expiring.delete(key)
    else this.expiring.add(key)
    this.onChange(key)
  }

  delete(key: string): boolean {
    const there = this.find(key) !== undefined
    if (there) this.remove(key)
    return there
  }

  private remove(key: string): void {
    const { slot, weight } = this.entries.get(key) as Entry
    this.weight -= weight
    this.entries.delete(key)
    this.expiring.delete(key)
    this.slots[slot] = undefined
    this.freeSlots.push(slot)
    this.onChange(key)
  }

  clear(): void {
    for (const key of [...this.entries.keys()]) this.remove(key)
    this.slots = []
    this.freeSlots = []
  }

  /** Milliseconds since 1970; undefined for a key that lives for ever. */
  expiry(key: string): number | undefined {
    return this.find(key)?.expires
  }

  /** @returns whether there is such a key. */
  setExpiry(key: string, expires: number | undefined): boolean {
    const entry = this.find(key)
    if (entry) this.put(key, entry.type, entry.value, expires)
    return entry !== undefined
  }

  /**
   * Removes keys whose time is up, although nobody asks for them. It looks at a few at a time, in turns, and at more only while many of them are dead: what it costs
   * does not depend on how many live (as in expire.c of Redis, which draws them by chance).
   */
  expire(): void {
    for (let dead = GLANCE; dead > GLANCE / 4; ) {
      dead = 0
      for (let n = 0; n < GLANCE; n++) {
        const { value: key } = this.turn.next()
        if (key === undefined) {
          this.turn = this.expiring.values()
          return
        }
        if (!this.find(key)) dead++
      }
    }
  }

  /** Some keys from a slot on, and where to go on; 0 at the end. */
  scan(cursor: number, count: number): { keys: string[]; next: number } {
    const keys: string[] = []
    let slot = cursor
    for (; slot < this.slots.length && slot < cursor + count; slot++) {
      const key = this.slots[slot]
      if (key !== undefined && this.find(key)) keys.push(key)
    }
    return { keys, next: slot < this.slots.length ? slot : 0 }
  }

  /** Makes room: of a few keys the one goes that was not used for longest (what Redis calls approximated LRU). */
  evict(): void {
    let oldest: string | undefined
    for (let n = 0; n < SAMPLE || oldest === undefined; n++) {
      const key = this.slots[Math.floor(Math.random() * this.slots.length)]
      if (key === undefined) continue
      const used = (other: string) => (this.entries.get(other) as Entry).used
      if (oldest === undefined || used(key) < used(oldest)) oldest = key
    }
    this.remove(oldest)
    this.onLoss(oldest)
  }
}

/** Strings are weighed exactly, collections by the number of their members. */
function weightOf(type: TypeName, value: Values[TypeName]): number {
  if (type === 'string') return (value as string).length
  return OVERHEAD * (type === 'list' ? (value as Values['list']).length : (value as Values['set']).size)
}
