import { Stopped } from '../../../engine/failure.ts'
import { collidingKeys, MIXES, SUMS } from '../../../models/collisions.ts'
import { type MapStats, mapStats } from '../../../models/hash-map.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { growsWithWork, idleMemory, MIB, memoryStaysBounded } from '../../../programs/performance.ts'
import { judge, type Session } from '../../../programs/session.ts'

type ByNumber = (n: number) => string

/** Asks so many things at once, and looks at the answers as a whole. */
async function many(map: Session, count: number, request: ByNumber, expected: ByNumber): Promise<void> {
  const answers = await map.askAll(Array.from({ length: count }, (_, n) => request(n)))
  const wrong = answers.findIndex((answer, n) => answer !== expected(n))
  if (wrong < 0) return
  throw new Failure(`The answer to \`${request(wrong)}\` is wrong, after ${wrong} other requests of the same kind.`, {
    expected: expected(wrong),
    actual: answers[wrong] as string,
  })
}

const ok = () => 'ok'

/** What it costs to set all of these keys, and to get them. */
async function costOf({ program }: Kit, keys: string[]): Promise<number> {
  const map = program.session([], { limits: { time: 60_000 } })
  await many(map, keys.length, (n) => `set ${keys[n]} ${n}`, ok)
  await many(
    map,
    keys.length,
    (n) => `get ${keys[n]}`,
    (n) => `value ${n}`,
  )
  return (await map.end()).exit.cpu
}

const PAIRS = 14
/** Less processor time than this, in milliseconds, is not told apart from none. */
const GRAIN = 100
/** What a language with a garbage collector may have lying about beyond its idle memory. */
const RUBBISH = 96 * MIB
const AT_MOST = 6

/** Keys that collide under a published hash function cost no more than as many others of the same length. */
async function mindsNot(kit: Kit, kinds: typeof SUMS): Promise<void> {
  const { random, measure } = kit
  const length = collidingKeys(random, kinds[0] as (typeof SUMS)[number], 1)[0]?.length as number
  const ordinary = random.distinct(2 ** PAIRS, () => random.word() + random.word()).map((key) => key.padEnd(PAIRS * length, key))
  const usual = Math.max(GRAIN, await costOf(kit, ordinary))
  for (const kind of kinds) {
    const keys = random.shuffle(collidingKeys(random, kind, PAIRS))
    const cost = await costOf(kit, keys).catch((error) => {
      if (!(error instanceof Stopped)) throw error
      return Number.POSITIVE_INFINITY
    })
    measure({ name: `${keys.length} keys that collide under ${kind.name}`, value: cost, unit: 'ms', yardstick: usual })
    if (cost <= AT_MOST * usual) continue
    const shown = keys.slice(0, 2).join(' and ')
    throw new Failure(
      `${keys.length} keys that have the same hash under ${kind.name} took much longer than as many others. Two of them are ${shown}. All of them went to the same slot: ` +
        'everybody who knows your hash function can make such keys.',
      {
        expected: `at most ${AT_MOST * usual} ms of processor time`,
        actual: Number.isFinite(cost) ? `${cost} ms` : 'not done after 60 s',
      },
    )
  }
}

