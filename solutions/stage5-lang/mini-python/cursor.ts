import type { Expression } from './ast.ts'
import type { Token } from './lexer.ts'
import { SyntaxProblem } from './syntax-problem.ts'

/** Tokens in a row, and where the parser stands among them. */
export class Cursor {
  private readonly tokens: Token[]
  private at = 0

  constructor(tokens: Token[]) {
    this.tokens = tokens
  }

  get next(): Token {
    return this.tokens[this.at] as Token
  }

  take(): Token {
    return this.tokens[this.at++] as Token
  }

  sees(text: string): boolean {
    return this.next.text === text && (this.next.kind === 'operator' || this.next.kind === 'keyword')
  }

  accept(text: string): boolean {
    if (!this.sees(text)) return false
    this.at++
    return true
  }

  expect(text: string): void {
    if (!this.accept(text)) throw new SyntaxProblem(`expected '${text}'`)
  }

  name(): string {
    if (this.next.kind !== 'name') throw new SyntaxProblem('invalid syntax')
    return this.take().text
  }
}

/** @throws {SyntaxProblem} nothing can be assigned to it. */
export function checkTarget(target: Expression): void {
  if (target.kind === 'tuple' || target.kind === 'list') {
    for (const item of target.items) checkTarget(item.kind === 'starred' ? item.value : item)
    if (target.items.filter((item) => item.kind === 'starred').length > 1) {
      throw new SyntaxProblem('multiple starred expressions in assignment')
    }
  } else if (target.kind !== 'name' && target.kind !== 'attribute' && target.kind !== 'index') {
    throw new SyntaxProblem(`cannot assign to ${target.kind}`)
  }
}
