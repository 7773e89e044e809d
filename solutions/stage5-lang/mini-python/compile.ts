import type { Expression, Statement } from './ast.ts'
import { callValue, deleteAttribute, getAttribute, setAttribute } from './attributes.ts'
import { ExpressionCompiler } from './compile-expressions.ts'
import { EXCEPTION, EXCEPTIONS, OBJECT, problem, Raised, typeProblem, valueProblem } from './errors.ts'
import { type Assign, BREAK, CONTINUE, type Code, Frame, handling, NORMAL, RETURN, type Step } from './frame.ts'
import { deleteItem, getItem, setItem } from './items.ts'
import { iterate, toArray } from './iteration.ts'
import { augment, truthy } from './operators.ts'
import { Scope } from './scope.ts'
import { Class, Func, Instance, type Value } from './values.ts'

/** Statements that contain no others. */
export abstract class StatementCompiler extends ExpressionCompiler {
  protected abstract definition(node: Extract<Statement, { kind: 'def' }>, scope: Scope): Code
  abstract block(statements: Statement[], scope: Scope): Step

  protected simple(node: Statement, scope: Scope): Step {
    switch (node.kind) {
      case 'expression': {
        const value = this.expression(node.value, scope)
        return does((frame) => value(frame))
      }
      case 'assign': {
        const value = this.expression(node.value, scope)
        const assigns = node.targets.map((target) => this.assign(target, scope))
        return does((frame) => {
          const given = value(frame)
          for (const assign of assigns) assign(frame, given)
        })
      }
      case 'augment':
        return does(this.augment(node, scope))
      case 'delete': {
        const deletes = node.targets.map((target) => this.delete(target, scope))
        return does((frame) => {
          for (const remove of deletes) remove(frame)
        })
      }
      case 'break':
        return () => BREAK
      case 'continue':
        return () => CONTINUE
      case 'return': {
        const value = this.expression(node.value, scope)
        return (frame) => {
          frame.result = value(frame)
          return RETURN
        }
      }
      case 'raise':
        return this.raise(node.value && this.expression(node.value, scope))
      case 'assert':
        return this.assert(this.expression(node.condition, scope), node.message && this.expression(node.message, scope))
      case 'def': {
        const [assign, code] = [this.assign({ kind: 'name', name: node.name }, scope), this.definition(node, scope)]
        return does(this.decorated(node.decorators, scope, code, assign))
      }
      case 'class': {
        const [assign, code] = [this.assign({ kind: 'name', name: node.name }, scope), this.class(node, scope)]
        return does(this.decorated(node.decorators, scope, code, assign))
      }
      default:
        return () => NORMAL
    }
  }

  private decorated(decorators: Expression[], scope: Scope, code: Code, assign: Assign): (frame: Frame) => void {
    const codes = decorators.map((decorator) => this.expression(decorator, scope))
    return (frame) => {
      const functions = codes.map((decorator) => decorator(frame))
      assign(
        frame,
        functions.reduceRight((made, decorate) => callValue(decorate, [made]), code(frame)),
      )
    }
  }

  protected assign(target: Expression, scope: Scope): Assign {
    switch (target.kind) {
      case 'name':
        return this.assignName(target.name, scope)
      case 'attribute': {
        const { name } = target
        const object = this.expression(target.object, scope)
        return (frame, value) => setAttribute(object(frame), name, value)
      }
      case 'index': {
        const [object, index] = [this.expression(target.object, scope), this.expression(target.index, scope)]
        return (frame, value) => setItem(object(frame), index(frame), value)
      }
      default:
        return this.unpack((target as Extract<Expression, { items: Expression[] }>).items, scope)
    }
  }

  /** To `undefined`: the name is bound to nothing any more. */
  protected assignName(name: string, scope: Scope): (frame: Frame, value: Value | undefined) => void {
    const place = scope.find(name)
    const { slot } = place
    if (place.kind === 'global') {
      const { globals } = this
      return (_, value) => {
        globals[slot] = value
      }
    }
    const { hops } = place
    return (frame, value) => {
      frame.up(hops).slots[slot] = value
    }
  }

