import { CacheModel, cacheRequests, type Policy } from '../../models/lru-cache.ts'
import { agreesWithModel } from '../../models/operations.ts'
import { check, expect, hiddenTests, type Kit, tier } from '../../programs/kit.ts'
import { flies } from './lru-cache/flies.ts'
import { holds } from './lru-cache/holds.ts'
import { follow, open } from './lru-cache/requests.ts'

/** The model and the program answer alike to random requests. */
async function agreesOnRandom({ program, random }: Kit, policy: Policy): Promise<void> {
  const capacity = random.int(4, 9)
  await agreesWithModel({
    open: () => program.session(['--capacity', `${capacity}`, '--policy', policy]),
    model: () => new CacheModel(policy, capacity),
    requests: cacheRequests(random, 2000, false),
  })
}

export default hiddenTests('stage4-storage/lru-cache', [
  tier('runs', [
    check(
      'put-get',
      'gives back the value that was put',
      { spec: 'put-and-get', hint: 'For `put` remember the value and answer ok; for `get` answer `value` and the value.' },
      async (kit) => {
        const [a, b, one, two] = kit.random.distinct(4, kit.random.word)
        const cache = open(kit, 5)
        await cache.answersTo(`put ${a} ${one}`, 'ok')
        await cache.answersTo(`get ${a}`, `value ${one}`)
        await cache.answersTo(`put ${b} ${two}`, 'ok')
        await cache.answersTo(`get ${b}`, `value ${two}`)
        await cache.answersTo(`get ${a}`, `value ${one}`)
      },
    ),
    check(
      'no-value',
      'answers none for a key that is not there',
      { spec: 'put-and-get', hint: 'A key that is not there is no error: the answer is the word none.' },
      async (kit) => {
        const [a, b, one] = kit.random.distinct(3, kit.random.word)
        const cache = open(kit, 5)
        await cache.answersTo(`get ${a}`, 'none')
        await cache.answersTo(`put ${a} ${one}`, 'ok')
        await cache.answersTo(`get ${b}`, 'none')
      },
    ),
    check(
      'capacity',
      'lets one go for each new one when it is full',
      {
        spec: 'capacity',
        hint: 'Before a new key comes in, see whether there is room; the first key that was put goes first, unless it was used.',
      },
      async (kit) => {
        const { random } = kit
        const keys = random.distinct(8, random.word)
        const cache = open(kit, 4)
        for (const [n, key] of keys.entries()) await cache.answersTo(`put ${key} ${n}`, n < 4 ? 'ok' : `evicted ${keys[n - 4]}`)
        for (const [n, key] of keys.entries()) await cache.answersTo(`get ${key}`, n < 4 ? 'none' : `value ${n}`)
      },
    ),
    check(
      'several-at-once',
      'answers requests that come together one by one, in their order, and ends with its input',
      {
        spec: 'one-answer-at-once',
        hint: 'One read may bring many lines, or half of one: keep what follows the last newline for the next.',
      },
      async (kit) => {
        const words = kit.random.distinct(4, kit.random.word)
        const cache = open(kit, 5)
        const sent = words.flatMap((word) => [`put ${word} ${word}`, `get ${word}`])
        const got = await cache.askAll(sent)
        for (const [n, request] of sent.entries()) {
          expect(got[n], `The answer to \`${request}\``).toBe(n % 2 ? `value ${words[(n - 1) / 2]}` : 'ok')
        }
        await cache.end()
      },
    ),
  ]),

  tier('works', [
    check(
      'least-recent',
      'lets go what was used least recently: put and get are uses',
      {
        spec: 'least-recently-used',
        hint: 'Whoever is used goes to the end of the list; who stands at its beginning goes first.',
      },
      (kit) =>
        follow(kit, 'lru', 4, ([a, b, c, d, e, f, g]) => [
          ...['put', 'put', 'put', 'put'].map((word, n) => `${word} ${[a, b, c, d][n]} ${n}`),
          ...[`get ${b}`, `get ${a}`, 'keys', `put ${e} 5`, `put ${f} 6`, 'keys', `get ${b}`, `put ${g} 7`, `get ${a}`, 'keys'],
        ]),
    ),
    check(
      'least-frequent',
      'with lfu, lets go what was used the fewest times',
      {
        spec: 'least-frequently-used',
        hint: 'Count the uses of each entry: the put that made it is the first. Every later put and get adds one.',
      },
      (kit) =>
        follow(kit, 'lfu', 3, ([a, b, c, d, e, f]) => [
          ...[`put ${a} 1`, `put ${b} 2`, `put ${c} 3`, `get ${a}`, `get ${a}`, `get ${b}`, 'keys', `put ${d} 4`],
          ...[
            `get ${d}`,
            `get ${d}`,
            'keys',
            `put ${e} 5`,
            `put ${e} 6`,
            `put ${e} 7`,
            `put ${e} 8`,
            'keys',
            `put ${f} 7`,
            `get ${b}`,
          ],
        ]),
    ),
    check(
      'equally-frequent',
      'with lfu, lets that one go, of several used as often, whose last use is the longest ago',
      { spec: 'least-frequently-used', hint: 'Among entries with the same number of uses keep the order of their last uses.' },
      (kit) =>
        follow(kit, 'lfu', 4, ([a, b, c, d, e, f, g]) => [
          ...[
            `put ${a} 1`,
            `put ${b} 2`,
            `put ${c} 3`,
            `put ${d} 4`,
            'keys',
            `get ${b}`,
            `get ${a}`,
            `get ${d}`,
            `get ${c}`,
            'keys',
          ],
          ...[`put ${e} 5`, `get ${e}`, 'keys', `put ${f} 6`, `get ${f}`, 'keys', `put ${g} 7`, `get ${b}`, `get ${d}`, 'keys'],
        ]),
    ),
    check(
      'overwrite',
      'replaces a value without letting anybody go, and takes it for a use',
      { spec: 'overwriting', hint: 'Look whether the key is there before you make room.' },
      async (kit) => {
        for (const policy of ['lru', 'lfu'] as const) {
          await follow(kit, policy, 3, ([a, b, c, d]) => [
            ...[
              `put ${a} 1`,
              `put ${b} 2`,
              `put ${c} 3`,
              `put ${a} 4`,
              'keys',
              `get ${a}`,
              `put ${b} 5`,
              `put ${d} 6`,
              `get ${b}`,
              'keys',
              'len',
            ],
          ])
        }
      },
    ),
    check(
      'peek',
      'looks without touching: peek, keys, len and stats change no order and no figures',
      { spec: 'looking-without-touching', hint: 'peek takes the value from the map and leaves the list alone.' },
      async (kit) => {
        for (const policy of ['lru', 'lfu'] as const) {
          await follow(kit, policy, 3, ([a, b, c, d]) => [
            ...[`put ${a} 1`, `put ${b} 2`, `put ${c} 3`, `peek ${a}`, `peek ${a}`, `peek ${d}`, 'keys', 'len', 'stats', 'keys'],
            ...[`put ${d} 4`, `peek ${a}`, 'stats'],
          ])
        }
      },
    ),
    check(
      'delete',
      'makes room by deleting',
      { spec: 'deleting', hint: 'Take the entry out of the list as well as out of the map.' },
      async (kit) => {
        for (const policy of ['lru', 'lfu'] as const) {
          await follow(kit, policy, 3, ([a, b, c, d, e]) => [
            ...[
              `put ${a} 1`,
              `put ${b} 2`,
              `put ${c} 3`,
              `del ${b}`,
              `del ${b}`,
              `get ${b}`,
              'len',
              'keys',
              `put ${d} 4`,
              `put ${e} 5`,
              'keys',
            ],
            ...[`del ${c}`, `del ${d}`, `del ${e}`, `del ${a}`, 'keys', `put ${a} 6`, 'keys', 'stats'],
          ])
        }
      },
    ),
    check(
      'time-to-live',
      'lets an entry expire when its time is over, and not before',
      {
        spec: 'time-to-live',
        hint: 'The deadline is the time of the put and its ttl. At that time the entry is gone; a get changes nothing about it.',
      },
      (kit) => {
        const [life, part] = [kit.random.int(50, 90), kit.random.int(10, 40)]
        return follow(kit, 'lru', 5, ([a, b, c]) => [
          ...[
            `put ${a} 1 ttl ${life}`,
            `put ${b} 2`,
            `tick ${part}`,
            `put ${c} 3 ttl ${life}`,
            `get ${a}`,
            `tick ${life - part - 1}`,
            `get ${a}`,
          ],
          ...[
            'len',
            'tick 1',
            `get ${a}`,
            'len',
            'keys',
            `tick ${part - 1}`,
            `get ${c}`,
            'tick 1',
            `peek ${c}`,
            'keys',
            'tick 999999999',
            `get ${b}`,
          ],
        ])
      },
    ),
    check(
      'new-deadline',
      'goes by the deadline of the last put, if that has one',
      { spec: 'overwriting', hint: 'When a value is replaced its deadline goes with it.' },
      (kit) =>
        follow(kit, 'lru', 5, ([a, b, c, d]) => [
          ...[`put ${a} 1 ttl 20`, `put ${b} 2 ttl 20`, `put ${c} 3`, `put ${d} 4 ttl 20`, 'tick 15'],
          ...[
            `put ${a} 5`,
            `put ${b} 6 ttl 20`,
            `put ${c} 7 ttl 2`,
            `put ${d} 8 ttl 1`,
            'keys',
            'tick 1',
            'keys',
            'tick 1',
            'keys',
            'tick 4',
            'keys',
          ],
          ...['tick 14', `get ${b}`, 'tick 1', 'keys', `get ${a}`, 'stats'],
        ]),
    ),
    check(
      'resize',
      'evicts in order when it is made smaller, and has more room when it is made larger',
      { spec: 'resizing', hint: 'Evict until the rest fits, and name all that went.' },
      async (kit) => {
        for (const policy of ['lru', 'lfu'] as const) {
          await follow(kit, policy, 5, ([a, b, c, d, e, f]) => [
            ...[
              `put ${a} 1`,
              `put ${b} 2`,
              `put ${c} 3`,
              `put ${d} 4`,
              `put ${e} 5`,
              `get ${b}`,
              `get ${b}`,
              `get ${d}`,
              `get ${a}`,
            ],
            ...[
              'resize 4',
              'keys',
              'resize 2',
              'keys',
              'resize 3',
              `put ${f} 6`,
              'keys',
              `put ${c} 7`,
              'keys',
              'stats',
              'resize 9',
              'stats',
            ],
          ])
        }
      },
    ),
    check(
      'stats',
      'counts hits, misses, evictions and what has expired',
      {
        spec: 'stats',
        hint: 'Only get makes hits and misses. What goes for want of room is evicted; what is deleted or expires is not.',
      },
      (kit) =>
        follow(kit, 'lru', 3, ([a, b, c, d]) => [
          ...[
            'stats',
            `put ${a} 1`,
            `get ${a}`,
            `get ${b}`,
            `get ${a}`,
            'stats',
            `put ${b} 2 ttl 5`,
            `put ${c} 3 ttl 9`,
            `put ${d} 4`,
            'stats',
          ],
          ...[
            `peek ${d}`,
            `del ${d}`,
            'tick 5',
            `get ${b}`,
            'stats',
            'resize 1',
            'stats',
            'tick 9',
            'stats',
            `get ${c}`,
            'stats',
          ],
        ]),
    ),
    check(
      'errors',
      'answers error to what it does not understand, changes nothing, and goes on',
      {
        spec: 'errors',
        hint: 'Look at all of a request before you do any of it: how many words, which words, and whether each number is written as the spec has it.',
      },
      async (kit) => {
        const [a, b, word] = kit.random.distinct(3, kit.random.word)
        const cache = open(kit, 1)
        await cache.answersTo(`put ${a} 1`, 'ok')
        const names = [`${word} ${a}`, `constructor ${a}`, '', ` get ${a}`, `get ${a} `, `get  ${a}`, `put  ${b} 2`]
        const words = [
          'get',
          `get ${a} ${b}`,
          `put ${b}`,
          `put ${b} 1 ttl`,
          `put ${b} 1 2`,
          `put ${b} 1 ${word} 3`,
          `put ${b} 1 ttl 3 4`,
          `keys ${a}`,
        ]
        const numbers = ['0', '-1', '1.5', '1000000000', word, '01', '1e3']
        const bad = numbers.flatMap((number) => [`put ${b} 1 ttl ${number}`, `tick ${number}`, `resize ${number}`])
        for (const request of [...names, ...words, 'tick', 'resize', `peek`, 'del', ...bad]) {
          await cache.answersTo(request, /^error ./, 'This request is not as the table of requests has it.')
        }
        const why = 'Requests with errors must not change anything.'
        await cache.answersTo('keys', `keys ${a}`, why)
        await cache.answersTo(`get ${a}`, 'value 1', why)
      },
    ),
    check(
      'random-lru',
      'agrees with a model on random requests, with lru',
      { spec: 'least-recently-used', hint: 'The requests above are the fewest that show it: try them by hand.' },
      (kit) => agreesOnRandom(kit, 'lru'),
    ),
    check(
      'random-lfu',
      'agrees with a model on random requests, with lfu',
      { spec: 'least-frequently-used', hint: 'The requests above are the fewest that show it: try them by hand.' },
      (kit) => agreesOnRandom(kit, 'lfu'),
    ),
  ]),

  tier('holds', holds),

  tier('flies', flies),
])