export const flies = [
  check(
    'growth',
    'takes about four times as long for four times as many keys',
    {
      spec: 'growth',
      hint: 'The table must grow by a factor, or n keys are moved n times. Use all bits of the hash, and short chains.',
    },
    async (kit) => {
      const work = async (count: number) => {
        const word = kit.random.word()
        const map = kit.program.session([])
        // Every other key is a mere number.
        const key = (n: number) => (n % 2 ? `${n}` : `${word}${n * 7919}`)
        await many(map, count, (n) => `set ${key(n)} ${n}`, ok)
        await many(
          map,
          count,
          (n) => `get ${key(n)}`,
          (n) => `value ${n}`,
        )
        await many(map, count, (n) => `del ${key(n)}`, ok)
        return map.end()
      }
      await growsWithWork(kit, { size: 20_000, work, unit: 'keys' })
    },
  ),
  check(
    'up-and-down',
    'does not change the table at each step when it goes up and down at a border',
    { spec: 'growth', hint: 'Shrink at a load far below that which the table has after it has grown.' },
    async (kit) => {
      const work = async (count: number) => {
        const map = kit.program.session([])
        const told = async (request: ByNumber) => {
          const answers = await map.askAll(Array.from({ length: 4 * count + 16 }, (_, n) => (n % 2 ? 'stats' : request(n / 2))))
          return answers.filter((_, n) => n % 2).map(mapStats)
        }
        const borders = [await told((n) => `set key${n} ${n}`), await told((n) => `del key${n}`)].map(lastBorder)
        for (const border of borders) {
          await many(map, border - 1, (n) => `set key${n} ${n}`, ok)
          // In small portions, so that a slow program is seen to get on.
          for (let n = 0; n < count / 40; n++) await many(map, 50, (n) => (n % 2 ? 'del one' : 'set one 1'), ok)
          await many(map, border - 1, (n) => `del key${n}`, ok)
        }
        return map.end()
      }
      await growsWithWork(kit, { size: 2000, work, unit: 'keys' })
    },
  ),
  check(
    'hostile-sums',
    'is as fast with keys that collide under the hash functions that multiply and add',
    {
      spec: 'hostile-keys',
      hint: 'A seed must change how characters are mixed, not only where the sum begins. Look up SipHash, or universal hashing.',
    },
    (kit) => mindsNot(kit, SUMS),
  ),
  check(
    'hostile-mixes',
    'is as fast with keys that collide under djb2 with exclusive or and FNV',
    { spec: 'hostile-keys', hint: 'These functions have published constants. Use one with a key that is drawn at the start.' },
    (kit) => mindsNot(kit, MIXES),
  ),
  check(
    'passing-keys',
    'needs no more memory after a million requests than after a few',
    {
      spec: 'many-passing-keys',
      hint: 'Values that were replaced, deleted keys, old tables and ended iterations: something still points to one of them.',
    },
    async (kit) => {
      const idle = await idleMemory(kit, [])
      const total = 340_000
      const word = kit.random.word()
      let last = Buffer.alloc(0)
      let lines = 0
      const onOutput = (piece: Buffer) => {
        for (const byte of piece) if (byte === 10) lines += 1
        last = Buffer.concat([last.subarray(-200), piece])
      }
      const run = await kit.program.run([], { stdin: passing(word, total), onOutput, limits: { time: 150_000 } }).succeeds()
      const answer = last.toString().trimEnd().split('\n').at(-1) as string
      expect(mapStats(answer).len, `\`len\` in stats after ${total} keys have passed`).toBe(100)
      expect(lines, 'The number of answers').toBe(3 * total + Math.ceil(total / 1000) * 3 + 1)
      memoryStaysBounded(kit, run, idle, 'a million requests on a hundred keys', RUBBISH)
    },
  ),
  check(
    'after-deletions',
    'does not search longer for what is not there after many deletions',
    { spec: 'many-passing-keys', hint: 'Each tombstone on the way is looked at. When there are too many, build the table anew.' },
    async (kit) => {
      const work = async (count: number) => {
        const map = kit.program.session([])
        await many(map, count, (n) => `set key${n} ${n}`, ok)
        await many(map, count - 1, (n) => `del key${n}`, ok)
        await many(
          map,
          count,
          (n) => `get none${n}`,
          () => 'none',
        )
        return map.end()
      }
      await growsWithWork(kit, { size: 15_000, work, unit: 'keys' })
    },
  ),
  check(
    'iterators',
    'begins an iteration without going through the map',
    {
      spec: 'iterators',
      hint: 'An iteration is a place in the table, not a copy of the keys. From there to the next key there must not be thousands of places that hold nothing.',
    },
    async (kit) => {
      const work = async (count: number) => {
        const map = kit.program.session([])
        let begun = 0
        const iterations = async (why: string) => {
          const requests = Array.from({ length: count }, () => {
            begun += 1
            return ['iter', `next ${begun}`, `next ${begun}`, `close ${begun}`]
          }).flat()
          const answers = await map.askAll(requests)
          const wrong = answers.findIndex((answer, n) => requests[n]?.startsWith('next') && !isEntry(answer))
          if (wrong >= 0) judge(requests[wrong] as string, answers[wrong] as string, 'entry keyN N', why)
        }
        const keys = count + 2
        await many(map, keys, (n) => `set key${n} ${n}`, ok)
        await iterations('It is one of the first two steps of an iteration through the keys key0, key1 ….')
        // Just less than half of the keys, those that came first: a table need not be built anew for that.
        await many(map, Math.floor(0.48 * keys), (n) => `del key${n}`, ok)
        await iterations('It is one of the first two steps of an iteration, after nearly half of the keys were deleted.')
        return map.end()
      }
      await growsWithWork(kit, { size: 5000, work, unit: 'iterations' })
    },
  ),
]

const isEntry = (answer: string) => /^entry key(\d+) \1$/.test(answer)

/** The largest number of keys at which the capacity changed. */
function lastBorder(told: MapStats[]): number {
  const changes = told.filter(({ capacity }, n) => n > 0 && capacity !== told[n - 1]?.capacity)
  return changes.reduce((most, { len }) => Math.max(most, len), 5)
}

/** Keys that come and go, a hundred at a time, and now and then a look at some. */
function* passing(word: string, total: number): Generator<Buffer> {
  const step = 1000
  const filler = word.repeat(12)
  for (let from = 0, round = 1; from < total; from += step, round++) {
    const requests: string[] = []
    for (let n = from; n < Math.min(from + step, total); n++) {
      const key = (number: number) => `${word}${Math.max(number, 0)}`
      requests.push(`set ${key(n)} ${n}-${filler}`, `set ${key(n)} ${filler}-${n}`, n >= 100 ? `del ${key(n - 100)}` : 'len')
    }
    requests.push('iter', `next ${round}`, `close ${round}`)
    yield Buffer.from(`${requests.join('\n')}\n`)
  }
  yield Buffer.from('stats\n')
}
