import type { Reply } from '../protocols/resp.ts'

/** The members of a sorted set, with their scores. */
class Scores extends Map<string, number> {
  inOrder(): [member: string, score: number][] {
    return [...this].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
  }
}

export type Value = string | string[] | Map<string, string> | Set<string> | Scores

export function typeOf(value: Value): string {
  if (typeof value === 'string') return 'string'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Scores) return 'zset'
  return value instanceof Map ? 'hash' : 'set'
}

export const WRONG = '-WRONGTYPE Operation against a key holding the wrong kind of value'
const NOT_WHOLE = '-ERR value is not an integer or out of range'

/** What is wrong with a reply; undefined when it is right. */
type Judge = (answer: string) => string | undefined

/** The same members (or pairs of them), in whatever order. */
export function unordered(members: string[], size = 1): Judge {
  const groups = (items: string[]) => {
    const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, n) => n * size)
    return JSON.stringify(starts.map((from) => items.slice(from, from + size)).sort())
  }
  const wanted = `${JSON.stringify(members)}, in any order`
  return (answer) => {
    try {
      return groups(JSON.parse(answer)) === groups(members) ? undefined : wanted
    } catch {
      return wanted
    }
  }
}

/** Commands on several sets, of which the first matters most. */
export const COMBINED: Record<string, (first: string[], others: Set<string>[]) => string[]> = {
  SINTER: (first, others) => first.filter((member) => others.every((set) => set.has(member))),
  SDIFF: (first, others) => first.filter((member) => !others.some((set) => set.has(member))),
  SUNION: (first, others) => [...new Set([...first, ...others.flatMap((set) => [...set])])],
}

interface Outcome {
  next: Value | undefined
  reply: Reply | Judge
}

type Apply = (value: never, args: string[]) => Outcome

const text = (how: (value: string | undefined, args: string[]) => Outcome) => ['string', how as Apply] as const

/** The commands of a type whose values are changed in place, and are not there when they are empty. */
const collection =
  <T extends Value>(type: string, empty: () => T) =>
  (how: (value: T, args: string[]) => Outcome['reply']) =>
    [type, ((value: T = empty(), args) => ({ reply: how(value, args), next: value })) as Apply] as const

const list = collection<string[]>('list', () => [])
const hash = collection<Map<string, string>>('hash', () => new Map())
const set = collection<Set<string>>('set', () => new Set())
const sorted = collection<Scores>('zset', () => new Scores())

/** What LRANGE and its kin mean by two indices. */
export function slice<T>(items: T[], from: number, to: number): T[] {
  const place = (index: number) => (index < 0 ? Math.max(0, items.length + index) : index)
  return items.slice(place(from), to < 0 ? Math.max(0, items.length + to + 1) : to + 1)
}

/** Takes so many items that are equal to one out of a list, from its end if the count is below zero; all of them if it is 0. */
function without(items: string[], count: number, item: string): string[] {
  const places = items.flatMap((one, n) => (one === item ? [n] : []))
  const gone = count < 0 ? places.slice(count) : places.slice(0, count || places.length)
  return items.filter((_, n) => !gone.includes(n))
}

function pop(items: string[], amount: string | undefined, take: () => string | undefined): Reply {
  if (amount === undefined) return take() ?? null
  return items.length === 0 ? null : Array.from({ length: Math.min(items.length, Number(amount)) }, () => take() as string)
}

const isWhole = (value: string) => /^-?\d+$/.test(value)

/** Whether a score lies on the right side of a bound (1: above it); `(` leaves the bound itself out. */
function within(text: string): (score: number, side: 1 | -1) => boolean {
  const bound = Number(text.replace('(', '').replace('inf', 'Infinity'))
  return (score, side) => (score - bound) * side > 0 || (score === bound && !text.startsWith('('))
}

function between(scores: Scores, low: string, high: string) {
  const [least, most] = [within(low), within(high)]
  return scores.inOrder().filter(([, score]) => least(score, 1) && most(score, -1))
}

const shown = (entries: [string, number][], options: string[]) =>
  entries.flatMap(([member, score]) => (options.includes('WITHSCORES') ? [member, String(score)] : [member]))

