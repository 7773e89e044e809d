import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import type { Change } from './messages.ts'

/**
 * The file that a node lives on: one change a line, with its checksum. Lines are only ever added, until a snapshot makes them superfluous: then
 * a new file takes the place of the old one, in one step.
 */
export class Journal {
  private readonly folder: string
  private readonly file: string
  private fd: number

  constructor(folder: string) {
    this.folder = folder
    this.file = path.join(folder, 'journal')
    this.fd = fs.openSync(this.file, 'a+')
  }

  /** All that was stored. A line that was not finished was never answered for: it is removed. */
  read(): Change[] {
    const text = fs.readFileSync(this.file, 'utf8')
    const changes: Change[] = []
    let good = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', good)) {
      const change = decode(text.slice(good, end))
      if (!change) break
      changes.push(change)
      good = end + 1
    }
    fs.ftruncateSync(this.fd, Buffer.byteLength(text.slice(0, good)))
    return changes
  }

  /** Returns when all changes are on the disk: one fsync for as many as have come together. */
  save(changes: Change[]): void {
    const [first] = changes
    if (!first) return
    const lines = changes.map(encode).join('')
    if ('snapshot' in first) this.replace(lines)
    else write(this.fd, lines)
  }

  private replace(lines: string): void {
    const next = `${this.file}.new`
    fs.closeSync(this.fd)
    this.fd = fs.openSync(next, 'w')
    write(this.fd, lines)
    fs.renameSync(next, this.file)
    const folder = fs.openSync(this.folder, 'r')
    fs.fsyncSync(folder)
    fs.closeSync(folder)
  }
}

function write(fd: number, text: string): void {
  fs.writeFileSync(fd, text)
  fs.fsyncSync(fd)
}

function encode(change: Change): string {
  const text = JSON.stringify(change)
  return `${zlib.crc32(text)} ${text}\n`
}

function decode(line: string): Change | undefined {
  const [, sum, text = ''] = /^(\d+) (.*)$/.exec(line) ?? []
  return Number(sum) === zlib.crc32(text) ? JSON.parse(text) : undefined
}
