import type { Random } from '../engine/random.ts'
import { figures } from './figures.ts'
import type { Expected, Model } from './operations.ts'

export type Policy = 'lru' | 'lfu'

interface Entry {
  value: string
  uses: number
  lastUse: number
  deadline: number
}

const NUMBER = /^[1-9]\d{0,8}$/
const FIGURES = ['len', 'capacity', 'hits', 'misses', 'evictions', 'expired', 'ratio'] as const

/** What `lru-cache` must answer, found out by looking through all entries each time. */
export class CacheModel implements Model {
  private readonly policy: Policy
  private readonly entries = new Map<string, Entry>()
  private readonly counts = { hits: 0, misses: 0, evictions: 0, expired: 0 }
  private capacity: number
  private now = 0
  private requests = 0

  constructor(policy: Policy, capacity: number) {
    this.policy = policy
    this.capacity = capacity
  }

  answer(request: string): Expected {
    this.requests += 1
    const [name, one = '', value = '', , lifetime] = request.split(' ')
    switch (name) {
      case 'put':
        return this.put(one, value, lifetime)
      case 'get':
        return this.get(one)
      case 'peek':
        return found(this.entries.get(one))
      case 'del':
        return this.entries.delete(one) ? 'ok' : 'none'
      case 'tick':
        return this.tick(Number(one))
      case 'resize':
        this.capacity = Number(one)
        return this.evict(this.capacity)
      case 'len':
        return `len ${this.entries.size}`
      case 'keys':
        return ['keys', ...this.order()].join(' ')
      default:
        return (answer) => this.statsProblem(answer)
    }
  }

  /** All keys, those first that have to go first. */
  order(): string[] {
    const rank = ({ uses, lastUse }: Entry) => (this.policy === 'lru' ? [lastUse, 0] : [uses, lastUse])
    const ranked = [...this.entries].map(([key, entry]) => ({ key, rank: rank(entry) as [number, number] }))
    return ranked.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]).map(({ key }) => key)
  }

  private put(key: string, value: string, lifetime: string | undefined): Expected {
    if (lifetime !== undefined && !NUMBER.test(lifetime)) return error
    const known = this.entries.get(key)
    const answer = known ? 'ok' : this.evict(this.capacity - 1)
    const deadline = lifetime === undefined ? Number.POSITIVE_INFINITY : this.now + Number(lifetime)
    this.entries.set(key, { value, uses: (known?.uses ?? 0) + 1, lastUse: this.requests, deadline })
    return answer
  }

  private get(key: string): string {
    const entry = this.entries.get(key)
    if (entry) {
      entry.uses += 1
      entry.lastUse = this.requests
    }
    this.counts[entry ? 'hits' : 'misses'] += 1
    return found(entry)
  }

  private tick(milliseconds: number): string {
    this.now += milliseconds
    for (const [key, { deadline }] of this.entries) {
      if (deadline > this.now) continue
      this.entries.delete(key)
      this.counts.expired += 1
    }
    return 'ok'
  }

  private evict(most: number): string {
    const gone = this.order().slice(0, Math.max(0, this.entries.size - most))
    for (const key of gone) this.entries.delete(key)
    this.counts.evictions += gone.length
    return gone.length === 0 ? 'ok' : ['evicted', ...gone].join(' ')
  }

  private statsProblem(answer: string): string | undefined {
    const { hits, misses } = this.counts
    const right = { len: this.entries.size, capacity: this.capacity, ...this.counts, ratio: hits / Math.max(1, hits + misses) }
    const told = figures('stats', answer, FIGURES)
    const same = FIGURES.every((name) => Math.abs(told[name] - right[name]) <= (name === 'ratio' ? 0.01 : 0))
    return same ? undefined : FIGURES.map((name) => `${name}=${Number(right[name].toFixed(3))}`).join(' ')
  }
}

const error: Expected = (answer) => (/^error ./.test(answer) ? undefined : 'error and a reason')

const found = (entry: Entry | undefined) => (entry ? `value ${entry.value}` : 'none')

/** Requests on a few more keys than there is room for; with or without deadlines. */
export function cacheRequests(random: Random, count: number, deadlines: boolean): string[] {
  const keys = random.distinct(14, random.word)
  const key = () => random.pick(keys)
  const kinds = {
    put: () => `put ${key()} ${random.word()}`,
    ttl: () => `put ${key()} ${random.word()} ttl ${random.int(1, 40)}`,
    get: () => `get ${key()}`,
    peek: () => `peek ${key()}`,
    del: () => `del ${key()}`,
    tick: () => `tick ${random.int(1, 6)}`,
    resize: () => `resize ${random.int(2, 12)}`,
    keys: () => 'keys',
    len: () => 'len',
    stats: () => 'stats',
  }
  const often = {
    put: 22,
    get: 30,
    peek: 4,
    del: 3,
    resize: 1,
    keys: 6,
    len: 3,
    stats: 4,
    ...(deadlines && { ttl: 22, tick: 12 }),
  }
  const names = Object.entries(often).flatMap(([name, times]) =>
    Array<keyof typeof kinds>(times).fill(name as keyof typeof kinds),
  )
  return Array.from({ length: count }, () => kinds[random.pick(names)]())
}
