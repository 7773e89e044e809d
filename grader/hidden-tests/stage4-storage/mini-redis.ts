import { converse, RedisModel, randomCommands } from '../../models/mini-redis.ts'
import { agreesWithModel } from '../../models/operations.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { flies } from './mini-redis/flies.ts'
import { keyspace } from './mini-redis/keyspace.ts'
import { lasting } from './mini-redis/lasting.ts'
import { limits } from './mini-redis/limits.ts'
import { logged } from './mini-redis/logged.ts'
import { DATA, open } from './mini-redis/open.ts'
import { refusals } from './mini-redis/refusals.ts'
import { sharing } from './mini-redis/sharing.ts'
import { types } from './mini-redis/types.ts'
import { wire } from './mini-redis/wire.ts'

export default hiddenTests('stage4-storage/mini-redis', [
  tier('runs', [
    check(
      'ping',
      'answers PING with PONG',
      { spec: 'ping', hint: 'The bytes that come are *1\\r\\n$4\\r\\nPING\\r\\n, those that go are +PONG\\r\\n.' },
      async (kit) => {
        const { redis } = await open(kit)
        expect(await redis.call('PING'), 'The reply to PING').toBe('+PONG')
        const word = kit.random.word()
        expect(await redis.call('PING', word), 'The reply to PING with a word', 'The word comes back, as a bulk string.').toBe(
          word,
        )
      },
    ),
    check(
      'echo',
      'gives back what ECHO is given',
      { spec: 'echo', hint: 'A bulk string: $, the number of bytes, \\r\\n, the bytes, \\r\\n.' },
      async (kit) => {
        const { redis } = await open(kit)
        const text = kit.random.sentence()
        expect(await redis.call('ECHO', text), 'The reply to ECHO').toBe(text)
      },
    ),
    check(
      'set-get',
      'gives back what SET stored',
      { spec: 'set-and-get', hint: 'SET answers +OK, GET a bulk string, or $-1\\r\\n when there is no such key.' },
      async (kit) => {
        const { redis } = await open(kit)
        const [key, value, other] = kit.random.distinct(3, kit.random.word) as [string, string, string]
        expect(await redis.call('SET', key, value), 'The reply to SET').toBe('+OK')
        expect(await redis.call('GET', key), `The reply to GET ${key}`).toBe(value)
        expect(await redis.call('GET', other), `The reply to GET ${other}`, 'Nobody has set it.').toBe(null)
      },
    ),
  ]),

  tier('works', [
    ...wire,
    ...refusals,
    ...keyspace,
    ...types,
    check(
      'random-commands',
      'agrees with a model on random commands',
      { spec: 'types', hint: 'Try the commands above by hand, with redis-cli.' },
      async (kit) => {
        await agreesWithModel({
          open: () => converse(kit, DATA),
          model: () => new RedisModel(),
          requests: randomCommands(kit.random, 2500),
        })
      },
    ),
  ]),

  tier('holds', [...sharing, ...lasting, ...logged, ...limits]),

  tier('flies', flies),
])
