import fs from 'node:fs'
import { parseSize } from '#lib/counts.ts'
import { firstLines, Headers, modernise, splitAtLast, type Unit, wantsHeaders } from '#lib/ends.ts'
import { type Complaints, Output, offsetOf, read, reason, STDIN } from '#lib/io.ts'
import { parseCommandLine } from '#lib/options.ts'
import { runProgram } from '#lib/program.ts'

const USAGE = 'usage: head [-qv] [-n [-]COUNT | -c [-]COUNT] [FILE]...'
const BLOCK = 64 * 1024

/** How much to copy: the first `count` units, or all but the last `count`. */
interface Part {
  unit: Unit
  count: number
  allBut: boolean
}

function partOf(unit: Unit, text: string): Part {
  const allBut = text.startsWith('-')
  return { unit, count: parseSize(allBut ? text.slice(1) : text, unit), allBut }
}

/** Never reads a byte more than it copies: in `(head -c 5; rest)` the sixth byte belongs to the rest. */
function copyBytes(fd: number, count: number, out: Output): void {
  const buffer = Buffer.allocUnsafe(BLOCK)
  for (let left = count; left > 0; ) {
    const got = read(fd, buffer, 0, Math.min(left, BLOCK))
    if (got === 0) return
    out.write(buffer.subarray(0, got))
    out.flush()
    left -= got
  }
}

/**
 * Where the last line ends is known only when some bytes behind it were read already. What can be read twice is therefore looked at first, and taken
 * only as far as it is wanted; from a pipe there is no such second look.
 */
function copyLines(fd: number, count: number, out: Output): void {
  const rereadable = fs.fstatSync(fd).isFile()
  const buffer = Buffer.allocUnsafe(BLOCK)
  for (let left = count; left > 0; ) {
    const got = rereadable ? fs.readSync(fd, buffer, 0, BLOCK, offsetOf(fd)) : read(fd, buffer)
    if (got === 0) return
    const { length, lines } = firstLines(buffer.subarray(0, got), left)
    if (rereadable) read(fd, buffer, 0, length)
    out.write(buffer.subarray(0, length))
    out.flush()
    left -= lines
  }
}

function copy(fd: number, { unit, count, allBut }: Part, out: Output): void {
  const write = (bytes: Buffer) => out.write(bytes)
  if (allBut) splitAtLast((into) => read(fd, into), unit, count, write)
  else if (unit === 'bytes') copyBytes(fd, count, out)
  else copyLines(fd, count, out)
}

function main(args: string[], complaints: Complaints): number {
  const { options, operands } = parseCommandLine(modernise(args), 'c:n:qv')
  let part: Part = { unit: 'lines', count: 10, allBut: false }
  for (const { name, value } of options) {
    if (name === 'n') part = partOf('lines', value)
    if (name === 'c') part = partOf('bytes', value)
  }
  const files = operands.length > 0 ? operands : ['-']
  const out = new Output()
  const letters = options.map((option) => option.name)
  const headers = new Headers(out, wantsHeaders(letters, files.length))

  for (const name of files) {
    let fd: number | undefined
    try {
      fd = name === '-' ? STDIN : fs.openSync(name, 'r')
      headers.put(name)
      copy(fd, part, out)
    } catch (error) {
      complaints.add(`${name}: ${reason(error)}`)
    } finally {
      out.flush()
      if (fd !== undefined && fd !== STDIN) fs.closeSync(fd)
    }
  }
  return complaints.status
}

runProgram('head', USAGE, main)
