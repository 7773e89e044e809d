/** What makes a text no program. It is found before the program begins. */
export class SyntaxProblem extends Error {
  readonly kind: 'SyntaxError' | 'IndentationError'

  constructor(message: string, kind: SyntaxProblem['kind'] = 'SyntaxError') {
    super(message)
    this.kind = kind
  }
}
