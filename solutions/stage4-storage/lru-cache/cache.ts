import { Deadlines } from './deadlines.ts'
import type { Entry, Policy } from './policies.ts'

/** A cache of bounded size, with a clock that others advance. */
export class Cache {
  private readonly entries = new Map<string, Entry>()
  private readonly policy: Policy
  private readonly deadlines = new Deadlines()
  private capacity: number
  private now = 0
  private hits = 0
  private misses = 0
  private evictions = 0
  private expired = 0

  constructor(capacity: number, policy: Policy) {
    this.capacity = capacity
    this.policy = policy
  }

  get size(): number {
    return this.entries.size
  }

  /** @returns the keys that had to go. */
  put(key: string, value: string, lifetime?: number): string[] {
    const known = this.entries.get(key)
    const evicted = known ? [] : this.evict(this.capacity - 1)
    const entry = known ?? this.add(key)
    if (known) this.policy.touch(known)
    entry.value = value
    this.deadlines.remove(entry)
    if (lifetime !== undefined) this.deadlines.add(entry, this.now + lifetime)
    return evicted
  }

  private add(key: string): Entry {
    const entry = { key } as Entry
    this.entries.set(key, entry)
    this.policy.add(entry)
    return entry
  }

  get(key: string): string | undefined {
    const entry = this.entries.get(key)
    if (entry) this.hits += 1
    else this.misses += 1
    if (entry) this.policy.touch(entry)
    return entry?.value
  }

  /** Looks at a value as if nobody had. */
  peek(key: string): string | undefined {
    return this.entries.get(key)?.value
  }

  delete(key: string): boolean {
    const entry = this.entries.get(key)
    if (entry) this.remove(entry)
    return entry !== undefined
  }

  /** Advances the clock. What expires goes at once, so that it never takes up room. */
  tick(milliseconds: number): void {
    this.now += milliseconds
    for (let entry = this.deadlines.first; entry && (entry.deadline as number) <= this.now; entry = this.deadlines.first) {
      this.remove(entry)
      this.expired += 1
    }
  }

  /** @returns the keys that had to go. */
  resize(capacity: number): string[] {
    this.capacity = capacity
    return this.evict(capacity)
  }

  /** All keys, those first that go first. */
  keys(): string[] {
    return Array.from(this.policy, ({ key }) => key)
  }

  stats(): string {
    const ratio = this.hits / Math.max(1, this.hits + this.misses)
    const { size, capacity, hits, misses, evictions, expired } = this
    return `len=${size} capacity=${capacity} hits=${hits} misses=${misses} evictions=${evictions} expired=${expired} ratio=${ratio.toFixed(3)}`
  }

  /** Takes out as many as it needs to keep no more than `most`. */
  private evict(most: number): string[] {
    const evicted: string[] = []
    while (this.size > most) {
      const victim = this.policy.victim as Entry
      this.remove(victim)
      evicted.push(victim.key)
    }
    this.evictions += evicted.length
    return evicted
  }

  private remove(entry: Entry): void {
    this.entries.delete(entry.key)
    this.policy.remove(entry)
    this.deadlines.remove(entry)
  }
}
