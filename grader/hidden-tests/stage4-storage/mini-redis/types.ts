import { slice } from '../../../models/mini-redis-commands.ts'
import { check, expect } from '../../../programs/kit.ts'
import { gives, givesMembers, words } from './asking.ts'
import { open } from './open.ts'

/** What can be done with each type of value. */
export const types = [
  check(
    'counters',
    'counts up and down within 64 bits',
    { spec: 'counters', hint: 'A value that is no number, or a sum beyond 2⁶³ - 1, is an error and changes nothing. Mind 2⁵³.' },
    async (kit) => {
      const { redis } = await open(kit)
      const [key, word] = words(kit, 2)
      const [start, by] = [kit.random.int(10, 99), kit.random.int(100, 999)]
      await gives(redis, `INCR ${key}`, 1)
      await gives(redis, `SET ${key} ${start}`, '+OK')
      await gives(redis, `INCRBY ${key} ${by}`, start + by)
      await gives(redis, `DECR ${key}`, start + by - 1)
      await gives(redis, `DECRBY ${key} ${2 * by}`, start - by - 1)
      await gives(redis, `GET ${key}`, String(start - by - 1))
      await gives(redis, `SET ${key} 9007199254740993`, '+OK')
      await redis.call('INCR', key)
      await gives(redis, `GET ${key}`, '9007199254740994', 'Numbers have 64 bits; floating point has 53.')
      await gives(redis, `SET ${key} 9223372036854775807`, '+OK')
      expect(await redis.call('INCR', key), 'The reply to INCR at 2⁶³ - 1').toMatch(/^-ERR increment or decrement would overflow/)
      await gives(redis, `GET ${key}`, '9223372036854775807')
      await gives(redis, `SET ${key} ${word}`, '+OK')
      expect(await redis.call('INCR', key), `The reply to INCR of "${word}"`).toMatch(
        /^-ERR value is not an integer or out of range/,
      )
    },
  ),
  check(
    'strings',
    'appends to strings, cuts pieces out, and sets and gets several',
    { spec: 'strings', hint: 'Negative places count from the end; a range that lies outside is empty.' },
    async (kit) => {
      const { redis } = await open(kit)
      const [a, b, c, one, two] = words(kit, 5)
      await gives(redis, `APPEND ${a} ${one}`, one.length)
      await gives(redis, `APPEND ${a} ${two}`, one.length + two.length)
      for (const [from, to] of [
        [1, 3],
        [-3, -1],
        [0, -1],
        [2, 99],
        [50, 60],
      ] as const) {
        await gives(redis, `GETRANGE ${a} ${from} ${to}`, slice([...(one + two)], from, to).join(''))
      }
      await gives(redis, `MSET ${b} ${one} ${c} ${two}`, '+OK')
      await gives(redis, `MGET ${b} missing ${c}`, [one, null, two])
      await gives(redis, `SETNX ${b} ${two}`, 0)
      await gives(redis, `GETDEL ${b}`, one)
      await gives(redis, `EXISTS ${b}`, 0)
    },
  ),
  check(
    'set-options',
    'SET obeys NX, XX, GET and KEEPTTL',
    {
      spec: 'strings',
      hint: 'NX: only if there is none; XX: only if there is one; a SET that is refused answers nil. GET answers the old value.',
    },
    async (kit) => {
      const { redis } = await open(kit)
      const [key, one, two, three] = words(kit, 4)
      await gives(redis, `SET ${key} ${one} XX`, null)
      await gives(redis, `SET ${key} ${one} NX`, '+OK')
      await gives(redis, `SET ${key} ${two} NX`, null)
      await gives(redis, `SET ${key} ${two} XX GET`, one)
      await gives(redis, `SET ${key} ${two} EX 1000`, '+OK')
      await gives(redis, `SET ${key} ${three} KEEPTTL`, '+OK')
      expect(await redis.call('TTL', key), 'The reply to TTL after SET with KEEPTTL').toBeAtLeast(900, 's')
      await gives(redis, `SET ${key} ${one}`, '+OK')
      await gives(redis, `TTL ${key}`, -1, 'A plain SET forgets the time to live.')
      expect(await redis.call('SET', key, 'x', 'NX', 'XX'), 'The reply to SET with NX and XX').toMatch(/^-ERR syntax error/)
    },
  ),
  check(
    'lists',
    'pushes and pops at both ends of lists, and looks into them',
    { spec: 'lists', hint: 'LPUSH a b c puts c first. Both ends of a range are included; negative places count from the end.' },
    async (kit) => {
      const { redis } = await open(kit)
      const [key, a, b, c, d, e] = words(kit, 6)
      await gives(redis, `RPUSH ${key} ${a} ${b}`, 2)
      await gives(redis, `LPUSH ${key} ${c} ${d}`, 4)
      const items = [d, c, a, b]
      for (const [from, to] of [
        [0, -1],
        [1, 2],
        [-2, -1],
        [2, 99],
        [-99, 0],
        [3, 1],
      ] as const) {
        await gives(redis, `LRANGE ${key} ${from} ${to}`, slice(items, from, to))
      }
      await gives(redis, `LINDEX ${key} -1`, b)
      await gives(redis, `LINDEX ${key} 4`, null)
      await gives(redis, `LSET ${key} 1 ${e}`, '+OK')
      await gives(redis, `LSET ${key} 4 ${e}`, /^-ERR index out of range/, 'That is behind the end.')
      await gives(redis, `RPUSH ${key} ${d}`, 5)
      await gives(redis, `LREM ${key} -1 ${d}`, 1)
      await gives(redis, `LRANGE ${key} 0 -1`, [d, e, a, b], 'LREM with -1 takes the last one out.')
      await gives(redis, `LPOP ${key}`, d)
      await gives(redis, `RPOP ${key} 2`, [b, a])
      await gives(redis, `LLEN ${key}`, 1)
      await gives(redis, `LPOP ${key}`, e)
      await gives(redis, `EXISTS ${key}`, 0, 'An empty list does not exist.')
      await gives(redis, `LPOP ${key}`, null)
    },
  ),
  check(
    'hashes',
    'keeps fields and their values in hashes',
    { spec: 'hashes', hint: 'HSET answers how many fields are new, not how many were set.' },
    async (kit) => {
      const { redis } = await open(kit)
      const [key, a, b, c, one, two] = words(kit, 6)
      await gives(redis, `HSET ${key} ${a} ${one} ${b} ${two}`, 2)
      await gives(redis, `HSET ${key} ${b} ${one} ${c} 5`, 1)
      await gives(redis, `HGET ${key} ${b}`, one)
      await gives(redis, `HMGET ${key} ${a} nothing ${c}`, [one, null, '5'])
      await gives(redis, `HINCRBY ${key} ${c} 37`, 42)
      await gives(redis, `HLEN ${key}`, 3)
      await gives(redis, `HEXISTS ${key} ${a}`, 1)
      const reply = await redis.call('HGETALL', key)
      const all = Array.isArray(reply) ? reply : [reply]
      const pairs = all.flatMap((field, n) => (n % 2 === 0 ? [`${field}=${all[n + 1]}`] : []))
      expect(pairs.sort(), 'The pairs that HGETALL gives').toBe([`${a}=${one}`, `${b}=${one}`, `${c}=42`].sort())
      await givesMembers(redis, `HKEYS ${key}`, [a, b, c] as string[])
      await gives(redis, `HDEL ${key} ${a} ${b} nothing ${c}`, 3)
      await gives(redis, `EXISTS ${key}`, 0, 'An empty hash does not exist.')
    },
  ),
  check(
    'sets',
    'keeps members of sets, and combines sets',
    {
      spec: 'sets',
      hint: 'SADD counts new members. SDIFF takes all other sets from the first; a key that is not there is an empty set.',
    },
    async (kit) => {
      const { redis } = await open(kit)
      const [one, two, a, b, c, d] = words(kit, 6)
      await gives(redis, `SADD ${one} ${a} ${b} ${a}`, 2)
      await gives(redis, `SADD ${one} ${b} ${c}`, 1)
      await gives(redis, `SADD ${two} ${c} ${d}`, 2)
      await givesMembers(redis, `SMEMBERS ${one}`, [a, b, c])
      await gives(redis, `SISMEMBER ${one} ${d}`, 0)
      await givesMembers(redis, `SINTER ${one} ${two}`, [c])
      await givesMembers(redis, `SUNION ${one} ${two} nothing`, [a, b, c, d])
      await givesMembers(redis, `SDIFF ${one} ${two} nothing`, [a, b])
      await givesMembers(redis, `SINTER ${one} nothing`, [])
      await gives(redis, `SREM ${one} ${a} ${d}`, 1)
      const popped = (await redis.call('SPOP', one)) as string
      expect([b, c].includes(popped), `SPOP gives a member (${popped})`).toBe(true)
      await gives(redis, `SCARD ${one}`, 1)
      await gives(redis, `SISMEMBER ${one} ${popped}`, 0, 'SPOP takes the member out.')
    },
  ),
  check(
    'sorted-sets',
    'keeps members in order of their scores',
    {
      spec: 'sorted-sets',
      hint: 'Equal scores: the order of the bytes. A member that is added again moves. `(` leaves a bound out.',
    },
    async (kit) => {
      const { redis } = await open(kit)
      const key = kit.random.word()
      const members = words(kit, 12).map((member, n) => ({ member, score: n < 4 ? 7 : kit.random.int(-50, 50) / 2 }))
      const inOrder = [...members].sort((x, y) => x.score - y.score || (x.member < y.member ? -1 : 1))
      const names = inOrder.map(({ member }) => member)
      expect(await redis.call('ZADD', key, ...members.flatMap(({ member, score }) => [score, member])), 'The reply to ZADD').toBe(
        12,
      )
      await gives(redis, `ZRANGE ${key} 0 -1`, names)
      await gives(
        redis,
        `ZRANGE ${key} 2 4 WITHSCORES`,
        slice(inOrder, 2, 4).flatMap(({ member, score }) => [member, String(score)]),
      )
      await gives(redis, `ZRANGE ${key} 0 2 REV`, [...names].reverse().slice(0, 3))
      for (const { member } of inOrder.slice(3, 6)) await gives(redis, `ZRANK ${key} ${member}`, names.indexOf(member))
      const between = (low: number, high: number) =>
        inOrder.filter(({ score }) => score > low && score <= high).map(({ member }) => member)
      await gives(redis, `ZRANGEBYSCORE ${key} (7 +inf`, between(7, 99))
      await gives(redis, `ZRANGEBYSCORE ${key} -inf 7 LIMIT 1 2`, between(-99, 7).slice(1, 3))
      await gives(redis, `ZCOUNT ${key} (7 20`, between(7, 20).length)
      const [first] = names
      await gives(redis, `ZINCRBY ${key} 1000.5 ${first}`, String((inOrder[0]?.score as number) + 1000.5))
      await gives(redis, `ZRANK ${key} ${first}`, 11, 'Its score is the highest now.')
      await gives(redis, `ZADD ${key} -1000 ${first}`, 0)
      await gives(redis, `ZRANGE ${key} 0 -1`, names)
      await gives(redis, `ZREM ${key} ${names[3]} nothing`, 1)
      await gives(redis, `ZCARD ${key}`, 11)
      await gives(redis, `ZSCORE ${key} ${names[3]}`, null)
    },
  ),
]
