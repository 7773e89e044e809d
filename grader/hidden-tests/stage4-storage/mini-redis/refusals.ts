import { check, expect } from '../../../programs/kit.ts'
import { each, gives, givesAll, words } from './asking.ts'
import { open } from './open.ts'

/** Commands that take a fixed number of words, and such that take any number from some on; each with as few as it may have. */
const EXACTLY =
  'ECHO a|GET k|SETNX k v|GETDEL k|INCR k|DECR k|INCRBY k 1|DECRBY k 1|APPEND k v|STRLEN k|GETRANGE k 0 1|TYPE k|RENAME k l|DBSIZE|' +
  'TTL k|PTTL k|PERSIST k|KEYS a|LLEN k|LRANGE k 0 1|LINDEX k 0|LSET k 0 v|LREM k 0 v|LTRIM k 0 1|HGET k f|HGETALL k|HKEYS k|HVALS k|HLEN k|HEXISTS k f|HINCRBY k f 1|' +
  'SMEMBERS k|SISMEMBER k m|SCARD k|ZINCRBY k 1 m|ZSCORE k m|ZCARD k|ZCOUNT k 0 1|MULTI|DISCARD|UNWATCH|PUBLISH c t|REPLICAOF h 1'
const AT_LEAST =
  'SET k v|EXPIRE k 1|PEXPIRE k 1|EXPIREAT k 1|PEXPIREAT k 1|SPOP k|DEL k|UNLINK k|EXISTS k|MGET k|MSET k v|SCAN 0|LPUSH k v|RPUSH k v|LPOP k|RPOP k|BLPOP k 0|BRPOP k 0|HSET k f v|HMGET k f|HDEL k f|SADD k m|SREM k m|' +
  'SINTER k|SUNION k|SDIFF k|ZADD k 1 m|ZREM k m|ZRANK k m|ZRANGE k 0 1|ZRANGEBYSCORE k 0 1|WATCH k|SUBSCRIBE c|PSUBSCRIBE p'

const wrongNumber = (command: string): [string, RegExp] => [
  command,
  new RegExp(`^-ERR wrong number of arguments for '${command.split(' ')[0]?.toLowerCase()}' command`),
]
const oneLess = (command: string) => command.split(' ').slice(0, -1).join(' ')

const NOT_WHOLE = /^-ERR value is not an integer or out of range/
const NOT_FLOAT = /^-ERR value is not a valid float/
const SYNTAX = /^-ERR syntax error/
const NOT_EXPIRE = /^-ERR invalid expire time in 'set' command/

