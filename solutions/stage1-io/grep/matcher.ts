import { Automaton } from './automaton.ts'
import { compile } from './program.ts'
import { codeAt, widthOf } from './symbols.ts'
import { type Assertion, type Grammar, type Node, parsePatterns } from './syntax.ts'
import { Tracker } from './tracker.ts'

/** Where a match begins, and where the text behind it does. */
export interface Span {
  start: number
  end: number
}

export interface Matcher {
  matches(line: Buffer): boolean
  /** The leftmost match from `from` on, and of those that begin there the longest. */
  find(line: Buffer, from: number): Span | undefined
}

/** What a whole match must be: anything, a word (-w), or the line (-x). */
export type Extent = 'any' | 'word' | 'line'

const AROUND: Record<Extent, [before: Assertion, after: Assertion] | undefined> = {
  any: undefined,
  word: ['notAfterWord', 'notBeforeWord'],
  line: ['lineStart', 'lineEnd'],
}

export function createMatcher(patterns: string[], grammar: Grammar, ignoreCase: boolean, extent: Extent): Matcher {
  const program = compile(surround(parsePatterns(patterns, grammar, ignoreCase), extent))
  if (program.slots > 0) {
    const tracker = new Tracker(program, ignoreCase)
    const find = (line: Buffer, from: number) => firstMatch(tracker, line, from)
    return { find, matches: (line) => find(line, 0) !== undefined }
  }
  const anywhere = new Automaton(program, true)
  const here = new Automaton(program, false)
  return {
    matches: (line) => anywhere.endOfMatch(line, 0) >= 0,
    // Trying each place costs more than one look at all of them, so that look comes first.
    find: (line, from) => (anywhere.endOfMatch(line, from) >= 0 ? firstMatch(here, line, from) : undefined),
  }
}

function surround(tree: Node, extent: Extent): Node {
  const around = AROUND[extent]
  if (around === undefined) return tree
  const [before, after] = around
  return { kind: 'sequence', parts: [{ kind: 'assertion', assertion: before }, tree, { kind: 'assertion', assertion: after }] }
}

function firstMatch(runner: Automaton | Tracker, line: Buffer, from: number): Span | undefined {
  for (let start = from; start <= line.length; start += widthOf(codeAt(line, start))) {
    const end = runner.endOfMatch(line, start)
    if (end >= 0) return { start, end }
  }
  return undefined
}
