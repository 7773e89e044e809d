import { type Call, type Command, CommandError, type Commands, count, span } from './command.ts'
import type { Deque } from './deque.ts'
import { array, bulk, bulks, failure, integer, NIL, NIL_ARRAY, OK } from './protocol.ts'

type End = 'First' | 'Last'

const NOT_POSITIVE = 'ERR value is out of range, must be positive'

function push(end: End): Command {
  return {
    arity: -3,
    writes: true,
    run: ({ db, args: [key, ...items] }) =>
      integer(
        db.change(key, 'list', (list) => {
          for (const item of items) list[`push${end}`](item)
          return list.length
        }),
      ),
  }
}

function take(list: Deque, end: End, most: number): string[] {
  return Array.from({ length: Math.min(most, list.length) }, () => list[`pop${end}`]())
}

function pop(end: End): Command {
  return {
    arity: -2,
    writes: true,
    run: ({ db, args: [key, amount] }) => {
      if (amount !== undefined && !/^\d+$/.test(amount)) throw new CommandError(NOT_POSITIVE)
      if (!db.get(key, 'list')) return amount === undefined ? NIL : NIL_ARRAY
      const items = db.change(key, 'list', (list) => take(list, end, Number(amount ?? 1)))
      return amount === undefined ? bulk(items[0]) : bulks(items)
    },
  }
}

/** Takes from the first of several lists that has anything; waits when none has. */
function blockingPop(end: End): Command {
  return {
    arity: -3,
    writes: true,
    run: (call) => {
      const { db, client, server, args } = call
      const keys = args.slice(0, -1)
      const seconds = Number(args.at(-1))
      if (Number.isNaN(seconds)) return failure('ERR timeout is not a float or out of range')
      if (seconds < 0) return failure('ERR timeout is negative')
      call.effect = []
      const takeFrom = (key: string) => {
        const [item] = db.change(key, 'list', (list) => take(list, end, 1))
        return { reply: bulks([key, item]), effect: [end === 'First' ? 'LPOP' : 'RPOP', key] }
      }
      const key = keys.find((one) => db.get(one, 'list'))
      if (key !== undefined) {
        const { reply, effect } = takeFrom(key)
        call.effect = [effect]
        return reply
      }
      // Whoever waits already takes no offence at what is no list.
      const attempt = () => {
        const found = keys.find((one) => db.typeOf(one) === 'list')
        return found === undefined ? undefined : takeFrom(found)
      }
      if (client.inTransaction) return NIL_ARRAY
      server.waiting.add(client, keys, seconds * 1000, attempt)
      return undefined
    },
  }
}

function remove({ db, args: [key, amount, wanted] }: Call): string {
  const limit = count(amount)
  if (!db.get(key, 'list')) return integer(0)
  return integer(
    db.change(key, 'list', (list) => {
      const items = take(list, 'First', list.length)
      if (limit < 0) items.reverse()
      let left = limit === 0 ? items.length : Math.abs(limit)
      const kept = items.filter((item) => item !== wanted || left-- <= 0)
      if (limit < 0) kept.reverse()
      for (const item of kept) list.pushLast(item)
      return items.length - kept.length
    }),
  )
}

function keepRange({ db, args: [key, from, to] }: Call): string {
  if (!db.get(key, 'list')) return OK
  db.change(key, 'list', (list) => {
    const [first, end] = span(from, to, list.length)
    const kept = Math.max(0, end - first)
    take(list, 'First', kept === 0 ? list.length : first)
    take(list, 'Last', list.length - kept)
  })
  return OK
}

function itemAt({ db, args: [key, index] }: Call): string {
  const list = db.get(key, 'list')
  const at = count(index)
  const place = at < 0 ? (list?.length ?? 0) + at : at
  return list && place >= 0 && place < list.length ? bulk(list.at(place)) : NIL
}

function setItem({ db, args: [key, index, item] }: Call): string {
  const at = count(index)
  const list = db.get(key, 'list')
  if (!list) return failure('ERR no such key')
  const place = at < 0 ? list.length + at : at
  if (place < 0 || place >= list.length) return failure('ERR index out of range')
  db.change(key, 'list', () => list.set(place, item))
  return OK
}

export const lists: Commands = {
  LPUSH: push('First'),
  RPUSH: push('Last'),
  LPOP: pop('First'),
  RPOP: pop('Last'),
  BLPOP: blockingPop('First'),
  BRPOP: blockingPop('Last'),
  LLEN: { arity: 2, run: ({ db, args: [key] }) => integer(db.get(key, 'list')?.length ?? 0) },
  LRANGE: {
    arity: 4,
    run: ({ db, args: [key, from, to] }) => {
      const list = db.get(key, 'list')
      const [first, end] = span(from, to, list?.length ?? 0)
      return array(Array.from({ length: Math.max(0, end - first) }, (_, n) => bulk(list?.at(first + n))))
    },
  },
  LINDEX: { arity: 3, run: itemAt },
  LSET: { arity: 4, writes: true, run: setItem },
  LREM: { arity: 4, writes: true, run: remove },
  LTRIM: { arity: 4, writes: true, run: keepRange },
}
