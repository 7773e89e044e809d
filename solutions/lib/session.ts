import { chunks, STDIN } from './io.ts'
import { type CommandLine, parseCommandLine, UsageError } from './options.ts'
import { FatalError } from './program.ts'

const NEWLINE = 10

/**
 * The requests on standard input, without their newlines: those that one read has completed come together. Bytes are characters of latin1 here, so
 * that none is changed on its way. What stands behind the last newline when the input ends was never finished, and is no request.
 */
export function* batches(): Generator<string[]> {
  let rest = ''
  for (const chunk of chunks(STDIN)) {
    const requests: string[] = []
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      requests.push(rest + chunk.toString('latin1', from, end))
      rest = ''
      from = end + 1
    }
    rest += chunk.toString('latin1', from)
    yield requests
  }
}

/** The words of a request; nothing if they are not separated by single blanks. */
export function wordsOf(request: string): string[] | undefined {
  const words = request.split(' ')
  return words.includes('') ? undefined : words
}

export function answerBytes(answer: string): Buffer {
  return Buffer.from(`${answer}\n`, 'latin1')
}

/** A command line of long options with values, and nothing else. Whatever is wrong with it is said in one line. */
export function settings(args: string[], names: string[], usage: string): CommandLine['options'] {
  try {
    const { options, operands } = parseCommandLine(args, '', Object.fromEntries(names.map((name) => [name, `${name}=`])))
    if (operands.length > 0) throw new UsageError(`unexpected argument '${operands[0]}'`)
    return options
  } catch (error) {
    if (error instanceof UsageError) throw new FatalError(`${error.message} (${usage})`)
    throw error
  }
}
