import { FatalError } from '#lib/program.ts'
import { ANY, type CharSet, complement, ignoringCase, namedClass, range, SPACES, union, WORDS } from './symbols.ts'

export type Assertion =
  | 'lineStart'
  | 'lineEnd'
  | 'wordStart'
  | 'wordEnd'
  | 'boundary'
  | 'noBoundary'
  | 'notAfterWord'
  | 'notBeforeWord'

/** A regular expression as a tree. */
export type Node =
  | { kind: 'set'; set: CharSet }
  | { kind: 'assertion'; assertion: Assertion }
  | { kind: 'sequence'; parts: Node[] }
  | { kind: 'choice'; branches: Node[] }
  | { kind: 'repeat'; body: Node; min: number; max: number }
  | { kind: 'group'; number: number; body: Node }
  | { kind: 'reference'; number: number }

export type Grammar = 'basic' | 'extended' | 'fixed'

export class PatternError extends FatalError {}

/** A character of the pattern that means itself, or an operator, spelled as in an extended expression. */
interface Token {
  operator?: string
  literal: string
}

const END: Token = { operator: 'end', literal: '' }
const MOST_REPEATS = 32767
const REPEATS: Record<string, [min: number, max: number]> = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] }
const ESCAPES: Record<string, Node> = {
  '\\<': { kind: 'assertion', assertion: 'wordStart' },
  '\\>': { kind: 'assertion', assertion: 'wordEnd' },
  '\\b': { kind: 'assertion', assertion: 'boundary' },
  '\\B': { kind: 'assertion', assertion: 'noBoundary' },
  '\\w': { kind: 'set', set: WORDS },
  '\\W': { kind: 'set', set: complement(WORDS) },
  '\\s': { kind: 'set', set: SPACES },
  '\\S': { kind: 'set', set: complement(SPACES) },
}

/**
 * One tree for all patterns: a line need match only one of them.
 * @throws {PatternError} a pattern that is none.
 */
export function parsePatterns(patterns: string[], grammar: Grammar, ignoreCase: boolean): Node {
  let groups = 0
  const branches = patterns.map((pattern) => {
    const parser = new Parser(pattern, grammar, ignoreCase, groups)
    const tree = parser.choice()
    groups += parser.groups
    return tree
  })
  return { kind: 'choice', branches }
}

class Parser {
  private readonly chars: string[]
  private readonly grammar: Grammar
  private readonly ignoreCase: boolean
  /** Groups are numbered through all patterns, so that those of one are not taken for another's. */
  private readonly firstGroup: number
  private readonly closed = new Set<number>()
  groups = 0
  private depth = 0
  private at = 0

  constructor(pattern: string, grammar: Grammar, ignoreCase: boolean, firstGroup: number) {
    this.chars = [...pattern]
    this.grammar = grammar
    this.ignoreCase = ignoreCase
    this.firstGroup = firstGroup
  }

  choice(): Node {
    const branches = [this.sequence()]
    while (this.peek().operator === '|') {
      this.next()
      branches.push(this.sequence())
    }
    return { kind: 'choice', branches }
  }

  private sequence(): Node {
    const parts: Node[] = []
    for (let atStart = true; !this.endsSequence(this.peek()); ) {
      const token = this.next()
      const anchor: boolean = token.operator === '^' && (atStart || this.grammar === 'extended')
      // An operator that has nothing to repeat stands for itself.
      const literal = atStart && (token.operator === '{' || (token.operator !== undefined && token.operator in REPEATS))
      if (anchor) parts.push({ kind: 'assertion', assertion: 'lineStart' })
      else parts.push(this.repeated(literal ? this.literal(token.literal) : this.atom(token)))
      atStart = anchor
    }
    return { kind: 'sequence', parts }
  }

  private endsSequence({ operator }: Token): boolean {
    return operator === 'end' || operator === '|' || (operator === ')' && this.depth > 0)
  }

  private atom({ operator, literal }: Token): Node {
    if (operator === '(') return this.group()
    if (operator === '[') return { kind: 'set', set: this.bracket() }
    if (operator === '.') return { kind: 'set', set: ANY }
    if (operator === '$' && (this.grammar === 'extended' || this.endsSequence(this.peek()))) {
      return { kind: 'assertion', assertion: 'lineEnd' }
    }
    if (operator === ')' && this.grammar === 'basic') throw new PatternError('Unmatched ) or \\)')
    const special = ESCAPES[operator ?? '']
    if (special) return special
    if (operator?.startsWith('\\')) return this.reference(Number(operator.slice(1)))
    return this.literal(literal)
  }

