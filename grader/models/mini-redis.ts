import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../engine/random.ts'
import type { Kit } from '../programs/kit.ts'
import type { Server } from '../programs/server.ts'
import { connect, type Reply, type Resp } from '../protocols/resp.ts'
import { COMBINED, COMMANDS, typeOf, unordered, type Value, WRONG } from './mini-redis-commands.ts'
import type { Conversation, Expected, Model } from './operations.ts'

type Words = (string | number)[]

/** A reply in one line, as the failure of a random test shows it. */
const print = (reply: Reply): string => (typeof reply === 'string' ? reply : JSON.stringify(reply))

const AGAIN = 'one-by-one'

/**
 * Has a server do all of these commands, sent at once. Of a command of which a server dies, those that came before it in one piece may have no reply either: another
 * server, on nothing, is asked one by one.
 * @throws {Failure} it dies; the command that it dies of is named, if it does so again.
 */
export async function survives({ program, scratch }: Kit, redis: Resp, commands: Words[]): Promise<void> {
  try {
    await redis.pipeline(commands)
  } catch (failure) {
    if (!redis.connection.ended) throw failure
    scratch.remove(AGAIN)
    const server = await program.serve({ data: scratch.folder(AGAIN) })
    const other = await connect(server)
    for (const words of commands) await other.call(...words)
    throw failure
  }
}

/** A conversation with a server that is started for it on nothing: each request is a command, its words separated by blanks. */
export async function converse({ program, scratch }: Kit, folder: string): Promise<Conversation> {
  if (scratch.names(folder).length > 0) scratch.remove(folder)
  const server = await program.serve({ data: scratch.folder(folder) })
  const redis = await connect(server)
  const over = async () => {
    redis.close()
    await server.kill()
  }
  return {
    transcript: server.transcript,
    begins: server.begins,
    askAll: async (requests) => (await redis.pipeline(requests.map((request) => request.split(' ')))).map(print),
    end: over,
    kill: over,
  }
}

/** Waits until the clock says that a moment has passed, for what must happen by then while the server is down. */
export async function clockReaches(moment: number): Promise<void> {
  while (Date.now() <= moment) await sleep(moment + 1 - Date.now())
}

/** Opens some clients at once, each with a name for the transcript. */
export function clients(server: Server, ...names: string[]): Promise<Resp[]> {
  return Promise.all(names.map((name) => connect(server, { name })))
}

/** A model of the commands on keys of all types. */
export class RedisModel implements Model {
  private readonly values = new Map<string, Value>()

  answer(request: string): Expected {
    const [name = '', key = '', ...args] = request.split(' ')
    const value = this.values.get(key)
    if (name === 'DEL') return print(Number(this.values.delete(key)))
    if (name === 'EXISTS') return print(Number(value !== undefined))
    if (name === 'TYPE') return value === undefined ? '+none' : `+${typeOf(value)}`
    if (name === 'RENAME') return this.rename(key, args[0] as string)
    if (name === 'MGET') return print([key, ...args].map((one) => this.text(one)))
    if (name in COMBINED) return this.combine(name, [key, ...args])
    if (name === 'SETNX' && value !== undefined) return print(0)
    if (name === 'SET' || name === 'SETNX') {
      this.values.set(key, args[0] as string)
      return name === 'SET' ? '+OK' : print(1)
    }
    const [type, command] = COMMANDS[name] as (typeof COMMANDS)[string]
    if (value !== undefined && typeOf(value) !== type) return WRONG
    const { next, reply } = command(value as never, args)
    const empty = next !== undefined && typeof next !== 'string' && (Array.isArray(next) ? next.length : next.size) === 0
    if (next === undefined || empty) this.values.delete(key)
    else this.values.set(key, next)
    return typeof reply === 'function' ? reply : print(reply)
  }

  private text(key: string): string | null {
    const value = this.values.get(key)
    return typeof value === 'string' ? value : null
  }

  private rename(from: string, to: string): Expected {
    const value = this.values.get(from)
    if (value === undefined) return '-ERR no such key'
    this.values.delete(from)
    this.values.set(to, value)
    return '+OK'
  }

  private combine(name: string, keys: string[]): Expected {
    const values = keys.map((key) => this.values.get(key) ?? new Set<string>())
    if (values.some((value) => typeOf(value) !== 'set')) return WRONG
    const [first, ...others] = values as Set<string>[]
    return unordered((COMBINED[name] as (typeof COMBINED)[string])([...(first ?? [])], others))
  }
}

