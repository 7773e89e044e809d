import fs from 'node:fs'
import { parseNumber } from '#lib/counts.ts'
import { type Complaints, lines, Output, reason, STDIN, STDOUT } from '#lib/io.ts'
import { parseCommandLine, UsageError } from '#lib/options.ts'
import { runProgram } from '#lib/program.ts'

const USAGE = 'usage: uniq [-cdiu] [-f FIELDS] [-s CHARS] [-w CHARS] [INPUT [OUTPUT]]'
const NEWLINE = 10

/** Which part of a line counts when two lines are compared. */
interface Comparison {
  skipFields: number
  skipBytes: number
  width: number
  ignoreCase: boolean
}

/** Which groups of equal lines are shown, and how. */
interface Selection {
  count: boolean
  single: boolean
  repeated: boolean
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9
}

/** A field is a run of blanks and the run of other bytes behind it. */
function afterFields(line: Buffer, fields: number): number {
  let at = 0
  for (let field = 0; field < fields && at < line.length; field++) {
    while (isBlank(line[at])) at += 1
    while (at < line.length && !isBlank(line[at])) at += 1
  }
  return at
}

function keyOf(line: Buffer, { skipFields, skipBytes, width, ignoreCase }: Comparison): Uint8Array {
  const start = afterFields(line, skipFields) + skipBytes
  const key = line.subarray(start, start + width)
  return ignoreCase ? key.map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte)) : key
}

function withoutNewline(line: Buffer): Buffer {
  return line.at(-1) === NEWLINE ? line.subarray(0, -1) : line
}

/** Holds one line and a number, however long the input and its groups are. */
function collapse(input: number, out: Output, comparison: Comparison, selection: Selection): void {
  let first: Buffer | undefined
  let key: Uint8Array = new Uint8Array()
  let count = 0

  const endGroup = () => {
    if (first === undefined || !(count > 1 ? selection.repeated : selection.single)) return
    if (selection.count) out.write(`${String(count).padStart(7)} `)
    out.write(first)
    out.write('\n')
  }

  for (const raw of lines(input)) {
    const line = withoutNewline(raw)
    const next = keyOf(line, comparison)
    if (first !== undefined && Buffer.compare(next, key) === 0) {
      count += 1
      continue
    }
    endGroup()
    first = line
    key = next
    count = 1
  }
  endGroup()
}

function open(name: string, flags: string, standard: number, complaints: Complaints): number | undefined {
  if (name === '-') return standard
  try {
    return fs.openSync(name, flags)
  } catch (error) {
    complaints.add(`${name}: ${reason(error)}`)
    return undefined
  }
}

function main(args: string[], complaints: Complaints): number {
  const { options, operands } = parseCommandLine(args, 'cdiuf:s:w:')
  const comparison: Comparison = { skipFields: 0, skipBytes: 0, width: Number.POSITIVE_INFINITY, ignoreCase: false }
  const selection: Selection = { count: false, single: true, repeated: true }
  for (const { name, value } of options) {
    if (name === 'c') selection.count = true
    if (name === 'd') selection.single = false
    if (name === 'u') selection.repeated = false
    if (name === 'i') comparison.ignoreCase = true
    if (name === 'f') comparison.skipFields = parseNumber(value, 'fields')
    if (name === 's') comparison.skipBytes = parseNumber(value, 'bytes to skip')
    if (name === 'w') comparison.width = parseNumber(value, 'bytes to compare')
  }
  const [input = '-', output = '-', extra] = operands
  if (extra !== undefined) throw new UsageError(`extra operand '${extra}'`)

  const from = open(input, 'r', STDIN, complaints)
  if (from === undefined) return complaints.status
  const to = open(output, 'w', STDOUT, complaints)
  if (to === undefined) return complaints.status
  const out = new Output(to)
  try {
    collapse(from, out, comparison, selection)
  } catch (error) {
    complaints.add(`${input}: ${reason(error)}`)
  }
  out.flush()
  return complaints.status
}

runProgram('uniq', USAGE, main)
