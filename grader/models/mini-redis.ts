import type { Random } from '../engine/random.ts'
import type { Kit } from '../programs/kit.ts'
import type { Server } from '../programs/server.ts'
import { connect, type Reply, type Resp } from '../protocols/resp.ts'
import type { Conversation, Expected, Model } from './operations.ts'

/** A reply in one line, as the failure of a random test shows it. */
const print = (reply: Reply): string => (typeof reply === 'string' ? reply : JSON.stringify(reply))

/** A conversation with a server that is started for it: each request is a command, its words separated by blanks. */
export async function converse({ program, scratch }: Kit, folder: string): Promise<Conversation> {
  const server = await program.serve({ data: scratch.folder(folder) })
  const redis = await connect(server)
  const over = async () => {
    redis.close()
    await server.kill()
  }
  return {
    transcript: server.transcript,
    askAll: async (requests) => (await redis.pipeline(requests.map((request) => request.split(' ')))).map(print),
    end: over,
    kill: over,
  }
}

/** Opens some clients at once, each with a name for the transcript. */
export function clients(server: Server, ...names: string[]): Promise<Resp[]> {
  return Promise.all(names.map((name) => connect(server, { name })))
}

type Value = string | string[] | Map<string, string> | Set<string>

const typeOf = (value: Value) =>
  typeof value === 'string' ? 'string' : Array.isArray(value) ? 'list' : value instanceof Map ? 'hash' : 'set'
const WRONG = '-WRONGTYPE Operation against a key holding the wrong kind of value'

/** The members, in whatever order. */
function unordered(members: string[]): Expected {
  const want = JSON.stringify([...members].sort())
  return (answer) => {
    try {
      const got = JSON.parse(answer) as string[]
      return JSON.stringify([...got].sort()) === want ? undefined : `${want}, in any order`
    } catch {
      return `${want}, in any order`
    }
  }
}

/** A model of some of the commands, on keys of all types but sorted sets. */
export class RedisModel implements Model {
  private readonly values = new Map<string, Value>()

  answer(request: string): Expected {
    const [name = '', key = '', ...args] = request.split(' ')
    if (name === 'DEL') return print(Number(this.values.delete(key)))
    if (name === 'EXISTS') return print(Number(this.values.has(key)))
    if (name === 'TYPE') return this.values.has(key) ? `+${typeOf(this.values.get(key) as Value)}` : '+none'
    if (name === 'SET') {
      this.values.set(key, args[0] as string)
      return '+OK'
    }
    const [type, command] = COMMANDS[name] as (typeof COMMANDS)[string]
    const value = this.values.get(key)
    if (value !== undefined && typeOf(value) !== type) return WRONG
    const { next, reply } = command(value as never, args)
    const empty = next !== undefined && typeof next !== 'string' && (Array.isArray(next) ? next.length : next.size) === 0
    if (next === undefined || empty) this.values.delete(key)
    else this.values.set(key, next)
    return typeof reply === 'function' ? reply : print(reply)
  }
}

interface Outcome {
  next: Value | undefined
  reply: Reply | ((answer: string) => string | undefined)
}

type Apply = (value: never, args: string[]) => Outcome

const text = (how: (value: string | undefined, args: string[]) => Outcome) => ['string', how as Apply] as const
const list = (how: (value: string[], args: string[]) => Outcome['reply']) =>
  ['list', ((value: string[] = [], args) => ({ reply: how(value, args), next: value })) as Apply] as const
const hash = (how: (value: Map<string, string>, args: string[]) => Outcome['reply']) =>
  ['hash', ((value: Map<string, string> = new Map(), args) => ({ reply: how(value, args), next: value })) as Apply] as const
const set = (how: (value: Set<string>, args: string[]) => Outcome['reply']) =>
  ['set', ((value: Set<string> = new Set(), args) => ({ reply: how(value, args), next: value })) as Apply] as const

/** What LRANGE and its kin mean by two indices. */
export function slice<T>(items: T[], from: number, to: number): T[] {
  const place = (index: number) => (index < 0 ? Math.max(0, items.length + index) : index)
  return items.slice(place(from), to < 0 ? Math.max(0, items.length + to + 1) : to + 1)
}

