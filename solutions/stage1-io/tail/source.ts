import fs from 'node:fs'
import { firstLines, lengthOfLastLines, splitAtLast, type Unit } from '#lib/ends.ts'
import { type Complaints, offsetOf, read, reason, STDIN } from '#lib/io.ts'

const BLOCK = 64 * 1024

/**
 * One of the files on the command line, and how far it was read. A regular file is read by position: from any place, and from the end
 * backwards. Pipes and terminals (and the files of /proc, which have no size) are read as they come.
 */
export class Source {
  readonly name: string
  private readonly complaints: Complaints
  private fd: number | undefined
  private regular = false
  private position = 0
  private missing = false

  constructor(name: string, complaints: Complaints) {
    this.name = name
    this.complaints = complaints
  }

  open(): void {
    this.fd = this.name === '-' ? STDIN : fs.openSync(this.name, 'r')
    this.regular = fs.fstatSync(this.fd).isFile()
    this.position = this.regular ? offsetOf(this.fd) : 0
  }

  /** A failure costs this file only. */
  fail(error: unknown): void {
    this.complaints.add(`${this.name}: ${reason(error)}`)
    this.fd = undefined
    this.missing = true
  }

  /** More may come from a file or a named pipe. What was piped in has ended for good. */
  get canGrow(): boolean {
    return this.fd !== undefined && (this.regular || this.name !== '-')
  }

  /** From the last `count` lines or bytes to the end. */
  *last(unit: Unit, count: number): Generator<Buffer> {
    const size = this.size
    if (size > 0) {
      const length = unit === 'bytes' ? count : lengthOfLastLines(this.backwards(size), count)
      this.position = Math.max(this.position, size - length)
    } else {
      const forget = () => {}
      yield splitAtLast((into) => this.read(into), unit, count, forget)
    }
    yield* this.rest()
  }

  /** From line or byte number `first`, counted from one, to the end. */
  *from(unit: Unit, first: number): Generator<Buffer> {
    let left = Math.max(first, 1) - 1
    const size = this.size
    if (unit === 'bytes' && size > 0) {
      this.position = Math.min(this.position + left, size)
      left = 0
    }
    for (const chunk of this.rest()) {
      const { length, lines } = unit === 'bytes' ? { length: left, lines: chunk.length } : firstLines(chunk, left)
      left = Math.max(0, left - lines)
      yield chunk.subarray(length)
    }
  }

  /** What was added since the last look, also where a file was cut short or (with `byName`) another file has taken the name. */
  *news(byName: boolean): Generator<Buffer> {
    const replaced = byName && this.name !== '-' && this.isReplaced()
    if (this.size < this.position && this.regular) {
      this.complaints.add(`${this.name}: file truncated`)
      this.position = 0
    }
    // What was written to the old file before it was renamed still counts.
    yield* this.rest()
    if (!replaced) return
    if (this.fd !== undefined) fs.closeSync(this.fd)
    this.open()
    this.complaints.add(`${this.name}: following the new file`)
    yield* this.rest()
  }

  private isReplaced(): boolean {
    try {
      const now = fs.statSync(this.name)
      this.missing = false
      if (this.fd === undefined) return true
      const old = fs.fstatSync(this.fd)
      return now.ino !== old.ino || now.dev !== old.dev
    } catch (error) {
      // The old file stays open and is followed until there is another one.
      if (!this.missing) this.complaints.add(`${this.name}: ${reason(error)}`)
      this.missing = true
      return false
    }
  }

  private get size(): number {
    return this.regular && this.fd !== undefined ? fs.fstatSync(this.fd).size : 0
  }

  private read(into: Buffer): number {
    if (this.fd === undefined) return 0
    const got = this.regular ? fs.readSync(this.fd, into, 0, into.length, this.position) : read(this.fd, into)
    this.position += got
    return got
  }

  private *rest(): Generator<Buffer> {
    const buffer = Buffer.allocUnsafe(BLOCK)
    for (let got = this.read(buffer); got > 0; got = this.read(buffer)) yield buffer.subarray(0, got)
  }

  /** The blocks between `end` and the place where reading began, last one first. */
  private *backwards(end: number): Generator<Buffer> {
    const buffer = Buffer.allocUnsafe(BLOCK)
    for (let to = end; to > this.position; ) {
      const from = Math.max(this.position, to - BLOCK)
      const got = fs.readSync(this.fd as number, buffer, 0, to - from, from)
      yield buffer.subarray(0, got)
      to = from
    }
  }
}
