import type { Argument, Expression, Field, Signature } from './ast.ts'
import { callMethod, callValue, getAttribute } from './attributes.ts'
import { problem, typeProblem } from './errors.ts'
import { format } from './format.ts'
import { type Code, Frame, oneDeeper } from './frame.ts'
import { Binder, compileDefaults } from './functions.ts'
import { getItem } from './items.ts'
import { toArray } from './iteration.ts'
import { asInt, negate } from './numbers.ts'
import { binary, compare, truthy } from './operators.ts'
import { Scope } from './scope.ts'
import { Dict, SetValue } from './tables.ts'
import { repr, toText } from './text.ts'
import { type Class, Func, type Keywords, Slice, Super, Tuple, type Value } from './values.ts'

/** Turns each expression into a function of JavaScript that evaluates it: what can be decided once is decided here, and not each time round a loop. */
export abstract class ExpressionCompiler {
  protected readonly globals: (Value | undefined)[]
  private readonly builtins: Map<string, Value>

  constructor(globals: (Value | undefined)[], builtins: Map<string, Value>) {
    this.globals = globals
    this.builtins = builtins
  }

  protected abstract comprehension(made: Extract<Expression, { kind: 'comprehension' }>, scope: Scope): Code

  expression(node: Expression, scope: Scope): Code {
    switch (node.kind) {
      case 'constant': {
        const { value } = node
        return () => value
      }
      case 'name':
        return this.name(node.name, scope)
      case 'f-string':
        return this.text(node.parts, scope)
      case 'list':
        return this.items(node.items, scope)
      case 'tuple': {
        const items = this.items(node.items, scope)
        return (frame) => new Tuple(items(frame))
      }
      case 'set': {
        const items = this.items(node.items, scope)
        return (frame) => SetValue.of(items(frame))
      }
      case 'dict':
        return this.dict(node.entries, scope)
      case 'comprehension':
        return this.comprehension(node, scope)
      case 'unary':
        return this.unary(node.operator, this.expression(node.operand, scope))
      case 'binary': {
        const { operator } = node
        const [left, right] = [this.expression(node.left, scope), this.expression(node.right, scope)]
        return (frame) => binary(operator, left(frame), right(frame))
      }
      case 'compare':
        return this.compare(node, scope)
      case 'and':
      case 'or': {
        const decided = node.kind === 'or'
        const [left, right] = [this.expression(node.left, scope), this.expression(node.right, scope)]
        return (frame) => {
          const value = left(frame)
          return truthy(value) === decided ? value : right(frame)
        }
      }
      case 'conditional': {
        const [condition, yes, no] = [node.condition, node.yes, node.no].map((part) => this.expression(part, scope)) as [
          Code,
          Code,
          Code,
        ]
        return (frame) => (truthy(condition(frame)) ? yes(frame) : no(frame))
      }
      case 'lambda': {
        const inner = new Scope('function', scope)
        inner.declareParameters(node.signature)
        const body = this.expression(node.body, inner)
        return this.function('<lambda>', node.signature, inner, scope, body)
      }
      case 'call':
        return this.call(node.target, node.args, scope)
      case 'attribute': {
        const { name } = node
        const object = this.expression(node.object, scope)
        return (frame) => getAttribute(object(frame), name)
      }
      case 'index': {
        const [object, index] = [this.expression(node.object, scope), this.expression(node.index, scope)]
        return (frame) => getItem(object(frame), index(frame))
      }
      case 'slice': {
        const [start, stop, step] = [node.start, node.stop, node.step].map((part) => this.expression(part, scope)) as [
          Code,
          Code,
          Code,
        ]
        return (frame) => new Slice(start(frame), stop(frame), step(frame))
      }
      case 'starred':
        throw new Error('a starred expression stands within others only')
    }
  }

  private name(name: string, scope: Scope): Code {
    const place = scope.find(name)
    const { slot } = place
    if (place.kind === 'local') {
      return (frame) => {
        const value = frame.slots[slot]
        if (value === undefined)
          throw problem('UnboundLocalError', `cannot access local variable '${name}' where it is not associated with a value`)
        return value
      }
    }
    if (place.kind === 'outer') {
      const { hops } = place
      return (frame) => {
        const value = frame.up(hops).slots[slot]
        if (value === undefined)
          throw problem(
            'NameError',
            `cannot access free variable '${name}' where it is not associated with a value in enclosing scope`,
          )
        return value
      }
    }
    const { globals } = this
    const builtin = this.builtins.get(name)
    return () => {
      const own = globals[slot]
      const value = own === undefined ? builtin : own
      if (value === undefined) throw problem('NameError', `name '${name}' is not defined`)
      return value
    }
  }

  private text(parts: (string | Field)[], scope: Scope): (frame: Frame) => string {
    const codes = parts.map((part) => (typeof part === 'string' ? () => part : this.field(part, scope)))
    return (frame) => codes.map((code) => code(frame)).join('')
  }

