import fs from 'node:fs'
import { Failure } from '../../../engine/failure.ts'
import { ARGS, DATA, sizesIn, soon } from '../../../models/data-folder.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import type { Session } from '../../../programs/session.ts'
import { scanned, someRecords } from './records.ts'

const SMALL = [...ARGS, '--segment', '1000']

/** A folder with many small segments, and what is in them. */
async function manySegments(kit: Kit): Promise<string[]> {
  const { program, scratch } = kit
  fs.rmSync(scratch.path(DATA), { recursive: true, force: true })
  scratch.folder(DATA)
  const [word] = someRecords(kit, 1) as [string]
  const records = Array.from({ length: 200 }, (_, n) => `${n + 1}-${word}`.padEnd(400, '.'))
  const log = program.session(SMALL)
  await log.askAll(records.map((record) => `append ${record}`))
  await log.end()
  return records
}

/** Sends a request and kills the program (kill -9) when it has begun with the work, or at the latest after the answer. @returns whether it answered. */
async function killedDuring({ program, random, scratch }: Kit, request: string): Promise<boolean> {
  const log = program.session(SMALL)
  await log.ask('range')
  const before = sizesIn(scratch.path(DATA)).size
  const some = random.int(1, 40)
  log.send([request])
  await soon(() => log.waiting > 0 || log.live.process.ended || sizesIn(scratch.path(DATA)).size <= before - some)
  return (await log.kill()).length > 0
}

/** The range that a log has now, all of which must be there. */
async function wholeRange(log: Session, records: string[], why: string): Promise<{ first: number; next: number }> {
  const answer = await log.ask('range')
  const found = /^range (\d+) (\d+)$/.exec(answer)
  if (!found) throw new Failure(`The answer to \`range\` is wrong. ${why}`, { expected: 'range FIRST NEXT', actual: answer })
  const [first, next] = [Number(found[1]), Number(found[2])]
  const expected = scanned(records.slice(first - 1, next - 1), first)
  expect(await log.ask('scan 1 999999'), `The answer to \`scan 1 999999\`, with \`${answer}\``, why).toBeText(expected)
  return { first, next }
}

export const dropping = [
  check(
    'killed-while-truncating',
    'has no hole, and nothing comes back, when it is killed while it drops from the front',
    {
      spec: 'killed-while-dropping',
      hint: 'First remember on the disk where the log begins now; then remove files. The next start removes what is left of them.',
    },
    async (kit) => {
      for (let round = 0; round < 3; round++) {
        const records = await manySegments(kit)
        const lsn = kit.random.int(150, 195)
        const isDone = await killedDuring(kit, `truncate ${lsn}`)
        const log = kit.program.session(SMALL)
        const why = `The program was killed (kill -9) after it had ${isDone ? 'answered' : 'been asked for'} \`truncate ${lsn}\`, and was started again.`
        const { first, next } = await wholeRange(log, records, why)
        expect(next, 'The next number', why).toBe(201)
        if (isDone || first !== 1) expect(first, 'The first number', why).toBe(lsn)
        await log.answersTo(`truncate ${lsn}`, 'ok', why)
        await log.end()
        const files = sizesIn(kit.scratch.path(DATA)).size
        expect(files, 'The number of files after one more start and another truncate', why).toBeAtMost(30, 'files')
      }
    },
  ),
  check(
    'killed-while-rewinding',
    'has no hole, and nothing comes back, when it is killed while it drops from the end',
    {
      spec: 'killed-while-dropping',
      hint: 'Remove the last file first: whenever it stops, what is left is a log without a hole.',
    },
    async (kit) => {
      for (let round = 0; round < 3; round++) {
        const records = await manySegments(kit)
        const lsn = kit.random.int(5, 50)
        const isDone = await killedDuring(kit, `rewind ${lsn}`)
        const log = kit.program.session(SMALL)
        const why = `The program was killed (kill -9) after it had ${isDone ? 'answered' : 'been asked for'} \`rewind ${lsn}\`, and was started again.`
        const { first, next } = await wholeRange(log, records, why)
        expect(first, 'The first number', why).toBe(1)
        if (isDone) expect(next, 'The next number', why).toBe(lsn)
        expect(next, 'The next number', why).toBeAtLeast(lsn)
        await log.answersTo(`rewind ${lsn}`, 'ok', why)
        const [word] = someRecords(kit, 1) as [string]
        await log.answersTo(`append ${word}`, `lsn ${lsn}`, why)
        await log.kill()
        const last = kit.program.session(SMALL)
        const now = [...records.slice(0, lsn - 1), word]
        expect(
          await last.ask('scan 1 999999'),
          'The answer to `scan 1 999999` after one more record and one more start',
          why,
        ).toBeText(scanned(now, 1))
        await last.end()
      }
    },
  ),
]
