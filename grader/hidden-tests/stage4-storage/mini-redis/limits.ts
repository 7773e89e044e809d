import { createClient } from '@redis/client'
import { clients } from '../../../models/mini-redis.ts'
import { which } from '../../../programs/containment.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { MIB, settledMemory } from '../../../programs/performance.ts'
import { connect } from '../../../protocols/resp.ts'
import { Connection, openMany } from '../../../protocols/tcp.ts'
import { becomes, gives, infoOf } from './asking.ts'
import { DATA, open } from './open.ts'

function needs(kit: Kit, program: string): void {
  if (!which(program)) kit.skip(`${program} (Debian package redis-tools)`)
}

/** What a client's library could not get done is the submission's fault. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new Failure(`The npm package @redis/client gives up: ${(error as Error).message}.`, {
      expected: 'a server that it can talk to as to Redis',
      actual: String(error),
    })
  }
}

/** Too much of something, and clients that were not written for this course. */
export const limits = [
  check(
    'evicts',
    'with allkeys-lru makes room by removing what was not used for long',
    {
      spec: 'a-limit-of-memory',
      hint: 'Note for each key when it was last used, reading included. Of some keys drawn at random remove the one that was not used for longest.',
    },
    async (kit) => {
      const { redis } = await open(kit, '--maxmemory', '8mb', '--maxmemory-policy', 'allkeys-lru')
      const value = 'x'.repeat(10_000)
      const dear = kit.random.distinct(40, kit.random.word)
      const fill = async (name: string, count: number) => {
        const replies = await redis.pipeline(Array.from({ length: count }, (_, n) => ['SET', `${name}-${n}`, value]))
        expect(
          replies.filter((reply) => reply !== '+OK'),
          `The replies to ${count} SET that are not +OK`,
        ).toBe([])
      }
      await redis.pipeline(dear.map((key) => ['SET', key, value]))
      await fill('early', 600)
      // Two seconds in which nobody uses anything: Redis itself counts in seconds.
      await redis.call('BLPOP', 'nothing', '2.2')
      const before = (await redis.call('EXISTS', ...dear)) as number
      await redis.pipeline(dear.map((key) => ['GET', key]))
      await fill('late', 400)
      const keys = (await redis.call('DBSIZE')) as number
      expect((keys * value.length) / MIB, 'The size of all values that are left, with --maxmemory 8mb,').toBeAtMost(8.5, 'MiB')
      expect(keys, 'The number of keys that are left, of 1040 with 10,000 bytes each,').toBeAtLeast(250)
      const kept = (await redis.call('EXISTS', ...dear)) as number
      expect(
        kept,
        `The number of keys that are left, of ${before} that were read just before 400 others came,`,
        'Nearly all of the others were not used for longer.',
      ).toBeAtLeast(Math.ceil(0.9 * before))
    },
  ),
  check(
    'out-of-memory',
    'without a policy refuses to write when the limit is reached, and goes on reading',
    { spec: 'a-limit-of-memory', hint: '-OOM for commands that may add something; DEL is not one of them.' },
    async (kit) => {
      const { redis } = await open(kit, '--maxmemory', '8mb', '--maxmemory-policy', 'noeviction')
      const value = 'x'.repeat(50_000)
      const fill = () => redis.pipeline(Array.from({ length: 400 }, (_, n) => ['SET', `key${n}`, value]))
      const replies = await fill()
      const done = replies.filter((reply) => reply === '+OK').length
      expect(done, 'How many of 400 SET with 50,000 bytes each are carried out').toBeAtLeast(60)
      expect(done, 'How many of 400 SET with 50,000 bytes each are carried out').toBeAtMost(180)
      expect(replies.at(-1), 'The reply to the last SET').toMatch(/^-OOM /)
      expect(await redis.call('STRLEN', 'key0'), 'The reply to STRLEN of the first key').toBe(value.length)
      await redis.call('DEL', ...Array.from({ length: 40 }, (_, n) => `key${n}`))
      expect(await redis.call('SET', 'small', 'x'), 'The reply to SET after 40 keys were deleted').toBe('+OK')
      for (const [way, reply] of [
        ['UNLINK key0', 1],
        ['FLUSHALL', '+OK'],
      ] as const) {
        expect((await fill()).at(-1), 'The reply to the last SET, with the limit reached again,').toMatch(/^-OOM /)
        await gives(redis, way, reply, 'What makes room is never refused.')
      }
      await gives(redis, 'SET small x', '+OK')
    },
  ),
  check(
    'info',
    'tells how many clients it has and how much it holds, and takes its limit in any unit',
    {
      spec: 'information',
      hint: 'Lines of `name:value`, each ended by \\r\\n, in one bulk string. kb is 1024 bytes, mb and gb are powers of it.',
    },
    async (kit) => {
      for (const [given, limit] of [
        ['25000kb', 25_600_000],
        ['30MB', 31_457_280],
        ['1gb', 1_073_741_824],
        ['30000000', 30_000_000],
      ] as const) {
        const { server, redis } = await open(kit, '--maxmemory', given)
        const told = (await infoOf(redis)).get('maxmemory')
        expect(told, `\`maxmemory\` in the reply to INFO, with --maxmemory ${given},`).toBe(String(limit))
        await server.kill()
        kit.scratch.remove(DATA)
      }
      const { server, redis } = await open(kit, '--maxmemory', '30000000')
      const before = await infoOf(redis)
      expect(before.get('role'), '`role` in the reply to INFO').toBe('master')
      expect(before.get('connected_slaves'), '`connected_slaves` in the reply to INFO').toBe('0')
      for (let n = 0; n < 20; n++)
        expect(await redis.call('MSET', 'a', 'x'.repeat(MIB), 'b', 1), 'The reply to MSET with a mebibyte').toBe('+OK')
      await clients(server, 'B', 'C')
      await becomes(redis, ['INFO'], (reply) => String(reply).includes('connected_clients:3\r\n'), 'connected_clients:3')
      const after = await infoOf(redis)
      const grown = (Number(after.get('used_memory')) - Number(before.get('used_memory'))) / MIB
      expect(grown, 'How much used_memory has grown by a value of a mebibyte').toBeAtLeast(1, 'MiB')
      expect(grown, 'How much used_memory has grown by a value of a mebibyte that was set twenty times').toBeAtMost(8, 'MiB')
      expect(after.get('db0'), '`db0` in the reply to INFO, with two keys,').toMatch(/^keys=2\b/)
    },
  ),
  check(
    'hostile-clients',
    'ends connections that send nonsense, and believes no announced length',
    { spec: 'nonsense', hint: 'Take no memory for what is announced, only for what has come. -ERR Protocol error, and close.' },
    async (kit) => {
      const { server, redis } = await open(kit)
      await redis.call('PING')
      const before = await settledMemory(server.live)
      for (const [nonsense, complaint] of [
        ['*2\r\n$3\r\nGET\r\n$99999999999999\r\n', 'invalid bulk length'],
        ['*2\r\n$3\r\nGET\r\n$536870913\r\n', 'invalid bulk length'],
        ['*99999999999\r\n', 'invalid multibulk length'],
        ['*1x\r\n', 'invalid multibulk length'],
        ['*1\r\n$-5\r\nx', 'invalid bulk length'],
        ['*1\r\n$\r\n\r\n', 'invalid bulk length'],
        ['*1\r\n$x\r\n', 'invalid bulk length'],
        ['*1\r\n$4.0\r\nPING\r\n', 'invalid bulk length'],
        ['*1\r\nPING\r\n', "expected '$', got 'P'"],
        ['x'.repeat(100_000), 'too big inline request'],
      ] as const) {
        const client = await Connection.open(server)
        await client.write(nonsense)
        const shown = JSON.stringify(nonsense.length > 100 ? `${nonsense.slice(0, 9)}…` : nonsense)
        const answer = await client.closes(`The end of the connection after ${shown}`)
        expect(answer.toString('latin1'), `What came before the end, after ${shown},`).toBe(
          `-ERR Protocol error: ${complaint}\r\n`,
        )
        client.close()
      }
      const half = await openMany(server, 30)
      for (const client of half) await client.write('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\nabc')
      expect(await redis.call('PING'), 'The reply to PING of a decent client').toBe('+PONG')
      const grown = (await settledMemory(server.live)) - before
      expect(grown / MIB, 'What 30 announcements of 512 MiB, of which three bytes came, added to the memory').toBeAtMost(
        100,
        'MiB',
      )
    },
  ),
  check(
    'many-clients',
    'serves 300 clients at the same time',
    { spec: 'many-clients', hint: 'One thread that asks which connections have something to read is enough.' },
    async (kit) => {
      const { server, redis } = await open(kit)
      const all = await Promise.all(Array.from({ length: 300 }, () => connect(server, { quiet: true })))
      await Promise.all(
        all.map((client) =>
          client.pipeline([
            ['INCR', 'n'],
            ['INCR', 'n'],
          ]),
        ),
      )
      expect(await redis.call('GET', 'n'), 'The counter, after 300 clients have each counted it up twice').toBe('600')
      for (const client of all) client.connection.reset()
      expect(await redis.call('PING'), 'The reply to PING after all of them have gone').toBe('+PONG')
    },
  ),
  check(
    'redis-cli',
    'talks with redis-cli and redis-benchmark',
    {
      spec: 'real-clients',
      hint: 'redis-cli may ask for COMMAND at its start, redis-benchmark for CONFIG GET: any answer that is RESP will do.',
    },
    async (kit) => {
      needs(kit, 'redis-cli')
      const { server } = await open(kit)
      const [key, value] = kit.random.distinct(2, kit.random.word) as [string, string]
      const cli = (...words: string[]) => kit.program.plain(['redis-cli', '-p', String(server.port), ...words])
      await cli('SET', key, value).succeeds({ stdout: 'OK\n' })
      await cli('GET', key).succeeds({ stdout: `${value}\n` })
      await cli('RPUSH', 'list', 'a', 'b').succeeds({ stdout: '2\n' })
      await cli('LRANGE', 'list', '0', '-1').succeeds({ stdout: 'a\nb\n' })
      const tests = ['-t', 'ping,set,get,incr,lpush,lpop,sadd,hset,zadd,lrange_100,mset', '-n', '1000', '-c', '20', '-q']
      const run = await kit.program
        .plain(['redis-benchmark', '-p', String(server.port), ...tests], { limits: { time: 60_000 } })
        .succeeds()
      expect(run.stdout.toString(), 'What redis-benchmark prints').toMatch(/MSET.*requests per second/)
    },
  ),
  check(
    'npm-client',
    'talks with the npm package @redis/client',
    { spec: 'real-clients', hint: 'It sends CLIENT SETINFO at its start, and many commands in one piece.' },
    async (kit) => {
      const { server } = await open(kit)
      const url = `redis://127.0.0.1:${server.port}`
      const client = createClient({ url, RESP: 2, socket: { reconnectStrategy: false, connectTimeout: 10_000 } })
      client.on('error', () => {})
      kit.onClose(() => client.destroy())
      await told(client.connect())
      const [key, value] = kit.random.distinct(2, kit.random.word) as [string, string]
      expect(await told(client.set(key, value, { expiration: { type: 'EX', value: 100 } })), 'What client.set gives').toBe('OK')
      expect(await told(client.get(key)), 'What client.get gives').toBe(value)
      expect(
        await told(client.multi().incr('n').hSet('h', { a: '1', b: '2' }).hGetAll('h').exec()),
        'What client.multi().…exec() gives',
      ).toBe([1, 2, { a: '1', b: '2' }] as never)
      const counted = await told(Promise.all(Array.from({ length: 200 }, () => client.incr('n'))))
      expect(counted.at(-1), 'The last of 200 client.incr').toBe(201)
      const keys: string[] = []
      for await (const batch of client.scanIterator()) keys.push(...batch)
      expect(keys.sort(), 'What client.scanIterator gives').toBe([key, 'n', 'h'].sort())
    },
  ),
]