  private field({ value, conversion, format: spec }: Field, scope: Scope): (frame: Frame) => string {
    const [code, specCode] = [this.expression(value, scope), this.text(spec, scope)]
    return (frame) => {
      const found = code(frame)
      return format(conversion === 'r' ? repr(found) : conversion === 's' ? toText(found) : found, specCode(frame))
    }
  }

  private items(nodes: Expression[], scope: Scope): (frame: Frame) => Value[] {
    const parts = nodes.map((node) => ({
      spread: node.kind === 'starred',
      code: this.expression(node.kind === 'starred' ? node.value : node, scope),
    }))
    if (parts.every(({ spread }) => !spread)) return (frame) => parts.map(({ code }) => code(frame))
    return (frame) => parts.flatMap(({ spread, code }) => (spread ? toArray(code(frame)) : [code(frame)]))
  }

  private dict(entries: [Expression, Expression][], scope: Scope): Code {
    const codes = entries.map(([key, value]) => [this.expression(key, scope), this.expression(value, scope)] as const)
    return (frame) => {
      const dict = new Dict()
      for (const [key, value] of codes) dict.set(key(frame), value(frame))
      return dict
    }
  }

  private unary(operator: string, operand: Code): Code {
    if (operator === 'not') return (frame) => !truthy(operand(frame))
    if (operator === '~') return (frame) => ~asInt(operand(frame))
    if (operator === '+') return (frame) => negate(negate(operand(frame)))
    return (frame) => negate(operand(frame))
  }

  /** `a < b < c` is `a < b and b < c`, with b evaluated once. */
  private compare(node: Extract<Expression, { kind: 'compare' }>, scope: Scope): Code {
    const first = this.expression(node.first, scope)
    const rest = node.rest.map(({ operator, operand }) => ({ operator, operand: this.expression(operand, scope) }))
    return (frame) => {
      let left = first(frame)
      let result: Value = true
      for (const { operator, operand } of rest) {
        const right = operand(frame)
        result = compare(operator, left, right)
        if (!truthy(result)) return result
        left = right
      }
      return result
    }
  }

  private call(target: Expression, args: Argument[], scope: Scope): Code {
    if (target.kind === 'name' && target.name === 'super' && args.length === 0) return this.super(scope)
    const given = this.arguments(args, scope)
    if (target.kind === 'attribute') {
      const { name } = target
      const object = this.expression(target.object, scope)
      return (frame) => {
        const value = object(frame)
        const { values, keywords } = given(frame)
        return callMethod(value, name, values, keywords)
      }
    }
    const callee = this.expression(target, scope)
    return (frame) => {
      const value = callee(frame)
      const { values, keywords } = given(frame)
      return callValue(value, values, keywords)
    }
  }

  private arguments(args: Argument[], scope: Scope): (frame: Frame) => { values: Value[]; keywords: Keywords | undefined } {
    const parts = args.map(({ as, value }) => ({ as, code: this.expression(value, scope) }))
    if (parts.every(({ as }) => as === undefined)) {
      return (frame) => ({ values: parts.map(({ code }) => code(frame)), keywords: undefined })
    }
    return (frame) => {
      const values: Value[] = []
      const keywords: Keywords = new Map()
      for (const { as, code } of parts) {
        const value = code(frame)
        if (as === undefined) values.push(value)
        else if (as === '*') values.push(...toArray(value))
        else if (as === '**') spread(value, keywords)
        else addKeyword(keywords, as, value)
      }
      return { values, keywords }
    }
  }

  /** The methods of the class above the one that this method stands in. */
  private super(scope: Scope): Code {
    let hops = 0
    let method: Scope | undefined = scope
    while (method && method.outer?.kind !== 'class') {
      method = method.outer
      hops++
    }
    return (frame) => {
      const { func, slots } = frame.up(method ? hops : 0)
      if (!func?.owner) throw problem('RuntimeError', 'super(): no arguments')
      return new Super(slots[0] as Value, func.owner.base as Class)
    }
  }

  /** Code that makes a function each time it is run: with the variables around it as they are then. */
  protected function(name: string, signature: Signature, inner: Scope, outer: Scope, body: Code): Code {
    const binder = new Binder(name, signature)
    const makeDefaults = compileDefaults(signature, ({ default: node }) => node && this.expression(node, outer))
    return (definedIn) => {
      const defaults = makeDefaults(definedIn)
      return new Func(name, (self, args, keywords) => {
        const frame = new Frame(definedIn, self, inner.slots.size)
        binder.bind(frame.slots, args, keywords, defaults)
        return oneDeeper(() => body(frame))
      })
    }
  }
}

function addKeyword(keywords: Keywords, name: string, value: Value): void {
  if (keywords.has(name)) throw typeProblem(`got multiple values for keyword argument '${name}'`)
  keywords.set(name, value)
}

function spread(value: Value, keywords: Keywords): void {
  if (!(value instanceof Dict)) throw typeProblem('argument after ** must be a mapping')
  for (const [key, item] of value.entries.values()) addKeyword(keywords, key as string, item)
}
