import type { Expression, Handler, Statement } from './ast.ts'
import { checkTarget } from './cursor.ts'
import { Lexer } from './lexer.ts'
import { ExpressionParser, NONE } from './parse-expressions.ts'
import { SyntaxProblem } from './syntax-problem.ts'

const AUGMENTED = ['+=', '-=', '*=', '/=', '//=', '%=', '**=', '&=', '|=', '^=', '<<=', '>>=']

/** Where a statement stands: some may stand only within a loop, some only within a function. */
interface Place {
  function: boolean
  loop: boolean
}

class Parser extends ExpressionParser {
  private place: Place = { function: false, loop: false }

  program(): Statement[] {
    const body: Statement[] = []
    while (!this.ends('end')) body.push(...this.statement())
    return body
  }

  /** The statements of one line, or one with its blocks. */
  private statement(): Statement[] {
    if (this.next.kind === 'indent') throw new SyntaxProblem('unexpected indent', 'IndentationError')
    if (this.accept('if')) return [this.conditional()]
    if (this.accept('while')) return [this.while()]
    if (this.accept('for')) return [this.for()]
    if (this.accept('try')) return [this.try()]
    if (this.sees('def') || this.sees('class') || this.sees('@')) return [this.definition()]
    const line: Statement[] = []
    do {
      line.push(this.simple())
    } while (this.accept(';') && this.next.kind !== 'newline')
    if (this.take().kind !== 'newline') throw new SyntaxProblem('invalid syntax')
    return line
  }

  private ends(kind: 'dedent' | 'end'): boolean {
    return this.next.kind === kind
  }

  private block(place: Place = this.place): Statement[] {
    this.expect(':')
    const outer = this.place
    this.place = place
    const body: Statement[] = []
    if (this.next.kind !== 'newline') body.push(...this.simpleLine())
    else {
      this.take()
      if (this.take().kind !== 'indent') throw new SyntaxProblem('expected an indented block', 'IndentationError')
      while (!this.ends('dedent')) body.push(...this.statement())
      this.take()
    }
    this.place = outer
    return body
  }

  /** What may stand behind a colon in the same line. */
  private simpleLine(): Statement[] {
    if (['if', 'while', 'for', 'try', 'def', 'class', '@'].some((word) => this.sees(word))) {
      throw new SyntaxProblem('invalid syntax')
    }
    return this.statement()
  }

  private conditional(): Statement {
    const condition = this.expression()
    const body = this.block()
    if (this.accept('elif')) return { kind: 'if', condition, body, otherwise: [this.conditional()] }
    return { kind: 'if', condition, body, otherwise: this.else() }
  }

  private else(): Statement[] {
    return this.accept('else') ? this.block() : []
  }

  private while(): Statement {
    const condition = this.expression()
    const body = this.block({ ...this.place, loop: true })
    return { kind: 'while', condition, body, otherwise: this.else() }
  }

  private for(): Statement {
    const target = this.targets()
    this.expect('in')
    const source = this.expressions()
    const body = this.block({ ...this.place, loop: true })
    return { kind: 'for', target, source, body, otherwise: this.else() }
  }

  private try(): Statement {
    const body = this.block()
    const handlers: Handler[] = []
    while (this.accept('except')) {
      if (handlers.some(({ type }) => !type)) throw new SyntaxProblem("default 'except:' must be last")
      const type = this.sees(':') ? undefined : this.expression()
      const name = this.accept('as') ? this.name() : undefined
      handlers.push({ type, name, body: this.block() })
    }
    const otherwise = handlers.length > 0 ? this.else() : []
    const last = this.accept('finally') ? this.block() : []
    if (handlers.length + last.length === 0) throw new SyntaxProblem("expected 'except' or 'finally' block")
    return { kind: 'try', body, handlers, otherwise, last }
  }

  private definition(): Statement {
    const decorators: Expression[] = []
    while (this.accept('@')) {
      decorators.push(this.expression())
      this.take()
    }
    if (this.accept('class')) {
      const name = this.name()
      let base: Expression | undefined
      if (this.accept('(') && !this.accept(')')) {
        base = this.expression()
        this.expect(')')
      }
      return { kind: 'class', name, base, body: this.block({ function: false, loop: false }), decorators }
    }
    this.expect('def')
    const name = this.name()
    this.expect('(')
    const signature = this.signature(')')
    return { kind: 'def', name, signature, body: this.block({ function: true, loop: false }), decorators }
  }

  private simple(): Statement {
    if (this.accept('pass')) return { kind: 'pass' }
    if (this.accept('break')) return this.within('loop', { kind: 'break' })
    if (this.accept('continue')) return this.within('loop', { kind: 'continue' })
    if (this.accept('return')) return this.within('function', { kind: 'return', value: this.optional() ?? NONE })
    if (this.accept('yield')) {
      const kind = this.accept('from') ? 'yield from' : 'yield'
      return this.within('function', { kind, value: this.optional() ?? NONE })
    }
    if (this.accept('raise')) return { kind: 'raise', value: this.optional() }
    if (this.accept('global')) return { kind: 'global', names: this.names() }
    if (this.accept('nonlocal')) return { kind: 'nonlocal', names: this.names() }
    if (this.accept('del')) {
      const target = this.expressions()
      checkTarget(target)
      return { kind: 'delete', targets: target.kind === 'tuple' ? target.items : [target] }
    }
    if (this.accept('assert')) {
      const condition = this.expression()
      return { kind: 'assert', condition, message: this.accept(',') ? this.expression() : undefined }
    }
    return this.assignment()
  }

  private within(what: keyof Place, statement: Statement): Statement {
    if (!this.place[what]) throw new SyntaxProblem(`'${statement.kind}' outside ${what}`)
    return statement
  }

  private optional(): Expression | undefined {
    return this.next.kind === 'newline' || this.sees(';') ? undefined : this.expressions()
  }

  private names(): string[] {
    const names = [this.name()]
    while (this.accept(',')) names.push(this.name())
    return names
  }

  private assignment(): Statement {
    const first = this.expressions()
    if (AUGMENTED.some((operator) => this.sees(operator))) {
      const operator = this.take().text.slice(0, -1)
      if (first.kind === 'tuple' || first.kind === 'list') throw new SyntaxProblem('illegal expression for augmented assignment')
      checkTarget(first)
      return { kind: 'augment', target: first, operator, value: this.expressions() }
    }
    const parts = [first]
    while (this.accept('=')) parts.push(this.expressions())
    const value = parts.pop() as Expression
    for (const target of parts) checkTarget(target)
    return parts.length === 0 ? { kind: 'expression', value } : { kind: 'assign', targets: parts, value }
  }
}

/** @throws {SyntaxProblem} the text is no program. */
export function parse(source: string): Statement[] {
  return new Parser(new Lexer(source).program()).program()
}
