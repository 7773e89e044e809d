import fs from 'node:fs'
import { ARGS, DATA, openOn, sizesIn, totalOf } from '../../../models/data-folder.ts'
import { figures } from '../../../models/figures.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import { KIB } from '../../../programs/performance.ts'
import { appendAll, type Stored, scanned, someRecords, storedRecords } from './records.ts'

/** What a log may have in files besides its segments. */
const BESIDES = 4 * KIB

/** So large that a few words fit, whatever the format adds to each. */
const SEGMENT = 2 * KIB
const SMALL = [...ARGS, '--segment', String(SEGMENT)]

/** Records of such a length that five and a bit fit into a segment. */
const large = (kit: Kit, count: number) => someRecords(kit, count).map((record) => record.padEnd(340, '.'))

/** What was written into each file, in the order in which they were begun. */
async function bySegment(kit: Kit, records: string[]): Promise<{ file: string; lsns: number[] }[]> {
  const log = openOn(kit, SMALL)
  const segments = new Map<string, number[]>()
  for (const { file, lsn } of await storedRecords(kit, log, records)) segments.set(file, [...(segments.get(file) ?? []), lsn])
  await log.end()
  return [...segments].map(([file, lsns]) => ({ file, lsns }))
}

/** Tier `works`: what is in the files, and what is dropped at either end. */
export const segments = [
  check(
    'segments',
    'begins a new file when the next record does not fit, and not before',
    {
      spec: 'segments',
      hint: 'Before you append: if the file would become longer than --segment, and there is something in it, begin another.',
    },
    async (kit) => {
      const { scratch } = kit
      const segments = await bySegment(kit, large(kit, 24))
      const sizes = segments.map(({ file }) => fs.statSync(scratch.path(file)).size)
      for (const [n, size] of sizes.entries()) {
        expect(
          size,
          `The size of the segment that begins with record ${segments[n]?.lsns[0]}, with --segment ${SEGMENT},`,
        ).toBeAtMost(SEGMENT, 'bytes')
        const both = size + (sizes[n + 1] ?? SEGMENT)
        expect(
          both > SEGMENT,
          `Two segments that follow each other have ${both} bytes together: that they are more than ${SEGMENT}`,
        ).toBe(true)
      }
    },
  ),
  check(
    'larger-than-a-segment',
    'gives a record that is larger than a segment a file of its own',
    { spec: 'segments', hint: 'A record never spans two files: an empty file takes any record.' },
    async (kit) => {
      const [small, other] = someRecords(kit, 2) as [string, string]
      const log = openOn(kit, SMALL)
      const huge = `${small}+`.repeat((3 * SEGMENT) / small.length)
      const stored = await storedRecords(kit, log, [small, huge, other])
      const files = stored.map(({ file }) => file)
      expect(new Set(files).size, 'The number of files that a small, a huge and another small record went to').toBe(3)
      await log.answersTo('scan 1 3', scanned([small, huge, other], 1))
      await log.end()
      await kit.program.run(SMALL, { stdin: 'range\n' }).succeeds({ stdout: 'range 1 4\n', why: 'It was started again.' })
    },
  ),
  check(
    'log-grows',
    'makes one file longer with each append, and leaves alone what was written before',
    { spec: 'the-interface', hint: 'Append; keep nothing back, reserve nothing, and write the record as it is.' },
    async (kit) => {
      const { scratch } = kit
      const log = openOn(kit, SMALL)
      const files = new Map<string, Buffer>()
      for (const [n, record] of large(kit, 9).entries()) {
        const [{ file, from, to }] = (await storedRecords(kit, log, [record], n + 1)) as [Stored]
        const bytes = scratch.read(file)
        expect(bytes.subarray(from, to).toString('latin1'), `What record ${n + 1} appended to ${file}`).toInclude(record)
        files.set(file, bytes)
        for (const [earlier, was] of files)
          expect(
            scratch.read(earlier).subarray(0, was.length),
            `What was in ${earlier}, after record ${n + 1} was appended,`,
          ).toBeText(was)
      }
    },
  ),
  check(
    'truncate',
    'drops records from the front, for good, and keeps all others and their numbers',
    { spec: 'truncate', hint: 'Remember the first number that counts, on the disk, too: the file may hold records before it.' },
    async (kit) => {
      const records = large(kit, 20)
      const first = kit.random.int(8, 12)
      const log = openOn(kit, SMALL)
      await appendAll(log, records)
      await log.answersTo(`truncate ${first}`, 'ok')
      const all = scanned(records.slice(first - 1), first)
      for (const lsn of [1, first - 1]) await log.answersTo(`read ${lsn}`, 'none', `All before ${first} were dropped.`)
      await log.answersTo('scan 1 99', all, `All before ${first} were dropped.`)
      await log.answersTo(`truncate ${first - 3}`, 'ok', 'That was dropped before.')
      await log.answersTo('range', `range ${first} 21`)
      await log.end()
      const next = kit.program.session(SMALL)
      const why = `All before ${first} were dropped, and the program was started again.`
      await next.answersTo('range', `range ${first} 21`, why)
      await next.answersTo(`read ${first - 1}`, 'none', why)
      await next.answersTo('scan 1 99', all, why)
      await next.answersTo('truncate 21', 'ok', 'It is the next number: all are dropped.')
      await next.end()
      const last = kit.program.session(SMALL)
      await last.answersTo('range', 'range 21 21', 'All were dropped, and the program was started again.')
      await last.answersTo(`append ${records[0]}`, 'lsn 21', 'All were dropped, and the program was started again.')
    },
  ),
  check(
    'files-removed',
    'removes the files that have only dropped records in them, and no other',
    { spec: 'truncate', hint: 'A segment can go when the one behind it begins at or before the first number that counts.' },
    async (kit) => {
      const { program, random, scratch } = kit
      const segments = await bySegment(kit, large(kit, 30))
      const third = segments[2]?.lsns ?? []
      const log = program.session(SMALL)
      for (const lsn of [segments[1]?.lsns.at(-1) as number, random.pick(third.slice(1)), segments[3]?.lsns[0] as number]) {
        await log.answersTo(`truncate ${lsn}`, 'ok')
        for (const { file, lsns } of segments) {
          const state = sizesIn(scratch.path(DATA)).has(file.slice(DATA.length + 1)) ? 'there' : 'removed'
          const what = `The file with the records ${lsns[0]} to ${lsns.at(-1)}, after \`truncate ${lsn}\`,`
          expect(state, what).toBe((lsns.at(-1) as number) < lsn ? 'removed' : 'there')
        }
      }
      const rest = totalOf(sizesIn(scratch.path(DATA))) - segments.slice(3).reduce((sum, { lsns }) => sum + 340 * lsns.length, 0)
      expect(rest, 'What the files have besides the records that are left').toBeAtMost(BESIDES + 100 * 30, 'bytes')
    },
  ),
  check(
    'rewind',
    'drops records from the end, for good, and gives their numbers out again',
    { spec: 'rewind', hint: 'Cut the file where the record begins, remove all files behind it, and go on from there.' },
    async (kit) => {
      const records = large(kit, 20)
      const back = kit.random.int(6, 14)
      const log = openOn(kit, SMALL)
      await appendAll(log, records)
      await log.answersTo(`rewind ${back}`, 'ok')
      await log.answersTo('range', `range 1 ${back}`)
      for (const lsn of [back, 20]) await log.answersTo(`read ${lsn}`, 'none', `${back} and all behind it were dropped.`)
      await log.end()
      const next = kit.program.session(SMALL)
      const why = `${back} and all behind it were dropped, and the program was started again.`
      await next.answersTo('range', `range 1 ${back}`, why)
      const others = someRecords(kit, 3)
      await appendAll(next, others, back)
      const now = [...records.slice(0, back - 1), ...others]
      await next.answersTo('scan 1 99', scanned(now, 1), `Three others were appended after \`rewind ${back}\`.`)
      await next.answersTo('truncate 4', 'ok')
      await next.answersTo('rewind 3', /^error ./, 'Record 3 was dropped at the front: it can not come back.')
      await next.answersTo('rewind 4', 'ok')
      await next.answersTo('range', 'range 4 4', 'All were dropped, from both ends.')
    },
  ),
  check(
    'stats',
    'tells the truth about its numbers, its segments, and their size',
    { spec: 'stats', hint: 'Look at the folder when you are asked.' },
    async (kit) => {
      const { random, scratch } = kit
      const log = openOn(kit, SMALL)
      const stored = await storedRecords(kit, log, large(kit, random.int(15, 25)))
      const first = random.int(2, 8)
      await log.answersTo(`truncate ${first}`, 'ok')
      const told = figures('stats', await log.ask('stats'), ['first', 'next', 'segments', 'bytes'])
      const files = new Set(stored.filter(({ lsn }) => lsn >= first).map(({ file }) => file))
      expect(told.first, '`first` in stats').toBe(first)
      expect(told.next, '`next` in stats').toBe(stored.length + 1)
      expect(told.segments, '`segments` in stats').toBe(files.size)
      expect(told.bytes, '`bytes` in stats', 'It is the sum of the sizes of all files.').toBe(
        totalOf(sizesIn(scratch.path(DATA))),
      )
    },
  ),
]
