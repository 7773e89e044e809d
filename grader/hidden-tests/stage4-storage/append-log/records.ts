import { openOn, type Written, written } from '../../../models/data-folder.ts'
import type { Kit } from '../../../programs/kit.ts'
import type { Session } from '../../../programs/session.ts'

/** A record, its number, and which bytes hold it. */
export interface Stored extends Written {
  lsn: number
  record: string
}

/** Records that are easily found in a file. */
export function someRecords({ random }: Kit, count: number, words = 3): string[] {
  return random.distinct(count, () => Array.from({ length: words }, random.word).join('-'))
}

/** Appends records one after the other; the first one gets this number. */
export async function appendAll(session: Session, records: string[], first = 1): Promise<void> {
  for (const [n, record] of records.entries()) await session.answersTo(`append ${record}`, `lsn ${first + n}`)
}

/** Appends records one after the other, and sees which file gets longer by each. */
export async function storedRecords(kit: Kit, session: Session, records: string[], first = 1): Promise<Stored[]> {
  // By then it has made what files it wants to have from the start.
  await session.ask('range')
  const stored: Stored[] = []
  for (const [n, record] of records.entries()) {
    const lsn = first + n
    stored.push({ lsn, record, ...(await written(kit, session, `append ${record}`, `lsn ${lsn}`, record.length)) })
  }
  return stored
}

/** A folder with these records, of a program that was killed since. */
export async function filled(kit: Kit, count: number, args?: string[]): Promise<Stored[]> {
  const log = openOn(kit, args)
  const stored = await storedRecords(kit, log, someRecords(kit, count))
  await log.kill()
  return stored
}

/** Reads all of these, and the answers that must come: `none` for those that are not there. */
export function reading(records: { lsn: number; record?: string | undefined }[]): { stdin: string; stdout: string } {
  return {
    stdin: records.map(({ lsn }) => `read ${lsn}\n`).join(''),
    stdout: records.map(({ record }) => (record === undefined ? 'none\n' : `record ${record}\n`)).join(''),
  }
}

/** The answer to a scan of records, the first of which has this number. */
export const scanned = (records: string[], first: number): string =>
  ['records', ...records.flatMap((record, n) => [first + n, record])].join(' ')
