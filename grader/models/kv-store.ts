import type { Random } from '../engine/random.ts'
import { figures } from './figures.ts'
import type { Expected, Model } from './operations.ts'

/** In the order of bytes, which for text that is valid UTF-8 is not that of JavaScript. */
export const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))

/** What `kv-store` must answer. */
export class StoreModel implements Model {
  readonly values = new Map<string, string>()

  answer(request: string): Expected {
    const [name, one = '', two = '', limit] = request.split(' ')
    switch (name) {
      case 'set':
        this.values.set(one, two)
        return 'ok'
      case 'get':
        return this.values.has(one) ? `value ${this.values.get(one)}` : 'none'
      case 'del':
        return this.values.delete(one) ? 'ok' : 'none'
      case 'count':
        return `count ${this.values.size}`
      case 'keys':
        return ['keys', ...this.keys().filter((key) => key.startsWith(one))].join(' ')
      case 'scan':
        return this.scan(one, two, limit)
      case 'stats':
        return (answer) => this.statsProblem(answer)
      default:
        return 'ok'
    }
  }

  keys(): string[] {
    return [...this.values.keys()].sort(byBytes)
  }

  /** The sum of the lengths of all keys and values. */
  get live(): number {
    return [...this.values].flat().reduce((sum, word) => sum + Buffer.byteLength(word), 0)
  }

  private scan(from: string, to: string, limit = 'Infinity'): string {
    const found = this.keys().filter((key) => byBytes(from, key) <= 0 && byBytes(key, to) < 0)
    const shown = found.slice(0, Number(limit))
    return ['entries', ...shown.flatMap((key) => [key, this.values.get(key)])].join(' ')
  }

  private statsProblem(answer: string): string | undefined {
    const { keys, live } = figures('stats', answer, ['keys', 'live'])
    const right = keys === this.values.size && live === this.live
    return right ? undefined : `keys=${this.values.size} live=${this.live} and the rest`
  }
}

/** Requests of all kinds, on few enough keys that they meet. */
export function storeRequests(random: Random, count: number): string[] {
  const keys = random.distinct(12, random.word).flatMap((word) => [word, `${word}/${random.word()}`, word.toUpperCase()])
  const key = () => random.pick(keys)
  const kinds = {
    set: () => `set ${key()} ${random.word()}${'.'.repeat(random.int(0, 40))}`,
    get: () => `get ${key()}`,
    del: () => `del ${key()}`,
    keys: () => `keys ${key().slice(0, random.int(1, 3))}`,
    all: () => 'keys',
    scan: () => `scan ${key()} ${key()}`,
    limit: () => `scan A z ${random.int(1, 20)}`,
    count: () => 'count',
    stats: () => 'stats',
    compact: () => 'compact',
  }
  const often = { set: 30, get: 20, del: 12, keys: 4, all: 3, scan: 5, limit: 4, count: 4, stats: 3, compact: 1 }
  const names = Object.entries(often).flatMap(([name, times]) =>
    Array<keyof typeof kinds>(times).fill(name as keyof typeof kinds),
  )
  return Array.from({ length: count }, () => kinds[random.pick(names)]())
}
