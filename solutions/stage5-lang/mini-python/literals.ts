import type { Expression, Field } from './ast.ts'
import { SyntaxProblem } from './syntax-problem.ts'

const SIMPLE: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
}

/** What the backslashes in a string stand for. One that means nothing stays as it is. */
export function withoutEscapes(body: string): string {
  return body.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g,
    (all, two?: string, four?: string, eight?: string, simple?: string) => {
      const code = two ?? four ?? eight
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
      return SIMPLE[simple as string] ?? all
    },
  )
}

/** Takes an f-string apart: text and fields in turn. */
export class FString {
  private readonly body: string
  private readonly raw: boolean
  private readonly parse: (source: string) => Expression
  private at = 0

  constructor(body: string, raw: boolean, parse: (source: string) => Expression) {
    this.body = body
    this.raw = raw
    this.parse = parse
  }

  /** @param inFormat within the part of a field behind its colon, which a brace ends. */
  parts(inFormat = false): (string | Field)[] {
    const parts: (string | Field)[] = []
    let text = ''
    const endText = () => {
      if (text) parts.push(this.raw ? text : withoutEscapes(text))
      text = ''
    }
    while (this.at < this.body.length) {
      const character = this.body[this.at] as string
      const twice = this.body[this.at + 1] === character
      if (character === '}' && inFormat) break
      if (character === '{' && !twice) {
        endText()
        parts.push(this.field())
        continue
      }
      if (character === '}' && !twice) throw new SyntaxProblem("f-string: single '}' is not allowed")
      text += character
      this.at += character === '{' || character === '}' ? 2 : 1
    }
    endText()
    return parts
  }

  private field(): Field {
    const start = ++this.at
    const end = this.endOfExpression()
    const source = this.body.slice(start, end)
    if (source.trim() === '') throw new SyntaxProblem('f-string: empty expression not allowed')
    this.at = end
    let conversion = ''
    if (this.body[this.at] === '!') {
      conversion = this.body[this.at + 1] ?? ''
      if (conversion !== 'r' && conversion !== 's') throw new SyntaxProblem('f-string: invalid conversion character')
      this.at += 2
    }
    let format: Field['format'] = []
    if (this.body[this.at] === ':') {
      this.at++
      format = this.parts(true)
    }
    if (this.body[this.at] !== '}') throw new SyntaxProblem("f-string: expecting '}'")
    this.at++
    return { value: this.parse(source), conversion, format }
  }

  /** The place of the `}`, `:` or `!` that is not within brackets or quotes of the expression itself. */
  private endOfExpression(): number {
    let depth = 0
    let quote = ''
    for (let at = this.at; at < this.body.length; at++) {
      const character = this.body[at] as string
      if (quote) {
        if (character === quote) quote = ''
      } else if (character === "'" || character === '"') quote = character
      else if ('([{'.includes(character)) depth++
      else if (depth > 0) {
        if (')]}'.includes(character)) depth--
      } else if (character === '}' || character === ':' || (character === '!' && this.body[at + 1] !== '=')) return at
    }
    throw new SyntaxProblem("f-string: expecting '}'")
  }
}
