import fs from 'node:fs'
import path from 'node:path'
import { writeAll } from '#lib/io.ts'
import { CommandReader } from './protocol.ts'

/** The append-only file: every change as the command that makes it, in the protocol's own form. */
export class Log {
  private readonly fd: number
  private end = 0
  private added: string[] = []

  constructor(folder: string) {
    this.fd = fs.openSync(path.join(folder, 'appendonly.aof'), fs.constants.O_RDWR | fs.constants.O_CREAT)
    const dir = fs.openSync(folder, 'r')
    fs.fsyncSync(dir)
    fs.closeSync(dir)
  }

  /** Does everything again. What stands at the end and is not complete, be it half a command or half a transaction, was never acknowledged: it is cut off. */
  replay(each: (words: string[]) => void): void {
    const bytes = fs.readFileSync(this.fd)
    const reader = new CommandReader()
    let transaction: string[][] | undefined
    reader.push(bytes)
    for (let words = reader.next(); words; words = reader.next()) {
      if (words[0] === 'MULTI') transaction = []
      else if (words[0] === 'EXEC') {
        transaction?.forEach(each)
        transaction = undefined
      } else if (transaction) transaction.push(words)
      else each(words)
      if (!transaction) this.end = reader.position
    }
    fs.ftruncateSync(this.fd, this.end)
  }

  add(text: string): void {
    this.added.push(text)
  }

  /** Writes what was added, and waits until the disk has it. */
  commit(): void {
    if (this.added.length === 0) return
    const bytes = Buffer.from(this.added.join(''), 'latin1')
    this.added = []
    writeAll(this.fd, bytes, this.end)
    fs.fdatasyncSync(this.fd)
    this.end += bytes.length
  }
}
