import type { Statement } from './ast.ts'
import { Compiler, choose, type Of } from './compiler.ts'
import { asRaised, EXCEPTIONS, problem, type Raised } from './errors.ts'
import { BREAK, type Code, type Frame, NORMAL, oneDeeper, RETURN } from './frame.ts'
import { iterate } from './iteration.ts'
import { truthy } from './operators.ts'
import type { Scope } from './scope.ts'
import { type Class, Iter, type Value } from './values.ts'

/** A statement with a `yield` in it: it stops there, and goes on when the next value is asked for. */
type Pausing = (frame: Frame) => Generator<Value, number>

/** Functions with `yield`: the statements that contain others once more, as generators of JavaScript. */
export class GeneratorCompiler extends Compiler {
  protected override body(statements: Statement[], scope: Scope): Code {
    return statements.some(yields) ? this.generatorBody(statements, scope) : super.body(statements, scope)
  }

  private generatorBody(statements: Statement[], scope: Scope): Code {
    const pausing = this.pausingBlock(statements, scope)
    return (frame) => {
      const running = pausing(frame)
      return new Iter('generator', () => oneDeeper(() => nextOf(running)))
    }
  }

  private pausingBlock(statements: Statement[], scope: Scope): Pausing {
    const steps = statements.map((node) => (yields(node) ? this.pausing(node, scope) : this.unpaused(node, scope)))
    return function* (frame) {
      for (const step of steps) {
        const signal = yield* step(frame)
        if (signal !== NORMAL) return signal
      }
      return NORMAL
    }
  }

  private unpaused(node: Statement, scope: Scope): Pausing {
    const step = this.statement(node, scope)
    // biome-ignore lint/correctness/useYield: it stands among those that do
    return function* (frame) {
      return step(frame)
    }
  }

  private pausing(node: Statement, scope: Scope): Pausing {
    if (node.kind === 'yield') {
      const value = this.expression(node.value, scope)
      return function* (frame) {
        yield value(frame)
        return NORMAL
      }
    }
    if (node.kind === 'yield from') {
      const source = this.expression(node.value, scope)
      return function* (frame) {
        const next = iterate(source(frame))
        for (let value = next(); value !== undefined; value = next()) yield value
        return NORMAL
      }
    }
    if (node.kind === 'if') {
      const condition = this.expression(node.condition, scope)
      const [yes, no] = [this.pausingBlock(node.body, scope), this.pausingBlock(node.otherwise, scope)]
      return (frame) => (truthy(condition(frame)) ? yes(frame) : no(frame))
    }
    return node.kind === 'try' ? this.pausingTry(node, scope) : this.pausingLoop(node as Of<'while' | 'for'>, scope)
  }

  private pausingLoop(node: Of<'while' | 'for'>, scope: Scope): Pausing {
    const rounds = this.rounds(node, scope)
    const [body, otherwise] = [this.pausingBlock(node.body, scope), this.pausingBlock(node.otherwise, scope)]
    return function* (frame) {
      const again = rounds(frame)
      while (again()) {
        const signal = yield* body(frame)
        if (signal === BREAK) return NORMAL
        if (signal === RETURN) return signal
      }
      return yield* otherwise(frame)
    }
  }

  private pausingTry(node: Of<'try'>, scope: Scope): Pausing {
    const [body, otherwise, last] = [node.body, node.otherwise, node.last].map((part) => this.pausingBlock(part, scope)) as [
      Pausing,
      Pausing,
      Pausing,
    ]
    const handlers = node.handlers.map((handler) => this.handler(handler, scope, this.pausingBlock(handler.body, scope)))
    return function* (frame) {
      let signal = NORMAL
      try {
        signal = yield* attempt(frame)
      } catch (error) {
        const own = yield* last(frame)
        if (own !== NORMAL) return own
        throw error
      }
      const own = yield* last(frame)
      return own === NORMAL ? signal : own
    }

    function* attempt(frame: Frame): Generator<Value, number> {
      let signal = NORMAL
      try {
        signal = yield* body(frame)
      } catch (error) {
        const handler = choose(handlers, frame, asRaised(error))
        try {
          return yield* handler.body(frame)
        } finally {
          handler.end(frame)
        }
      }
      return signal === NORMAL ? yield* otherwise(frame) : signal
    }
  }
}

/** Whether a statement pauses; what functions within it do is their own business. */
function yields(node: Statement): boolean {
  switch (node.kind) {
    case 'yield':
    case 'yield from':
      return true
    case 'if':
    case 'while':
    case 'for':
      return [...node.body, ...node.otherwise].some(yields)
    case 'try':
      return [node.body, ...node.handlers.map(({ body }) => body), node.otherwise, node.last].flat().some(yields)
    default:
      return false
  }
}

/** A StopIteration that comes out of a generator by mistake must not look like its end. */
function nextOf(running: Generator<Value, number>): Value | undefined {
  try {
    const { done, value } = running.next()
    return done ? undefined : (value as Value)
  } catch (error) {
    const raised: Raised = asRaised(error)
    if (raised.value.of.isA(EXCEPTIONS.get('StopIteration') as Class))
      throw problem('RuntimeError', 'generator raised StopIteration')
    throw raised
  }
}
