import fs from 'node:fs'
import path from 'node:path'
import { writeAll } from '#lib/io.ts'
import { FatalError } from '#lib/program.ts'
import { decode, encode, sizeOf } from './record.ts'

const NAME = /^(\d{16})\.log$/

/** The LSNs with which the segments of a folder begin, in order. */
export function segmentsIn(folder: string): number[] {
  const bases = fs.readdirSync(folder).flatMap((name) => NAME.exec(name)?.[1] ?? [])
  return bases.map(Number).sort((one, other) => one - other)
}

/** A file of records with consecutive LSNs. */
export class Segment {
  readonly base: number
  readonly file: string
  private readonly fd: number
  /** Where each of its whole records begins, and behind them, where the next one will. */
  private readonly places = [0]
  /** Where something whole stands again, behind something that is not. */
  private wholeAgain: number | undefined

  constructor(folder: string, base: number) {
    this.base = base
    this.file = Segment.file(folder, base)
    this.fd = fs.openSync(this.file, fs.constants.O_RDWR | fs.constants.O_CREAT)
    const bytes = look(this.fd, 0, fs.fstatSync(this.fd).size)
    for (let record = decode(bytes, 0); record?.lsn === this.next; record = decode(bytes, this.end)) {
      this.places.push(this.end + record.size)
    }
    for (let at = this.end + 1; at < bytes.length && this.wholeAgain === undefined; at++) {
      if ((decode(bytes, at)?.lsn ?? 0) > this.next) this.wholeAgain = at
    }
  }

  /** A segment is called by its first LSN, with zeros in front. */
  static file(folder: string, base: number): string {
    return path.join(folder, `${String(base).padStart(16, '0')}.log`)
  }

  /** The LSN behind its last record. */
  get next(): number {
    return this.base + this.places.length - 1
  }

  /** Bytes of all its records. */
  get end(): number {
    return this.places.at(-1) as number
  }

  /**
   * Cuts off what was never written to its end. A write that was cut short is the last one: if anything whole follows, the file was damaged later, and
   * going on would lose what had been promised.
   * @throws {FatalError} so it was.
   */
  recover(): void {
    if (this.wholeAgain !== undefined) {
      throw new FatalError(`${this.file}: damaged at byte ${this.end}, and whole again from byte ${this.wholeAgain} on`)
    }
    fs.ftruncateSync(this.fd, this.end)
  }

  /** @throws {Error} the record is damaged. */
  read(lsn: number): string {
    const [from, to] = [this.places[lsn - this.base], this.places[lsn - this.base + 1]]
    if (from === undefined || to === undefined) throw this.damaged(lsn)
    const record = decode(look(this.fd, from, to - from), 0, from)
    if (record?.lsn !== lsn) throw this.damaged(lsn)
    return record.data.toString('latin1')
  }

  private damaged(lsn: number): Error {
    return new Error(`record ${lsn} is damaged, in ${this.file}`)
  }

  /** How many of these records fit, if the file is not to become longer than so many bytes. The first one always fits into an empty file. */
  room(records: string[], longest: number): number {
    let count = 0
    for (let end = this.end; count < records.length; count++) {
      end += sizeOf(records[count] as string)
      if (end > longest && (count > 0 || this.end > 0)) break
    }
    return count
  }

  /** Writes records and waits until the disk has them: all of them, or, if there is no room, none. */
  append(records: string[]): void {
    const places = [...this.places]
    const encoded = records.map((data, n) => {
      const record = encode(this.next + n, data, places.at(-1) as number)
      places.push((places.at(-1) as number) + record.length)
      return record
    })
    try {
      writeAll(this.fd, Buffer.concat(encoded), this.end)
      fs.fdatasyncSync(this.fd)
    } catch (error) {
      fs.ftruncateSync(this.fd, this.end)
      throw error
    }
    this.places.push(...places.slice(this.places.length))
  }

  /** Forgets this record and all behind it. */
  rewind(lsn: number): void {
    this.places.splice(lsn - this.base + 1)
    fs.ftruncateSync(this.fd, this.end)
    fs.fdatasyncSync(this.fd)
  }

  close(): void {
    fs.closeSync(this.fd)
  }
}

let room: Buffer = Buffer.alloc(0)

/** Bytes of a file, which last until the next look: the room for them is always the same, or it would be a mebibyte of garbage each time. */
function look(fd: number, position: number, length: number): Buffer {
  if (room.length < length) room = Buffer.allocUnsafe(length)
  return room.subarray(0, fs.readSync(fd, room, 0, length, position))
}
