import { type Call, CommandError, type Commands, inRange, wholeNumber } from './command.ts'
import { bulk, bulks, failure, integer } from './protocol.ts'

function set({ db, args: [key, ...pairs] }: Call): string {
  if (pairs.length % 2 === 1) return failure("ERR wrong number of arguments for 'hset' command")
  return integer(
    db.change(key, 'hash', (hash) => {
      const before = hash.size
      for (let n = 0; n < pairs.length; n += 2) hash.set(pairs[n] as string, pairs[n + 1] as string)
      return hash.size - before
    }),
  )
}

function increase({ db, args: [key, field, amount] }: Call): string {
  const old = db.get(key, 'hash')?.get(field) ?? '0'
  if (!/^-?\d+$/.test(old)) throw new CommandError('ERR hash value is not an integer')
  const sum = inRange(BigInt(old) + wholeNumber(amount), 'ERR increment or decrement would overflow')
  db.change(key, 'hash', (hash) => hash.set(field, String(sum)))
  return integer(sum)
}

export const hashes: Commands = {
  HSET: { arity: -4, writes: true, run: set },
  HGET: { arity: 3, run: ({ db, args: [key, field] }) => bulk(db.get(key, 'hash')?.get(field)) },
  HMGET: {
    arity: -3,
    run: ({ db, args: [key, ...fields] }) => bulks(fields.map((field) => db.get(key, 'hash')?.get(field))),
  },
  HDEL: {
    arity: -3,
    writes: true,
    run: ({ db, args: [key, ...fields] }) =>
      integer(db.change(key, 'hash', (hash) => fields.filter((field) => hash.delete(field)).length)),
  },
  HGETALL: { arity: 2, run: ({ db, args: [key] }) => bulks([...(db.get(key, 'hash') ?? [])].flat()) },
  HKEYS: { arity: 2, run: ({ db, args: [key] }) => bulks(db.get(key, 'hash')?.keys() ?? []) },
  HVALS: { arity: 2, run: ({ db, args: [key] }) => bulks(db.get(key, 'hash')?.values() ?? []) },
  HLEN: { arity: 2, run: ({ db, args: [key] }) => integer(db.get(key, 'hash')?.size ?? 0) },
  HEXISTS: { arity: 3, run: ({ db, args: [key, field] }) => integer(db.get(key, 'hash')?.has(field) ? 1 : 0) },
  HINCRBY: { arity: 4, writes: true, run: increase },
}
