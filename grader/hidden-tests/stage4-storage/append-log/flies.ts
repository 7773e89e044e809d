import { ARGS, DATA } from '../../../models/data-folder.ts'
import { SYNCING, waitsForDisk } from '../../../models/syncing.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import { growsWithWork, idleMemory, MIB, memoryStaysBounded } from '../../../programs/performance.ts'
import type { Run } from '../../../programs/run.ts'
import { judge } from '../../../programs/session.ts'
import { someRecords } from './records.ts'

/** A new log with so many records, each of which is asked for. */
async function logOf({ program, random, scratch }: Kit, count: number): Promise<Run> {
  scratch.remove(DATA)
  scratch.folder(DATA)
  const word = random.word()
  const log = program.session([...ARGS, '--segment', '20000'])
  await log.askAll(Array.from({ length: count }, (_, n) => `append ${word}-${n + 1}`))
  const got = await log.askAll(Array.from({ length: count }, (_, n) => `read ${n + 1}`))
  const wrong = got.findIndex((answer, n) => answer !== `record ${word}-${n + 1}`)
  if (wrong >= 0) judge(`read ${wrong + 1}`, got[wrong] as string, `record ${word}-${wrong + 1}`)
  return log.end()
}

/** A log of so many MiB, in segments of one each. @returns its records. */
async function mebibytes({ program, random, scratch }: Kit, folder: string, count: number): Promise<string[]> {
  const words = random.distinct(count, random.word)
  const records = words.map((word) => word.repeat(MIB / word.length - 20))
  const log = program.session(['--data', scratch.folder(folder)])
  for (const [n, record] of records.entries()) await log.answersTo(`append ${record}`, `lsn ${n + 1}`)
  await log.end()
  return records
}

export const flies = [
  check(
    'group-commit',
    'waits for the disk a few times only when hundreds of appends come together',
    {
      spec: 'group-commit',
      hint: 'Take all requests that one read has brought, write all their records, wait for the disk once, then give all answers.',
    },
    async (kit) => {
      const { program, random, scratch, measure } = kit
      scratch.folder(DATA)
      const log = program.session(ARGS, { trace: { file: 'trace', calls: SYNCING } })
      const count = random.int(400, 500)
      const [record] = someRecords(kit, 1) as [string]
      const answers = await log.askAll(Array.from({ length: count }, (_, n) => `append ${record}${n}`))
      expect(answers.at(-1), `The last answer to ${count} append requests`).toBe(`lsn ${count}`)
      await log.answersTo(`read ${count}`, `record ${record}${count - 1}`)
      await log.end()
      const waits = waitsForDisk(kit, 'trace')
      measure({ name: `waits for the disk in ${count} appends`, value: waits, unit: 'calls' })
      const what = `How often it waited for the disk (fsync and the like) for ${count} appends that came together`
      expect(waits, what).toBeAtMost(Math.floor(count / 5), 'times')
    },
  ),
  check(
    'growth',
    'takes about four times as long to append and read four times as many records',
    {
      spec: 'growth',
      hint: 'Remember where records begin in their segments; do not search from the front, nor through all segments.',
    },
    async (kit) => {
      await growsWithWork(kit, { size: 15_000, work: (records) => logOf(kit, records), unit: 'records' })
    },
  ),
  check(
    'start',
    'reads the last segment only when it starts',
    {
      spec: 'start',
      hint: 'The names of the files can tell with which number each begins. Look into the others when they are needed.',
    },
    async (kit) => {
      const { program, measure } = kit
      const readAtStart = async (folder: string, next: number) => {
        const log = program.session(['--data', folder])
        await log.answersTo('range', `range 1 ${next}`)
        return (await log.end()).exit.bytesRead
      }
      const [few, many] = [2, 40]
      await mebibytes(kit, 'few', few)
      await mebibytes(kit, 'many', many)
      const least = await readAtStart('few', few + 1)
      const more = Math.max(0, (await readAtStart('many', many + 1)) - least) / MIB
      measure({ name: `read at the start with ${many} segments, more than with ${few}`, value: more, unit: 'MiB' })
      expect(more, `What a start with ${many} segments of 1 MiB reads more than one with ${few}`).toBeAtMost(4, 'MiB')
    },
  ),
  check(
    'memory',
    'does not hold all records in memory',
    { spec: 'memory', hint: 'Keep numbers for a few segments that were read of late, and forget the others.' },
    async (kit) => {
      const { program, random, scratch } = kit
      const idle = await idleMemory(kit, ['--data', scratch.folder('empty')])
      const records = await mebibytes(kit, DATA, 250)
      const log = program.session(ARGS)
      for (const [n, record] of random.shuffle([...records.entries()]))
        expect(await log.ask(`read ${n + 1}`), `The answer to \`read ${n + 1}\``).toBeText(`record ${record}`)
      memoryStaysBounded(kit, await log.end(), idle, 'reading 250 MiB in any order', 128 * MIB)
    },
  ),
]
