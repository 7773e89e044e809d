import { clients } from '../../../models/mini-redis.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import { encodeCommand, type Resp } from '../../../protocols/resp.ts'
import { becomes, gives, givesAll, infoOf, words } from './asking.ts'
import { open } from './open.ts'

async function openWith<N extends string>(kit: Kit, ...names: N[]): Promise<{ [name in N]: Resp } & { redis: Resp }> {
  const { server, redis } = await open(kit)
  const all = await clients(server, ...names)
  return Object.assign(Object.fromEntries(names.map((name, n) => [name, all[n] as Resp])), { redis }) as { [name in N]: Resp } & {
    redis: Resp
  }
}

/** What several clients do at once. */
export const sharing = [
  check(
    'transaction',
    'carries out the commands between MULTI and EXEC together, and nothing before EXEC',
    {
      spec: 'transactions',
      hint: 'Put the words of each command into a list that belongs to the connection, and answer +QUEUED.',
    },
    async (kit) => {
      const { redis, B } = await openWith(kit, 'B')
      const [a, b, value] = words(kit, 3)
      expect(await redis.call('MULTI'), 'The reply to MULTI').toBe('+OK')
      expect(await redis.call('SET', a, value), 'The reply to SET in a transaction').toBe('+QUEUED')
      expect(await redis.call('INCR', b), 'The reply to INCR in a transaction').toBe('+QUEUED')
      expect(await redis.call('GET', a), 'The reply to GET in a transaction').toBe('+QUEUED')
      expect(await B.call('GET', a), `What another client sees of ${a} before EXEC`).toBe(null)
      expect(await redis.call('EXEC'), 'The reply to EXEC').toBe(['+OK', 1, value])
      expect(await B.call('GET', a), `What another client sees of ${a} after EXEC`).toBe(value)
      expect(await redis.call('GET', b), 'The reply to GET after EXEC', 'The transaction is over.').toBe('1')
    },
  ),
  check(
    'discard',
    'forgets a transaction at DISCARD, and refuses one with a wrong command',
    {
      spec: 'transactions',
      hint: 'An error while commands are queued spoils the whole transaction (-EXECABORT); one while they are carried out does not.',
    },
    async (kit) => {
      const { redis } = await open(kit)
      const [a, b, value] = words(kit, 3)
      await redis.pipeline([['MULTI'], ['SET', a, value]])
      expect(await redis.call('DISCARD'), 'The reply to DISCARD').toBe('+OK')
      expect(await redis.call('EXISTS', a), 'The reply to EXISTS after DISCARD').toBe(0)
      await redis.pipeline([['MULTI'], ['SET', a, value]])
      expect(await redis.call('GET'), 'The reply to a wrong GET in a transaction').toMatch(/^-ERR wrong number/)
      expect(await redis.call('EXEC'), 'The reply to EXEC after a wrong command').toMatch(/^-EXECABORT/)
      expect(await redis.call('EXISTS', a), 'The reply to EXISTS after -EXECABORT').toBe(0)
      await redis.pipeline([['MULTI'], ['SET', a, value], ['LPUSH', a, 'x'], ['SET', b, value]])
      const replies = (await redis.call('EXEC')) as string[]
      expect(replies[1], 'The reply to a LPUSH on a string, in EXEC').toMatch(/^-WRONGTYPE/)
      expect([replies[0], replies[2]], 'The other replies in EXEC', 'There is no rollback: what is right is done.').toBe([
        '+OK',
        '+OK',
      ])
      await gives(redis, 'EXEC', /^-ERR EXEC without MULTI/)
      await gives(redis, 'DISCARD', /^-ERR DISCARD without MULTI/)
      await givesAll(redis, [
        ['MULTI', '+OK'],
        ['MULTI', /^-ERR MULTI calls can not be nested/],
        [`WATCH ${a}`, /^-ERR WATCH inside MULTI is not allowed/],
        [`DEL ${b}`, '+QUEUED'],
        ['EXEC', [1]],
      ])
    },
  ),
  check(
    'watch',
    'EXEC does nothing when a watched key has changed meanwhile',
    {
      spec: 'watch',
      hint: 'Whoever changes a key marks all connections that watch it. EXEC answers *-1\\r\\n then; the watch is over either way.',
    },
    async (kit) => {
      const { redis, B } = await openWith(kit, 'B')
      const [key, other] = words(kit, 2)
      const attempt = async (between: () => Promise<unknown>) => {
        await redis.call('WATCH', key)
        await redis.call('GET', key)
        await between()
        await redis.pipeline([['MULTI'], ['INCR', other]])
        return redis.call('EXEC')
      }
      expect(await attempt(() => B.call('GET', key)), 'The reply to EXEC, after another client has read the watched key').toBe([
        1,
      ])
      expect(
        await attempt(() => B.call('SET', key, 'changed')),
        'The reply to EXEC, after another client has changed the watched key',
      ).toBe(null)
      expect(await redis.call('GET', other), 'The reply to GET after EXEC gave nil').toBe('1')
      expect(
        await attempt(() => redis.call('DEL', key)),
        'The reply to EXEC, after the client itself has deleted the watched key',
      ).toBe(null)
      await B.call('SET', key, 'there')
      expect(await attempt(() => B.call('FLUSHALL')), 'The reply to EXEC, after FLUSHALL has removed the watched key').toBe(null)
      const watchesInTime = async (ms: number) => {
        await B.call('SET', key, 'brief', 'PX', ms)
        await redis.pipeline([['UNWATCH'], ['WATCH', key]])
        return (await redis.call('GET', key)) === 'brief'
      }
      // On a busy machine the time may be up before anybody watches.
      for (let ms = 300; ms < 10_000 && !(await watchesInTime(ms)); ms *= 3);
      await becomes(B, ['EXISTS', key], (reply) => reply === 0, 'gone, since its time is up')
      await redis.pipeline([['MULTI'], ['INCR', other]])
      expect(
        await redis.call('EXEC'),
        'The reply to EXEC, after the time of the watched key was up',
        'That changes it, too.',
      ).toBe(null)
      await redis.call('SET', other, 1)
      await redis.call('WATCH', key)
      await redis.call('UNWATCH')
      await B.call('SET', key, 'again')
      await redis.pipeline([['MULTI'], ['INCR', other]])
      expect(await redis.call('EXEC'), 'The reply to EXEC after UNWATCH').toBe([2])
      await redis.call('WATCH', key)
      await redis.pipeline([['MULTI'], ['INCR', other]])
      await redis.call('DISCARD')
      await B.call('SET', key, 'once more')
      await redis.pipeline([['MULTI'], ['INCR', other]])
      expect(await redis.call('EXEC'), 'The reply to EXEC after a DISCARD, which has ended the watch').toBe([3])
    },
  ),
  check(
    'blocking-pop',
    'BLPOP waits for something to take, and the first to wait is the first served',
    { spec: 'waiting', hint: 'Answer nothing, and remember who waits for which key, in order. A push serves them.' },
    async (kit) => {
      const { redis, A, B, C } = await openWith(kit, 'A', 'B', 'C')
      const [key, other, one, two, three] = words(kit, 5)
      await redis.call('RPUSH', other, three)
      expect(await C.call('BLPOP', key, other, 5), 'The reply to BLPOP with something in the second list').toBe([other, three])
      const first = A.call('BLPOP', other, key, 30)
      await A.connection.isSent(B)
      const second = B.call('BLPOP', key, 30)
      await B.connection.isSent(C)
      expect(await redis.call('PING'), 'The reply to PING while others wait').toBe('+PONG')
      await redis.call('RPUSH', key, one)
      const servedFirst = await Promise.race([first.then(() => 'A'), second.then(() => 'B')])
      expect(servedFirst, 'The client that gets the item', 'A and B wait for it, and A came first.').toBe('A')
      expect(await first, 'The reply to the BLPOP that came first').toBe([key, one])
      await redis.call('RPUSH', key, two, three)
      expect(await second, 'The reply to the BLPOP that came second').toBe([key, two])
      expect(await redis.call('LRANGE', key, 0, -1), 'What is left in the list').toBe([three])
    },
  ),
  check(
    'blocking-pop-times-out',
    'BLPOP answers nil when its time is up',
    { spec: 'waiting', hint: 'The last word is a number of seconds, perhaps with a fraction. Meanwhile others are served.' },
    async (kit) => {
      const { redis, A } = await openWith(kit, 'A')
      const [key] = words(kit, 1)
      const started = performance.now()
      const waiting = A.call('BLPOP', key, '0.3')
      expect(await waiting, 'The reply to BLPOP with a time-out of 0.3 s').toBe(null)
      expect(performance.now() - started, 'The time that BLPOP waited').toBeAtLeast(295, 'ms')
      expect(await redis.call('RPUSH', key, 'x'), 'The reply to RPUSH after that', 'Nobody waits any more.').toBe(1)
      expect(await A.call('LLEN', key), 'The reply to LLEN of the one who waited').toBe(1)
    },
  ),
  check(
    'blocking-pop-ends',
    'serves who waits in any other case too, and gives nothing to who has gone',
    {
      spec: 'waiting',
      hint: 'What a waiting client has sent behind its BLPOP waits with it. Who goes is struck off the list of those who wait.',
    },
    async (kit) => {
      const { redis, A, B } = await openWith(kit, 'A', 'B')
      const [key, other, one, two] = words(kit, 4)
      await redis.call('RPUSH', other, one, two)
      await gives(A, `BRPOP ${key} ${other} 5`, [other, two])
      await A.connection.write(Buffer.concat([encodeCommand(['BLPOP', key, 0]), encodeCommand(['ECHO', one])]))
      await A.connection.isSent(redis)
      await gives(redis, `SET ${key} ${one}`, '+OK', 'That is no list: A goes on waiting.')
      await gives(redis, `DEL ${key}`, 1)
      await givesAll(redis, [
        ['MULTI', '+OK'],
        [`LPUSH ${key} ${one} ${two}`, '+QUEUED'],
        [`BLPOP ${key} 0`, '+QUEUED'],
        [`BLPOP nothing 0`, '+QUEUED'],
        ['EXEC', [2, [key, two], null]],
      ])
      const popped = `The reply to A, which waits with \`BLPOP ${key} 0\` for what EXEC has left in the list,`
      expect(await A.reply(popped), popped).toBe([key, one])
      const echoed = `The reply to \`ECHO ${one}\`, which A sent behind its BLPOP,`
      expect(await A.reply(echoed), echoed).toBe(one)
      await A.connection.write(encodeCommand(['BLPOP', key, 0]))
      await A.connection.isSent(redis)
      const before = Number((await infoOf(redis)).get('connected_clients'))
      A.connection.reset()
      await becomes(
        redis,
        ['INFO', 'clients'],
        (reply) => String(reply).includes(`connected_clients:${before - 1}\r\n`),
        'one client less, since A has gone',
      )
      await gives(redis, `RPUSH ${key} ${one}`, 1)
      await gives(B, `LRANGE ${key} 0 -1`, [one], 'A had gone, and takes nothing any more.')
    },
  ),
  check(
    'publish',
    'brings messages to all who subscribed, and to nobody else',
    {
      spec: 'publishing',
      hint: 'A subscriber gets an array: message, channel, text. SUBSCRIBE answers for each channel by itself.',
    },
    async (kit) => {
      const { redis, A, B } = await openWith(kit, 'A', 'B')
      const [one, two, text, more] = words(kit, 4)
      expect(await A.call('SUBSCRIBE', one, two), 'The reply to SUBSCRIBE, for the first channel').toBe(['subscribe', one, 1])
      expect(await A.reply(), 'The reply to SUBSCRIBE, for the second channel').toBe(['subscribe', two, 2])
      expect(await B.call('SUBSCRIBE', two), 'The reply to SUBSCRIBE').toBe(['subscribe', two, 1])
      expect(await redis.call('PUBLISH', one, text), 'The reply to PUBLISH: how many got it').toBe(1)
      expect(await redis.call('PUBLISH', two, more), 'The reply to PUBLISH: how many got it').toBe(2)
      expect(await redis.call('PUBLISH', text, more), 'The reply to PUBLISH for a channel of nobody').toBe(0)
      expect(await A.reply(), 'The first message').toBe(['message', one, text])
      expect(await A.reply(), 'The second message').toBe(['message', two, more])
      expect(await B.reply(), "The other subscriber's message").toBe(['message', two, more])
      expect(await A.call('GET', one), 'The reply to GET of a subscriber').toMatch(/^-ERR Can't execute 'get'/)
      await gives(A, `PSUBSCRIBE ${text}`, ['psubscribe', text, 3])
      await gives(A, `PUNSUBSCRIBE ${text}`, ['punsubscribe', text, 2])
      expect(await A.call('UNSUBSCRIBE', one), 'The reply to UNSUBSCRIBE').toBe(['unsubscribe', one, 1])
      expect(await redis.call('PUBLISH', one, text), 'The reply to PUBLISH after UNSUBSCRIBE').toBe(0)
      expect(await A.call('UNSUBSCRIBE'), 'The reply to UNSUBSCRIBE from all').toBe(['unsubscribe', two, 0])
      expect(await A.call('GET', one), 'The reply to GET when there is no subscription left').toBe(null)
      for (const end of ['unsubscribe', 'punsubscribe']) await gives(A, end.toUpperCase(), [end, null, 0])
      await gives(B, 'PING', ['pong', ''], 'Subscribers get PONG in the form of a message.')
      await gives(B, `PING ${text}`, ['pong', text])
      await gives(B, 'QUIT', '+OK')
      expect(
        String(await B.connection.closes('The end of the connection after QUIT')),
        'What comes after the reply to QUIT',
      ).toBe('')
    },
  ),
  check(
    'patterns',
    'brings messages to those who subscribed to a pattern',
    { spec: 'publishing', hint: 'pmessage, the pattern, the channel, the text. Name and pattern are two subscriptions.' },
    async (kit) => {
      const { redis, A } = await openWith(kit, 'A')
      const [name, text] = words(kit, 2)
      const pattern = `${name}.[a-c]?`
      expect(await A.call('PSUBSCRIBE', pattern), 'The reply to PSUBSCRIBE').toBe(['psubscribe', pattern, 1])
      expect(await A.call('SUBSCRIBE', `${name}.b1`), 'The reply to SUBSCRIBE').toBe(['subscribe', `${name}.b1`, 2])
      expect(await redis.call('PUBLISH', `${name}.d1`, text), 'The reply to PUBLISH for a channel that does not fit').toBe(0)
      expect(await redis.call('PUBLISH', `${name}.c2`, text), 'The reply to PUBLISH for a channel that fits').toBe(1)
      expect(await redis.call('PUBLISH', `${name}.b1`, text), 'The reply to PUBLISH for a channel that fits twice').toBe(2)
      expect(await A.reply(), 'The first message').toBe(['pmessage', pattern, `${name}.c2`, text])
      const both = [await A.reply(), await A.reply()].map((message) => JSON.stringify(message)).sort()
      const wanted = [
        ['message', `${name}.b1`, text],
        ['pmessage', pattern, `${name}.b1`, text],
      ]
      expect(both, 'The two messages by name and by pattern').toBe(wanted.map((message) => JSON.stringify(message)))
      await gives(A, `UNSUBSCRIBE ${name}.b1`, ['unsubscribe', `${name}.b1`, 1])
      await gives(A, `GET ${name}`, /^-ERR Can't execute 'get'/, 'There is still a subscription to a pattern.')
      await gives(A, 'PUNSUBSCRIBE', ['punsubscribe', pattern, 0])
      await gives(redis, `PUBLISH ${name}.c2 ${text}`, 0)
    },
  ),
]
