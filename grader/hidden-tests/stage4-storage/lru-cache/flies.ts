import { figures } from '../../../models/figures.ts'
import type { Policy } from '../../../models/lru-cache.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { growsWithWork, idleMemory, MIB, memoryStaysBounded } from '../../../programs/performance.ts'
import type { Run } from '../../../programs/run.ts'
import { judge, type Session } from '../../../programs/session.ts'
import { open } from './requests.ts'

type ByNumber = (n: number) => string

/** Asks so many things at once, and looks at the answers as a whole. */
async function many(cache: Session, count: number, request: ByNumber, expected: ByNumber): Promise<void> {
  const answers = await cache.askAll(Array.from({ length: count }, (_, n) => request(n)))
  const wrong = answers.findIndex((answer, n) => answer !== expected(n))
  if (wrong >= 0) judge(request(wrong), answers[wrong] as string, expected(wrong), `It is number ${wrong + 1} of its kind.`)
}

const ok = () => 'ok'

/** Fills the cache, uses everything once, and replaces all of it, once or twice. */
async function turnover(kit: Kit, policy: Policy, size: number): Promise<void> {
  const work = async (count: number) => {
    const cache = open(kit, count, policy)
    await many(cache, count, (n) => `put key${n} ${n}`, ok)
    await many(
      cache,
      count,
      (n) => `get key${n}`,
      (n) => `value ${n}`,
    )
    // With lfu the first newcomer replaces an old one, and each one after it the newcomer before.
    await many(
      cache,
      count,
      (n) => `put new${n} ${n}`,
      (n) => `evicted ${policy === 'lru' || n === 0 ? `key${n}` : `new${n - 1}`}`,
    )
    await many(
      cache,
      count,
      () => 'put key0 0',
      (n) => (n > 0 ? 'ok' : `evicted new${policy === 'lru' ? 0 : count - 1}`),
    )
    return cache.end()
  }
  await growsWithWork(kit, { size, work, unit: 'entries' })
}

/** What a language with a garbage collector may have lying about beyond its idle memory. */
const RUBBISH = 96 * MIB

/** So much more memory tells nothing of four times as many requests. */
const WAVERING = 8 * MIB

interface Load {
  args: string[]
  request: ByNumber
  /** What stats must tell after so many requests. */
  expected: (total: number) => Record<string, number>
  what: string
}

/**
 * Very many requests that leave nothing behind. What a garbage collector leaves lying about is soon as much as it will ever be; what is kept for each request,
 * be it a few bytes, grows with their number.
 */
async function leavesNothing(kit: Kit, load: Load): Promise<void> {
  const idle = await idleMemory(kit, load.args)
  const few = await requested(kit, load, 250_000)
  const run = await requested(kit, load, 1_000_000)
  const [less, more] = [few, run].map(({ exit }) => Math.max(0, exit.peakMemory - idle)) as [number, number]
  if (more <= 2 * less + WAVERING) return memoryStaysBounded(kit, run, idle, load.what, RUBBISH)
  const shown = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`
  throw new Failure(
    `Four times the requests took much more memory: ${shown(less)} beyond its idle memory for 250000, ${shown(more)} for 1000000 (${load.what}). ` +
      'Something small is kept of each of them.',
    { expected: `at most ${shown(2 * less + WAVERING)}`, actual: shown(more) },
  )
}

async function requested(kit: Kit, { args, request, expected, what }: Load, total: number): Promise<Run> {
  const step = 2000
  function* input(): Generator<Buffer> {
    for (let from = 0; from < total; from += step) {
      yield Buffer.from(Array.from({ length: step }, (_, n) => `${request(from + n)}\n`).join(''))
    }
    yield Buffer.from('stats\n')
  }
  let last = Buffer.alloc(0)
  let lines = 0
  const onOutput = (piece: Buffer) => {
    for (const byte of piece) if (byte === 10) lines += 1
    last = Buffer.concat([last.subarray(-300), piece])
  }
  const run = await kit.program.run(args, { stdin: input(), onOutput, limits: { time: 150_000 } }).succeeds()
  const right = expected(total)
  const names = Object.keys(right)
  const told = figures('stats', last.toString().trimEnd().split('\n').at(-1) as string, names)
  for (const name of names) expect(told[name], `\`${name}\` in stats after ${what}`).toBe(right[name])
  expect(lines, 'The number of answers').toBe(total + 1)
  return run
}

