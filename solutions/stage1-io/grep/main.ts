import fs from 'node:fs'
import { parseNumber } from '#lib/counts.ts'
import { type Complaints, Output, reason, STDIN } from '#lib/io.ts'
import { type Option, parseCommandLine, UsageError } from '#lib/options.ts'
import { FatalError, runProgram } from '#lib/program.ts'
import { filesToSearch, isFolder } from './files.ts'
import { createMatcher } from './matcher.ts'
import { type Report, Search, type Settings } from './search.ts'

const USAGE =
  'usage: grep [-EFHLchilnoqrsvwx] [-m COUNT] [-A LINES] [-B LINES] [-C LINES] {PATTERN | -e PATTERN | -f FILE} [FILE]...'
const FOUND = 0
const NOT_FOUND = 1
const FAILED = 2

/** All patterns of -e and -f, or else the first operand, which is taken from the list. Each line is a pattern. */
function patternsOf(options: Option[], operands: string[]): string[] {
  const given = options.filter(({ name }) => name === 'e' || name === 'f')
  if (given.length > 0) return given.flatMap(({ name, value }) => (name === 'e' ? value.split('\n') : patternsIn(value)))
  const first = operands.shift()
  if (first === undefined) throw new UsageError('there is no pattern')
  return first.split('\n')
}

function patternsIn(file: string): string[] {
  try {
    const text = fs.readFileSync(file === '-' ? STDIN : file, 'utf8')
    return text === '' ? [] : text.replace(/\n$/, '').split('\n')
  } catch (error) {
    throw new FatalError(`${file}: ${reason(error)}`)
  }
}

function reportOf(letters: Set<string>): Report {
  if (letters.has('q')) return 'nothing'
  if (letters.has('l')) return 'nameIfAny'
  if (letters.has('L')) return 'nameIfNone'
  return letters.has('c') ? 'count' : 'lines'
}

function showsNames(options: Option[], operands: string[]): boolean {
  const said = options.findLast(({ name }) => name === 'H' || name === 'h')?.name
  if (said !== undefined) return said === 'H'
  const recursive = options.some(({ name }) => name === 'r')
  return operands.length > 1 || (recursive && isFolder(operands[0] ?? '.'))
}

function settingsOf(options: Option[], operands: string[]): Settings {
  const letters = new Set(options.map(({ name }) => name))
  const number = (letter: string) => {
    const option = options.findLast(({ name }) => name === letter)
    return option && parseNumber(option.value, 'lines')
  }
  const context = number('C') ?? 0
  return {
    report: reportOf(letters),
    invert: letters.has('v'),
    onlyMatching: letters.has('o'),
    lineNumbers: letters.has('n'),
    withNames: showsNames(options, operands),
    before: number('B') ?? context,
    after: number('A') ?? context,
    most: number('m') ?? Infinity,
  }
}

/** What is written to a file that is also searched would be found in it again, for ever. */
function isOutput(fd: number, out: Output): boolean {
  const [input, output] = [fs.fstatSync(fd), fs.fstatSync(out.fd)]
  return output.isFile() && input.ino === output.ino && input.dev === output.dev
}

function main(args: string[], complaints: Complaints): number {
  const { options, operands } = parseCommandLine(args, 'A:B:C:EFHLce:f:hilm:noqrsvwx')
  const letters = new Set(options.map(({ name }) => name))
  const out = new Output()
  let failed = false
  const complain = (name: string, problem: unknown) => {
    failed = true
    if (!letters.has('s')) complaints.add(`${name}: ${typeof problem === 'string' ? problem : reason(problem)}`)
  }

  const patterns = patternsOf(options, operands)
  const settings = settingsOf(options, operands)
  const grammar = letters.has('F') ? 'fixed' : letters.has('E') ? 'extended' : 'basic'
  const extent = letters.has('x') ? 'line' : letters.has('w') ? 'word' : 'any'
  const search = new Search(createMatcher(patterns, grammar, letters.has('i'), extent), settings, out)
  if (settings.most === 0) return NOT_FOUND

  let found = false
  for (const name of filesToSearch(operands, letters.has('r'), complain)) {
    try {
      const fd = name === '-' ? STDIN : fs.openSync(name, 'r')
      if (settings.report === 'lines' && isOutput(fd, out)) complain(name, 'input file is also the output')
      else if (search.file(fd, name === '-' ? '(standard input)' : name)) found = true
      if (fd !== STDIN) fs.closeSync(fd)
    } catch (error) {
      complain(name, error)
    }
    out.flush()
    if (found && settings.report === 'nothing') return FOUND
  }
  return failed ? FAILED : found ? FOUND : NOT_FOUND
}

runProgram('grep', USAGE, main, { usageStatus: FAILED })
