import { chunks, Output, reason, STDIN } from './io.ts'
import { type CommandLine, parseCommandLine, UsageError } from './options.ts'
import { FatalError } from './program.ts'

const NEWLINE = 10

/** One kind of request: the words that follow its name (those in brackets may be left out, all or none), and what answers it. */
export interface Request<State> {
  usage: string
  answer(state: State, words: string[]): string
}

/** Answers a request by a table of kinds. @throws {Error} it is like none of them; whoever asked is told why. */
export function answerTo<State>(kinds: Record<string, Request<State>>, state: State, request: string): string {
  const [name = '', ...words] = wordsOf(request)
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (!kind) throw new Error(`unknown request: ${name}`)
  const longest = kind.usage.split(' ').filter(Boolean)
  const shortest = kind.usage
    .replace(/\[.*\]/, '')
    .split(' ')
    .filter(Boolean)
  if (![shortest.length, longest.length].includes(words.length)) throw new Error(`usage: ${name} ${kind.usage}`.trimEnd())
  return kind.answer(state, words)
}

/** The words of a request. @throws {Error} they are not separated by single blanks. */
export function wordsOf(request: string): string[] {
  const words = request.split(' ')
  if (words.includes('')) throw new Error('words are separated by single blanks')
  return words
}

/** Gives each request on standard input its answer, until the input ends. What an answer throws is the reason of an error. */
export function converse(answer: (request: string) => string): void {
  converseInGroups({ changeIn: () => undefined, commit: () => [], answer })
}

/** A conversation in which some requests change what is stored. */
interface Groups<Change> {
  /** The change that a request asks for, or nothing if it asks for none. @throws {Error} what is wrong with it. */
  changeIn(request: string): Change | undefined
  /** Makes changes that came together. @returns an answer for each. */
  commit(changes: Change[]): string[]
  /** Answers a request that asks for no change. */
  answer(request: string): string
}

/** Answers in the order of the requests. Changes are gathered until a request comes that is none: they share one wait for the disk. */
export function converseInGroups<Change>({ changeIn, commit, answer }: Groups<Change>): void {
  const out = new Output()
  const say = (text: string) => out.write(Buffer.from(`${text}\n`, 'latin1'))
  let changes: Change[] = []
  const settle = () => {
    if (changes.length > 0) for (const text of commit(changes)) say(text)
    changes = []
  }
  for (const requests of batches()) {
    for (const request of requests) {
      try {
        const change = changeIn(request)
        if (change !== undefined) {
          changes.push(change)
          continue
        }
        settle()
        say(answer(request))
      } catch (error) {
        settle()
        say(`error ${reason(error)}`)
      }
    }
    settle()
    out.flush()
  }
}

/**
 * The requests on standard input, without their newlines: those that one read has completed come together. Bytes are characters of latin1 here, so
 * that none is changed on its way. What stands behind the last newline when the input ends was never finished, and is no request.
 */
function* batches(): Generator<string[]> {
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

/** A word holds on to the whole request that it was cut from, unless it is copied. */
export const copied = (word: string): string => Buffer.from(word, 'latin1').toString('latin1')

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
