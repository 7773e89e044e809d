import { ARGS, DATA } from '../../../models/data-folder.ts'
import { SYNCING, waitsForDisk } from '../../../models/syncing.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import { growsWithWork, idleMemory, MIB, memoryStaysBounded } from '../../../programs/performance.ts'
import type { Run } from '../../../programs/run.ts'
import { judge } from '../../../programs/session.ts'
import { someEntries } from './records.ts'

const ORDER = 7919

/** A new store with so many entries, each of which is asked for. */
async function storeOf({ program, random, scratch }: Kit, entries: number): Promise<Run> {
  scratch.remove(DATA)
  scratch.folder(DATA)
  const word = random.word()
  // Far from any order: this number is prime.
  const key = (n: number) => `${word}${(n * ORDER) % entries}`
  const store = program.session(ARGS)
  await store.askAll(Array.from({ length: entries }, (_, n) => `set ${key(n)} ${word}-${n}`))
  const gets = Array.from({ length: entries }, (_, n) => (3 * n) % entries)
  const got = await store.askAll(gets.map((n) => `get ${key(n)}`))
  const wrong = gets.findIndex((n, at) => got[at] !== `value ${word}-${n}`)
  if (wrong >= 0) judge(`get ${key(gets[wrong] as number)}`, got[wrong] as string, `value ${word}-${gets[wrong]}`)
  return store.end()
}

export const flies = [
  check(
    'group-commit',
    'waits for the disk a few times only when hundreds of writes come together',
    {
      spec: 'group-commit',
      hint: 'Take all requests that one read has brought, write all their records, wait for the disk once, then give all answers.',
    },
    async (kit) => {
      const { program, random, scratch, measure } = kit
      scratch.folder(DATA)
      const store = program.session(ARGS, { trace: { file: 'trace', calls: SYNCING } })
      const [[key, value]] = someEntries(kit, 1) as [[string, string]]
      const count = random.int(400, 500)
      await store.answersTo(`set ${key} ${value}`, 'ok')
      const answers = await store.askAll(Array.from({ length: count }, (_, n) => `set ${key}${n} ${value}`))
      expect(
        answers.every((answer) => answer === 'ok'),
        'Every answer to these set requests is ok, which',
      ).toBe(true)
      await store.answersTo(`get ${key}${count - 1}`, `value ${value}`)
      await store.end()
      const waits = waitsForDisk(kit, 'trace')
      measure({ name: `waits for the disk in ${count} sets`, value: waits, unit: 'calls' })
      expect(waits, `How often it waited for the disk (fsync and the like) for ${count} sets that came together`).toBeAtMost(
        Math.floor(count / 5),
        'times',
      )
    },
  ),
  check(
    'growth',
    'takes about four times as long to set and get four times as many keys',
    { spec: 'growth', hint: 'Look keys up in a hash map, not in a list; read a value at its place, not by reading the log.' },
    async (kit) => {
      await growsWithWork(kit, { size: 15_000, work: (keys) => storeOf(kit, keys), unit: 'keys' })
    },
  ),
  check(
    'start-grows',
    'takes about four times as long to start with a log four times as long',
    { spec: 'growth', hint: 'Read the log once, from the front, in large pieces.' },
    async (kit) => {
      const work = async (records: number) => {
        // Ten keys, set over and over: the log is long, and little of it counts.
        const last = (n: number) => `value ${records - 1 - ((records - 1 - n) % 10)}.`
        kit.scratch.remove(DATA)
        kit.scratch.folder(DATA)
        const store = kit.program.session(ARGS)
        await store.askAll(Array.from({ length: records }, (_, n) => `set key${n % 10} ${n}.`))
        await store.end()
        const next = kit.program.session(ARGS)
        if (records >= 10) await next.answersTo('get key7', last(7))
        return next.end()
      }
      await growsWithWork(kit, { size: 60_000, work, unit: 'records' })
    },
  ),
  check(
    'memory',
    'does not hold all values in memory',
    { spec: 'memory', hint: 'Remember for each key where its record stands. While reading the log, let go of the values.' },
    async (kit) => {
      const { program, random, scratch } = kit
      const idle = await idleMemory(kit, ['--data', scratch.folder('empty')])
      const keys = random.distinct(150, random.word)
      const value = (key: string) => key.repeat(MIB / key.length)
      scratch.folder(DATA)
      const store = program.session(ARGS)
      for (const key of keys) await store.answersTo(`set ${key} ${value(key)}`, 'ok')
      await store.end()
      const next = program.session(ARGS)
      for (const key of random.shuffle(keys).slice(0, 5)) {
        expect(await next.ask(`get ${key}`), `The answer to \`get ${key}\``).toBeText(`value ${value(key)}`)
      }
      memoryStaysBounded(kit, await next.end(), idle, 'a start with 150 MiB in values')
    },
  ),
]
