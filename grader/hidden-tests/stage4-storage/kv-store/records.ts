import { type Written, written } from '../../../models/data-folder.ts'
import type { Kit } from '../../../programs/kit.ts'
import type { Session } from '../../../programs/session.ts'

/** Stores entries one after the other, without looking at the files. */
export async function setAll(session: Session, entries: [key: string, value: string][]): Promise<void> {
  for (const [key, value] of entries) await session.answersTo(`set ${key} ${value}`, 'ok')
}

/** An entry, and which bytes hold it. */
export interface Stored extends Written {
  key: string
  value: string
}

/** Stores entries one after the other, and sees which file gets longer by each. */
export async function storedRecords(kit: Kit, session: Session, entries: [key: string, value: string][]): Promise<Stored[]> {
  // By then it has made what files it wants to have from the start.
  await session.ask('count')
  const stored: Stored[] = []
  for (const [key, value] of entries) {
    const place = await written(kit, session, `set ${key} ${value}`, 'ok', key.length + value.length)
    stored.push({ key, value, ...place })
  }
  return stored
}

/** Entries with different keys and values that are easily found in a file. */
export function someEntries({ random }: Kit, count: number, words = 3): [key: string, value: string][] {
  const keys = random.distinct(count, random.word)
  return keys.map((key) => [key, Array.from({ length: words }, random.word).join('-')])
}

/** Requests for all of these, and the answers that they must get. */
export function asking(entries: { key: string; value?: string | undefined }[]): { stdin: string; stdout: string } {
  return {
    stdin: entries.map(({ key }) => `get ${key}\n`).join(''),
    stdout: entries.map(({ value }) => (value === undefined ? 'none\n' : `value ${value}\n`)).join(''),
  }
}
