import fs from 'node:fs'
import { writeAll } from '#lib/io.ts'
import { FatalError } from '#lib/program.ts'
import { decode, encode, type LogRecord, type View } from './record.ts'

const BLOCK = 1024 * 1024

/** A file of records that only ever grows at its end. */
export class Log {
  private file: string
  private readonly fd: number
  /** Where the file ends as far as anybody was told; what lies behind it does not count. */
  private end = 0
  private added: Buffer[] = []
  private addedSize = 0

  constructor(file: string) {
    this.file = file
    this.fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT)
  }

  /** Goes through all records, and cuts off what was never written to its end. @throws {FatalError} the file is damaged. */
  recover(each: (record: LogRecord, position: number) => void): void {
    const view = windowOn(this.fd)
    for (let record = decode(view, this.end); record; record = decode(view, this.end)) {
      each(record, this.end)
      this.end += record.size
    }
    this.refuseWholeRecordsAfter(this.end, view)
    fs.ftruncateSync(this.fd, this.end)
  }

  /**
   * A write that was cut short is the last one. So if anything whole follows a record that is not, then it was damaged later, and going on would lose
   * what had been promised. Where the next record begins nobody knows: each byte may be its first.
   */
  private refuseWholeRecordsAfter(position: number, view: View): void {
    const { size } = fs.fstatSync(this.fd)
    for (let at = position + 1; at < size; at++) {
      if (decode(view, at)) throw new FatalError(`${this.file}: damaged at byte ${position}, and whole again from byte ${at} on`)
    }
  }

  /** The record at a position. @throws {FatalError} it is damaged. */
  read(position: number): LogRecord {
    const record = decode((from, length) => pread(this.fd, Buffer.allocUnsafe(length), from), position)
    if (!record) throw new FatalError(`${this.file}: damaged at byte ${position}`)
    return record
  }

  /** Adds a record, to be written with others. @returns its position, which holds once they are. */
  add(key: string, value: string): number {
    const position = this.end + this.addedSize
    const record = encode(key, value, position)
    this.added.push(record)
    this.addedSize += record.length
    return position
  }

  /** Writes what was added and waits until the disk has it: all of it, or, if there is no room, nothing. */
  commit(): void {
    const records = Buffer.concat(this.added)
    this.added = []
    this.addedSize = 0
    try {
      writeAll(this.fd, records, this.end)
      fs.fdatasyncSync(this.fd)
      this.end += records.length
    } catch (error) {
      fs.ftruncateSync(this.fd, this.end)
      throw error
    }
  }

  /** True when it is time to commit, lest too much is kept in memory. */
  get isFull(): boolean {
    return this.addedSize > BLOCK
  }

  /** Takes the place of another file, at once and for good. */
  replace(file: string): void {
    fs.renameSync(this.file, file)
    this.file = file
  }

  close(): void {
    fs.closeSync(this.fd)
  }
}

function pread(fd: number, into: Buffer, position: number): Buffer {
  return into.subarray(0, fs.readSync(fd, into, 0, into.length, position))
}

/** Reads a file in large blocks, for someone who goes through it from the front. */
function windowOn(fd: number): View {
  let start = 0
  let block: Buffer = Buffer.allocUnsafe(BLOCK)
  let bytes = block.subarray(0, 0)
  return (position, length) => {
    if (position < start || position + length > start + bytes.length) {
      if (length > block.length) block = Buffer.allocUnsafe(length)
      start = position
      bytes = pread(fd, block, position)
    }
    return bytes.subarray(position - start, position - start + length)
  }
}
