import fs from 'node:fs'
import { reason, STDIN } from '#lib/io.ts'
import { UsageError } from '#lib/options.ts'
import { FatalError, runProgram } from '#lib/program.ts'
import { BUILTINS, complain, out } from './builtins.ts'
import { asRaised } from './errors.ts'
import { Frame } from './frame.ts'
import { GeneratorCompiler } from './generators.ts'
import { parse } from './parser.ts'
import { Scope } from './scope.ts'
import { SyntaxProblem } from './syntax-problem.ts'
import { toText } from './text.ts'
import type { Value } from './values.ts'

function read([file, ...more]: string[]): string {
  if (more.length > 0) throw new UsageError('one program at a time')
  try {
    return fs.readFileSync(file ?? STDIN, 'utf8')
  } catch (error) {
    throw new FatalError(`can't open file '${file}': ${reason(error)}`)
  }
}

/** @returns the exit status. */
function execute(source: string): number {
  try {
    const globals: (Value | undefined)[] = []
    const scope = new Scope('program')
    const program = new GeneratorCompiler(globals, BUILTINS).block(parse(source), scope)
    program(new Frame(undefined, undefined, 0))
    out.flush()
    return 0
  } catch (error) {
    complain(describe(error))
    return 1
  }
}

/** The last line of what Python writes, which says it all: the type and its message. */
function describe(error: unknown): string {
  if (error instanceof SyntaxProblem) return `${error.kind}: ${error.message}`
  const { value } = asRaised(error)
  const message = toText(value)
  return message ? `${value.of.name}: ${message}` : value.of.name
}

runProgram('mini-python', 'usage: mini-python [FILE]', (args) => execute(read(args)))
