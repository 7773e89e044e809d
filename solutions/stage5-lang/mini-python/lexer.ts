import { SyntaxProblem } from './syntax-problem.ts'

/** `text` is a name, a keyword or an operator as it stands; of a string it is the body without its quotes. */
export interface Token {
  kind: 'name' | 'keyword' | 'integer' | 'float' | 'string' | 'operator' | 'newline' | 'indent' | 'dedent' | 'end'
  text: string
  /** The letters before a string, in lower case. */
  prefix?: string
}

const KEYWORDS = new Set(
  'False None True and as assert break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
)
const OPERATORS =
  /(?:\*\*=|\/\/=|>>=|<<=|\*\*|\/\/|<<|>>|<=|>=|==|!=|->|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|[-+*/%&|^~<>()[\]{},:.;=@])/y
const NUMBER = /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)/y
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy
const STRING = /([rRfF]{0,2})("""|'''|"|')/y
const BLANKS = /[ \t\f]*/y

/** Cuts a program into tokens. The margin becomes tokens too: `indent` where it grows, a `dedent` for each block that it ends. */
export class Lexer {
  private readonly source: string
  private at = 0
  private readonly tokens: Token[] = []
  /** The margins of the blocks that are open. */
  private readonly margins = [0]
  /** How many brackets are open: between them a newline means nothing. */
  private readonly open: string[] = []

  constructor(source: string) {
    this.source = source.replace(/\r\n?/g, '\n')
  }

  /** All tokens of a program. */
  program(): Token[] {
    while (this.at < this.source.length) this.line()
    if (this.open.length > 0) throw new SyntaxProblem(`'${this.open.at(-1)}' was never closed`)
    this.margin(0)
    this.push('end', '')
    return this.tokens
  }

  /** The tokens of one expression between the braces of an f-string. */
  expression(): Token[] {
    this.open.push('{')
    while (this.at < this.source.length) this.token()
    this.push('end', '')
    return this.tokens
  }

  private push(kind: Token['kind'], text: string): void {
    this.tokens.push({ kind, text })
  }

  /** A logical line: it goes on over a newline within brackets, in a long string, or behind a backslash. */
  private line(): void {
    const [blanks = ''] = this.match(BLANKS) ?? []
    if (this.source[this.at] === '#') this.comment()
    if (this.source[this.at] === '\n') {
      this.at++
      return
    }
    if (this.at >= this.source.length) return
    this.margin(blanks.length)
    while (this.at < this.source.length) {
      if (this.source[this.at] === '\n' && this.open.length === 0) break
      this.token()
    }
    this.at++
    this.push('newline', '\n')
  }

  private margin(width: number): void {
    if (width > (this.margins.at(-1) as number)) {
      this.margins.push(width)
      this.push('indent', '')
    }
    while (width < (this.margins.at(-1) as number)) {
      this.margins.pop()
      this.push('dedent', '')
    }
    if (width !== this.margins.at(-1)) {
      throw new SyntaxProblem('unindent does not match any outer indentation level', 'IndentationError')
    }
  }

  private token(): void {
    if (this.match(BLANKS)?.[0]) return
    const character = this.source[this.at]
    if (character === '#') this.comment()
    else if (character === '\n') this.at++
    else if (character === '\\') this.continuation()
    else if (!this.string() && !this.number() && !this.name()) this.operator()
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.source)
    if (found) this.at += found[0].length
    return found
  }

  private comment(): void {
    const end = this.source.indexOf('\n', this.at)
    this.at = end < 0 ? this.source.length : end
  }

  private continuation(): void {
    if (this.source[this.at + 1] !== '\n') throw new SyntaxProblem('unexpected character after line continuation character')
    this.at += 2
  }

  private string(): boolean {
    const found = this.match(STRING)
    if (!found) return false
    const [, prefix = '', quote = ''] = found
    const start = this.at
    while (!this.source.startsWith(quote, this.at)) {
      const character = this.source[this.at]
      if (character === undefined || (character === '\n' && quote.length === 1)) {
        throw new SyntaxProblem('unterminated string literal')
      }
      this.at += character === '\\' ? 2 : 1
    }
    this.tokens.push({ kind: 'string', text: this.source.slice(start, this.at), prefix: prefix.toLowerCase() })
    this.at += quote.length
    return true
  }

  private number(): boolean {
    const text = this.match(NUMBER)?.[0]
    if (text === undefined) return false
    const digits = text.replaceAll('_', '')
    const whole = /^(?:\d+|0[xob].*)$/i.test(digits)
    if (/^\w/.test(this.source.slice(this.at, this.at + 1)) || (whole && /^0+[1-9]/.test(digits))) {
      throw new SyntaxProblem('invalid decimal literal')
    }
    this.push(whole ? 'integer' : 'float', digits)
    return true
  }

  private name(): boolean {
    const text = this.match(NAME)?.[0]
    if (text === undefined) return false
    this.push(KEYWORDS.has(text) ? 'keyword' : 'name', text)
    return true
  }

  private operator(): void {
    const text = this.match(OPERATORS)?.[0]
    if (text === undefined) throw new SyntaxProblem(`invalid character '${this.source[this.at]}'`)
    if ('([{'.includes(text)) this.open.push(text)
    if (')]}'.includes(text) && '([{'.indexOf(this.open.pop() ?? '?') !== ')]}'.indexOf(text)) {
      throw new SyntaxProblem(`unmatched '${text}'`)
    }
    this.push('operator', text)
  }
}