  private repeated(atom: Node): Node {
    let node = atom
    for (;;) {
      const { operator = '' } = this.peek()
      const bounds = operator === '{' ? this.interval() : REPEATS[operator]
      if (bounds === undefined) return node
      if (operator !== '{') this.next()
      node = { kind: 'repeat', body: node, min: bounds[0], max: bounds[1] }
    }
  }

  /** `{3}`, `{3,}`, `{,5}` or `{3,5}`. In an extended expression a brace that begins none of these is a brace. */
  private interval(): [number, number] | undefined {
    const rest = this.chars.slice(this.at).join('')
    const pattern = this.grammar === 'basic' ? /^\\\{(\d*)(,?)(\d*)\\\}/ : /^\{(\d*)(,?)(\d*)\}/
    const [whole, low = '', comma, high = ''] = pattern.exec(rest) ?? []
    if (whole === undefined || low + comma === '') {
      if (this.grammar === 'extended') return undefined
      throw new PatternError('Invalid content of \\{\\}')
    }
    const min = Number(low)
    const max = comma === '' ? min : high === '' ? Infinity : Number(high)
    if (min > max) throw new PatternError('Invalid content of \\{\\}')
    if (Number(high || low) > MOST_REPEATS) throw new PatternError('Regular expression too big')
    this.at += whole.length
    return [min, max]
  }

  private group(): Node {
    const number = ++this.groups
    this.depth += 1
    const body = this.choice()
    if (this.next().operator !== ')') throw new PatternError('Unmatched ( or \\(')
    this.depth -= 1
    this.closed.add(number)
    return { kind: 'group', number: this.firstGroup + number, body }
  }

  private reference(number: number): Node {
    if (!this.closed.has(number)) throw new PatternError('Invalid back reference')
    return { kind: 'reference', number: this.firstGroup + number }
  }

  private literal(char: string): Node {
    const code = char.codePointAt(0) as number
    const set = range(code, code)
    return { kind: 'set', set: this.ignoreCase ? ignoringCase(set) : set }
  }

  private peek(): Token {
    const before = this.at
    const token = this.next()
    this.at = before
    return token
  }

  private next(): Token {
    const char = this.chars[this.at++]
    if (char === undefined) return END
    if (this.grammar === 'fixed') return { literal: char }
    if (char === '\\') return this.escaped()
    const special = this.grammar === 'extended' ? '*.[^$(){|+?' : '*.[^$'
    return special.includes(char) ? { operator: char, literal: char } : { literal: char }
  }

  private escaped(): Token {
    const char = this.chars[this.at++]
    if (char === undefined) throw new PatternError('Trailing backslash')
    if (/[1-9]/.test(char) || `\\${char}` in ESCAPES) return { operator: `\\${char}`, literal: char }
    return this.grammar === 'basic' && '(){|+?'.includes(char) ? { operator: char, literal: char } : { literal: char }
  }

  /** What stands between `[` and `]`. Nothing is special in there but `]`, `^` and `-` in their places, and `[:`. */
  private bracket(): CharSet {
    const negated = this.chars[this.at] === '^'
    if (negated) this.at += 1
    const sets: CharSet[] = []
    for (const start = this.at; this.at === start || this.chars[this.at] !== ']'; ) sets.push(this.bracketItem())
    this.at += 1
    // Both cases of a character are left out by [^a], so the case goes first.
    const all = union(this.ignoreCase ? sets.map(ignoringCase) : sets)
    return negated ? complement(all) : all
  }

  private bracketItem(): CharSet {
    const [whole, name = ''] = /^\[:(.*?):\]/.exec(this.chars.slice(this.at).join('')) ?? []
    if (whole !== undefined) {
      const set = namedClass(name)
      if (set === undefined) throw new PatternError('Invalid character class name')
      this.at += whole.length
      return set
    }
    const from = this.bracketChar()
    if (this.chars[this.at] !== '-' || this.chars[this.at + 1] === ']') return range(from, from)
    this.at += 1
    const to = this.bracketChar()
    if (from > to) throw new PatternError('Invalid range end')
    return range(from, to)
  }

  private bracketChar(): number {
    const char = this.chars[this.at++]
    if (char === undefined) throw new PatternError('Unmatched [')
    return char.codePointAt(0) as number
  }
}
