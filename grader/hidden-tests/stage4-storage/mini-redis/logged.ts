import { clockReaches } from '../../../models/mini-redis.ts'
import { failUnlessOnDisk, REPLYING } from '../../../models/mini-redis-syncing.ts'
import { check, expect } from '../../../programs/kit.ts'
import { connect, type Resp } from '../../../protocols/resp.ts'
import { becomes, gives, words } from './asking.ts'
import { DATA, DURABLE, open } from './open.ts'

/** What has to be in the log, and when. */
export const logged = [
  check(
    'synced',
    'answers a change only when the disk has it',
    {
      spec: 'the-log',
      hint: 'write gives the bytes to the kernel, which keeps them for a while: call fsync or fdatasync, then send the reply.',
    },
    async (kit) => {
      const { program, random, scratch } = kit
      const server = await program.serve({
        data: scratch.folder(DATA),
        args: DURABLE,
        trace: { file: 'trace', calls: REPLYING },
      })
      const redis = await connect(server)
      const [key, list, set, zset] = words(kit, 4)
      // Words that stand nowhere else in what the server sends.
      const [old, item, member, waited] = random.distinct(4, () => random.word() + random.word()) as [
        string,
        string,
        string,
        string,
      ]
      const number = () => random.int(100_000_000, 999_999_999)
      const [counter, score, field] = random.distinct(3, number) as [number, number, number]
      await redis.pipeline([
        ['SET', key, old],
        ['RPUSH', list, item],
        ['SADD', set, member],
      ])
      const changes: [command: string, reply: string | number][] = [
        [`INCRBY n ${counter}`, counter],
        [`SET ${key} x GET`, old],
        [`LPOP ${list}`, item],
        [`SPOP ${set}`, member],
        [`HINCRBY h f ${field}`, field],
        [`ZINCRBY ${zset} ${score} m`, String(score)],
      ]
      // What comes to the disk late comes there before the next change is asked for.
      const marks = random.distinct(changes.length + 1, () => random.word() + random.word() + random.word())
      const mark = async (n: number) => {
        for (const word of ['first', marks[n] as string]) await redis.call('ECHO', word)
      }
      for (const [n, [command, reply]] of changes.entries()) {
        await mark(n)
        await gives(redis, command, reply)
      }
      const who = await connect(server, { name: 'who waits' })
      const served = who.call('BLPOP', list, 30)
      await who.connection.isSent(redis)
      await mark(changes.length)
      await redis.call('RPUSH', list, waited)
      expect(await served, `The reply to BLPOP ${list}`).toBe([list, waited])
      changes.push([`BLPOP ${list} 30`, waited])
      // What strace notes of a call comes after it: there and back once more, and all of it is in the file.
      for (let n = 0; n < 3; n++) await redis.call('PING')
      await server.kill()
      const noted = changes.map(([command, reply], n) => ({ command, before: marks[n] as string, reply: String(reply) }))
      failUnlessOnDisk(kit, 'trace', DATA, noted)
    },
  ),
  check(
    'expired-for-good',
    'has again after kill -9 what took the place of a key whose time was up, and what was told in time to stay',
    {
      spec: 'the-log',
      hint: 'When the time of a key is up, write that to the log, like a DEL. At the start the commands are done again as they were done then: no key expires in between.',
    },
    async (kit) => {
      const { server, redis } = await open(kit, ...DURABLE)
      const [counter, list, kept] = words(kit, 3)
      const told = await redis.pipeline([
        ['SET', counter, 41, 'PX', 200],
        ['RPUSH', list, 'old'],
        ['PEXPIRE', list, 200],
        ['SET', kept, 41, 'PX', 1000],
        ['INCR', kept],
        ['PERSIST', kept],
      ])
      const passed = Date.now() + 1000
      expect(told.at(-1), `The reply to PERSIST ${kept}`).toBe(1)
      for (const key of [counter, list])
        await becomes(redis, ['EXISTS', key], (reply) => reply === 0, 'gone, since its time is up')
      await gives(redis, `INCR ${counter}`, 1, 'The time of the old value is up.')
      await gives(redis, `RPUSH ${list} new`, 1, 'The time of the old list is up.')
      await server.kill()
      await clockReaches(passed)
      const again = (await open(kit, ...DURABLE)).redis
      const why = 'It was acknowledged before kill -9, when the time of the old value was up already.'
      await gives(again, `GET ${counter}`, '1', why)
      await gives(again, `LRANGE ${list} 0 -1`, ['new'], why)
      await gives(again, `GET ${kept}`, '42', 'PERSIST was acknowledged in time: the key stays.')
      await gives(again, `TTL ${kept}`, -1)
    },
  ),
  check(
    'evicted-for-good',
    'tells the log and its followers of what it removed to make room',
    {
      spec: 'a-limit-of-memory',
      hint: 'Nobody has sent a command that removes these keys: write one yourself, a DEL, to the log and to the followers.',
    },
    async (kit) => {
      const { server, redis } = await open(kit, ...DURABLE, '--maxmemory', '8mb', '--maxmemory-policy', 'allkeys-lru')
      const other = await kit.program.serve({ data: kit.scratch.folder('follower') })
      const follower = await connect(other, { name: 'to the follower' })
      expect(await follower.call('REPLICAOF', '127.0.0.1', server.port), 'The reply to REPLICAOF').toBe('+OK')
      await redis.call('SET', 'last', 1)
      await becomes(follower, ['GET', 'last'], (reply) => reply === '1', '1, as on the leader')
      const value = 'x'.repeat(20_000)
      await redis.pipeline(Array.from({ length: 600 }, (_, n) => ['SET', `key${n}`, value]))
      await redis.call('SET', 'last', 2)
      await becomes(follower, ['GET', 'last'], (reply) => reply === '2', '2, as on the leader')
      const left = (await redis.call('KEYS', '*')) as string[]
      expect(left.length, 'The number of keys that are left, of 600 with 20,000 bytes each and --maxmemory 8mb,').toBeAtMost(500)
      await hasTheSameKeys(follower, left, 'the follower', 'the leader')
      await server.kill()
      const again = (await open(kit, ...DURABLE)).redis
      await hasTheSameKeys(again, left, 'the server, started again after kill -9 without a limit,', 'it')
    },
  ),
]

/** Compares the keys of a server with those that were left where there was too little room. */
async function hasTheSameKeys(redis: Resp, left: string[], who: string, whoElse: string): Promise<void> {
  const keys = (await redis.call('KEYS', '*')) as string[]
  expect(
    keys.filter((key) => !left.includes(key)).length,
    `The number of keys that ${who} has though ${whoElse} had removed them to make room`,
  ).toBe(0)
  expect(
    left.filter((key) => !keys.includes(key)).length,
    `The number of keys that ${who} lacks though ${whoElse} had them`,
  ).toBe(0)
}
