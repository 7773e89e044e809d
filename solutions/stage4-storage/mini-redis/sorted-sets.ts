import { type Call, CommandError, type Commands, count, SYNTAX, score, scoreText, span } from './command.ts'
import { bulk, bulks, integer, NIL } from './protocol.ts'
import { SortedSet } from './sorted-set.ts'

const NOT_FLOAT = 'ERR min or max is not a float'

function add({ db, args: [key, ...pairs] }: Call): string {
  if (pairs.length % 2 === 1) throw new CommandError(SYNTAX)
  // All scores are looked at before anything is changed.
  const scores = pairs.filter((_, n) => n % 2 === 0).map((text) => score(text))
  return integer(
    db.change(key, 'zset', (set) => {
      const before = set.size
      for (const [n, value] of scores.entries()) set.set(pairs[2 * n + 1] as string, value)
      return set.size - before
    }),
  )
}

function increase({ db, args: [key, amount, member] }: Call): string {
  const by = score(amount)
  return bulk(
    db.change(key, 'zset', (set) => {
      const sum = (set.score(member) ?? 0) + by
      if (Number.isNaN(sum)) throw new CommandError('ERR resulting score is not a number (NaN)')
      set.set(member, sum)
      return scoreText(sum)
    }),
  )
}

const entriesText = (entries: Iterable<[string, number]>, withScores: boolean): string =>
  bulks([...entries].flatMap(([member, value]) => (withScores ? [member, scoreText(value)] : [member])))

function range({ db, args: [key, from, to, ...options] }: Call): string {
  const wanted = options.map((option) => option.toUpperCase())
  if (wanted.some((option) => option !== 'WITHSCORES' && option !== 'REV')) throw new CommandError(SYNTAX)
  const set = db.get(key, 'zset') ?? new SortedSet()
  const [first, end] = span(from, to, set.size)
  const backwards = wanted.includes('REV')
  const entries = [...(backwards ? set.range(set.size - end, set.size - first) : set.range(first, end))]
  return entriesText(backwards ? entries.reverse() : entries, wanted.includes('WITHSCORES'))
}

/** The ranks of all members whose scores lie between two bounds; `(` before a bound leaves it out. */
function ranks(set: SortedSet, low: string, high: string): [number, number] {
  const bound = (text: string) => ({ value: score(text.replace(/^\(/, ''), NOT_FLOAT), open: text.startsWith('(') })
  const [least, most] = [bound(low), bound(high)]
  return [set.rankOfScore(least.value, least.open), set.rankOfScore(most.value, !most.open)]
}

function rangeByScore({ db, args: [key, low, high, ...options] }: Call): string {
  const set = db.get(key, 'zset') ?? new SortedSet()
  let [from, to] = ranks(set, low, high)
  let withScores = false
  for (let n = 0; n < options.length; n++) {
    const option = options[n]?.toUpperCase()
    if (option === 'WITHSCORES') withScores = true
    else if (option === 'LIMIT' && n + 2 < options.length) {
      from += count(options[n + 1] as string)
      const most = count(options[n + 2] as string)
      to = most < 0 ? to : Math.min(to, from + most)
      n += 2
    } else throw new CommandError(SYNTAX)
  }
  return entriesText(set.range(from, to), withScores)
}

export const sortedSets: Commands = {
  ZADD: { arity: -4, writes: true, run: add },
  ZINCRBY: { arity: 4, writes: true, run: increase },
  ZREM: {
    arity: -3,
    writes: true,
    run: ({ db, args: [key, ...members] }) =>
      integer(db.change(key, 'zset', (set) => members.filter((member) => set.delete(member)).length)),
  },
  ZSCORE: {
    arity: 3,
    run: ({ db, args: [key, member] }) => {
      const value = db.get(key, 'zset')?.score(member)
      return bulk(value === undefined ? undefined : scoreText(value))
    },
  },
  ZCARD: { arity: 2, run: ({ db, args: [key] }) => integer(db.get(key, 'zset')?.size ?? 0) },
  ZRANK: {
    arity: 3,
    run: ({ db, args: [key, member] }) => {
      const rank = db.get(key, 'zset')?.rank(member)
      return rank === undefined ? NIL : integer(rank)
    },
  },
  ZCOUNT: {
    arity: 4,
    run: ({ db, args: [key, low, high] }) => {
      const [from, to] = ranks(db.get(key, 'zset') ?? new SortedSet(), low, high)
      return integer(Math.max(0, to - from))
    },
  },
  ZRANGE: { arity: -4, run: range },
  ZRANGEBYSCORE: { arity: -4, run: rangeByScore },
}
