import { Failure } from '../../../engine/failure.ts'
import { sizesIn, totalOf } from '../../../models/kv-store.ts'
import type { Kit } from '../../../programs/kit.ts'
import type { Session } from '../../../programs/session.ts'

export const DATA = 'data'
export const ARGS = ['--data', DATA]

/** A folder for the data, and a session on it. */
export function openStore({ program, scratch }: Kit): Session {
  scratch.folder(DATA)
  return program.session(ARGS)
}

/** Stores entries one after the other, without looking at the files. */
export async function setAll(session: Session, entries: [key: string, value: string][]): Promise<void> {
  for (const [key, value] of entries) await session.answersTo(`set ${key} ${value}`, 'ok')
}

/** Which bytes of which file in the folder hold an entry. */
export interface Stored {
  key: string
  value: string
  file: string
  from: number
  to: number
}

/**
 * Stores entries one after the other, and sees which file gets longer by each.
 * @throws {Failure} none does, or several do.
 */
export async function storedRecords(
  { scratch }: Kit,
  session: Session,
  entries: [key: string, value: string][],
): Promise<Stored[]> {
  const stored: Stored[] = []
  for (const [key, value] of entries) {
    const before = sizesIn(scratch.path(DATA))
    await session.answersTo(`set ${key} ${value}`, 'ok')
    const after = sizesIn(scratch.path(DATA))
    const longer = [...after].filter(([name, size]) => size > (before.get(name) ?? 0))
    const [file, to] = longer[0] ?? ['', 0]
    if (longer.length !== 1 || totalOf(after) - totalOf(before) < key.length + value.length) {
      throw new Failure(
        `After \`set ${key} ${value}\` was answered, the files in ${DATA} are not as they must be: a set makes one of them longer, by at least its key and its value, and none shorter.`,
        { expected: 'one file that is longer than before', actual: describe(before, after) },
      )
    }
    stored.push({ key, value, file: `${DATA}/${file}`, from: before.get(file) ?? 0, to })
  }
  return stored
}

function describe(before: Map<string, number>, after: Map<string, number>): string {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  if (names.length === 0) return 'no file at all'
  return names.map((name) => `${name}: ${before.get(name) ?? 'none'} → ${after.get(name) ?? 'none'} bytes`).join(', ')
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
