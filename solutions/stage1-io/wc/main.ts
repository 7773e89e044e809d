import fs from 'node:fs'
import { type Complaints, chunks, Output, offsetOf, reason, STDIN } from '#lib/io.ts'
import { parseCommandLine } from '#lib/options.ts'
import { runProgram } from '#lib/program.ts'
import { Counter, type Counts, sumOf } from './counter.ts'

const USAGE = 'usage: wc [-clmwL] [FILE]...'
const BLOCK = 64 * 1024

/** What each letter asks for, in the order in which the counts are printed, whatever the order of the options. */
const COLUMNS: [letter: string, count: keyof Counts][] = [
  ['l', 'lines'],
  ['w', 'words'],
  ['m', 'characters'],
  ['c', 'bytes'],
  ['L', 'longest'],
]
const USUAL = 'lwc'

interface Row {
  counts: Counts
  name: string
}

function count(fd: number): Counts {
  const counter = new Counter()
  for (const chunk of chunks(fd)) counter.add(chunk)
  return counter.counts
}

/**
 * The number of bytes alone: a regular file says it, and all but its last piece can be taken for granted. That piece is read, because
 * the files of /proc and /sys are not of the size they claim.
 */
function countBytes(fd: number): Counts {
  const stat = fs.fstatSync(fd)
  if (!stat.isFile()) return count(fd)
  const start = offsetOf(fd)
  const buffer = Buffer.allocUnsafe(BLOCK)
  let end = Math.max(start, stat.size - (stat.size % (BLOCK + 1)))
  for (let got = -1; got !== 0; end += got) got = fs.readSync(fd, buffer, 0, BLOCK, end)
  return { ...new Counter().counts, bytes: end - start }
}

function countFile(name: string, counter: (fd: number) => Counts): Counts {
  const fd = name === '-' ? STDIN : fs.openSync(name, 'r')
  try {
    return counter(fd)
  } finally {
    if (fd !== STDIN) fs.closeSync(fd)
  }
}

/** One line a row, the numbers right-aligned: the widest of all decides. */
function print(rows: Row[], wanted: (keyof Counts)[]): void {
  const out = new Output()
  const width = Math.max(...rows.flatMap(({ counts }) => wanted.map((column) => String(counts[column]).length)))
  for (const { counts, name } of rows) {
    const numbers = wanted.map((column) => String(counts[column]).padStart(width))
    out.write(`${[...numbers, name].join(' ').trimEnd()}\n`)
  }
  out.flush()
}

function main(args: string[], complaints: Complaints): number {
  const { options, operands } = parseCommandLine(args, 'clmwL')
  const letters = options.map((option) => option.name).join('') || USUAL
  const wanted = COLUMNS.filter(([letter]) => letters.includes(letter)).map(([, column]) => column)
  const counter = wanted.join() === 'bytes' ? countBytes : count

  const rows: Row[] = []
  for (const name of operands.length > 0 ? operands : ['-']) {
    try {
      rows.push({ counts: countFile(name, counter), name: operands.length > 0 ? name : '' })
    } catch (error) {
      complaints.add(`${name}: ${reason(error)}`)
    }
  }
  if (operands.length > 1) rows.push({ counts: sumOf(rows.map(({ counts }) => counts)), name: 'total' })
  print(rows, wanted)
  return complaints.status
}

runProgram('wc', USAGE, main)
