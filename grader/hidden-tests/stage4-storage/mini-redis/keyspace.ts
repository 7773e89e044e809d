import { check, expect } from '../../../programs/kit.ts'
import type { Resp } from '../../../protocols/resp.ts'
import { becomes, each, gives, givesAll, givesMembers, words } from './asking.ts'
import { open } from './open.ts'

/** Waits until a key is gone, by asking; a time to live is up at the earliest when it says so. */
async function goes(redis: Resp, key: string, from: number, ms: number): Promise<void> {
  const deadline = performance.now() + 10_000
  let reply = await redis.call('GET', key)
  while (reply !== null && performance.now() < deadline) reply = await redis.call('GET', key)
  expect(reply, `The reply to GET ${key}, more than ${ms} ms after it was told to expire,`).toBe(null)
  expect(performance.now() - from, `The time that ${key} lived, with a time to live of ${ms} ms,`).toBeAtLeast(ms - 2, 'ms')
}

/** Keys, whatever they hold. */
export const keyspace = [
  check(
    'keys',
    'deletes keys, and tells which there are and of what type',
    { spec: 'keys', hint: 'DEL and EXISTS count: a key that is named twice exists twice, but is deleted once.' },
    async (kit) => {
      const { redis } = await open(kit)
      const [a, b, c] = words(kit, 3)
      await redis.pipeline([
        ['SET', a, 1],
        ['RPUSH', b, 1],
      ])
      await gives(redis, `EXISTS ${a} ${b} ${c} ${a}`, 3)
      await gives(redis, `TYPE ${a}`, '+string')
      await gives(redis, `TYPE ${b}`, '+list')
      await gives(redis, `TYPE ${c}`, '+none')
      await gives(redis, `DEL ${a} ${c} ${a} ${b}`, 2)
      await gives(redis, `EXISTS ${a} ${b}`, 0)
    },
  ),
  check(
    'nothing-there',
    'takes a key that is not there for an empty value, and does not make it by looking',
    {
      spec: 'types',
      hint: 'Reading gives nil, 0 or an empty array; a list without items or a set without members does not exist.',
    },
    async (kit) => {
      const { redis } = await open(kit)
      const [key] = words(kit, 1)
      const nil = 'GET k|GETDEL k|LINDEX k 0|LPOP k|RPOP k|LPOP k 2|RPOP k 0|HGET k f|SPOP k|ZSCORE k m|ZRANK k m|SET k v XX'
      const zero =
        'STRLEN k|EXISTS k|DEL k|UNLINK k|EXPIRE k 9|PERSIST k|LLEN k|LREM k 0 x|HLEN k|HEXISTS k f|HDEL k f|SCARD k|SISMEMBER k m|SREM k m|ZCARD k|ZCOUNT k 0 9|ZREM k m'
      const empty =
        'LRANGE k 0 -1|HGETALL k|HKEYS k|HVALS k|SMEMBERS k|SINTER k|SUNION k|SDIFF k|ZRANGE k 0 -1|ZRANGEBYSCORE k -inf +inf|KEYS k'
      await givesAll(
        redis,
        [
          ...each(nil, null, key),
          ...each(zero, 0, key),
          ...each(empty, [], key),
          ...each('MGET k|HMGET k f', [null], key),
          ...each('TTL k|PTTL k', -2, key),
          [`GETRANGE ${key} 0 -1`, ''],
          [`LTRIM ${key} 0 1`, '+OK'],
          [`LSET ${key} 0 x`, /^-ERR no such key/],
          [`RENAME ${key} other`, /^-ERR no such key/],
          ['DBSIZE', 0],
        ],
        `There is no key ${key}.`,
      )
    },
  ),
  check(
    'names',
    'finds keys by a pattern, gives one another name, and removes all at once',
    {
      spec: 'keys',
      hint: 'KEYS knows *, ?, [a-c], [^a] and \\ before a sign that means itself. RENAME takes along the type, the value and the time to live.',
    },
    async (kit) => {
      const { redis } = await open(kit)
      const [a, b, value] = words(kit, 3)
      await redis.call('MSET', ...['a1', 'b1', 'b22', 'c1', 'b*'].flatMap((end) => [`${a}.${end}`, value]))
      for (const [pattern, ends] of [
        ['[a-b]1', ['a1', 'b1']],
        ['b?', ['b1', 'b*']],
        ['b*', ['b1', 'b22', 'b*']],
        ['[^b]1', ['a1', 'c1']],
        ['b\\*', ['b*']],
        ['', []],
      ] as const) {
        await givesMembers(
          redis,
          `KEYS ${a}.${pattern}`,
          ends.map((end) => `${a}.${end}`),
        )
      }
      await gives(redis, 'DBSIZE', 5)
      await gives(redis, `RPUSH ${b} ${value}`, 1)
      await gives(redis, `EXPIRE ${b} 1000`, 1)
      await gives(redis, `RENAME ${b} ${a}.a1`, '+OK')
      await gives(redis, `LRANGE ${a}.a1 0 -1`, [value], 'What was there before is gone.')
      expect(await redis.call('TTL', `${a}.a1`), 'The reply to TTL after RENAME').toBeAtLeast(900, 's')
      await gives(redis, `EXISTS ${b}`, 0)
      await gives(redis, `UNLINK ${a}.a1 ${b} ${a}.b1`, 2)
      await gives(redis, 'FLUSHALL', '+OK')
      await gives(redis, 'DBSIZE', 0)
      await gives(redis, 'KEYS *', [])
    },
  ),
  check(
    'expiry',
    'forgets keys when their time is up, not before',
    {
      spec: 'expiry',
      hint: 'Keep the moment, not the duration. Whoever asks for a key whose moment has passed removes it; and so does the server by itself, time and again, a few at a time.',
    },
    async (kit) => {
      const { redis } = await open(kit)
      const [a, b, c] = words(kit, 3)
      const ms = kit.random.int(150, 250)
      const started = performance.now()
      await gives(redis, `SET ${a} 1 PX ${ms}`, '+OK')
      const value = await redis.call('GET', a)
      // On a busy machine its time may be up before it is asked for.
      if (performance.now() - started < ms) expect(value, `The reply to \`GET ${a}\``, 'It has just been set.').toBe('1')
      await goes(redis, a, started, ms)
      await gives(redis, `EXISTS ${a}`, 0)
      await gives(redis, `TTL ${a}`, -2)
      const soon = performance.now()
      const crowd = Array.from({ length: 8000 }, (_, n) => ['SET', `${b}${n}`, 1, 'PX', ms])
      await redis.pipeline([...crowd, ['SET', a, 1, 'PX', ms + 1]])
      await goes(redis, a, soon, ms + 1)
      await gives(redis, `KEYS ${b}*`, [], 'Their time was up before.')
      await redis.pipeline([['SET', b, 1], ...crowd])
      await becomes(
        redis,
        ['DBSIZE'],
        (reply) => reply === 1,
        '1, since the time of all other keys is up, though nobody asks for them any more',
      )
      await gives(redis, `SET ${b} 1`, '+OK')
      await gives(redis, `TTL ${b}`, -1)
      await gives(redis, `EXPIRE ${b} 500`, 1)
      expect(await redis.call('PTTL', b), 'The reply to PTTL').toBeAtLeast(490_000, 'ms')
      await gives(redis, `PERSIST ${b}`, 1)
      await gives(redis, `TTL ${b}`, -1)
      await gives(redis, `PEXPIRE ${b} -5`, 1)
      await gives(redis, `EXISTS ${b}`, 0, 'A time to live below zero is the end of the key.')
      await gives(redis, `EXPIRE ${c} 100`, 0)
      const later = Math.floor(Date.now() / 1000) + 1000
      for (const [command, least] of [
        [`EXPIREAT ${c} ${later}`, 900],
        [`PEXPIREAT ${c} ${later}500`, 900],
        [`EXPIRE ${c} 500`, 400],
        [`PEXPIRE ${c} 500900`, 401],
      ] as const) {
        await gives(redis, `SET ${c} 1`, '+OK')
        await gives(redis, command, 1)
        const left = await redis.call('TTL', c)
        expect(left, `The reply to TTL after \`${command}\``).toBeAtLeast(least, 's')
        expect(left, `The reply to TTL after \`${command}\``).toBeAtMost(least + 101, 's')
        // Whatever changes a value leaves its time to live alone.
        await redis.pipeline([
          ['INCR', c],
          ['APPEND', c, 5],
        ])
        await gives(redis, `GET ${c}`, '25')
        expect(await redis.call('TTL', c), `The reply to TTL after \`${command}\`, INCR and APPEND`).toBeAtLeast(least - 100, 's')
      }
      await gives(redis, `MSET ${c} 1 ${b} 2`, '+OK')
      await gives(redis, `TTL ${c}`, -1, 'Like SET, MSET forgets the time to live.')
      await gives(redis, `EXPIREAT ${c} 1`, 1)
      await gives(redis, `EXISTS ${c}`, 0, 'The first second of 1970 has passed.')
    },
  ),
  check(
    'scan',
    'SCAN comes by every key that is there all the time, whatever comes and goes meanwhile',
    { spec: 'scan', hint: 'The cursor is all that you know of a client: it must mean a place, not a count of keys given.' },
    async (kit) => {
      const { redis } = await open(kit)
      const staying = words(kit, 300)
      const going = Array.from({ length: 300 }, (_, n) => `x${n}`)
      await redis.pipeline(kit.random.shuffle([...staying, ...going]).map((key) => ['SET', key, 1]))
      const seen = new Set<string>()
      let cursor = '0'
      let calls = 0
      do {
        const reply = (await redis.call('SCAN', cursor, 'COUNT', 20)) as [string, string[]]
        cursor = reply[0]
        for (const key of reply[1]) seen.add(key)
        // Some go and some come between the calls.
        await redis.pipeline([...going.splice(0, 9).map((key) => ['DEL', key]), ['SET', `new${calls}`, 1]])
        expect(++calls, 'The number of calls until the cursor is 0 again, with COUNT 20 and some 600 keys,').toBeAtMost(600)
      } while (cursor !== '0')
      const missed = staying.filter((key) => !seen.has(key))
      expect(missed, 'The keys that were there all the time and that SCAN did not come by').toBe([])
      const [, matched] = (await redis.call('SCAN', 0, 'match', `${staying[0]?.slice(0, 3)}*`, 'COUNT', 10_000)) as [
        string,
        string[],
      ]
      const wanted = staying.filter((key) => key.startsWith(staying[0]?.slice(0, 3) as string))
      expect([...matched].sort(), 'The keys that SCAN with MATCH gives').toBe(wanted.sort())
    },
  ),
]
