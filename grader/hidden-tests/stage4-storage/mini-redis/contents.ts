import { Failure } from '../../../programs/kit.ts'
import type { Server } from '../../../programs/server.ts'
import { connect, type Reply } from '../../../protocols/resp.ts'

/** How the whole value of each type is asked for. */
const WHOLE: Record<string, (key: string) => string[]> = {
  '+string': (key) => ['GET', key],
  '+list': (key) => ['LRANGE', key, '0', '-1'],
  '+hash': (key) => ['HGETALL', key],
  '+set': (key) => ['SMEMBERS', key],
  '+zset': (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
}

/** All that a server holds: of each key, in words, its type, whether it will expire, and its value. */
export async function everything(server: Server): Promise<Map<string, string>> {
  const redis = await connect(server, { quiet: true })
  const keys = (await redis.call('KEYS', '*')) as string[]
  const types = (await redis.pipeline(keys.map((key) => ['TYPE', key]))).map(String)
  const left = (await redis.pipeline(keys.map((key) => ['TTL', key]))).map(Number)
  const values = await redis.pipeline(keys.map((key, n) => WHOLE[types[n] as string]?.(key) ?? ['GET', key]))
  redis.close()
  const described = keys.map((key, n): [string, string] => {
    const until = (left[n] as number) < 0 ? '' : ', which will expire'
    return [key, `a ${types[n]?.slice(1)}${until}: ${JSON.stringify(inOrder(values[n] as Reply, types[n] as string))}`]
  })
  return new Map(described)
}

/** What has no order of its own, in one. */
function inOrder(value: Reply, type: string): unknown {
  const items = value as string[]
  if (type === '+set') return [...items].sort()
  if (type === '+hash') return items.flatMap((field, n) => (n % 2 === 0 ? [`${field}=${items[n + 1]}`] : [])).sort()
  return value
}

/** @throws {Failure} with the first key that is not what it must be. */
export function isTheSame(contents: Map<string, string>, wanted: Map<string, string>, where: string): void {
  for (const key of [...wanted.keys(), ...contents.keys()].sort()) {
    const [expected, actual] = [wanted, contents].map((all) => all.get(key) ?? `no key ${key}`) as [string, string]
    if (actual !== expected) throw new Failure(`The key ${key} is not what it must be, ${where}.`, { expected, actual })
  }
}