/** What is not carried out, and what is said of it. */
export const refusals = [
  check(
    'wrong-commands',
    'answers what it does not know, or with the wrong number of words, with an error, and goes on',
    {
      spec: 'errors',
      hint: "-ERR unknown command, -ERR wrong number of arguments for 'get' command: clients look at the first word.",
    },
    async (kit) => {
      const { redis } = await open(kit)
      const name = kit.random.word()
      await gives(redis, `${name} x`, new RegExp(`^-ERR unknown command '${name}'`))
      await gives(redis, `constructor x`, /^-ERR unknown command/)
      await gives(redis, `${'x'.repeat(500)} x`, /^-ERR unknown command 'x{128}'/, 'Of a long name 128 bytes are given back.')
      const less = [...EXACTLY.split('|'), ...AT_LEAST.split('|')].filter((command) => command.includes(' ')).map(oneLess)
      const more = EXACTLY.split('|').map((command) => `${command} more`)
      const uneven = ['MSET k v l', 'HSET k f v g', 'PING a b']
      await givesAll(redis, [...less, ...more, ...uneven].map(wrongNumber), 'The name stands in it in small letters.')
      await gives(redis, 'DBSIZE', 0, 'What is refused changes nothing.')
      await gives(redis, 'PING', '+PONG', 'An error does not end the connection.')
    },
  ),
  check(
    'wrong-type',
    'refuses commands on values of another type',
    { spec: 'errors', hint: '-WRONGTYPE, and nothing has changed. SET and DEL do not care what was there.' },
    async (kit) => {
      const { redis } = await open(kit)
      const [text, list, value] = words(kit, 3)
      await gives(redis, `SET ${text} ${value}`, '+OK')
      await gives(redis, `RPUSH ${list} ${value}`, 1)
      const onText =
        'LPUSH k x|LPOP k|LRANGE k 0 1|LSET k 0 x|BLPOP k 1|SADD k x|SPOP k|SINTER k|HSET k f v|HGET k x|ZADD k 1 m|ZSCORE k x|ZRANGE k 0 1'
      const onList = 'GET k|APPEND k x|STRLEN k|INCR k|GETRANGE k 0 1|GETDEL k|SET k x GET|HGETALL k|SMEMBERS k|ZCOUNT k 0 1'
      await givesAll(redis, each(onText, /^-WRONGTYPE /, text), 'The key holds a string.')
      await givesAll(redis, each(onList, /^-WRONGTYPE /, list), 'The key holds a list.')
      await gives(redis, `MGET ${list} ${text}`, [null, value], 'MGET alone takes what is no string for nothing.')
      await gives(redis, `LRANGE ${list} 0 -1`, [value])
      await gives(redis, `DEL ${text}`, 1)
      await gives(redis, `SET ${list} ${value}`, '+OK')
    },
  ),
  check(
    'numbers',
    'refuses what is no number where one must be, and what is too large',
    {
      spec: 'numbers',
      hint: 'Look at all digits before you do anything. What your language takes for a number (+1, 01, 1e3, 0x1, blanks) is more than Redis takes.',
    },
    async (kit) => {
      const { redis } = await open(kit)
      const [key, word] = words(kit, 2)
      const n = kit.random.int(1, 9)
      for (const text of [
        `${n}.5`,
        `${n}x`,
        `x${n}`,
        `0${n}`,
        `+${n}`,
        '-0',
        '-',
        '',
        ' 1',
        '1e3',
        '9223372036854775808',
        '99999999999999999999',
      ])
        expect(await redis.call('INCRBY', key, text), `The reply to INCRBY ${key} "${text}"`).toMatch(NOT_WHOLE)
      await givesAll(redis, [
        ['RPUSH l a', 1],
        ['HSET h f 1', 1],
        ['ZADD z 1 a', 1],
      ])
      const whole =
        'DECRBY k x|SET k v EX x|SET k v PX 1.5|EXPIRE l x|PEXPIRE l x|GETRANGE k 0 x|GETRANGE k x 0|LRANGE l x 0|LRANGE l 0 x|LINDEX l x|LSET l x v|LREM l x v|LTRIM l 0 x|HINCRBY h f x|SCAN 0 COUNT x|ZRANGE z x 1|ZRANGEBYSCORE z 0 1 LIMIT x 1'
      const floats = 'ZADD z x m|ZADD z 1x m|ZADD z 2 a x m|ZINCRBY z x m|ZINCRBY z - m'
      await givesAll(redis, [
        ...each(whole, NOT_WHOLE),
        ...each(floats, NOT_FLOAT),
        ['ZCOUNT z x 1', /^-ERR min or max is not a float/],
        ['ZRANGEBYSCORE z 0 (x', /^-ERR min or max is not a float/],
        ['LPOP l -1', /^-ERR value is out of range, must be positive/],
        ['BLPOP l x', /^-ERR timeout is not a float or out of range/],
        ['BLPOP l -1', /^-ERR timeout is negative/],
        ['SCAN x1', /^-ERR invalid cursor/],
        ['SCAN 1x', /^-ERR invalid cursor/],
        ['SET k v EX 0', NOT_EXPIRE],
        ['SET k v PX -5', NOT_EXPIRE],
        ['SET k v EX 9223372036854775807', NOT_EXPIRE],
        ['EXPIRE l 9223372036854775807', /^-ERR invalid expire time in 'expire' command/],
        ['DBSIZE', 3],
        ['ZSCORE z a', '1'],
        ['TTL l', -1],
        [`HSET ${key} f ${word}${n}`, 1],
        [`HINCRBY ${key} f 1`, /^-ERR hash value is not an integer/],
        [`HSET ${key} f 9223372036854775807`, 0],
        [`HINCRBY ${key} f ${n}`, /^-ERR increment or decrement would overflow/],
        [`HGET ${key} f`, '9223372036854775807'],
        ['DECRBY n -9223372036854775808', /^-ERR decrement would overflow/],
        ['INCRBY n -9223372036854775808', /^-92233720368547/],
        ['DECR n', /^-ERR increment or decrement would overflow/],
        ['GET n', '-9223372036854775808'],
        ['DEL z', 1],
        ['ZADD z inf a -INF b +inf c', 3],
        ['ZRANGE z 0 -1 WITHSCORES', ['b', '-inf', 'a', 'inf', 'c', 'inf']],
        ['ZINCRBY z -inf a', /^-ERR resulting score is not a number/],
        ['ZINCRBY z 2.5 d', '2.5'],
        ['ZRANGEBYSCORE z -Infinity (inf', ['b', 'd']],
      ])
    },
  ),
  check(
    'syntax',
    'refuses options that there are not, that lack something, or that exclude each other',
    { spec: 'errors', hint: 'Read all options before you change anything; one that you do not know is -ERR syntax error.' },
    async (kit) => {
      const { redis } = await open(kit)
      const [key, value, other] = words(kit, 3)
      const ofText =
        'SET k v NO|SET k v EX|SET k v NX XX|SET k v XX NX|SET k v EX 10 PX 10|SET k v EX 10 KEEPTTL|SET k v KEEPTTL EX 10|SCAN 0 COUNT|SCAN 0 COUNT 0|SCAN 0 NO 1'
      const ofSorted =
        'ZADD k 1 a 2|ZRANGE k 0 1 NO|ZRANGEBYSCORE k 0 1 NO|ZRANGEBYSCORE k 0 1 NO 1 2|ZRANGEBYSCORE k 0 1 LIMIT|ZRANGEBYSCORE k 0 1 LIMIT 1'
      await gives(redis, `SET ${key} ${value}`, '+OK')
      await givesAll(redis, [...each(ofText, SYNTAX, key), ...each(ofSorted, SYNTAX, other)])
      await gives(redis, `GET ${key}`, value, 'What is refused changes nothing.')
      await gives(redis, `TTL ${key}`, -1, 'What is refused changes nothing.')
      await gives(redis, `EXISTS ${other}`, 0, 'What is refused changes nothing.')
    },
  ),
]
