import type { Argument, Clause, Expression, Parameter, Signature } from './ast.ts'
import { Cursor, checkTarget } from './cursor.ts'
import { Lexer } from './lexer.ts'
import { FString, withoutEscapes } from './literals.ts'
import { SyntaxProblem } from './syntax-problem.ts'

/** Binary operators by how strongly they bind, the weakest first. */
const LEVELS = [['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '//', '%']]
const COMPARISONS = ['<', '<=', '>', '>=', '==', '!=', 'in', 'is', 'not']
export const NONE: Expression = { kind: 'constant', value: null }

/** Recursive descent: a method for each level of precedence. */
export class ExpressionParser extends Cursor {
  /** One expression, or several with commas between them, which make a tuple. */
  expressions(): Expression {
    const first = this.starredOr(() => this.expression())
    if (!this.sees(',')) {
      if (first.kind === 'starred') throw new SyntaxProblem("can't use starred expression here")
      return first
    }
    const items = [first]
    while (this.accept(',') && this.startsExpression()) items.push(this.starredOr(() => this.expression()))
    return { kind: 'tuple', items }
  }

  private startsExpression(): boolean {
    const { kind, text } = this.next
    if (kind === 'operator') return '([{-+~*'.includes(text)
    if (kind === 'keyword') return ['not', 'lambda', 'None', 'True', 'False'].includes(text)
    return ['name', 'integer', 'float', 'string'].includes(kind)
  }

  private starredOr(other: () => Expression): Expression {
    return this.accept('*') ? { kind: 'starred', value: this.binary(0) } : other()
  }

  expression(): Expression {
    if (this.accept('lambda')) {
      const signature = this.signature(':')
      return { kind: 'lambda', signature, body: this.expression() }
    }
    const yes = this.or()
    if (!this.accept('if')) return yes
    const condition = this.or()
    this.expect('else')
    return { kind: 'conditional', condition, yes, no: this.expression() }
  }

  /** The parameters up to what ends them, which is taken too. */
  signature(end: string): Signature {
    const signature: Signature = { parameters: [], rest: undefined, keywords: undefined, named: [] }
    let place = signature.parameters
    const seen = new Set<string>()
    const declare = () => {
      const name = this.name()
      if (seen.has(name)) throw new SyntaxProblem(`duplicate argument '${name}' in function definition`)
      seen.add(name)
      return name
    }
    while (!this.accept(end)) {
      if (signature.keywords !== undefined) throw new SyntaxProblem('arguments cannot follow var-keyword argument')
      if (this.accept('**')) signature.keywords = declare()
      else if (this.accept('*')) {
        if (place === signature.named) throw new SyntaxProblem('* argument may appear only once')
        place = signature.named
        if (!this.sees(',')) signature.rest = declare()
      } else {
        const parameter: Parameter = { name: declare(), default: this.accept('=') ? this.expression() : undefined }
        if (place === signature.parameters && place.at(-1)?.default && !parameter.default) {
          throw new SyntaxProblem('non-default argument follows default argument')
        }
        place.push(parameter)
      }
      if (!this.accept(',') && !this.sees(end)) throw new SyntaxProblem('invalid syntax')
    }
    return signature
  }

  private or(): Expression {
    let left = this.and()
    while (this.accept('or')) left = { kind: 'or', left, right: this.and() }
    return left
  }

  private and(): Expression {
    let left = this.not()
    while (this.accept('and')) left = { kind: 'and', left, right: this.not() }
    return left
  }

  private not(): Expression {
    return this.accept('not') ? { kind: 'unary', operator: 'not', operand: this.not() } : this.comparison()
  }

  private comparison(): Expression {
    const first = this.binary(0)
    const rest = []
    while (COMPARISONS.some((operator) => this.sees(operator))) {
      let operator = this.take().text
      if (operator === 'not') {
        this.expect('in')
        operator = 'not in'
      } else if (operator === 'is' && this.accept('not')) operator = 'is not'
      rest.push({ operator, operand: this.binary(0) })
    }
    return rest.length > 0 ? { kind: 'compare', first, rest } : first
  }

  binary(level: number): Expression {
    const operators = LEVELS[level]
    if (!operators) return this.unary()
    let left = this.binary(level + 1)
    while (operators.some((operator) => this.sees(operator))) {
      left = { kind: 'binary', operator: this.take().text, left, right: this.binary(level + 1) }
    }
    return left
  }

  /** A sign binds weaker than a power to its right, and stronger than one to its left: -2 ** -2 is -(2 ** (-2)). */
  private unary(): Expression {
    if (['-', '+', '~'].some((sign) => this.sees(sign))) {
      return { kind: 'unary', operator: this.take().text, operand: this.unary() }
    }
    const base = this.postfix()
    return this.accept('**') ? { kind: 'binary', operator: '**', left: base, right: this.unary() } : base
  }

  postfix(): Expression {
    let value = this.atom()
    for (;;) {
      if (this.accept('(')) value = { kind: 'call', target: value, args: this.callArguments() }
      else if (this.accept('.')) value = { kind: 'attribute', object: value, name: this.name() }
      else if (this.accept('[')) {
        value = { kind: 'index', object: value, index: this.subscript() }
        this.expect(']')
      } else return value
    }
  }

  private callArguments(): Argument[] {
    const args: Argument[] = []
    while (!this.accept(')')) {
      args.push(this.argument(args))
      if (!this.accept(',') && !this.sees(')')) throw new SyntaxProblem("'(' was never closed")
    }
    return args
  }

  private argument(before: Argument[]): Argument {
    if (this.accept('**')) return { as: '**', value: this.expression() }
    if (this.accept('*')) return { as: '*', value: this.expression() }
    const value = this.expression()
    if (this.sees('for')) return { as: undefined, value: this.comprehension('generator', value, NONE) }
    if (this.accept('=')) {
      if (value.kind !== 'name') throw new SyntaxProblem('expression cannot contain assignment')
      return { as: value.name, value: this.expression() }
    }
    if (before.some(({ as }) => as !== undefined && as !== '*')) {
      throw new SyntaxProblem('positional argument follows keyword argument')
    }
    return { as: undefined, value }
  }

  private subscript(): Expression {
    const part = () => (this.sees(':') || this.sees(']') ? NONE : this.expression())
    if (this.sees(':')) return this.slice(NONE, part)
    const first = this.expressions()
    return this.sees(':') ? this.slice(first, part) : first
  }

  private slice(start: Expression, part: () => Expression): Expression {
    this.expect(':')
    const stop = part()
    return { kind: 'slice', start, stop, step: this.accept(':') ? part() : NONE }
  }

  private atom(): Expression {
    const { kind, text } = this.next
    if (kind === 'name') return { kind: 'name', name: this.take().text }
    if (kind === 'integer') return { kind: 'constant', value: BigInt(this.take().text) }
    if (kind === 'float') return { kind: 'constant', value: Number(this.take().text) }
    if (kind === 'string') return this.strings()
    if (this.accept('None')) return NONE
    if (text === 'True' || text === 'False') return { kind: 'constant', value: this.take().text === 'True' }
    if (this.accept('(')) return this.parenthesis()
    if (this.accept('[')) return this.list()
    if (this.accept('{')) return this.braces()
    throw new SyntaxProblem('invalid syntax')
  }

  /** Strings side by side are one. */
  private strings(): Expression {
    const parts = []
    while (this.next.kind === 'string') {
      const { text, prefix = '' } = this.take()
      const raw = prefix.includes('r')
      if (prefix.includes('f')) parts.push(...new FString(text, raw, parseExpression).parts())
      else parts.push(raw ? text : withoutEscapes(text))
    }
    if (parts.every((part) => typeof part === 'string')) return { kind: 'constant', value: parts.join('') }
    return { kind: 'f-string', parts }
  }

  private parenthesis(): Expression {
    if (this.accept(')')) return { kind: 'tuple', items: [] }
    const first = this.starredOr(() => this.expression())
    if (this.sees('for')) {
      const made = this.comprehension('generator', first, NONE)
      this.expect(')')
      return made
    }
    if (this.accept(')')) {
      if (first.kind === 'starred') throw new SyntaxProblem('cannot use starred expression here')
      return first
    }
    return { kind: 'tuple', items: this.items(first, ')') }
  }

  /** The items of a display behind its first, and the bracket that ends it. */
  private items(first: Expression, end: string): Expression[] {
    const items = [first]
    while (!this.accept(end)) {
      this.expect(',')
      if (!this.sees(end)) items.push(this.starredOr(() => this.expression()))
    }
    return items
  }

  private list(): Expression {
    if (this.accept(']')) return { kind: 'list', items: [] }
    const first = this.starredOr(() => this.expression())
    if (!this.sees('for')) return { kind: 'list', items: this.items(first, ']') }
    const made = this.comprehension('list', first, NONE)
    this.expect(']')
    return made
  }

  private braces(): Expression {
    if (this.accept('}')) return { kind: 'dict', entries: [] }
    const first = this.starredOr(() => this.expression())
    if (!this.accept(':')) {
      if (!this.sees('for')) return { kind: 'set', items: this.items(first, '}') }
      const made = this.comprehension('set', first, NONE)
      this.expect('}')
      return made
    }
    const value = this.expression()
    if (this.sees('for')) {
      const made = this.comprehension('dict', first, value)
      this.expect('}')
      return made
    }
    const entries: [Expression, Expression][] = [[first, value]]
    while (!this.accept('}')) {
      this.expect(',')
      if (this.sees('}')) continue
      const key = this.expression()
      this.expect(':')
      entries.push([key, this.expression()])
    }
    return { kind: 'dict', entries }
  }

  private comprehension(makes: 'list' | 'set' | 'dict' | 'generator', element: Expression, value: Expression): Expression {
    const clauses: Clause[] = []
    while (this.accept('for')) {
      const target = this.targets()
      this.expect('in')
      const clause: Clause = { target, source: this.or(), conditions: [] }
      while (this.accept('if')) clause.conditions.push(this.or())
      clauses.push(clause)
    }
    return { kind: 'comprehension', makes, element, value, clauses }
  }

  /** What stands between `for` and `in`. */
  targets(): Expression {
    const one = () => this.starredOr(() => this.postfix())
    const first = one()
    const items = [first]
    let several = false
    while (this.accept(',')) {
      several = true
      if (!this.sees('in')) items.push(one())
    }
    const target: Expression = several ? { kind: 'tuple', items } : first
    checkTarget(target)
    return target
  }
}

function parseExpression(source: string): Expression {
  const parser = new ExpressionParser(new Lexer(source).expression())
  const value = parser.expressions()
  if (parser.next.kind !== 'end') throw new SyntaxProblem('f-string: invalid syntax')
  return value
}
