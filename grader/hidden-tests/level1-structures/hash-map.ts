import { MapModel, mapRequests, mapStats, statsProblem } from '../../models/hash-map.ts'
import { agreesWithModel } from '../../models/operations.ts'
import { check, expect, Failure, hiddenTests, type Kit, tier } from '../../programs/kit.ts'
import type { Session } from '../../programs/session.ts'
import { flies } from './hash-map/flies.ts'
import { holds } from './hash-map/holds.ts'

/** Different keys with values. */
const someEntries = ({ random }: Kit, count: number): [key: string, value: string][] =>
  random.distinct(count, random.word).map((key) => [key, random.word()])

/** Asks, and lets a model judge. */
async function agrees(map: Session, model: MapModel, request: string, why = ''): Promise<void> {
  const expected = model.answer(request)
  if (typeof expected === 'string') return map.answersTo(request, expected, why)
  const answer = await map.ask(request)
  const wrong = expected(answer)
  if (wrong !== undefined)
    throw new Failure(`The answer to \`${request}\` is wrong. ${why}`.trim(), { expected: wrong, actual: answer })
}

export default hiddenTests('level1-structures/hash-map', [
  tier('runs', [
    check(
      'set-get',
      'gives back the value that was set',
      {
        spec: 'set-and-get',
        hint: 'Put key and value into the slot that the hash of the key names; if that is taken, into the next free one.',
      },
      async (kit) => {
        const map = kit.program.session([])
        for (const [key, value] of someEntries(kit, 3)) {
          await map.answersTo(`set ${key} ${value}`, 'ok')
          await map.answersTo(`get ${key}`, `value ${value}`)
        }
      },
    ),
    check(
      'no-value',
      'answers none for a key that was never set',
      { spec: 'set-and-get', hint: 'A slot that was never used ends the search: the key is not there.' },
      async (kit) => {
        const [[key, value], [other]] = someEntries(kit, 2) as [[string, string], [string, string]]
        const map = kit.program.session([])
        await map.answersTo(`get ${key}`, 'none')
        await map.answersTo(`set ${key} ${value}`, 'ok')
        await map.answersTo(`get ${other}`, 'none')
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
        const entries = someEntries(kit, 4)
        const map = kit.program.session([])
        const sent = entries.flatMap(([key, value]) => [`set ${key} ${value}`, `get ${key}`])
        const got = await map.askAll(sent)
        const expected = entries.flatMap(([, value]) => ['ok', `value ${value}`])
        for (const [n, answer] of expected.entries()) expect(got[n], `The answer to \`${sent[n]}\``).toBe(answer)
        await map.end()
      },
    ),
  ]),

  tier('works', [
    check(
      'overwrite',
      'replaces the value of a key that is set again',
      { spec: 'overwriting', hint: 'Look for the key before you take a free slot: it may sit behind others.' },
      async (kit) => {
        const model = new MapModel()
        const map = kit.program.session([])
        const entries = someEntries(kit, 30)
        for (const [key, value] of [...entries, ...kit.random.shuffle(entries).map(([key]) => [key, kit.random.word()])]) {
          await agrees(map, model, `set ${key} ${value}`)
          await agrees(map, model, `get ${key}`)
        }
        await agrees(map, model, 'len', 'Each key was set twice.')
      },
    ),
    check(
      'delete',
      'deletes a key, and still finds those that stand behind it',
      {
        spec: 'deleting',
        hint: 'A slot that has become empty would end the search for what stands behind it: leave a tombstone, or move the others up.',
      },
      async (kit) => {
        const { random } = kit
        const model = new MapModel()
        const map = kit.program.session([])
        const entries = someEntries(kit, 60)
        for (const [key, value] of entries) await agrees(map, model, `set ${key} ${value}`)
        for (const [key] of random.shuffle(entries).slice(0, 40)) {
          await agrees(map, model, `del ${key}`)
          const why = `The last thing that was deleted is ${key}.`
          await agrees(map, model, `get ${key}`, why)
          for (const [other] of random.shuffle(entries).slice(0, 6)) await agrees(map, model, `get ${other}`, why)
          await agrees(map, model, `has ${random.pick(entries)[0]}`, why)
        }
        const [key] = random.pick(entries)
        for (const request of [`del ${key}`, `del ${key}`, `has ${key}`, `set ${key} ${random.word()}`, `get ${key}`, 'len'])
          await agrees(map, model, request)
      },
    ),
    check(
      'listing',
      'lists all keys and entries, each once, and none after clear',
      { spec: 'listing', hint: 'Go through the slots and take those that hold a key.' },
      async (kit) => {
        const model = new MapModel()
        const map = kit.program.session([])
        for (const request of ['keys', 'entries', 'len']) await agrees(map, model, request, 'The map is empty.')
        const entries = someEntries(kit, 25)
        for (const [key, value] of entries) await agrees(map, model, `set ${key} ${value}`)
        for (const [key] of entries.slice(0, 5)) await agrees(map, model, `del ${key}`)
        for (const request of ['keys', 'entries', 'len', 'clear', 'keys', 'entries', 'len', `get ${entries.at(-1)?.[0]}`]) {
          await agrees(map, model, request)
        }
      },
    ),
    check(
      'iteration',
      'walks through all entries, several times at once',
      { spec: 'iterating', hint: 'An iteration is a number and a place. Each next moves one of them.' },
      async (kit) => {
        const model = new MapModel()
        const map = kit.program.session([])
        const count = kit.random.int(12, 20)
        for (const [key, value] of someEntries(kit, count)) await agrees(map, model, `set ${key} ${value}`)
        for (const request of ['iter', 'next 1', 'next 1', 'iter', 'next 2', 'next 1']) await agrees(map, model, request)
        for (let n = 0; n < count - 3; n++) {
          await agrees(map, model, 'next 1')
          if (n % 2 === 0) await agrees(map, model, 'next 2')
        }
        await map.answersTo('next 1', 'end', `All ${count} keys have come.`)
        for (const request of ['next 1', 'close 1']) await map.answersTo(request, /^error ./, 'This iteration has ended.')
        await map.answersTo('close 2', 'ok')
        for (const request of ['next 2', 'close 2']) await map.answersTo(request, /^error ./, 'This iteration was closed.')
        await map.answersTo('iter', 'iter 3')
        await map.answersTo('next 4', /^error ./, 'There is no fourth iteration yet.')
      },
    ),
    check(
      'doubling',
      'grows by a factor, before it is full',
      {
        spec: 'growth-by-doubling',
        hint: 'When the table is three quarters full, say, make one twice as large and put every key where it belongs now.',
      },
      async (kit) => {
        const map = kit.program.session([])
        const entries = kit.random.distinct(3000, () => kit.random.word() + kit.random.word())
        const answers = await map.askAll(entries.flatMap((key) => [`set ${key} ${key}`, 'stats']))
        let changes = 0
        let capacity = 0
        for (let n = 0; n < entries.length; n++) {
          const answer = answers[2 * n + 1] as string
          const wrong = statsProblem(answer, n + 1)
          if (wrong !== undefined)
            throw new Failure(`The answer to \`stats\` with ${n + 1} keys is wrong.`, { expected: wrong, actual: answer })
          const told = mapStats(answer)
          if (told.capacity !== capacity) changes += 1
          capacity = told.capacity
        }
        const why = 'Each change moves all keys: it must happen ever more rarely.'
        expect(changes, 'The number of times that `capacity` changed while 3000 keys were set', why).toBeAtMost(40)
        const got = await map.askAll(entries.map((key) => `get ${key}`))
        for (const [n, key] of entries.entries()) expect(got[n], `The answer to \`get ${key}\``).toBe(`value ${key}`)
      },
    ),
    check(
      'stats',
      'tells the truth about its inside',
      {
        spec: 'stats',
        hint: 'Count what is in use and what is only marked, at each change. A tombstone that is used again is none any more.',
      },
      async (kit) => {
        const model = new MapModel()
        const map = kit.program.session([])
        const requests = mapRequests(kit.random, 800, false).filter((request) => /^(set|del)/.test(request))
        for (const request of requests) {
          await agrees(map, model, request)
          await agrees(map, model, 'stats')
        }
        await map.answersTo('clear', 'ok')
        const told = mapStats(await map.ask('stats'))
        expect(told.len, '`len` in stats after clear').toBe(0)
        expect(told.load, '`load` in stats after clear').toBe(0)
        expect(told.tombstones, '`tombstones` in stats after clear').toBe(0)
      },
    ),
    check(
      'errors',
      'answers error to what it does not understand, and goes on',
      {
        spec: 'errors',
        hint: 'Check the name, and the number of words, before anything else. Words are separated by single blanks.',
      },
      async (kit) => {
        const [[key, value], [word]] = someEntries(kit, 2) as [[string, string], [string, string]]
        const map = kit.program.session([])
        await map.answersTo(`set ${key} ${value}`, 'ok')
        const names = [`${word} ${key}`, `constructor ${key}`, '', `  `]
        const words = [
          'get',
          `get ${key} ${word}`,
          `set ${key}`,
          `set ${key} ${word} ${word}`,
          'has',
          'del',
          `len ${key}`,
          `clear ${key}`,
        ]
        const blanks = [` get ${key}`, `get ${key} `, `set  ${key} ${word}`, `set ${key}  ${word}`]
        const numbers = ['next', 'next 1', `next ${word}`, 'close 0', `iter ${word}`, 'close']
        for (const request of [...names, ...words, ...blanks, ...numbers]) {
          await map.answersTo(request, /^error ./, 'This request is not as the table of requests has it.')
        }
        await map.answersTo(`get ${key}`, `value ${value}`, 'Requests with errors must not change anything.')
        await map.answersTo('len', 'len 1', 'Requests with errors must not change anything.')
      },
    ),
    check(
      'random-requests',
      'agrees with a model on random requests',
      { spec: 'the-interface', hint: 'The requests above are the fewest that show it: try them by hand.' },
      async ({ program, random }) => {
        const requests = mapRequests(random, 3000, false)
        await agreesWithModel({ open: () => program.session([]), model: () => new MapModel(), requests })
      },
    ),
  ]),

  tier('holds', holds),

  tier('flies', flies),
])
