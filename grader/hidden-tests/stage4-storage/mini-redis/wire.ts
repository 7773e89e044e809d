import { clients } from '../../../models/mini-redis.ts'
import { check, expect } from '../../../programs/kit.ts'
import { MIB } from '../../../programs/performance.ts'
import { encodeCommand } from '../../../protocols/resp.ts'
import { open } from './open.ts'

/** How commands and replies travel. */
export const wire = [
  check(
    'pipelining',
    'answers commands that come together one by one, in their order',
    { spec: 'pipelining', hint: 'One read may bring many commands: go on until what is left is not a whole one.' },
    async (kit) => {
      const { redis } = await open(kit)
      const words = kit.random.distinct(60, kit.random.word)
      const replies = await redis.pipeline(
        words.flatMap((word, n) => [
          ['SET', `key${n}`, word],
          ['GET', `key${n}`],
        ]),
      )
      expect(replies, 'The replies to 120 commands in one piece').toBe(words.flatMap((word) => ['+OK', word]))
    },
  ),
  check(
    'split',
    'understands commands that come in pieces',
    {
      spec: 'pipelining',
      hint: 'A piece may end anywhere, within a number, between \\r and \\n: keep what is not complete for the next read.',
    },
    async (kit) => {
      const { server, redis } = await open(kit)
      const [other] = await clients(server, 'B')
      const [key, value] = kit.random.distinct(2, () => kit.random.sentence(3)) as [string, string]
      const bytes = Buffer.concat([encodeCommand(['SET', key, value]), encodeCommand(['GET', key])])
      for (let from = 0; from < bytes.length; ) {
        const to = from + kit.random.int(1, 4)
        await redis.connection.write(bytes.subarray(from, to))
        from = to
        // Another client's command goes there and back, so that the pieces do not come together after all.
        await other?.call('PING')
      }
      expect(await redis.reply('The reply to SET in pieces'), 'The reply to SET in pieces').toBe('+OK')
      expect(await redis.reply('The reply to GET in pieces'), 'The reply to GET in pieces').toBe(value)
    },
  ),
  check(
    'inline',
    'understands what is typed into a raw connection',
    {
      spec: 'inline-commands',
      hint: 'What does not begin with * is a line: words separated by blanks. An empty one gets no answer, and neither does an array of no words.',
    },
    async (kit) => {
      const { redis } = await open(kit)
      const [key, value] = kit.random.distinct(2, kit.random.word) as [string, string]
      await redis.connection.write(`SET ${key} ${value}\r\n\r\nget  ${key}  \r\n*0\r\n*-1\r\n  PING\n`)
      for (const [what, reply] of [
        ['SET', '+OK'],
        ['get', value],
        ['PING', '+PONG'],
      ] as const) {
        expect(await redis.reply(`The reply to ${what}, typed as a line,`), `The reply to ${what}, typed as a line,`).toBe(reply)
      }
    },
  ),
  check(
    'any-bytes',
    'keeps any bytes, in keys and values, up to a megabyte',
    {
      spec: 'any-bytes',
      hint: 'Count bytes, not characters; \r\n may stand within a value. Do not decode what you need not understand.',
    },
    async (kit) => {
      const { redis } = await open(kit)
      const key = Buffer.concat([kit.random.bytes(20), Buffer.from('\r\n\0é')])
      const values = [
        Buffer.concat([Buffer.from('$3\r\n*1\r\n'), kit.random.bytes(500)]),
        Buffer.alloc(MIB, kit.random.bytes(1000)),
        Buffer.alloc(0),
      ]
      for (const value of values) {
        expect(await redis.call('SET', key, value), `The reply to SET with a value of ${value.length} bytes`).toBe('+OK')
        expect(await redis.call('STRLEN', key), 'The reply to STRLEN').toBe(value.length)
        await redis.connection.write(encodeCommand(['GET', key]))
        const head = Buffer.from(`$${value.length}\r\n`)
        const whole = await redis.connection.take(head.length + value.length + 2, 'The reply to GET')
        expect(whole, 'The reply to GET').toBeText(Buffer.concat([head, value, Buffer.from('\r\n')]))
      }
    },
  ),
  check(
    'letter-case',
    'takes commands and options in any letter case',
    { spec: 'commands', hint: 'Compare the name in capitals; keys and values keep their case.' },
    async (kit) => {
      const { redis } = await open(kit)
      const [key, value] = kit.random.distinct(2, kit.random.word) as [string, string]
      expect(await redis.call('sEt', key, value, 'nX'), 'The reply to sEt with nX').toBe('+OK')
      expect(await redis.call('get', key), 'The reply to get').toBe(value)
      expect(
        await redis.call('GET', key.toUpperCase()),
        'The reply to GET with the key in capitals',
        'That is another key.',
      ).toBe(null)
    },
  ),
]
