import fs from 'node:fs'
import { clockReaches, randomCommands, survives } from '../../../models/mini-redis.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { freePort, type Server } from '../../../programs/server.ts'
import { connect, encodeCommand } from '../../../protocols/resp.ts'
import { becomes, deadlines, gives, givesMembers, infoOf, words } from './asking.ts'
import { everything, isTheSame } from './contents.ts'
import { DATA, DURABLE, open } from './open.ts'

const atRandom = ({ random }: Kit, count: number) => randomCommands(random, count).map((command) => command.split(' '))

const restarted = async (kit: Kit, server: Server) => {
  await server.kill()
  return open(kit, ...DURABLE)
}

/** Milliseconds that a server may be wrong about the clock, which it need not ask for each command. */
const LEEWAY = 100

/** All files in the folder of data and below, with their sizes. */
function sizes({ scratch }: Kit): Map<string, number> {
  const names = fs.readdirSync(scratch.path(DATA), { recursive: true, encoding: 'utf8' }).map((name) => `${DATA}/${name}`)
  return new Map(names.filter((name) => scratch.stat(name).isFile()).map((name) => [name, scratch.stat(name).size]))
}

/** Has something written, kills the server, and takes the last bytes off the file that has grown by it. */
async function tear(kit: Kit, server: Server, write: () => Promise<unknown>): Promise<void> {
  const before = sizes(kit)
  await write()
  await server.kill()
  const [log] = [...sizes(kit)].filter(([name, size]) => size > (before.get(name) ?? 0))
  if (!log) {
    const actual = [...before.keys()].join(' ') || '(no file)'
    throw new Failure('No file in the folder of data has become longer by a write.', { expected: 'a log that grows', actual })
  }
  kit.scratch.truncate(log[0], log[1] - kit.random.int(1, 9))
}

