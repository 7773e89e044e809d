import { type Call, CommandError, type Commands, count, inRange, SYNTAX, span, wholeNumber } from './command.ts'
import { WrongType } from './database.ts'
import { bulk, bulks, failure, integer, NIL, OK } from './protocol.ts'

const WHEN = ['EX', 'PX', 'EXAT', 'PXAT']

/** Milliseconds since 1970 for a time to live in one of its four units. */
export function deadline(unit: string, text: string, name: string): number {
  const amount = count(text)
  const ms = unit.startsWith('E') ? amount * 1000 : amount
  if (!Number.isSafeInteger(ms)) throw new CommandError(`ERR invalid expire time in '${name}' command`)
  return unit.endsWith('AT') ? ms : Date.now() + ms
}

function set(call: Call): string {
  const { db, args } = call
  const [key, value, ...options] = args
  let [condition, expires, keeps, gives] = ['', undefined as number | undefined, false, false]
  for (let n = 0; n < options.length; n++) {
    const option = (options[n] as string).toUpperCase()
    if (WHEN.includes(option) && expires === undefined && !keeps && options[n + 1] !== undefined) {
      const amount = options[++n] as string
      expires = deadline(option, amount, 'set')
      if (count(amount) <= 0) throw new CommandError("ERR invalid expire time in 'set' command")
    } else if ((option === 'NX' || option === 'XX') && condition === '') condition = option
    else if (option === 'KEEPTTL' && expires === undefined) keeps = true
    else if (option === 'GET') gives = true
    else throw new CommandError(SYNTAX)
  }
  const old = gives ? db.get(key, 'string') : undefined
  const refused = condition !== '' && (condition === 'NX') === (db.typeOf(key) !== undefined)
  call.effect = []
  if (!refused) {
    db.setString(key, value, keeps)
    if (expires !== undefined) db.setExpiry(key, expires)
    call.effect = [
      ['SET', key, value, ...(expires === undefined ? [] : ['PXAT', String(expires)]), ...(keeps ? ['KEEPTTL'] : [])],
    ]
  }
  if (gives) return bulk(old)
  return refused ? NIL : OK
}

function add({ db, args: [key] }: Call, amount: bigint): string {
  const sum = inRange(wholeNumber(db.get(key, 'string') ?? '0') + amount, 'ERR increment or decrement would overflow')
  db.setString(key, String(sum), true)
  return integer(sum)
}

function decrease(call: Call): string {
  const amount = wholeNumber(call.args[1])
  return add(call, inRange(-amount, 'ERR decrement would overflow'))
}

function setMany({ db, args }: Call): void {
  for (let n = 0; n < args.length; n += 2) db.setString(args[n] as string, args[n + 1] as string)
}

function getOrNothing({ db }: Call, key: string): string | undefined {
  try {
    return db.get(key, 'string')
  } catch (error) {
    if (error instanceof WrongType) return undefined
    throw error
  }
}

export const strings: Commands = {
  GET: { arity: 2, run: ({ db, args: [key] }) => bulk(db.get(key, 'string')) },
  SET: { arity: -3, writes: true, run: set },
  SETNX: {
    arity: 3,
    writes: true,
    run: ({ db, args: [key, value] }) => {
      if (db.typeOf(key)) return integer(0)
      db.setString(key, value)
      return integer(1)
    },
  },
  GETDEL: {
    arity: 2,
    writes: true,
    run: ({ db, args: [key] }) => {
      const value = db.get(key, 'string')
      db.delete(key)
      return bulk(value)
    },
  },
  MGET: { arity: -2, run: (call) => bulks(call.args.map((key) => getOrNothing(call, key))) },
  MSET: {
    arity: -3,
    writes: true,
    run: (call) => {
      if (call.args.length % 2 === 1) return failure("ERR wrong number of arguments for 'mset' command")
      setMany(call)
      return OK
    },
  },
  INCR: { arity: 2, writes: true, run: (call) => add(call, 1n) },
  DECR: { arity: 2, writes: true, run: (call) => add(call, -1n) },
  INCRBY: { arity: 3, writes: true, run: (call) => add(call, wholeNumber(call.args[1])) },
  DECRBY: { arity: 3, writes: true, run: decrease },
  APPEND: {
    arity: 3,
    writes: true,
    run: ({ db, args: [key, value] }) => {
      const whole = (db.get(key, 'string') ?? '') + value
      db.setString(key, whole, true)
      return integer(whole.length)
    },
  },
  STRLEN: { arity: 2, run: ({ db, args: [key] }) => integer(db.get(key, 'string')?.length ?? 0) },
  GETRANGE: {
    arity: 4,
    run: ({ db, args: [key, from, to] }) => {
      const value = db.get(key, 'string') ?? ''
      return bulk(value.slice(...span(from, to, value.length)))
    },
  },
}
