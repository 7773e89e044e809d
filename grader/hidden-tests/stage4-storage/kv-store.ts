import { ARGS, DATA, openOn, sizesIn, totalOf } from '../../models/data-folder.ts'
import { figures } from '../../models/figures.ts'
import { byBytes, StoreModel, storeRequests } from '../../models/kv-store.ts'
import { agreesWithModel } from '../../models/operations.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { KIB } from '../../programs/performance.ts'
import { crashes } from './kv-store/crashes.ts'
import { damage } from './kv-store/damage.ts'
import { flies } from './kv-store/flies.ts'
import { setAll, someEntries, storedRecords } from './kv-store/records.ts'
import { requests } from './kv-store/requests.ts'
import { rooms } from './kv-store/room.ts'

export default hiddenTests('stage4-storage/kv-store', [
  tier('runs', [
    check(
      'set-get',
      'gives back the value that was set',
      { spec: 'set-and-get', hint: 'For `set` remember the value and answer ok; for `get` answer `value` and the value.' },
      async (kit) => {
        const store = openOn(kit)
        for (const [key, value] of someEntries(kit, 3)) {
          await store.answersTo(`set ${key} ${value}`, 'ok')
          await store.answersTo(`get ${key}`, `value ${value}`)
        }
      },
    ),
    check(
      'no-value',
      'answers none for a key that was never set',
      { spec: 'set-and-get', hint: 'A key that is not there is no error: the answer is the word none.' },
      async (kit) => {
        const [[key, value], [other]] = someEntries(kit, 2) as [[string, string], [string, string]]
        const store = openOn(kit)
        await store.answersTo(`get ${key}`, 'none')
        await store.answersTo(`set ${key} ${value}`, 'ok')
        await store.answersTo(`get ${other}`, 'none')
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
        const entries = someEntries(kit, 20)
        const store = openOn(kit)
        const sent = entries.flatMap(([key, value]) => [`set ${key} ${value}`, `get ${key}`])
        const got = await store.askAll(sent)
        const expected = entries.flatMap(([, value]) => ['ok', `value ${value}`])
        for (const [n, answer] of expected.entries()) expect(got[n], `The answer to \`${sent[n]}\``).toBe(answer)
        await store.end()
      },
    ),
  ]),

  tier('works', [
    check(
      'overwrite',
      'replaces the value of a key that is set again',
      { spec: 'overwriting-and-deleting', hint: 'The newest record of a key counts: the index must point to that one.' },
      async (kit) => {
        const [key, ...values] = kit.random.distinct(5, kit.random.word) as [string, ...string[]]
        const store = openOn(kit)
        for (const value of values) {
          await store.answersTo(`set ${key} ${value}`, 'ok')
          await store.answersTo(`get ${key}`, `value ${value}`)
        }
        await store.answersTo('count', 'count 1', 'All of them were for the same key.')
      },
    ),
    check(
      'delete',
      'deletes a key, and says whether there was one',
      {
        spec: 'overwriting-and-deleting',
        hint: 'del answers ok when the key was there, else none. A deleted key can be set again.',
      },
      async (kit) => {
        const [[key, value], [other, kept]] = someEntries(kit, 2) as [[string, string], [string, string]]
        const store = openOn(kit)
        await setAll(store, [
          [key, value],
          [other, kept],
        ])
        await store.answersTo(`del ${key}`, 'ok')
        await store.answersTo(`get ${key}`, 'none')
        await store.answersTo(`del ${key}`, 'none', 'It was deleted before.')
        await store.answersTo('count', 'count 1')
        await store.answersTo(`get ${other}`, `value ${kept}`)
        await store.answersTo(`set ${key} ${kept}`, 'ok')
        await store.answersTo(`get ${key}`, `value ${kept}`, 'It was deleted, but set again since.')
      },
    ),
    check(
      'next-start',
      'has at the next start what was stored, overwritten and deleted before',
      {
        spec: 'the-next-start',
        hint: 'Read the log from the front at each start: what comes later wins, and a deletion is a record, too.',
      },
      async (kit) => {
        const model = new StoreModel()
        const keys = kit.random.distinct(8, kit.random.word)
        kit.scratch.folder(DATA)
        for (let start = 1; start <= 3; start++) {
          const store = kit.program.session(ARGS)
          for (const key of keys) {
            await store.answersTo(`get ${key}`, model.answer(`get ${key}`) as string, `This is start number ${start}.`)
            const request = kit.random.oneIn(3) ? `del ${key}` : `set ${key} ${kit.random.word()}`
            await store.answersTo(request, model.answer(request) as string)
          }
          await store.end()
        }
        const store = kit.program.session(ARGS)
        await store.answersTo('keys', model.answer('keys') as string, 'This is start number 4.')
      },
    ),
    check(
      'keys',
      'names all keys, or those with a prefix, in the order of their bytes',
      { spec: 'keys', hint: 'Compare bytes, not letters of an alphabet: every capital comes before every small letter.' },
      async (kit) => {
        const { random } = kit
        const prefix = random.word()
        const words = random.distinct(6, random.word).flatMap((word) => [word, word.toUpperCase()])
        const keys = random.shuffle([...words, `${prefix}2`, `${prefix}10`, `${prefix}é`, prefix])
        const store = openOn(kit)
        await store.answersTo('keys', 'keys', 'There is no key yet.')
        await setAll(
          store,
          keys.map((key) => [key, random.word()]),
        )
        await store.answersTo('keys', ['keys', ...[...keys].sort(byBytes)].join(' '))
        await store.answersTo(`keys ${prefix}`, `keys ${prefix} ${prefix}10 ${prefix}2 ${prefix}é`)
        await store.answersTo(`keys ${prefix}~`, 'keys', 'No key begins with this.')
      },
    ),
    check(
      'scan',
      'gives the keys of a range with their values, in order, and no more than a limit',
      { spec: 'scan', hint: 'FROM belongs to the range, TO does not; neither need be a key. LIMIT counts keys.' },
      async (kit) => {
        const entries = someEntries(kit, 12)
        const model = new StoreModel()
        for (const [key, value] of entries) model.values.set(key, value)
        const sorted = model.keys()
        const store = openOn(kit)
        await setAll(store, entries)
        const [third, ninth] = [sorted[2], sorted[8]]
        for (const request of [
          `scan ${third} ${ninth}`,
          `scan ${third}! ${ninth}!`,
          `scan A ~ ${kit.random.int(3, 9)}`,
          'scan A ~',
          `scan ${ninth} ${third}`,
        ])
          await store.answersTo(request, model.answer(request) as string)
      },
    ),
    check(
      'stats',
      'tells the truth about its keys, its files, and their size',
      {
        spec: 'stats',
        hint: 'Look at the folder when you are asked. Replacing and deleting takes from `live`, but not from `bytes`.',
      },
      async (kit) => {
        const model = new StoreModel()
        const store = openOn(kit)
        for (const request of storeRequests(kit.random, 120).filter((line) => /^(set|del)/.test(line))) {
          await store.answersTo(request, model.answer(request) as string)
        }
        const told = figures('stats', await store.ask('stats'), ['keys', 'files', 'bytes', 'live'])
        const sizes = sizesIn(kit.scratch.path(DATA))
        expect(told.keys, '`keys` in stats').toBe(model.values.size)
        expect(told.live, '`live` in stats', 'It is the sum of the lengths of all keys and values.').toBe(model.live)
        expect(told.files, '`files` in stats', `In the folder: ${[...sizes.keys()].join(' ')}.`).toBe(sizes.size)
        expect(told.bytes, '`bytes` in stats', 'It is the sum of the sizes of all files.').toBe(totalOf(sizes))
      },
    ),
    check(
      'compact',
      'compaction keeps what counts and shrinks the folder',
      { spec: 'compact', hint: 'Write the newest record of each key to a new file; deleted keys need no record there.' },
      async (kit) => {
        const { random, scratch } = kit
        const entries = someEntries(kit, 12)
        const model = new StoreModel()
        const store = openOn(kit)
        const lines = Array.from({ length: 400 }, (_, n) => {
          const [key] = random.pick(entries)
          return random.oneIn(4) ? `del ${key}` : `set ${key} ${random.word()}${n}${'.'.repeat(KIB)}`
        })
        for (const line of lines) model.answer(line)
        await store.askAll(lines)
        await store.answersTo('compact', 'ok')
        const most = 2 * model.live + 100 * model.values.size + 64 * KIB
        const size = totalOf(sizesIn(scratch.path(DATA)))
        expect(size, `The size of all files after \`compact\`, with ${model.live} bytes in keys and values,`).toBeAtMost(
          most,
          'bytes',
        )
        for (const when of ['It is just after `compact`.', 'It is the first start after `compact`.']) {
          const asked = when.includes('start') ? kit.program.session(ARGS) : store
          for (const [key] of entries) await asked.answersTo(`get ${key}`, model.answer(`get ${key}`) as string, when)
          await asked.answersTo('count', model.answer('count') as string, when)
          await asked.end()
        }
      },
    ),
    ...requests,
    check(
      'log-grows',
      'makes one file longer with each write, and leaves alone what was written before',
      { spec: 'the-interface', hint: 'Append; keep nothing back, reserve nothing, and write key and value as they are.' },
      async (kit) => {
        const store = openOn(kit)
        const entries = someEntries(kit, 6)
        let earlier: Buffer = Buffer.alloc(0)
        let last = ''
        for (const entry of entries) {
          const [{ key, value, file, from, to }] = (await storedRecords(kit, store, [entry])) as [
            Awaited<ReturnType<typeof storedRecords>>[number],
          ]
          const bytes = kit.scratch.read(file)
          const record = bytes.subarray(from, to)
          for (const word of [key, value])
            expect(record.toString('latin1'), `What \`set ${key} ${value}\` appended to ${file}`).toInclude(word)
          if (file === last)
            expect(bytes.subarray(0, earlier.length), `The beginning of ${file}, after one more set,`).toBeText(earlier)
          earlier = bytes
          last = file
        }
      },
    ),
    check(
      'random-requests',
      'agrees with a model on random requests',
      { spec: 'the-interface', hint: 'The requests above are the fewest that show it: try them by hand.' },
      async ({ program, random, scratch }) => {
        let folders = 0
        await agreesWithModel({
          open: () => program.session(['--data', scratch.folder(`data${++folders}`)]),
          model: () => new StoreModel(),
          requests: storeRequests(random, 700),
        })
      },
    ),
  ]),

  tier('holds', [...crashes, ...damage, ...rooms]),

  tier('flies', flies),
])