  /** One target may have a star: it takes what is left over. */
  private unpack(items: Expression[], scope: Scope): Assign {
    const star = items.findIndex(({ kind }) => kind === 'starred')
    const assigns = items.map((item) => this.assign(item.kind === 'starred' ? item.value : item, scope))
    const least = star < 0 ? items.length : items.length - 1
    return (frame, value) => {
      const values = toArray(value)
      if (values.length < least) throw valueProblem(`not enough values to unpack (expected ${least}, got ${values.length})`)
      if (star < 0 && values.length > least) throw valueProblem(`too many values to unpack (expected ${least})`)
      if (star >= 0) values.splice(star, 0, values.splice(star, values.length - least))
      for (const [n, assign] of assigns.entries()) assign(frame, values[n] as Value)
    }
  }

  /** What is left of the operator is evaluated once. */
  private augment({ target, operator, value }: Extract<Statement, { kind: 'augment' }>, scope: Scope): (frame: Frame) => void {
    const right = this.expression(value, scope)
    if (target.kind === 'attribute') {
      const { name } = target
      const object = this.expression(target.object, scope)
      return (frame) => {
        const of = object(frame)
        setAttribute(of, name, augment(operator, getAttribute(of, name), right(frame)))
      }
    }
    if (target.kind === 'index') {
      const [object, index] = [this.expression(target.object, scope), this.expression(target.index, scope)]
      return (frame) => {
        const [of, at] = [object(frame), index(frame)]
        setItem(of, at, augment(operator, getItem(of, at), right(frame)))
      }
    }
    const [left, assign] = [this.expression(target, scope), this.assign(target, scope)]
    return (frame) => assign(frame, augment(operator, left(frame), right(frame)))
  }

  private delete(target: Expression, scope: Scope): (frame: Frame) => void {
    if (target.kind === 'attribute') {
      const object = this.expression(target.object, scope)
      return (frame) => deleteAttribute(object(frame), target.name)
    }
    if (target.kind === 'index') {
      const [object, index] = [this.expression(target.object, scope), this.expression(target.index, scope)]
      return (frame) => deleteItem(object(frame), index(frame))
    }
    const read = this.expression(target, scope)
    const assign = this.assignName((target as Extract<Expression, { kind: 'name' }>).name, scope)
    return (frame) => {
      read(frame)
      assign(frame, undefined)
    }
  }

  private raise(code: Code | undefined): Step {
    return (frame) => {
      if (code) throw new Raised(exceptionOf(code(frame)))
      throw handling.at(-1) ?? problem('RuntimeError', 'No active exception to reraise')
    }
  }

  private assert(condition: Code, message: Code | undefined): Step {
    return does((frame) => {
      if (truthy(condition(frame))) return
      throw new Raised((EXCEPTIONS.get('AssertionError') as Class).call(message ? [message(frame)] : []) as Instance)
    })
  }

  private class(node: Extract<Statement, { kind: 'class' }>, scope: Scope): Code {
    const base = node.base && this.expression(node.base, scope)
    const inner = new Scope('class', scope)
    inner.collect(node.body)
    const body = this.block(node.body, inner)
    return (frame) => {
      const above = base?.(frame) ?? OBJECT
      if (!(above instanceof Class)) throw typeProblem('the base of a class must be a class')
      const made = new Class(node.name, above)
      const own = new Frame(frame, undefined, inner.slots.size)
      body(own)
      for (const [name, slot] of inner.slots) {
        const value = own.slots[slot]
        if (value === undefined) continue
        made.attributes.set(name, value)
        if (value instanceof Func) value.owner ??= made
      }
      return made
    }
  }

  protected loopOver(target: Expression, source: Expression, scope: Scope) {
    const [assign, code] = [this.assign(target, scope), this.expression(source, scope)]
    return (frame: Frame) => {
      const next = iterate(code(frame))
      return () => {
        const value = next()
        if (value !== undefined) assign(frame, value)
        return value !== undefined
      }
    }
  }
}

export function does(what: (frame: Frame) => unknown): Step {
  return (frame) => {
    what(frame)
    return NORMAL
  }
}

/** A class stands for an instance of it without arguments. */
function exceptionOf(value: Value): Instance {
  const made = value instanceof Class && value.isA(EXCEPTION) ? value.call([]) : value
  if (!(made instanceof Instance) || !made.of.isA(EXCEPTION)) throw typeProblem('exceptions must derive from BaseException')
  return made
}
