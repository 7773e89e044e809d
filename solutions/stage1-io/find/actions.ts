import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { type Complaints, Output, reason } from '#lib/io.ts'
import { decode, type Entry, toBytes } from './entry.ts'

/** How much of a command line -exec ... + fills. Linux takes more, but not everywhere and not with every environment. */
const COMMAND_LIMIT = 100_000

/** What find does to a file. Each action says whether it worked. */
export class Actions {
  private readonly out = new Output()
  private readonly home = process.cwd()
  private readonly complaints: Complaints
  private readonly batches: Batch[] = []

  constructor(complaints: Complaints) {
    this.complaints = complaints
  }

  print(entry: Entry, end: string): boolean {
    this.out.write(toBytes(entry.path + end))
    return true
  }

  delete(entry: Entry): boolean {
    try {
      if (entry.type !== 'd') fs.unlinkSync(entry.file)
      // The folder that we stand in can not go.
      else if (entry.name !== '.') fs.rmdirSync(entry.file)
      return true
    } catch (error) {
      this.complaints.add(`cannot delete '${decode(entry.path)}': ${reason(error)}`)
      return false
    }
  }

  /** Runs a command, each {} in it being the path. */
  run(command: string[], entry: Entry): boolean {
    const path = decode(entry.path)
    return this.spawn(command.map((word) => word.replaceAll('{}', path)))
  }

  /** Runs a command with many paths at a time. */
  batch(command: string[]): (entry: Entry) => boolean {
    const batch = new Batch(command, (words) => {
      if (!this.spawn(words)) this.complaints.status = 1
    })
    this.batches.push(batch)
    return (entry) => batch.add(decode(entry.path))
  }

  finish(): void {
    for (const batch of this.batches) batch.run()
    this.out.flush()
  }

  private spawn(words: string[]): boolean {
    // What was printed before the command runs must be seen before its output.
    this.out.flush()
    const [program = '', ...args] = words
    const result = spawnSync(program, args, { cwd: this.home, stdio: 'inherit' })
    if (result.error !== undefined) this.complaints.add(`${program}: ${reason(result.error)}`, 0)
    return result.status === 0
  }
}

class Batch {
  private readonly command: string[]
  private readonly start: (words: string[]) => void
  private paths: string[] = []
  private length = 0

  constructor(command: string[], start: (words: string[]) => void) {
    this.command = command
    this.start = start
  }

  add(path: string): boolean {
    const length = Buffer.byteLength(path) + 1
    if (this.length + length > COMMAND_LIMIT) this.run()
    this.paths.push(path)
    this.length += length
    return true
  }

  run(): void {
    if (this.paths.length === 0) return
    this.start([...this.command, ...this.paths])
    this.paths = []
    this.length = 0
  }
}
