import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { reason, writeAll } from '#lib/io.ts'
import { FatalError } from '#lib/program.ts'

const BLOCK = 64 * 1024

/**
 * The lines of a stream, without their ends, as text in which each character is one byte (Latin-1). So every byte survives, and comparing
 * two texts compares their bytes.
 */
export function* textLines(source: Iterable<Buffer>, end: string): Generator<string> {
  const endByte = end.charCodeAt(0)
  let begun = ''
  for (const chunk of source) {
    let start = 0
    for (let at = chunk.indexOf(endByte); at >= 0; at = chunk.indexOf(endByte, start)) {
      yield begun + chunk.toString('latin1', start, at)
      begun = ''
      start = at + 1
    }
    begun += chunk.toString('latin1', start)
  }
  if (begun !== '') yield begun
}

/** The way back: lines are gathered into blocks of bytes. */
export class LineWriter {
  private readonly fd: number
  private readonly end: string
  private text = ''

  constructor(fd: number, end: string) {
    this.fd = fd
    this.end = end
  }

  write(line: string): void {
    this.text += line + this.end
    if (this.text.length >= BLOCK) this.flush()
  }

  flush(): void {
    writeAll(this.fd, Buffer.from(this.text, 'latin1'))
    this.text = ''
  }
}

/** Room on disk for lines that do not fit into memory: any number of runs, one behind the other, in one file. */
export class Scratch {
  private readonly folder: string
  private readonly end: string
  private fd: number | undefined
  private size = 0

  constructor(folder: string, end: string) {
    this.folder = folder
    this.end = end
  }

  /** Puts lines aside, and gives them back when they are asked for. */
  keep(lines: Iterable<string>): Iterable<string> {
    this.fd ??= this.create()
    const start = this.size
    const writer = new LineWriter(this.fd, this.end)
    for (const line of lines) {
      writer.write(line)
      this.size += line.length + this.end.length
    }
    writer.flush()
    return textLines(this.part(this.fd, start, this.size), this.end)
  }

  /** The file loses its name at once: its space is free again when this program ends, even if it is killed. */
  private create(): number {
    const file = path.join(this.folder, `sort-${randomBytes(8).toString('hex')}`)
    try {
      const fd = fs.openSync(file, 'wx+', 0o600)
      fs.unlinkSync(file)
      return fd
    } catch (error) {
      throw new FatalError(`${file}: ${reason(error)}`)
    }
  }

  private *part(fd: number, start: number, end: number): Generator<Buffer> {
    const buffer = Buffer.allocUnsafe(BLOCK)
    for (let at = start; at < end; ) {
      const got = fs.readSync(fd, buffer, 0, Math.min(BLOCK, end - at), at)
      yield buffer.subarray(0, got)
      at += got
    }
  }
}
