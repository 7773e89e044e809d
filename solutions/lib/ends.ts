import type { Output } from './io.ts'

const NEWLINE = 10
const BLOCK = 64 * 1024

/** What head and tail count. */
export type Unit = 'lines' | 'bytes'

/** Reads some bytes into a buffer and says how many; 0 is the end. */
export type Reader = (into: Buffer) => number

/**
 * Reads a stream to its end and finds its last `count` lines or bytes. What can no longer belong to them goes to `pass` on the way, so that little
 * more is held than was asked for.
 *
 * @returns the last `count` units.
 */
export function splitAtLast(reader: Reader, unit: Unit, count: number, pass: (bytes: Buffer) => void): Buffer {
  const held: { block: Buffer; units: number }[] = []
  let units = 0
  for (const block of blocks(reader)) {
    const size = unit === 'bytes' ? block.length : firstLines(block).lines
    held.push({ block, units: size })
    units += size
    // With one newline more than `count` behind it, a block is before the last lines even if the input does not end in one.
    for (let first = held[0]; first && units - first.units > count; first = held[0]) {
      pass(first.block)
      units -= first.units
      held.shift()
    }
  }
  const rest = Buffer.concat(held.map(({ block }) => block))
  const start = Math.max(0, rest.length - (unit === 'bytes' ? count : lengthOfLastLines([rest], count)))
  pass(rest.subarray(0, start))
  return rest.subarray(start)
}

/** How far the first `most` lines reach into a block, and how many of them end in it. */
export function firstLines(block: Buffer, most = Number.POSITIVE_INFINITY): { length: number; lines: number } {
  let length = 0
  for (let lines = 0; lines < most; lines++) {
    const newline = block.indexOf(NEWLINE, length)
    if (newline < 0) return { length: block.length, lines }
    length = newline + 1
  }
  return { length, lines: most }
}

/** How many bytes the last `count` lines take, given the blocks of a text from its end to its beginning. It looks at no more blocks than it must. */
export function lengthOfLastLines(backwards: Iterable<Buffer>, count: number): number {
  let length = 0
  let lines = 0
  if (count === 0) return 0
  for (const block of backwards) {
    for (let at = block.length - 1; at >= 0; at--) {
      // The newline that ends the text begins no line; every other one does.
      if (block[at] === NEWLINE && length > 0) {
        lines += 1
        if (lines === count) return length
      }
      length += 1
    }
  }
  return length
}

/** Full blocks, as far as there is input to fill them, each in a buffer of its own. */
function* blocks(reader: Reader): Generator<Buffer> {
  for (let more = true; more; ) {
    const block = Buffer.allocUnsafe(BLOCK)
    let used = 0
    while (more && used < BLOCK) {
      const got = reader(block.subarray(used))
      used += got
      more = got > 0
    }
    yield block.subarray(0, used)
  }
}

/** The `==> name <==` line before the part of each file, and the empty line that keeps it apart from the part before. */
export class Headers {
  private readonly out: Output
  private readonly shown: boolean
  private separator = ''

  constructor(out: Output, shown: boolean) {
    this.out = out
    this.shown = shown
  }

  put(name: string): void {
    if (!this.shown) return
    this.out.write(`${this.separator}==> ${name === '-' ? 'standard input' : name} <==\n`)
    this.separator = '\n'
  }
}

/** Whether headers are wanted: with several files, unless -q or -v said otherwise; the last of these counts. */
export function wantsHeaders(letters: string[], files: number): boolean {
  const said = letters.findLast((letter) => letter === 'q' || letter === 'v')
  return said === undefined ? files > 1 : said === 'v'
}

/** `head -5` of 1979 is `head -n 5` of today. */
export function modernise(args: string[]): string[] {
  const [first = '', ...rest] = args
  return /^-\d+$/.test(first) ? [`-n${first.slice(1)}`, ...rest] : args
}
