import fs from 'node:fs'
import { excerpt } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import type { Kit } from '../programs/kit.ts'
import type { Session } from '../programs/session.ts'

/** The folder of a program that stores something, in the scratch folder. */
export const DATA = 'data'
export const ARGS = ['--data', DATA]

/** A folder for the data, and a session on it. */
export function openOn({ program, scratch }: Kit, args = ARGS): Session {
  scratch.folder(DATA)
  return program.session(args)
}

/** The files of a folder and their sizes; renamed ones are others. */
export function sizesIn(folder: string): Map<string, number> {
  return new Map(fs.readdirSync(folder).map((name) => [name, sizeOf(`${folder}/${name}`)]))
}

/** A file may vanish between being listed and being looked at. */
const sizeOf = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0

export const totalOf = (sizes: Map<string, number>): number => [...sizes.values()].reduce((sum, size) => sum + size, 0)

/** Which bytes of which file a request has written. */
export interface Written {
  file: string
  from: number
  to: number
}

/**
 * Makes a request, and sees which file gets longer by it.
 * @param least bytes that it must become longer by.
 * @throws {Failure} none does, or several do.
 */
export async function written(
  { scratch }: Kit,
  session: Session,
  request: string,
  answer: string,
  least: number,
): Promise<Written> {
  const before = sizesIn(scratch.path(DATA))
  await session.answersTo(request, answer)
  const after = sizesIn(scratch.path(DATA))
  const longer = [...after].filter(([name, size]) => size > (before.get(name) ?? 0))
  const [file, to] = longer[0] ?? ['', 0]
  if (longer.length !== 1 || totalOf(after) - totalOf(before) < least) {
    throw new Failure(
      `After \`${excerpt(request, 60)}\` was answered, the files in ${DATA} are not as they must be: it makes one of them longer, by at least ${least} bytes, and none shorter.`,
      { expected: 'one file that is longer than before', actual: describe(before, after) },
    )
  }
  return { file: `${DATA}/${file}`, from: before.get(file) ?? 0, to }
}

function describe(before: Map<string, number>, after: Map<string, number>): string {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  if (names.length === 0) return 'no file at all'
  return names.map((name) => `${name}: ${before.get(name) ?? 'none'} → ${after.get(name) ?? 'none'} bytes`).join(', ')
}

/** Does something to a file, and undoes it when that has been looked at. */
export async function meanwhile(
  kit: Kit,
  file: string,
  change: (bytes: Buffer) => Buffer,
  look: () => Promise<unknown>,
): Promise<void> {
  const path = kit.scratch.path(file)
  const bytes = kit.scratch.read(file)
  fs.writeFileSync(path, change(Buffer.from(bytes)))
  await look()
  fs.writeFileSync(path, bytes)
}

/** Turns one bit over. */
export const flipped = (at: number, bit: number) => (bytes: Buffer) => {
  bytes[at] = (bytes[at] as number) ^ (1 << bit)
  return bytes
}

/** Places in a record: its first bytes, its last ones, and some between. */
export function placesIn({ random }: Kit, { from, to }: Written, between: number): number[] {
  const ends = [0, 1, 2, 3].flatMap((n) => [from + n, to - 1 - n])
  const middle = Array.from({ length: between }, () => random.int(from + 4, to - 5))
  return [...new Set([...ends, ...middle])]
}

/** What the files of the folder hold, as one text. */
export function contents({ scratch }: Kit): string {
  return scratch
    .names(DATA)
    .map((name) => `${name}: ${scratch.read(`${DATA}/${name}`).toString('base64')}`)
    .join('\n')
}

/** Copies a disk that only the program sees to a folder that stays. */
export function copyOfDisk({ scratch, skip }: Kit, store: Session, to: string): void {
  const root = `/proc/${store.live.process.program()}/root`
  try {
    fs.cpSync(`${root}${scratch.path(DATA)}`, scratch.path(to), { recursive: true })
  } catch {
    skip("a look at another process's disk, through /proc")
  }
}

/** Looks again and again, since what it waits for lasts a few milliseconds only. */
export async function soon(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!condition() && performance.now() < deadline) await new Promise(setImmediate)
}
