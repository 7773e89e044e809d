import type { Expression, Handler, Statement } from './ast.ts'
import { StatementCompiler } from './compile.ts'
import { asRaised, EXCEPTION, type Raised, typeProblem } from './errors.ts'
import { BREAK, type Code, Frame, handling, NORMAL, RETURN, type Step } from './frame.ts'
import { iterate } from './iteration.ts'
import { truthy } from './operators.ts'
import { Scope } from './scope.ts'
import { Dict, SetValue } from './tables.ts'
import { Class, Iter, Tuple, type Value } from './values.ts'

export type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>

/** Statements that contain others, and comprehensions. */
export class Compiler extends StatementCompiler {
  block(statements: Statement[], scope: Scope): Step {
    const steps = statements.map((statement) => this.statement(statement, scope))
    return (frame) => {
      for (const step of steps) {
        const signal = step(frame)
        if (signal !== NORMAL) return signal
      }
      return NORMAL
    }
  }

  protected statement(node: Statement, scope: Scope): Step {
    if (node.kind === 'if') return this.if(node, scope)
    if (node.kind === 'while' || node.kind === 'for') return this.loop(node, scope)
    return node.kind === 'try' ? this.try(node, scope) : this.simple(node, scope)
  }

  private if(node: Of<'if'>, scope: Scope): Step {
    const condition = this.expression(node.condition, scope)
    const [yes, no] = [this.block(node.body, scope), this.block(node.otherwise, scope)]
    return (frame) => (truthy(condition(frame)) ? yes(frame) : no(frame))
  }

  /** What begins a loop: the result tells each time whether to go round once more. */
  protected rounds(node: Of<'while' | 'for'>, scope: Scope): (frame: Frame) => () => boolean {
    if (node.kind === 'for') return this.loopOver(node.target, node.source, scope)
    const condition = this.expression(node.condition, scope)
    return (frame) => () => truthy(condition(frame))
  }

  private loop(node: Of<'while' | 'for'>, scope: Scope): Step {
    const rounds = this.rounds(node, scope)
    const [body, otherwise] = [this.block(node.body, scope), this.block(node.otherwise, scope)]
    return (frame) => {
      const again = rounds(frame)
      while (again()) {
        const signal = body(frame)
        if (signal === BREAK) return NORMAL
        if (signal === RETURN) return signal
      }
      return otherwise(frame)
    }
  }

  private try(node: Of<'try'>, scope: Scope): Step {
    const [body, otherwise, last] = [node.body, node.otherwise, node.last].map((part) => this.block(part, scope)) as [
      Step,
      Step,
      Step,
    ]
    const handlers = node.handlers.map((handler) => this.handler(handler, scope, this.block(handler.body, scope)))
    return (frame) => {
      let signal = NORMAL
      try {
        signal = attempt(frame)
      } catch (error) {
        // A `return` or `break` in the last part makes the exception be forgotten.
        const own = last(frame)
        if (own !== NORMAL) return own
        throw error
      }
      const own = last(frame)
      return own === NORMAL ? signal : own
    }

    function attempt(frame: Frame): number {
      let signal = NORMAL
      try {
        signal = body(frame)
      } catch (error) {
        const handler = choose(handlers, frame, asRaised(error))
        try {
          return handler.body(frame)
        } finally {
          handler.end(frame)
        }
      }
      return signal === NORMAL ? otherwise(frame) : signal
    }
  }

  /** @param body of the handler, in whichever form. */
  protected handler<Body>({ type, name }: Handler, scope: Scope, body: Body): Ready<Body> {
    const code = type && this.expression(type, scope)
    const set = name === undefined ? () => {} : this.assignName(name, scope)
    return {
      takes: (frame, raised) => !code || matches(code(frame), raised),
      begin(frame, raised) {
        handling.push(raised)
        set(frame, raised.value)
      },
      body,
      end(frame) {
        handling.pop()
        set(frame, undefined)
      },
    }
  }

  protected definition(node: Of<'def'>, scope: Scope): Code {
    const inner = new Scope('function', scope)
    inner.declareParameters(node.signature)
    inner.collect(node.body)
    return this.function(node.name, node.signature, inner, scope, this.body(node.body, inner))
  }

  protected body(statements: Statement[], scope: Scope): Code {
    const step = this.block(statements, scope)
    return (frame) => (step(frame) === RETURN ? frame.result : null)
  }

  protected comprehension(node: Extract<Expression, { kind: 'comprehension' }>, scope: Scope): Code {
    const inner = new Scope('comprehension', scope)
    for (const { target } of node.clauses) inner.bindTarget(target)
    const [element, value] = [this.expression(node.element, inner), this.expression(node.value, inner)]
    const clauses = node.clauses.map(({ target, source, conditions }, n) => ({
      assign: this.assign(target, inner),
      // The first source belongs to the world outside.
      source: this.expression(source, n === 0 ? scope : inner),
      conditions: conditions.map((condition) => this.expression(condition, inner)),
    }))
    /** Stops once for each element, with the variables as they are then. */
    function* rounds(frame: Frame, next: () => Value | undefined, n = 0): Generator<undefined> {
      const { assign, conditions } = clauses[n] as (typeof clauses)[number]
      const deeper = clauses[n + 1]
      for (let item = next(); item !== undefined; item = next()) {
        assign(frame, item)
        if (!conditions.every((condition) => truthy(condition(frame)))) continue
        if (deeper) yield* rounds(frame, iterate(deeper.source(frame)), n + 1)
        else yield
      }
    }
    return (outer) => {
      const frame = new Frame(outer, outer.func, inner.slots.size)
      const going = rounds(frame, iterate((clauses[0] as (typeof clauses)[number]).source(outer)))
      if (node.makes === 'generator') {
        return new Iter('generator', () => (going.next().done ? undefined : element(frame)))
      }
      if (node.makes === 'dict') {
        const dict = new Dict()
        for (const _ of going) dict.set(element(frame), value(frame))
        return dict
      }
      const items: Value[] = []
      for (const _ of going) items.push(element(frame))
      return node.makes === 'list' ? items : SetValue.of(items)
    }
  }
}

/** A handler of exceptions, ready to run. */
export interface Ready<Body> {
  takes(frame: Frame, raised: Raised): boolean
  begin(frame: Frame, raised: Raised): void
  body: Body
  end(frame: Frame): void
}

/** The first handler that is for this exception, begun. @throws {Raised} there is none. */
export function choose<Body>(handlers: Ready<Body>[], frame: Frame, raised: Raised): Ready<Body> {
  const chosen = handlers.find((handler) => handler.takes(frame, raised))
  if (!chosen) throw raised
  chosen.begin(frame, raised)
  return chosen
}

/** Is it of this class, or of one of these? */
function matches(type: Value, raised: Raised): boolean {
  if (type instanceof Tuple) return type.items.some((one) => matches(one, raised))
  if (!(type instanceof Class) || !type.isA(EXCEPTION)) {
    throw typeProblem('catching classes that do not inherit from BaseException is not allowed')
  }
  return raised.value.of.isA(type)
}
