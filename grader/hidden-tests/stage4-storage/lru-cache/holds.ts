import { CacheModel, cacheRequests } from '../../../models/lru-cache.ts'
import { agreesWithModel } from '../../../models/operations.ts'
import { check, expect } from '../../../programs/kit.ts'
import { idleMemory, memoryStaysBounded } from '../../../programs/performance.ts'
import { follow, open } from './requests.ts'

const ODD_NAMES = ['ttl', '__proto__', 'constructor', 'toString', '0', '-1', 'keys', 'évé']

export const holds = [
  check(
    'any-byte',
    'takes any bytes in keys and values, and any names',
    {
      spec: 'any-byte',
      hint: 'Do not decode. An object of your language may have properties that nobody put there: use a real map.',
    },
    async ({ program, random }) => {
      const all = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10 && byte !== 32)
      const keys = [...random.shuffle(all).map((byte) => Buffer.from([0, byte])), ...ODD_NAMES.map((name) => Buffer.from(name))]
      const value = Buffer.from(random.shuffle(all))
      const join = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
      const lines = (make: (key: Buffer) => Buffer) => join(...keys.map(make))
      const stdin = join(
        lines((key) => join('get ', key, '\n')),
        lines((key) => join('put ', key, ' ', value, '\n')),
        lines((key) => join('get ', key, '\n')),
        'keys\n',
      )
      const stdout = join(
        lines(() => Buffer.from('none\n')),
        lines(() => Buffer.from('ok\n')),
        lines(() => join('value ', value, '\n')),
        'keys',
        lines((key) => join(' ', key)),
        '\n',
      )
      await program.run(['--capacity', `${keys.length}`], { stdin }).succeeds({ stdout })
    },
  ),
  check(
    'unfinished-request',
    'does not answer a request that has no newline at its end',
    { spec: 'unfinished-requests', hint: 'A line that was cut off may look like a whole request: only its newline tells.' },
    async ({ program, random }) => {
      const [key, value] = random.distinct(2, random.word)
      const stdin = `put ${key} ${value}\nget ${key}\nget ${key}`
      await program
        .run(['--capacity', '3'], { stdin })
        .succeeds({ stdout: `ok\nvalue ${value}\n`, why: 'The third request has no newline.' })
    },
  ),
  check(
    'bad-arguments',
    'refuses bad arguments with status 2',
    {
      spec: 'bad-arguments',
      hint: 'One line on standard error, and nothing on standard output. There is no default for the capacity.',
    },
    async ({ program, random }) => {
      const word = random.word()
      const capacity = ['--capacity', '3']
      const wrong = [[], ['--capacity'], ['--capacity', '0'], ['--capacity', '-3'], ['--capacity', word], ['--policy', 'lru']]
      for (const args of [...wrong, [...capacity, '--policy', word], [...capacity, `--${word}`], [...capacity, word]]) {
        const run = await program.run(args, { stdin: 'len\n' }).fails({ status: 2, stdout: '' })
        expect(run.stderr.toString(), `What \`${run.command}\` wrote to standard error`).toMatch(/^.+\n$/)
      }
    },
  ),
  check(
    'expired-first',
    'lets nobody go for want of room while something has expired',
    {
      spec: 'expired-before-evicted',
      hint: 'Take out what has expired when the clock advances, not only when somebody asks for it.',
    },
    async (kit) => {
      for (const policy of ['lru', 'lfu'] as const) {
        await follow(kit, policy, 3, ([a, b, c, d, e, f]) => [
          ...[
            `put ${a} 1`,
            `put ${b} 2 ttl 10`,
            `put ${c} 3 ttl 10`,
            `get ${b}`,
            `get ${b}`,
            `get ${c}`,
            'tick 10',
            'len',
            'keys',
          ],
          ...[`put ${d} 4`, 'keys', `put ${e} 5`, 'tick 20', `put ${f} 6`, 'keys', 'stats', 'resize 1', 'stats'],
        ])
      }
    },
  ),
  check(
    'new-life',
    'begins anew with a key that was gone: with one use, and no old deadline',
    {
      spec: 'a-new-life',
      hint: 'Whoever leaves the cache must leave the list of deadlines too, or be known there as somebody else.',
    },
    async (kit) => {
      for (const policy of ['lfu', 'lru'] as const) {
        await follow(kit, policy, 2, ([a, b, c, d]) => [
          // Deleted, evicted and expired, each with a deadline that is still to come or has passed.
          ...[
            `put ${a} 1 ttl 20`,
            `get ${a}`,
            `get ${a}`,
            `del ${a}`,
            `put ${a} 2`,
            `put ${b} 3`,
            `get ${b}`,
            'keys',
            'tick 20',
            `peek ${a}`,
          ],
          ...[
            `put ${c} 4 ttl 30`,
            `put ${d} 5`,
            `put ${c} 6`,
            'tick 30',
            'keys',
            'stats',
            `del ${b}`,
            `del ${d}`,
            `del ${c}`,
            `del ${a}`,
          ],
          ...[
            `put ${a} 7 ttl 5`,
            `get ${a}`,
            'tick 5',
            `put ${a} 8 ttl 9`,
            `put ${b} 9`,
            `get ${b}`,
            'keys',
            'tick 8',
            `peek ${a}`,
            'tick 1',
            'keys',
          ],
        ])
      }
    },
  ),
  check(
    'random-deadlines',
    'agrees with a model on random requests with deadlines, with either policy',
    { spec: 'expired-before-evicted', hint: 'The requests above are the fewest that show it: try them by hand.' },
    async ({ program, random }) => {
      for (const policy of ['lru', 'lfu'] as const) {
        const capacity = random.int(5, 12)
        await agreesWithModel({
          open: () => program.session(['--capacity', `${capacity}`, '--policy', policy]),
          model: () => new CacheModel(policy, capacity),
          requests: cacheRequests(random, 2500, true),
        })
      }
    },
  ),
  check(
    'one-place',
    'works with room for a single entry',
    { spec: 'small-and-large', hint: 'The list becomes empty each time: its ends must be right then, too.' },
    async (kit) => {
      for (const policy of ['lru', 'lfu'] as const) {
        await follow(kit, policy, 1, ([a, b, c]) => [
          ...[
            `put ${a} 1`,
            `get ${a}`,
            `put ${a} 2`,
            'keys',
            `put ${b} 3`,
            `get ${a}`,
            `del ${b}`,
            'keys',
            `put ${c} 4 ttl 3`,
            'tick 3',
            `put ${b} 5`,
          ],
          ...['keys', `put ${a} 6`, 'resize 2', `put ${b} 7`, 'keys', 'resize 1', 'keys', 'stats'],
        ])
      }
    },
  ),
  check(
    'huge-capacity',
    'takes no memory for entries that are not there',
    { spec: 'small-and-large', hint: 'Do not make an array as large as the capacity: let the map grow.' },
    async (kit) => {
      const idle = await idleMemory(kit, ['--capacity', '10'])
      for (const policy of ['lru', 'lfu'] as const) {
        const [key, value] = kit.random.distinct(2, kit.random.word)
        const cache = open(kit, 999_999_999, policy)
        await cache.answersTo(`put ${key} ${value}`, 'ok')
        await cache.answersTo(`get ${key}`, `value ${value}`)
        memoryStaysBounded(kit, await cache.end(), idle, 'one entry')
      }
    },
  ),
]