const COMMANDS: Record<string, readonly [string, Apply]> = {
  GET: text((value) => ({ next: value, reply: value ?? null })),
  APPEND: text((value = '', [more = '']) => ({ next: value + more, reply: value.length + more.length })),
  STRLEN: text((value) => ({ next: value, reply: value?.length ?? 0 })),
  INCRBY: text((value = '0', [by]) =>
    /^-?\d+$/.test(value)
      ? { next: String(Number(value) + Number(by)), reply: Number(value) + Number(by) }
      : { next: value, reply: '-ERR value is not an integer or out of range' },
  ),
  RPUSH: list((items, more) => items.push(...more)),
  LPUSH: list((items, more) => items.unshift(...[...more].reverse())),
  LPOP: list((items) => items.shift() ?? null),
  RPOP: list((items) => items.pop() ?? null),
  LLEN: list((items) => items.length),
  LRANGE: list((items, [from, to]) => slice(items, Number(from), Number(to))),
  LINDEX: list((items, [at]) => items.at(Number(at)) ?? null),
  LTRIM: list((items, [from, to]) => {
    items.splice(0, items.length, ...slice(items, Number(from), Number(to)))
    return '+OK'
  }),
  HSET: hash((fields, [field = '', value = '']) => {
    const fresh = !fields.has(field)
    fields.set(field, value)
    return Number(fresh)
  }),
  HGET: hash((fields, [field = '']) => fields.get(field) ?? null),
  HDEL: hash((fields, [field = '']) => Number(fields.delete(field))),
  HLEN: hash((fields) => fields.size),
  HKEYS: hash((fields) => unordered([...fields.keys()]) as (answer: string) => string | undefined),
  SADD: set((members, more) => {
    const before = members.size
    for (const member of more) members.add(member)
    return members.size - before
  }),
  SREM: set((members, [member = '']) => Number(members.delete(member))),
  SISMEMBER: set((members, [member = '']) => Number(members.has(member))),
  SCARD: set((members) => members.size),
  SMEMBERS: set((members) => unordered([...members]) as (answer: string) => string | undefined),
}

/** So many random commands on a few keys, most of them fitting the type that their key was made for. */
export function randomCommands(random: Random, length: number): string[] {
  const words = random.distinct(8, random.word)
  const keys = random.distinct(6, random.word)
  const index = () => random.int(-5, 5)
  const byType = [
    ['GET', 'APPEND', 'STRLEN', 'INCRBY', 'SET'],
    ['RPUSH', 'LPUSH', 'RPUSH', 'LPUSH', 'LPOP', 'RPOP', 'LLEN', 'LRANGE', 'LINDEX', 'LTRIM'],
    ['HSET', 'HSET', 'HGET', 'HDEL', 'HLEN', 'HKEYS'],
    ['SADD', 'SADD', 'SREM', 'SISMEMBER', 'SCARD', 'SMEMBERS'],
  ]
  const argumentsOf = (name: string): (string | number)[] => {
    if (['LRANGE', 'LTRIM'].includes(name)) return [index(), index()]
    if (name === 'LINDEX') return [index()]
    if (name === 'INCRBY') return [random.int(-50, 50)]
    if (name === 'SET') return [random.oneIn(2) ? random.word() : random.int(-99, 99)]
    if (['RPUSH', 'LPUSH', 'SADD'].includes(name)) return Array.from({ length: random.int(1, 3) }, () => random.pick(words))
    if (name === 'HSET') return [random.pick(words), random.pick(words)]
    return /^(APPEND|HGET|HDEL|SREM|SISMEMBER)$/.test(name) ? [random.pick(words)] : []
  }
  return Array.from({ length }, () => {
    const at = random.int(0, keys.length - 1)
    const usual = byType[at % byType.length] as string[]
    const name = random.oneIn(8)
      ? random.pick(['DEL', 'EXISTS', 'TYPE'])
      : random.oneIn(12)
        ? random.pick(byType.flat())
        : random.pick(usual)
    return [name, keys[at], ...argumentsOf(name)].join(' ')
  })
}
