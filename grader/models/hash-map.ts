import type { Random } from '../engine/random.ts'
import { figures } from './figures.ts'
import type { Expected, Model } from './operations.ts'

/** An iteration: the keys that must still come, and those that may not come any more. */
interface Walk {
  due: Set<string>
  seen: Set<string>
}

/** What `hash-map` must answer. Orders are its own, and so is what an iteration makes of keys that come while it runs. */
export class MapModel implements Model {
  readonly values = new Map<string, string>()
  private readonly walks = new Map<string, Walk>()
  private begun = 0

  answer(request: string): Expected {
    const [name, key = '', value = ''] = request.split(' ')
    switch (name) {
      case 'set':
        return this.set(key, value)
      case 'get':
        return this.values.has(key) ? `value ${this.values.get(key)}` : 'none'
      case 'has':
        return this.values.has(key) ? 'yes' : 'no'
      case 'del':
        return this.delete(key) ? 'ok' : 'none'
      case 'len':
        return `len ${this.values.size}`
      case 'clear':
        for (const each of [...this.values.keys()]) this.delete(each)
        return 'ok'
      case 'keys':
        return sameWords('keys', [...this.values.keys()])
      case 'entries':
        return sameWords('entries', [...this.values].map(String), 2)
      case 'iter':
        this.walks.set(`${++this.begun}`, { due: new Set(this.values.keys()), seen: new Set() })
        return `iter ${this.begun}`
      case 'next':
        return this.next(key)
      case 'close':
        return this.walks.delete(key) ? 'ok' : error
      case 'stats':
        return (answer) => statsProblem(answer, this.values.size)
      default:
        return error
    }
  }

  private set(key: string, value: string): string {
    this.values.set(key, value)
    return 'ok'
  }

  private delete(key: string): boolean {
    for (const { due, seen } of this.walks.values()) {
      due.delete(key)
      // Set again, it is another key, which may come.
      seen.delete(key)
    }
    return this.values.delete(key)
  }

  private next(number: string): Expected {
    const walk = this.walks.get(number)
    if (!walk) return error
    return (answer) => {
      if (answer === 'end') return this.end(number, walk)
      const [word, key = '', value] = answer.split(' ')
      const current = this.values.get(key)
      if (word !== 'entry' || current === undefined) return `an entry that is there, or end`
      if (walk.seen.has(key)) return `another entry, or end: ${key} has come before`
      if (value !== current) return `entry ${key} ${current}`
      walk.due.delete(key)
      walk.seen.add(key)
      return undefined
    }
  }

  private end(number: string, { due }: Walk): string | undefined {
    this.walks.delete(number)
    const [missing] = due
    return missing === undefined ? undefined : `another entry: ${missing} was there all the time and has not come`
  }
}

const error: Expected = (answer) => (/^error ./.test(answer) ? undefined : 'error and a reason')

/** The same words behind the first, in groups of so many, whatever their order. */
function sameWords(first: string, wanted: string[], group = 1): Expected {
  return (answer) => {
    const [word, ...words] = answer.split(' ')
    const groups: string[] = []
    for (let at = 0; at < words.length; at += group) groups.push(words.slice(at, at + group).join())
    const same = word === first && [...groups].sort().join(' ') === [...wanted].sort().join(' ')
    return same ? undefined : [first, ...wanted.map((one) => one.replace(',', ' '))].join(' ')
  }
}

export type MapStats = Record<'len' | 'capacity' | 'load' | 'tombstones', number>

export const mapStats = (answer: string): MapStats => figures('stats', answer, ['len', 'capacity', 'load', 'tombstones'])

/** What can not be true of these figures. */
export function statsProblem(answer: string, len: number): string | undefined {
  const told = mapStats(answer)
  if (told.len !== len) return `len=${len}`
  if (told.capacity < 1) return 'a capacity of 1 or more'
  if (Math.abs(told.load - len / told.capacity) > 0.01)
    return `load=${(len / told.capacity).toFixed(3)}, which is len divided by capacity`
  if (told.load > 4) return 'a load of at most 4'
  if (told.tombstones > 0 && len + told.tombstones > told.capacity) return 'len and tombstones that fit into the capacity'
  if (len >= 64 && told.capacity > 16 * len) return `a capacity of at most 16 times len, which is ${16 * len}`
  return undefined
}

/** Requests on few enough keys that they meet, in phases of more coming and more going, so that the table grows and shrinks. */
export function mapRequests(random: Random, count: number, iterating: boolean): string[] {
  const keys = random.distinct(130, random.word)
  let begun = 0
  const key = () => random.pick(keys)
  const kinds = {
    set: () => `set ${key()} ${random.word()}`,
    del: () => `del ${key()}`,
    get: () => `get ${key()}`,
    has: () => `has ${key()}`,
    len: () => 'len',
    keys: () => 'keys',
    entries: () => 'entries',
    clear: () => 'clear',
    stats: () => 'stats',
    iter: () => {
      begun += 1
      return 'iter'
    },
    next: () => `next ${random.int(Math.max(1, begun - 3), begun + 1)}`,
    close: () => `close ${random.int(1, begun + 1)}`,
  }
  const often = { get: 12, has: 6, len: 3, keys: 1, entries: 1, stats: 3, ...(iterating && { iter: 3, next: 60, close: 1 }) }
  const always = Object.entries(often).flatMap(([name, times]) => Array<string>(times).fill(name))
  return Array.from({ length: count }, (_, n) => {
    const growing = Math.floor(n / 450) % 2 === 0
    const changes = growing ? Array<string>(30).fill('set').concat('del') : Array<string>(30).fill('del').concat('set')
    const name = random.oneIn(1500) ? 'clear' : random.pick([...always, ...changes])
    return kinds[name as keyof typeof kinds]()
  })
}
