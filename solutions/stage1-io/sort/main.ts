import fs from 'node:fs'
import { type Complaints, chunks, reason, STDIN, STDOUT } from '#lib/io.ts'
import { type CommandLine, parseCommandLine, UsageError } from '#lib/options.ts'
import { FatalError, runProgram } from '#lib/program.ts'
import { type Key, parseKey, parseOrdering, Table } from './keys.ts'
import { inOrder, merge, sortLines, unique } from './merge.ts'
import { LineWriter, Scratch, textLines } from './text.ts'

const USAGE = 'usage: sort [-bcfmnrsuz] [-k KEY]... [-t CHAR] [-o FILE] [-S SIZE] [-T DIR] [FILE]...'
const SIZE_UNITS: Record<string, number> = { b: 1, '': 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }

interface Settings {
  end: string
  memory: number
  scratch: Scratch
  /** A table whose rows are compared as the options say. */
  newTable: () => Table
}

function main(args: string[], complaints: Complaints): number {
  const { options, operands } = parseCommandLine(args, 'bcfmnrsuzk:t:o:S:T:')
  const letters = new Set(options.map((option) => option.name))
  const files = operands.length > 0 ? operands : ['-']
  const settings = settingsOf(options, letters)
  if (letters.has('c')) return check(files, settings, letters.has('u'), complaints)

  const output = options.findLast((option) => option.name === 'o')?.value
  const sorted = letters.has('m')
    ? merge(mergeSources(files, output, settings), settings.newTable, settings.scratch)
    : sortLines(linesOfFiles(files, settings.end), settings.memory, settings.newTable, settings.scratch)
  write(letters.has('u') ? unique(sorted, settings.newTable()) : sorted, output, settings.end)
  return 0
}

function settingsOf(options: CommandLine['options'], letters: Set<string>): Settings {
  const last = (name: string) => options.findLast((option) => option.name === name)?.value
  const general = parseOrdering([...letters].filter((letter) => 'bfnr'.includes(letter)).join(''))
  const separator = last('t')
  if (separator !== undefined && Buffer.byteLength(separator) !== 1) throw new UsageError(`not one character: '${separator}'`)
  const specs = options.filter((option) => option.name === 'k').map((option) => option.value)
  const keys: Key[] = (specs.length > 0 ? specs : ['1']).map((spec) => parseKey(spec, general, separator))
  // Lines with the same keys are told apart by all their bytes, unless they are to count as equal.
  const lastResort = !letters.has('s') && !letters.has('u')
  const end = letters.has('z') ? '\0' : '\n'
  return {
    end,
    memory: parseSize(last('S') ?? '64M'),
    scratch: new Scratch(last('T') ?? process.env.TMPDIR ?? '/tmp', end),
    newTable: () => new Table(keys, lastResort, general.reverse),
  }
}

function parseSize(text: string): number {
  const [, digits, unit] = /^(\d+)([bKMG]?)$/.exec(text) ?? []
  if (digits === undefined) throw new UsageError(`invalid size: '${text}'`)
  return Number(digits) * (SIZE_UNITS[unit as string] as number)
}

/** Each input a source of its own; the one that will be overwritten is copied first. */
function mergeSources(files: string[], output: string | undefined, { end, scratch }: Settings): Iterable<string>[] {
  return files.map((file) => {
    const lines = linesOfFile(file, end)
    return output !== undefined && isSameFile(file, output) ? scratch.keep(lines) : lines
  })
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => fs.statSync(name, { throwIfNoEntry: false }))
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
}

function check(files: string[], { end, newTable }: Settings, strictly: boolean, complaints: Complaints): number {
  const [file = '-', extra] = files
  if (extra !== undefined) throw new UsageError(`extra operand '${extra}' not allowed with -c`)
  const disorder = inOrder(linesOfFile(file, end), newTable(), strictly)
  if (disorder !== undefined) complaints.add(`${file}:${disorder.number}: disorder: ${Buffer.from(disorder.line, 'latin1')}`)
  return complaints.status
}

function* linesOfFiles(files: string[], end: string): Generator<string> {
  for (const file of files) yield* linesOfFile(file, end)
}

function* linesOfFile(file: string, end: string): Generator<string> {
  try {
    const fd = file === '-' ? STDIN : fs.openSync(file, 'r')
    yield* textLines(chunks(fd), end)
    fs.closeSync(fd)
  } catch (error) {
    throw new FatalError(`${file}: ${reason(error)}`)
  }
}

/** The output is opened when the first line is there, which is after all input was read: it may be one of the inputs. */
function write(lines: Iterable<string>, output: string | undefined, end: string): void {
  const source = lines[Symbol.iterator]()
  let next = source.next()
  const writer = new LineWriter(output === undefined ? STDOUT : create(output), end)
  for (; !next.done; next = source.next()) writer.write(next.value)
  writer.flush()
}

function create(file: string): number {
  try {
    return fs.openSync(file, 'w')
  } catch (error) {
    throw new FatalError(`${file}: ${reason(error)}`)
  }
}

runProgram('sort', USAGE, main, { usageStatus: 2 })
