import { ARGS, DATA, openOn, sizesIn, soon, totalOf } from '../../../models/data-folder.ts'
import { StoreModel } from '../../../models/kv-store.ts'
import { refusesSecond, startsAgainAtOnce } from '../../../models/stored-data.ts'
import { ANSWERING, failUnlessSynced } from '../../../models/syncing.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import { killedInTheMiddle } from '../../../programs/session.ts'
import { setAll, someEntries } from './records.ts'
import { oddRequests } from './requests.ts'

export const crashes = [
  ...oddRequests,
  check(
    'synced',
    'answers ok only when the disk has the record',
    {
      spec: 'before-the-ok',
      hint: 'write gives the bytes to the kernel, which keeps them for a while: call fsync or fdatasync, then answer.',
    },
    async (kit) => {
      const { program, random, scratch } = kit
      scratch.folder(DATA)
      const store = program.session(ARGS, { trace: { file: 'trace', calls: ANSWERING } })
      const entries = someEntries(kit, 5)
      await setAll(store, entries)
      await store.answersTo(`del ${random.pick(entries)[0]}`, 'ok')
      await store.end()
      failUnlessSynced(kit, 'trace', 'ok')
    },
  ),
  check(
    'killed',
    'has every acknowledged write after kill -9',
    { spec: 'killed', hint: 'What waits in a buffer of your program dies with it. Write, and only then answer.' },
    async (kit) => {
      const model = new StoreModel()
      const entries = someEntries(kit, 6)
      kit.scratch.folder(DATA)
      for (let round = 0; round < 3; round++) {
        const store = kit.program.session(ARGS)
        for (const [key, value] of entries) {
          const request = kit.random.oneIn(4) ? `del ${key}` : `set ${key} ${value}${round}`
          await store.answersTo(request, model.answer(request) as string)
        }
        await store.kill()
        const next = kit.program.session(ARGS)
        for (const [key] of entries) {
          const why =
            'The program was killed (kill -9) after it had acknowledged the last write to this key, and was started again.'
          await next.answersTo(`get ${key}`, model.answer(`get ${key}`) as string, why)
        }
        await next.end()
      }
    },
  ),
  check(
    'killed-at-work',
    'keeps what it had acknowledged when it is killed amid a thousand writes, and nothing half',
    {
      spec: 'killed',
      hint: 'Requests that came together are still done in their order. Acknowledge none that is not yet on the disk.',
    },
    async (kit) => {
      const { program, random, scratch } = kit
      const keys = random.distinct(20, random.word)
      scratch.folder(DATA)
      const history: string[] = []
      for (let round = 0; round < 3; round++) {
        // So many that they do not all fit into the pipe: it is killed before it has read the last of them.
        const sent = Array.from(
          { length: 1200 },
          (_, n) => `set ${keys[n % 20]} ${history.length + n}-${random.word()}${'.'.repeat(random.int(200, 400))}`,
        )
        const answers = await killedInTheMiddle(program.session(ARGS), sent, random.int(5, 200))
        expect(
          answers.every((answer) => answer === 'ok'),
          'Every answer to these set requests is ok, which',
        ).toBe(true)
        const least = history.length + answers.length
        history.push(...sent)
        const store = program.session(ARGS)
        const got = await store.askAll(keys.map((key) => `get ${key}`))
        await store.end()
        const done = carriedOut(keys, got, history, least)
        // What was not carried out never happened.
        history.splice(done)
      }
    },
  ),
  check(
    'killed-while-compacting',
    'loses nothing when it is killed in the middle of a compaction',
    {
      spec: 'killed-while-compacting',
      hint: 'Until the new file is whole and on the disk the old one must be there. rename(2) puts one in the place of the other at once.',
    },
    async (kit) => {
      const { program, random, scratch } = kit
      const store = openOn(kit)
      const model = new StoreModel()
      const filler = '.'.repeat(7000)
      const word = random.word()
      const lines = Array.from({ length: 1800 }, (_, n) => `set ${word}${n % 1300} ${random.word()}${filler}`)
      for (const line of lines) model.answer(line)
      await store.askAll(lines)
      await store.end()
      const all = ['entries', ...model.keys().flatMap((key) => [key, model.values.get(key)])].join(' ')
      for (let round = 0; round < 4; round++) {
        const session = program.session(ARGS)
        await session.ask('count')
        const before = filesOf(kit)
        const more = round === 0 ? 1 : random.int(model.live / 2, model.live)
        session.send(['compact'])
        await soon(() => session.waiting > 0 || session.live.process.ended || hasGrown(before, filesOf(kit), more))
        await session.kill()
        const next = program.session(ARGS)
        const why = 'The program was killed (kill -9) after it had been asked to compact, and was started again.'
        await next.answersTo('count', `count ${model.values.size}`, why)
        expect(await next.ask('scan ! ~'), 'The answer to `scan ! ~`', why).toBeText(all)
        await next.end()
      }
      const last = program.session(ARGS)
      await last.answersTo('compact', 'ok')
      const most = 2 * model.live + 100 * model.values.size + 64 * 1024
      const why = 'A compaction that was cut short leaves something behind: the next one must clean it up.'
      expect(totalOf(sizesIn(scratch.path(DATA))), 'The size of all files after one more `compact`', why).toBeAtMost(
        most,
        'bytes',
      )
    },
  ),
  check(
    'one-at-a-time',
    'refuses a folder that another process has open, and leaves it alone',
    {
      spec: 'one-at-a-time',
      hint: 'Lock something in the folder with flock(2) or fcntl(2), without waiting, before you read anything else.',
    },
    async (kit) => {
      const [[key, value], [other]] = someEntries(kit, 2) as [[string, string], [string, string]]
      const store = openOn(kit)
      await store.answersTo(`set ${key} ${value}`, 'ok')
      await refusesSecond(kit, store, { change: `set ${other} ${value}`, count: 'count', unchanged: 'count 1' })
    },
  ),
  check(
    'lock-dies-too',
    'can be started again at once after kill -9',
    {
      spec: 'one-at-a-time',
      hint: 'A lock file that is there, or a process number in it, survives you. A lock that the kernel holds for you does not.',
    },
    async (kit) => {
      const [[key, value]] = someEntries(kit, 1) as [[string, string]]
      const store = openOn(kit)
      await store.answersTo(`set ${key} ${value}`, 'ok')
      await startsAgainAtOnce(kit, store, `get ${key}`, `value ${value}`)
    },
  ),
]

/**
 * The state after a crash must be that after the first so many requests, and not fewer than were acknowledged.
 * @returns how many.
 * @throws {Failure} it is not.
 */
function carriedOut(keys: string[], got: string[], history: string[], least: number): number {
  const found = got.map((answer) => Number(/^value (\d+)-/.exec(answer)?.[1] ?? -1))
  const done = Math.max(...found) + 1
  const model = new StoreModel()
  for (const request of history.slice(0, Math.max(done, least))) model.answer(request)
  for (const [n, key] of keys.entries()) {
    const expected = model.answer(`get ${key}`) as string
    const why =
      done < least
        ? 'It was killed (kill -9) after that write had been acknowledged.'
        : 'It was killed (kill -9) amid many writes; one that came later than this one is there.'
    expect(got[n], `The answer to \`get ${key}\` after the restart`, why).toBe(expected)
  }
  return done
}

/** The files in the folder; renamed or rewritten ones are others. */
const filesOf = ({ scratch }: Kit) => sizesIn(scratch.path(DATA))

const hasGrown = (before: Map<string, number>, now: Map<string, number>, more: number) =>
  Math.abs(totalOf(now) - totalOf(before)) >= more || [...before.keys()].some((name) => !now.has(name))