/** What outlives a server, and what another server gets of it. */
export const lasting = [
  check(
    'killed',
    'has everything again after kill -9, of all types, with the times to live',
    {
      spec: 'the-log',
      hint: 'Write each change as the command that made it, and do them again at the start. A time to live is logged as a moment.',
    },
    async (kit) => {
      const { server, redis } = await open(kit, ...DURABLE)
      const [s, l, h, set, z, gone, dead] = words(kit, 7)
      const members = Array.from({ length: 50 }, (_, n) => `m${n}`)
      const [seconds, milliseconds] = [kit.random.int(1000, 2000), kit.random.int(1_000_000, 2_000_000)]
      const mortal = [s, l, 'seconds', 'milliseconds'] as const
      await redis.pipeline([
        ['SET', s, 'a\r\nb\0'],
        ['SET', gone, 'x'],
        ['DEL', gone],
        ['SET', dead, 'x', 'PX', 500],
        ['RPUSH', l, 1, 2, 3],
        ['LPOP', l],
        ['HSET', h, 'f', 'v', 'g', 'w'],
        ['HDEL', h, 'g'],
        ['SADD', set, ...members],
        ...members.slice(20).map(() => ['SPOP', set]),
        ['ZADD', z, 2.5, 'b', -1, 'a'],
        ['INCR', 'n'],
        ['INCRBY', 'n', 41],
        ['EXPIRE', s, seconds],
        ['PEXPIRE', l, milliseconds],
        ['SET', 'seconds', 'x', 'EX', seconds],
        ['SET', 'milliseconds', 'x', 'PX', milliseconds],
      ])
      const passed = Date.now() + 500
      const left = (await redis.call('SMEMBERS', set)) as string[]
      const before = await deadlines(redis, [...mortal])
      await server.kill()
      // Its time is up while no server is there to see it.
      await clockReaches(passed)
      const again = (await open(kit, ...DURABLE)).redis
      const why = 'It was acknowledged before kill -9.'
      expect(await again.call('GET', s), 'The string', why).toBe('a\r\nb\0')
      expect(await again.call('EXISTS', gone), 'The key that was deleted').toBe(0)
      expect(await again.call('LRANGE', l, 0, -1), 'The list', why).toBe(['2', '3'])
      expect(await again.call('HGETALL', h), 'The hash', why).toBe(['f', 'v'])
      await givesMembers(
        again,
        `SMEMBERS ${set}`,
        left,
        'SPOP has taken 30 of 50 members before kill -9: the same ones are gone.',
      )
      expect(await again.call('ZRANGE', z, 0, -1, 'WITHSCORES'), 'The sorted set', why).toBe(['a', '-1', 'b', '2.5'])
      expect(await again.call('GET', 'n'), 'The counter', why).toBe('42')
      expect(await again.call('TTL', s), 'The time to live after the restart').toBeAtLeast(900, 's')
      const runsOn = 'A time to live goes on running while the server is down: what was a moment stays that moment.'
      for (const [n, after] of (await deadlines(again, [...mortal])).entries()) {
        const was = before[n] as typeof after
        const later = `How much later the time of ${mortal[n]} is up than before kill -9`
        expect(after.earliest - was.latest, later, runsOn).toBeAtMost(LEEWAY, 'ms')
        const earlier = `How much earlier the time of ${mortal[n]} is up than before kill -9`
        expect(was.earliest - after.latest, earlier, runsOn).toBeAtMost(LEEWAY, 'ms')
      }
      await gives(again, `EXISTS ${dead}`, 0, 'Its time was up while the server was down.')
    },
  ),
  check(
    'done-again',
    'comes back with exactly what random commands have made of all keys',
    {
      spec: 'the-log',
      hint: 'What is done again at the start must come to the same as what was done: the same commands in the same order, and no effect of what was refused.',
    },
    async (kit) => {
      const { server, redis } = await open(kit, ...DURABLE)
      const [list] = words(kit, 1)
      await survives(kit, redis, [
        ['MSET', 'gone', 1, list, 2],
        ['FLUSHALL'],
        ...atRandom(kit, 400),
        ['MSET', 'a', 1, 'b', 2, 'c', 3, 'd', 4, 'e', 5, 'f', 6],
        ['UNLINK', 'a'],
        ['EXPIRE', 'b', 1000],
        ['PEXPIRE', 'c', 1_000_000],
        ['EXPIREAT', 'd', 20_000_000_000],
        ['PEXPIREAT', 'e', 20_000_000_000_000],
        ['EXPIRE', 'f', 1000],
        ['PERSIST', 'f'],
        ['SET', 'b', 'kept', 'KEEPTTL'],
        ['RENAME', 'c', 'g'],
        ['DECR', 'd'],
        ['DECRBY', 'e', 7],
      ])
      // Whoever waited and was served has taken something, too; and so has a transaction that is carried out.
      const waiting = await connect(server, { name: 'who waits' })
      const served = waiting.call('BRPOP', list, 30)
      await waiting.connection.isSent(redis)
      await redis.pipeline([
        ['RPUSH', list, 1, 2, 3],
        ['BLPOP', list, 1],
        ['MULTI'],
        ['RPUSH', list, 4],
        ['LPUSH', list, 0],
        ['BRPOP', list, 1],
        ['EXEC'],
      ])
      expect(await served, 'The reply to BRPOP').toBe([list, '3'])
      const before = await everything(server)
      const after = await everything((await restarted(kit, server)).server)
      isTheSame(after, before, 'after kill -9 and a new start')
    },
  ),
  check(
    'killed-under-load',
    'loses nothing that was acknowledged when it is killed in the middle of its work',
    {
      spec: 'the-log',
      hint: 'First the log (write and fsync), then the replies. Many commands that came together may share one fsync.',
    },
    async (kit) => {
      let { server, redis } = await open(kit, ...DURABLE)
      let acknowledged = 0
      for (let round = 1; round <= 5; round++) {
        const commands = Array.from({ length: 3000 }, (_, n) => encodeCommand(['RPUSH', 'all', `${acknowledged + n}`]))
        redis.connection.push(Buffer.concat(commands))
        const enough = kit.random.int(1, 600)
        for (let n = 0; n < enough; n++) await redis.reply('The reply to RPUSH')
        server.transcript.note(`${enough} of 3000 RPUSH were acknowledged`)
        ;({ server, redis } = await restarted(kit, server))
        const items = (await redis.call('LRANGE', 'all', 0, -1)) as string[]
        expect(
          items.length,
          `The length of the list after kill -9 number ${round}, with ${acknowledged + enough} RPUSH acknowledged,`,
        ).toBeAtLeast(acknowledged + enough)
        const wrong = items.findIndex((item, n) => item !== String(n))
        expect(wrong, 'The first place in the list where an item is missing or stands twice (-1: none)').toBe(-1)
        acknowledged = items.length
      }
    },
  ),
  check(
    'torn-log',
    'starts with a log whose end is torn off, and has all but what was torn',
    {
      spec: 'a-torn-log',
      hint: 'A command that is not complete at the end of the log was never acknowledged. Cut it off before you append more.',
    },
    async (kit) => {
      const { server, redis } = await open(kit, ...DURABLE)
      const [a, b] = words(kit, 2)
      await redis.call('SET', a, 1)
      await tear(kit, server, () => redis.call('SET', b, kit.random.word()))
      const second = await open(kit, ...DURABLE)
      expect(await second.redis.call('MGET', a, b), `The reply to MGET; the log is torn in the SET of ${b}`).toBe(['1', null])
      expect(await second.redis.call('SET', b, 2), 'The reply to SET').toBe('+OK')
      const third = (await restarted(kit, second.server)).redis
      expect(await third.call('MGET', a, b), 'The reply to MGET after one more restart').toBe(['1', '2'])
    },
  ),
  check(
    'torn-transaction',
    'does nothing of a transaction whose end is torn off the log',
    { spec: 'a-torn-log', hint: 'Write a transaction with its MULTI and EXEC. Without the EXEC none of it counts.' },
    async (kit) => {
      const { server, redis } = await open(kit, ...DURABLE)
      const [a, b, c] = words(kit, 3)
      await redis.call('SET', a, 1)
      await tear(kit, server, async () => {
        await redis.pipeline([['MULTI'], ['SET', b, 1], ['SET', c, 1]])
        expect(await redis.call('EXEC'), 'The reply to EXEC').toBe(['+OK', '+OK'])
      })
      const again = (await open(kit, ...DURABLE)).redis
      expect(
        await again.call('MGET', a, b, c),
        'The reply to MGET; the log is torn in the transaction that set the second and the third',
      ).toBe(['1', null, null])
    },
  ),
  check(
    'stopped',
    'stops at SIGTERM with status 0, and has everything again',
    { spec: 'the-log', hint: 'Nothing is left to be written when every reply has waited for the log.' },
    async (kit) => {
      const { server, redis } = await open(kit, ...DURABLE)
      const [key, value] = words(kit, 2)
      await redis.call('SET', key, value)
      await server.stop()
      const again = await open(kit, ...DURABLE)
      expect(await again.redis.call('GET', key), `The reply to GET ${key} after SIGTERM and a new start`).toBe(value)
    },
  ),
  check(
    'follower',
    'follows another server: first all it has, then every change, and is not written to',
    {
      spec: 'following',
      hint: 'The follower drops what it has, and is sent all that the leader has, as commands that make it: times to live are part of that. From then on it is sent what the leader would write to its log. Only from there it takes changes.',
    },
    async (kit) => {
      const leader = await open(kit)
      const [a, b, value, more] = words(kit, 4)
      await survives(kit, leader.redis, [['SET', a, value, 'EX', 1000], ['RPUSH', b, 1, 2], ...atRandom(kit, 300)])
      const other = await kit.program.serve({ data: kit.scratch.folder('follower') })
      const follower = await connect(other, { name: 'to the follower' })
      await follower.call('SET', 'old', 'x')
      expect(await follower.call('REPLICAOF', '127.0.0.1', leader.server.port), 'The reply to REPLICAOF').toBe('+OK')
      await becomes(follower, ['GET', a], (reply) => reply === value, `${value}, as on the leader`)
      isTheSame(await everything(other), await everything(leader.server), 'on the follower')
      expect(await follower.call('TTL', a), `The reply to TTL ${a} on the follower`).toBeAtLeast(900, 's')
      const crowd = Array.from({ length: 50 }, (_, n) => `m${n}`)
      await survives(kit, leader.redis, [
        ['SET', a, more],
        ['LPOP', b],
        ['SADD', 'crowd', ...crowd],
        ...crowd.slice(20).map(() => ['SPOP', 'crowd']),
        ['SET', 'brief', 'x', 'PX', 200],
        ...atRandom(kit, 300),
      ])
      await becomes(leader.redis, ['EXISTS', 'brief'], (reply) => reply === 0, 'gone, since its time is up')
      await leader.redis.pipeline([['MULTI'], ['INCR', 'n'], ['INCR', 'n'], ['EXEC']])
      await becomes(follower, ['GET', 'n'], (reply) => reply === '2', '2, as on the leader')
      isTheSame(await everything(other), await everything(leader.server), 'on the follower, after changes on the leader')
      const size = (await leader.redis.call('DBSIZE')) as number
      await becomes(follower, ['DBSIZE'], (reply) => reply === size, `${size}, as on the leader, where a key has expired`)
      expect(await follower.call('SET', a, 'mine'), 'The reply to SET on the follower').toMatch(/^-READONLY/)
      const info = await infoOf(follower)
      expect(info.get('role'), '`role` in the reply to INFO on the follower').toBe('slave')
      expect(info.get('master_host'), '`master_host` in the reply to INFO on the follower').toBe('127.0.0.1')
      expect(info.get('master_port'), '`master_port` in the reply to INFO on the follower').toBe(String(leader.server.port))
      expect(info.get('master_link_status'), '`master_link_status` in the reply to INFO on the follower').toBe('up')
      expect((await infoOf(leader.redis)).get('connected_slaves'), '`connected_slaves` in the reply to INFO on the leader').toBe(
        '1',
      )
      expect(await follower.call('REPLICAOF', 'NO', 'ONE'), 'The reply to REPLICAOF NO ONE').toBe('+OK')
      expect(await follower.call('GET', a), 'The string on one that follows nobody any more', 'The data stay.').toBe(more)
      expect(await follower.call('SET', a, 'mine'), 'The reply to SET on one that follows nobody any more').toBe('+OK')
      expect(await leader.redis.call('GET', a), 'The string on the old leader').toBe(more)
    },
  ),
  check(
    'tries-again',
    'follows a server as soon as it can be reached, and gives up no connection for lost',
    {
      spec: 'following',
      hint: 'A connection that is refused or that breaks is made again, a moment later, for as long as nobody says REPLICAOF NO ONE.',
    },
    async (kit) => {
      const port = await freePort()
      const { redis: follower } = await open(kit)
      const [key, value] = words(kit, 2)
      expect(await follower.call('REPLICAOF', '127.0.0.1', port), 'The reply to REPLICAOF, before there is a leader').toBe('+OK')
      await becomes(
        follower,
        ['INFO', 'replication'],
        (reply) => String(reply).includes('master_link_status:down'),
        'master_link_status:down',
      )
      const leader = await connect(await kit.program.serve({ data: kit.scratch.folder('leader'), port }), {
        name: 'to the leader',
      })
      await leader.call('SET', key, value)
      await becomes(follower, ['GET', key], (reply) => reply === value, `${value}, as on the leader`)
      expect(await follower.call('REPLICAOF', 'no', 'one'), 'The reply to REPLICAOF no one').toBe('+OK')
      await leader.call('SET', key, 'more')
      await becomes(
        leader,
        ['INFO', 'replication'],
        (reply) => String(reply).includes('connected_slaves:0'),
        'connected_slaves:0',
      )
      expect(await follower.call('GET', key), 'What the leader sets when nobody follows it any more').toBe(value)
    },
  ),
]
