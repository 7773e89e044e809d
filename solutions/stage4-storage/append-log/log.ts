import fs from 'node:fs'
import path from 'node:path'
import { reason } from '#lib/io.ts'
import { Segment, segmentsIn } from './segment.ts'
import { Start } from './start.ts'

/** So many segments are kept open for reading, besides the one that is written to. */
const OPEN = 8

/** A log in a folder: records with consecutive numbers, in files of limited size. */
export class AppendLog {
  private readonly folder: string
  private readonly longest: number
  private readonly start: Start
  /** The LSN with which each segment begins, in order. */
  private readonly bases: number[]
  /** The last segment: the only one that grows. */
  private tail: Segment
  /** Others that were read of late, the latest at the end. */
  private readonly opened = new Map<number, Segment>()

  /** @throws {FatalError} the end of the log is damaged. */
  constructor(folder: string, longest: number) {
    this.folder = folder
    this.longest = longest
    this.start = new Start(path.join(folder, 'start'))
    this.bases = segmentsIn(folder)
    if (this.bases.length === 0) this.bases.push(this.first)
    this.tail = new Segment(folder, this.bases.at(-1) as number)
    this.tail.recover()
    // A tail that was torn may end before the first record that counts.
    if (this.next < this.first) this.roll(this.first)
    this.removeObsolete()
    sync(folder)
  }

  get first(): number {
    return this.start.lsn
  }

  get next(): number {
    return this.tail.next
  }

  /** @returns an answer for each record: its number, or why it could not be stored. Those that come together share one wait for the disk. */
  append(records: string[]): string[] {
    const answers: string[] = []
    while (answers.length < records.length) answers.push(...this.appendSome(records.slice(answers.length)))
    return answers
  }

  /** Appends as many as the segment has room for; where that fails, half as many. */
  private appendSome(records: string[]): string[] {
    let some = records
    try {
      if (this.tail.room(records, this.longest) === 0) this.roll(this.next)
      some = records.slice(0, this.tail.room(records, this.longest))
      this.tail.append(some)
      return some.map((_, n) => `lsn ${this.next - some.length + n}`)
    } catch (error) {
      if (some.length === 1) return [`error not stored: ${reason(error)}`]
      return this.appendSome(some.slice(0, some.length / 2))
    }
  }

  /** Begins a new segment. The one before is whole on the disk by then. */
  private roll(base: number): void {
    const segment = new Segment(this.folder, base)
    sync(this.folder)
    this.tail.close()
    this.tail = segment
    this.bases.push(base)
  }

  /** @throws {Error} the record is damaged. */
  read(lsn: number): string | undefined {
    return lsn < this.first || lsn >= this.next ? undefined : this.segmentOf(lsn).read(lsn)
  }

  private segmentOf(lsn: number): Segment {
    const base = this.bases[this.indexOf(lsn)] as number
    if (base === this.tail.base) return this.tail
    const segment = this.opened.get(base) ?? new Segment(this.folder, base)
    this.opened.delete(base)
    this.opened.set(base, segment)
    const [oldest] = this.opened.values()
    if (oldest && this.opened.size > OPEN) this.forget(oldest)
    return segment
  }

  /** Which segment a number belongs to: the last one that does not begin behind it. */
  private indexOf(lsn: number): number {
    let [from, to] = [0, this.bases.length]
    while (to - from > 1) {
      const middle = (from + to) >> 1
      if ((this.bases[middle] as number) <= lsn) from = middle
      else to = middle
    }
    return from
  }

  /** Drops all records before this one. @throws {Error} there is none, and it is not the next one either. */
  truncate(lsn: number): void {
    if (lsn > this.next) throw new Error(`there is no record ${lsn} yet`)
    if (lsn <= this.first) return
    this.start.remember(lsn)
    this.removeObsolete()
  }

  /** Removes the segments that have nothing left in them that counts. */
  private removeObsolete(): void {
    while ((this.bases[1] ?? Number.POSITIVE_INFINITY) <= this.first) this.remove(this.bases.shift() as number)
  }

  /** Drops this record and all behind it. @throws {Error} there is no such place in the log. */
  rewind(lsn: number): void {
    if (lsn < this.first) throw new Error(`record ${lsn} was dropped`)
    if (lsn > this.next) throw new Error(`there is no record ${lsn} yet`)
    const segment = this.segmentOf(lsn)
    if (segment.next < lsn) throw new Error(`${segment.file} is damaged`)
    // From the end: whenever this is cut short, what is left is a log.
    while (this.bases.at(-1) !== segment.base) this.remove(this.bases.pop() as number)
    sync(this.folder)
    this.opened.delete(segment.base)
    this.tail = segment
    segment.rewind(lsn)
  }

  private remove(base: number): void {
    const segment = base === this.tail.base ? this.tail : this.opened.get(base)
    if (segment) this.forget(segment)
    fs.rmSync(Segment.file(this.folder, base))
  }

  private forget(segment: Segment): void {
    this.opened.delete(segment.base)
    segment.close()
  }

  stats(): string {
    const sizes = fs.readdirSync(this.folder).map((name) => fs.statSync(path.join(this.folder, name)).size)
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    return `first=${this.first} next=${this.next} segments=${this.bases.length} bytes=${bytes}`
  }
}

/** A new name in a folder is safe when the folder itself is on the disk. */
function sync(folder: string): void {
  const fd = fs.openSync(folder, 'r')
  fs.fsyncSync(fd)
  fs.closeSync(fd)
}
