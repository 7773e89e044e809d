import { isUtf8 } from 'node:buffer'
import { chunks, linesOf, type Output, STDERR, writeAll } from '#lib/io.ts'
import type { Matcher } from './matcher.ts'

const NEWLINE = 10

/** What is told of a file: its selected lines, how many there are, or its name (and whether it is to have any or none). */
export type Report = 'lines' | 'count' | 'nameIfAny' | 'nameIfNone' | 'nothing'

export interface Settings {
  report: Report
  invert: boolean
  onlyMatching: boolean
  lineNumbers: boolean
  withNames: boolean
  before: number
  after: number
  most: number
}

/** Searches one file after another and writes what it finds. */
export class Search {
  private readonly matcher: Matcher
  private readonly settings: Settings
  private readonly out: Output
  private anyGroup = false

  constructor(matcher: Matcher, settings: Settings, out: Output) {
    this.matcher = matcher
    this.settings = settings
    this.out = out
  }

  /** @returns whether any line was selected. */
  file(fd: number, name: string): boolean {
    const { report, most } = this.settings
    const input = new Input(fd, this.out)
    const count = report === 'lines' ? this.showLines(input, name) : this.countLines(input, report === 'count' ? most : 1)
    if (report === 'count') this.out.write(`${this.settings.withNames ? `${name}:` : ''}${count}\n`)
    if (report === 'nameIfAny' && count > 0) this.out.write(`${name}\n`)
    if (report === 'nameIfNone' && count === 0) this.out.write(`${name}\n`)
    return count > 0
  }

  private isSelected(line: Buffer): boolean {
    return this.matcher.matches(line) !== this.settings.invert
  }

  private countLines(input: Input, most: number): number {
    let count = 0
    for (const line of input.lines()) {
      if (this.isSelected(line)) count += 1
      if (count === most) break
    }
    return count
  }

  private showLines(input: Input, name: string): number {
    const { before, after, most } = this.settings
    const earlier: Buffer[] = []
    let [number, count, lastShown, contextLeft] = [0, 0, -1, 0]

    for (const line of input.lines()) {
      number += 1
      if (count < most && this.isSelected(line)) {
        count += 1
        if (input.isBinary || !isUtf8(line)) {
          writeAll(STDERR, Buffer.from(`grep: ${name}: binary file matches\n`))
          break
        }
        const first = number - earlier.length
        if (before + after > 0 && this.anyGroup && lastShown < first - 1) this.out.write('--\n')
        this.anyGroup = true
        for (const [index, context] of earlier.entries()) this.show(context, name, first + index, '-')
        earlier.length = 0
        this.showSelected(line, name, number)
        lastShown = number
        contextLeft = after
      } else if (contextLeft > 0) {
        this.show(line, name, number, '-')
        lastShown = number
        contextLeft -= 1
      } else {
        earlier.push(line)
        if (earlier.length > before) earlier.shift()
      }
      if (count === most && contextLeft === 0) break
    }
    return count
  }

  private showSelected(line: Buffer, name: string, number: number): void {
    if (!this.settings.onlyMatching) this.show(line, name, number, ':')
    else if (!this.settings.invert) this.showMatches(line, name, number)
  }

  private showMatches(line: Buffer, name: string, number: number): void {
    let match = this.matcher.find(line, 0)
    while (match) {
      const { start, end } = match
      if (end > start) this.show(line.subarray(start, end), name, number, ':')
      match = this.matcher.find(line, Math.max(end, start + 1))
    }
  }

  private show(text: Buffer, name: string, number: number, mark: string): void {
    if (this.settings.withNames) this.out.write(name + mark)
    if (this.settings.lineNumbers) this.out.write(number + mark)
    this.out.write(text)
    this.out.write('\n')
  }
}

class Input {
  private readonly fd: number
  private readonly out: Output
  /** Whether a zero byte was read: text has none. */
  isBinary = false

  constructor(fd: number, out: Output) {
    this.fd = fd
    this.out = out
  }

  *lines(): Generator<Buffer> {
    for (const line of linesOf(this.chunks())) yield line.at(-1) === NEWLINE ? line.subarray(0, -1) : line
  }

  private *chunks(): Generator<Buffer> {
    for (const chunk of chunks(this.fd)) {
      if (chunk.includes(0)) this.isBinary = true
      yield chunk
      // What was found is shown before more is waited for.
      this.out.flush()
    }
  }
}
