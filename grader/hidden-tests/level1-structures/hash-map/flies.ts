import { Stopped } from '../../../engine/failure.ts'
import { collidingKeys, MIXES, SUMS } from '../../../models/collisions.ts'
import { mapStats } from '../../../models/hash-map.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { growsWithWork, idleMemory, memoryStaysBounded } from '../../../programs/performance.ts'
import type { Session } from '../../../programs/session.ts'

/** Asks much, and looks at the answers as a whole. */
async function answersAll(map: Session, requests: string[], expected: (n: number) => string): Promise<void> {
  const answers = await map.askAll(requests)
  const wrong = answers.findIndex((answer, n) => answer !== expected(n))
  if (wrong < 0) return
  throw new Failure(`The answer to \`${requests[wrong]}\` is wrong, after ${wrong} other requests of the same kind.`, {
    expected: expected(wrong),
    actual: answers[wrong] as string,
  })
}

const numbered = (count: number, request: (n: number) => string) => Array.from({ length: count }, (_, n) => request(n))

/** Sets, gets and deletes all of these keys. */
async function costOf({ program }: Kit, keys: string[]): Promise<number> {
  const map = program.session([], { limits: { time: 60_000 } })
  await answersAll(
    map,
    keys.map((key, n) => `set ${key} ${n}`),
    () => 'ok',
  )
  await answersAll(
    map,
    keys.map((key) => `get ${key}`),
    (n) => `value ${n}`,
  )
  await answersAll(
    map,
    keys.map((key) => `del ${key}`),
    () => 'ok',
  )
  return (await map.end()).exit.cpu
}

const PAIRS = 14
/** Less processor time than this, in milliseconds, is not told apart from none. */
const GRAIN = 100
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
        await answersAll(
          map,
          numbered(count, (n) => `set ${key(n)} ${n}`),
          () => 'ok',
        )
        await answersAll(
          map,
          numbered(count, (n) => `get ${key(n)}`),
          (n) => `value ${n}`,
        )
        await answersAll(
          map,
          numbered(count, (n) => `del ${key(n)}`),
          () => 'ok',
        )
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
        const up = await map.askAll(numbered(2 * count + 8, (n) => `set key${n} ${n}\nstats`).flatMap((pair) => pair.split('\n')))
        const down = await map.askAll(numbered(2 * count + 8, (n) => `del key${n}\nstats`).flatMap((pair) => pair.split('\n')))
        for (const border of [borderIn(up), borderIn(down)]) {
          await answersAll(
            map,
            numbered(border - 1, (n) => `set key${n} ${n}`),
            () => 'ok',
          )
          await answersAll(
            map,
            numbered(2 * count, (n) => (n % 2 ? 'del one' : 'set one 1')),
            () => 'ok',
          )
          await answersAll(
            map,
            numbered(border - 1, (n) => `del key${n}`),
            () => 'ok',
          )
        }
        return map.end()
      }
      await growsWithWork(kit, { size: 5000, work, unit: 'keys' })
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
      memoryStaysBounded(kit, run, idle, 'a million requests on a hundred keys')
    },
  ),
  check(
    'after-deletions',
    'does not search longer for what is not there after many deletions',
    { spec: 'many-passing-keys', hint: 'Each tombstone on the way is looked at. When there are too many, build the table anew.' },
    async (kit) => {
      const work = async (count: number) => {
        const map = kit.program.session([])
        await answersAll(
          map,
          numbered(count, (n) => `set key${n} ${n}`),
          () => 'ok',
        )
        await answersAll(
          map,
          numbered(count - 1, (n) => `del key${n}`),
          () => 'ok',
        )
        await answersAll(
          map,
          numbered(count, (n) => `get none${n}`),
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
    { spec: 'iterators', hint: 'An iteration is a place in the table, not a copy of the keys.' },
    async (kit) => {
      const work = async (count: number) => {
        const map = kit.program.session([])
        await answersAll(
          map,
          numbered(count, (n) => `set key${n} ${n}`),
          () => 'ok',
        )
        await answersAll(
          map,
          numbered(count, () => 'iter'),
          (n) => `iter ${n + 1}`,
        )
        const got = await map.askAll(numbered(count, (n) => `next ${n + 1}`))
        const wrong = got.find((answer) => !/^entry key(\d+) \1$/.test(answer))
        if (wrong !== undefined)
          throw new Failure('The first step of an iteration gives no entry of the map.', {
            expected: 'entry keyN N',
            actual: wrong,
          })
        await answersAll(
          map,
          numbered(count, (n) => `close ${n + 1}`),
          () => 'ok',
        )
        return map.end()
      }
      await growsWithWork(kit, { size: 6000, work, unit: 'iterations' })
    },
  ),
]

/** The number of keys at which the capacity changed last while keys came or went, from the answers to set or del and stats. */
function borderIn(answers: string[]): number {
  const told = answers.filter((_, n) => n % 2 === 1).map(mapStats)
  const changes = told.filter(({ len, capacity }, n) => len > 4 && n > 0 && capacity !== told[n - 1]?.capacity)
  return changes.reduce((most, { len }) => Math.max(most, len), 5)
}

/** Keys that come and go, a hundred at a time, and now and then a look at some. */
function* passing(word: string, total: number): Generator<Buffer> {
  const step = 1000
  for (let from = 0, round = 1; from < total; from += step, round++) {
    const requests: string[] = []
    for (let n = from; n < Math.min(from + step, total); n++) {
      const key = (number: number) => `${word}${Math.max(number, 0)}`
      requests.push(`set ${key(n)} ${n}-${word}`, `set ${key(n)} ${word}-${n}`, n >= 100 ? `del ${key(n - 100)}` : 'len')
    }
    requests.push('iter', `next ${round}`, `close ${round}`)
    yield Buffer.from(`${requests.join('\n')}\n`)
  }
  yield Buffer.from('stats\n')
}