/** Commands on one key: of what type it must be, if it is there, and what they make of it. */
export const COMMANDS: Record<string, readonly [string, Apply]> = {
  GET: text((value) => ({ next: value, reply: value ?? null })),
  GETDEL: text((value) => ({ next: undefined, reply: value ?? null })),
  APPEND: text((value = '', [more = '']) => ({ next: value + more, reply: value.length + more.length })),
  STRLEN: text((value) => ({ next: value, reply: value?.length ?? 0 })),
  GETRANGE: text((value, [from, to]) => ({ next: value, reply: slice([...(value ?? '')], Number(from), Number(to)).join('') })),
  INCRBY: text((value = '0', [by]) =>
    isWhole(value)
      ? { next: String(Number(value) + Number(by)), reply: Number(value) + Number(by) }
      : { next: value, reply: NOT_WHOLE },
  ),
  RPUSH: list((items, more) => items.push(...more)),
  LPUSH: list((items, more) => items.unshift(...[...more].reverse())),
  LPOP: list((items, [amount]) => pop(items, amount, () => items.shift())),
  RPOP: list((items, [amount]) => pop(items, amount, () => items.pop())),
  LLEN: list((items) => items.length),
  LRANGE: list((items, [from, to]) => slice(items, Number(from), Number(to))),
  LINDEX: list((items, [at]) => items.at(Number(at)) ?? null),
  LSET: list((items, [at, item = '']) => {
    const place = Number(at) < 0 ? items.length + Number(at) : Number(at)
    if (items.length === 0) return '-ERR no such key'
    if (items[place] === undefined) return '-ERR index out of range'
    items[place] = item
    return '+OK'
  }),
  LREM: list((items, [count, item = '']) => {
    const before = items.length
    items.splice(0, before, ...without(items, Number(count), item))
    return before - items.length
  }),
  LTRIM: list((items, [from, to]) => {
    items.splice(0, items.length, ...slice(items, Number(from), Number(to)))
    return '+OK'
  }),
  HSET: hash((fields, pairs) => {
    const before = fields.size
    for (let n = 0; n < pairs.length; n += 2) fields.set(pairs[n] as string, pairs[n + 1] as string)
    return fields.size - before
  }),
  HGET: hash((fields, [field = '']) => fields.get(field) ?? null),
  HMGET: hash((fields, asked) => asked.map((field) => fields.get(field) ?? null)),
  HGETALL: hash((fields) => unordered([...fields].flat(), 2)),
  HDEL: hash((fields, gone) => gone.filter((field) => fields.delete(field)).length),
  HLEN: hash((fields) => fields.size),
  HKEYS: hash((fields) => unordered([...fields.keys()])),
  HVALS: hash((fields) => unordered([...fields.values()])),
  HEXISTS: hash((fields, [field = '']) => Number(fields.has(field))),
  HINCRBY: hash((fields, [field = '', by]) => {
    const value = fields.get(field) ?? '0'
    if (!isWhole(value)) return '-ERR hash value is not an integer'
    fields.set(field, String(Number(value) + Number(by)))
    return Number(fields.get(field))
  }),
  SADD: set((members, more) => {
    const before = members.size
    for (const member of more) members.add(member)
    return members.size - before
  }),
  SREM: set((members, gone) => gone.filter((member) => members.delete(member)).length),
  SISMEMBER: set((members, [member = '']) => Number(members.has(member))),
  SCARD: set((members) => members.size),
  SMEMBERS: set((members) => unordered([...members])),
  ZADD: sorted((scores, pairs) => {
    const before = scores.size
    for (let n = 0; n < pairs.length; n += 2) scores.set(pairs[n + 1] as string, Number(pairs[n]))
    return scores.size - before
  }),
  ZINCRBY: sorted((scores, [by, member = '']) => {
    scores.set(member, (scores.get(member) ?? 0) + Number(by))
    return String(scores.get(member))
  }),
  ZREM: sorted((scores, gone) => gone.filter((member) => scores.delete(member)).length),
  ZSCORE: sorted((scores, [member = '']) => (scores.has(member) ? String(scores.get(member)) : null)),
  ZCARD: sorted((scores) => scores.size),
  ZRANK: sorted((scores, [member]) => {
    const rank = scores.inOrder().findIndex(([one]) => one === member)
    return rank < 0 ? null : rank
  }),
  ZCOUNT: sorted((scores, [low = '', high = '']) => between(scores, low, high).length),
  ZRANGE: sorted((scores, [from, to, ...options]) => {
    const entries = options.includes('REV') ? scores.inOrder().reverse() : scores.inOrder()
    return shown(slice(entries, Number(from), Number(to)), options)
  }),
  ZRANGEBYSCORE: sorted((scores, [low = '', high = '', ...options]) => {
    const at = options.indexOf('LIMIT')
    const [offset, count] = at < 0 ? [0, -1] : [Number(options[at + 1]), Number(options[at + 2])]
    return shown(between(scores, low, high).slice(offset, count < 0 ? undefined : offset + count), options)
  }),
}
