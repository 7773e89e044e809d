import { Glob } from '#lib/glob.ts'
import { type Call, CommandError, type Commands, count, SYNTAX } from './command.ts'
import type { Database } from './database.ts'
import { array, bulk, bulks, failure, integer, OK, simple } from './protocol.ts'
import { deadline } from './strings.ts'

const USUAL_COUNT = 10

/** Sets a deadline; one that has passed is the end of the key at once. */
function expire(unit: string, name: string): (call: Call) => string {
  return (call) => {
    const [key, amount] = call.args
    const at = deadline(unit, amount, name)
    const there = call.db.setExpiry(key, at)
    call.effect = there ? [['PEXPIREAT', key, String(at)]] : []
    return integer(there ? 1 : 0)
  }
}

/** Milliseconds to live; -1 for ever, -2 if there is no such key. */
function left(db: Database, key: string): number {
  if (!db.typeOf(key)) return -2
  const at = db.expiry(key)
  return at === undefined ? -1 : at - Date.now()
}

function scan({ db, args: [cursor, ...options] }: Call): string {
  let amount = USUAL_COUNT
  let pattern = '*'
  for (let n = 0; n < options.length; n += 2) {
    const [option, value] = [options[n]?.toUpperCase(), options[n + 1]]
    if (value === undefined) throw new CommandError(SYNTAX)
    if (option === 'COUNT') amount = count(value)
    else if (option === 'MATCH') pattern = value
    else throw new CommandError(SYNTAX)
  }
  if (amount < 1) throw new CommandError(SYNTAX)
  if (!/^\d+$/.test(cursor ?? '')) return failure('ERR invalid cursor')
  const { keys, next } = db.scan(Number(cursor), amount)
  return array([bulk(String(next)), bulks(matching(keys, pattern))])
}

function matching(keys: string[], pattern: string): string[] {
  const glob = new Glob(pattern.replaceAll('[^', '[!'))
  return keys.filter((key) => glob.matches(key))
}

function rename({ db, args: [from, to] }: Call): string {
  const type = db.typeOf(from)
  if (!type) return failure('ERR no such key')
  const [value, expires] = [db.get(from, type), db.expiry(from)]
  db.delete(from)
  db.put(to, type, value as NonNullable<typeof value>, expires)
  return OK
}

const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)

export const keys: Commands = {
  DEL: { arity: -2, writes: true, run: ({ db, args }) => integer(total(args.map((key) => Number(db.delete(key))))) },
  UNLINK: { arity: -2, writes: true, run: ({ db, args }) => integer(total(args.map((key) => Number(db.delete(key))))) },
  EXISTS: { arity: -2, run: ({ db, args }) => integer(args.filter((key) => db.typeOf(key)).length) },
  TYPE: { arity: 2, run: ({ db, args: [key] }) => simple(db.typeOf(key) ?? 'none') },
  RENAME: { arity: 3, writes: true, run: rename },
  KEYS: { arity: 2, run: ({ db, args: [pattern] }) => bulks(matching(db.keys(), pattern)) },
  SCAN: { arity: -2, run: scan },
  DBSIZE: { arity: 1, run: ({ db }) => integer(db.size) },
  FLUSHALL: {
    arity: -1,
    writes: true,
    run: ({ db }) => {
      db.clear()
      return OK
    },
  },
  EXPIRE: { arity: 3, writes: true, run: expire('EX', 'expire') },
  PEXPIRE: { arity: 3, writes: true, run: expire('PX', 'pexpire') },
  EXPIREAT: { arity: 3, writes: true, run: expire('EXAT', 'expireat') },
  PEXPIREAT: { arity: 3, writes: true, run: expire('PXAT', 'pexpireat') },
  TTL: {
    arity: 2,
    run: ({ db, args: [key] }) => {
      const ms = left(db, key)
      return integer(ms < 0 ? ms : Math.round(ms / 1000))
    },
  },
  PTTL: { arity: 2, run: ({ db, args: [key] }) => integer(left(db, key)) },
  PERSIST: {
    arity: 2,
    writes: true,
    run: ({ db, args: [key] }) => integer(db.expiry(key) !== undefined && db.setExpiry(key, undefined) ? 1 : 0),
  },
}