export const flies = [
  check(
    'lru-growth',
    'takes about four times as long for four times as many entries, with lru',
    {
      spec: 'constant-time',
      hint: 'Keep in each entry where it stands in the list. Taking something out of an array moves all that follows.',
    },
    (kit) => turnover(kit, 'lru', 12_000),
  ),
  check(
    'lfu-growth',
    'takes about four times as long for four times as many entries, with lfu',
    { spec: 'constant-time', hint: 'Keep a list of entries for each number of uses: nobody need be compared with anybody.' },
    (kit) => turnover(kit, 'lfu', 12_000),
  ),
  check(
    'lfu-gaps',
    'finds the least used entry, with lfu, however far apart the numbers of uses are',
    {
      spec: 'constant-time',
      hint: 'When the last entry with the fewest uses goes, do not count up to the next number: link the numbers that there are.',
    },
    async (kit) => {
      const work = async (count: number) => {
        const cache = open(kit, 3, 'lfu')
        await many(cache, 1, () => 'put old 1', ok)
        await many(
          cache,
          count,
          () => 'get old',
          () => 'value 1',
        )
        await many(cache, 2 * count, (n) => (n % 2 ? 'del new' : `put new ${n}`), ok)
        return cache.end()
      }
      await growsWithWork(kit, { size: 25_000, work, unit: 'uses' })
    },
  ),
  check(
    'lfu-spread',
    'finds the least used entry, with lfu, however many different numbers of uses there are',
    {
      spec: 'constant-time',
      hint: 'Keep the numbers of uses in their order, so that the smallest is always the first: nobody goes through them.',
    },
    async (kit) => {
      const most = 600
      const work = async (entries: number) => {
        const cache = open(kit, entries + 1, 'lfu')
        await many(cache, entries, (n) => `put key${n} ${n}`, ok)
        // As many uses for all numbers of entries, but no two entries have as many: what differs is what it costs to evict.
        const uses = Array.from({ length: entries }, (_, n) => Array<number>(n + 1).fill(n)).flat()
        await many(
          cache,
          (most * (most + 1)) / 2,
          (n) => `get key${uses[n] ?? entries - 1}`,
          (n) => `value ${uses[n] ?? entries - 1}`,
        )
        await many(
          cache,
          300 * entries,
          (n) => `put new${n} ${n}`,
          (n) => (n === 0 ? 'ok' : `evicted new${n - 1}`),
        )
        return cache.end()
      }
      await growsWithWork(kit, { size: most / 4, work, atMost: 7, unit: 'numbers of uses' })
    },
  ),
  check(
    'deadlines',
    'does not look at all entries when a little time passes',
    {
      spec: 'many-deadlines',
      hint: 'Keep those that expire in a heap, the soonest on top: a tick takes from there what is due.',
    },
    async (kit) => {
      const work = async (count: number) => {
        const cache = open(kit, count)
        const life = (n: number) => count + 1 + ((n * 7919) % count)
        await many(cache, count, (n) => `put key${n} ${n} ttl ${life(n)}`, ok)
        await many(cache, 2 * count - 1, () => 'tick 1', ok)
        const late = Array.from({ length: count }, (_, n) => n).filter((n) => life(n) >= 2 * count)
        await cache.answersTo(
          'keys',
          ['keys', ...late.map((n) => `key${n}`)].join(' '),
          `${2 * count - 1} milliseconds have passed.`,
        )
        await many(cache, 1, () => 'tick 999999999', ok)
        await cache.answersTo('len', 'len 0')
        return cache.end()
      }
      await growsWithWork(kit, { size: 12_000, work, unit: 'entries with a deadline' })
    },
  ),
  check(
    'equal-deadlines',
    'does not look at all entries when one of many equal deadlines is replaced',
    {
      spec: 'many-deadlines',
      hint: 'Note in each entry where its deadline stands, and take it out there; or clear old ones away when they are more than the others, not each time.',
    },
    async (kit) => {
      const work = async (count: number) => {
        const cache = open(kit, count)
        await many(cache, count, (n) => `put key${n % 10} ${n} ttl 1000`, ok)
        await many(cache, count, (n) => `put key${n} ${n} ttl 1000`, ok)
        await many(cache, count, (n) => `put key${(n * 7919) % count} new ttl 1000`, ok)
        await many(cache, 1, () => 'tick 999', ok)
        await cache.answersTo('len', `len ${count}`, `They have a ttl of 1000, and 999 milliseconds have passed.`)
        await many(cache, 1, () => 'tick 1', ok)
        await cache.answersTo('len', 'len 0', `They have a ttl of 1000, and as many milliseconds have passed.`)
        return cache.end()
      }
      await growsWithWork(kit, { size: 10_000, work, unit: 'values with the same deadline' })
    },
  ),
  check(
    'overwritten-deadlines',
    'keeps nothing of half a million values that were replaced',
    {
      spec: 'memory',
      hint: 'The old deadline of a key must leave the heap, or the heap must be cleared of those that count no more.',
    },
    (kit) => {
      const word = kit.random.word()
      const key = (n: number) => `${word.repeat(90 / word.length)}${n % 100}`
      const request = (n: number) => (n % 10 ? `put ${key(n)} ${n} ttl ${900_000_000 - n}` : `del ${key(n / 10)}`)
      const expected = () => ({ hits: 0, evictions: 0, expired: 0 })
      return leavesNothing(kit, { args: ['--capacity', '200'], request, expected, what: 'replaced values with deadlines' })
    },
  ),
  check(
    'passing-uses',
    'keeps nothing of a million uses, with lfu',
    { spec: 'memory', hint: 'A list for a number of uses that nobody has any more is of no use itself.' },
    (kit) => {
      const args = ['--capacity', '100', '--policy', 'lfu']
      const request = (n: number) => (n === 0 ? 'put key 1' : 'get key')
      const expected = (total: number) => ({ len: 1, hits: total - 1 })
      return leavesNothing(kit, { args, request, expected, what: 'uses of a single entry' })
    },
  ),
]