const BY_TYPE = [
  ['GET', 'APPEND', 'STRLEN', 'INCRBY', 'SET', 'SETNX', 'GETDEL', 'GETRANGE', 'MGET'],
  ['RPUSH', 'LPUSH', 'RPUSH', 'LPUSH', 'LPOP', 'RPOP', 'LLEN', 'LRANGE', 'LINDEX', 'LTRIM', 'LSET', 'LREM'],
  ['HSET', 'HSET', 'HGET', 'HMGET', 'HDEL', 'HLEN', 'HKEYS', 'HVALS', 'HGETALL', 'HEXISTS', 'HINCRBY'],
  ['SADD', 'SADD', 'SREM', 'SISMEMBER', 'SCARD', 'SMEMBERS', 'SINTER', 'SUNION', 'SDIFF'],
  ['ZADD', 'ZADD', 'ZINCRBY', 'ZREM', 'ZSCORE', 'ZCARD', 'ZRANK', 'ZCOUNT', 'ZRANGE', 'ZRANGEBYSCORE'],
]

/** So many random commands on a few keys, most of them fitting the type that their key was made for. */
export function randomCommands(random: Random, length: number): string[] {
  const words = random.distinct(8, random.word)
  const keys = random.distinct(2 * BY_TYPE.length, random.word)
  const word = () => random.pick(words)
  const some = <T>(draw: () => T) => Array.from({ length: random.int(1, 3) }, draw)
  const index = () => random.int(-5, 5)
  // Halves are exact, and so few that members often share one.
  const score = () => random.int(-6, 6) / 2
  const bound = (end: string) => (random.oneIn(5) ? end : `${random.oneIn(2) ? '(' : ''}${score()}`)
  const perhaps = (...option: (string | number)[]) => (random.oneIn(2) ? option : [])
  const otherKeys = (at: number) =>
    some(() => keys[random.oneIn(9) ? random.int(0, keys.length - 1) : (at + BY_TYPE.length) % keys.length])
  const draw: Record<string, (at: number) => unknown[]> = {
    SET: () => [random.oneIn(2) ? random.word() : random.int(-99, 99)],
    SETNX: () => [word()],
    APPEND: () => [word()],
    INCRBY: () => [random.int(-50, 50)],
    // Of an end before the beginning the manual does not say what it means.
    GETRANGE: () => [index(), random.int(-1, 6)],
    MGET: otherKeys,
    RPUSH: () => some(word),
    LPUSH: () => some(word),
    LPOP: () => perhaps(random.int(0, 3)),
    RPOP: () => perhaps(random.int(0, 3)),
    LRANGE: () => [index(), index()],
    LTRIM: () => [index(), index()],
    LINDEX: () => [index()],
    LSET: () => [index(), word()],
    LREM: () => [random.int(-2, 2), word()],
    HSET: () => some(() => [word(), random.oneIn(2) ? word() : random.int(-9, 9)]).flat(),
    HGET: () => [word()],
    HMGET: () => some(word),
    HDEL: () => some(word),
    HEXISTS: () => [word()],
    HINCRBY: () => [word(), random.int(-50, 50)],
    SADD: () => some(word),
    SREM: () => some(word),
    SISMEMBER: () => [word()],
    SINTER: otherKeys,
    SUNION: otherKeys,
    SDIFF: otherKeys,
    ZADD: () => some(() => [score(), word()]).flat(),
    ZINCRBY: () => [score(), word()],
    ZREM: () => some(word),
    ZSCORE: () => [word()],
    ZRANK: () => [word()],
    ZCOUNT: () => [bound('-inf'), bound('+inf')],
    ZRANGE: () => [index(), index(), ...perhaps('REV'), ...perhaps('WITHSCORES')],
    ZRANGEBYSCORE: () => [
      bound('-inf'),
      bound('+inf'),
      ...perhaps('WITHSCORES'),
      ...perhaps('LIMIT', random.int(0, 3), random.int(-1, 3)),
    ],
    RENAME: (at) => otherKeys(at).slice(0, 1),
  }
  return Array.from({ length }, () => {
    const at = random.int(0, keys.length - 1)
    const usual = BY_TYPE[at % BY_TYPE.length] as string[]
    const name = random.oneIn(12)
      ? random.pick(['DEL', 'EXISTS', 'TYPE', 'RENAME'])
      : random.oneIn(15)
        ? random.pick(BY_TYPE.flat())
        : random.pick(usual)
    return [name, keys[at], ...(draw[name]?.(at) ?? [])].join(' ')
  })
}
