import { problem, typeProblem } from './errors.ts'
import { typeName, typeOf } from './types.ts'
import { Bound, Builtin, Callable, Class, Func, Instance, type Keywords, Super, type Value } from './values.ts'

const bind = (self: Value, found: Value): Value =>
  found instanceof Func || found instanceof Builtin ? new Bound(self, found) : found

/** What stands behind the dot: of the value itself, or of its class; a function from there gets the value as its first argument. */
export function findAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof Super) {
    const found = value.of.find(name)
    return found === undefined ? undefined : bind(value.self, found)
  }
  if (value instanceof Instance) {
    const own = value.attributes.get(name)
    if (own !== undefined) return own
    if (name === '__class__') return value.of
  }
  if (value instanceof Class) {
    const found = value.find(name)
    if (found !== undefined) return found
  }
  if (name === '__name__' && value instanceof Callable) return value.name
  const found = typeOf(value).find(name)
  return found === undefined ? undefined : bind(value, found)
}

export function getAttribute(value: Value, name: string): Value {
  const found = findAttribute(value, name)
  if (found === undefined) throw problem('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`)
  return found
}

export function setAttribute(value: Value, name: string, to: Value): void {
  if (!(value instanceof Instance) && !(value instanceof Class && !value.builtin)) {
    throw problem('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`)
  }
  value.attributes.set(name, to)
}

export function deleteAttribute(value: Value, name: string): void {
  const there = value instanceof Instance && value.attributes.delete(name)
  if (!there) throw problem('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`)
}

export function callValue(target: Value, args: Value[], keywords?: Keywords): Value {
  if (target instanceof Callable) return target.call(args, keywords)
  const result = callSpecial(target, '__call__', args, keywords)
  if (result === undefined) throw typeProblem(`'${typeName(target)}' object is not callable`)
  return result
}

/** `value.name(…)`, without a bound method in between. */
export function callMethod(value: Value, name: string, args: Value[], keywords?: Keywords): Value {
  if (value instanceof Instance && !(value instanceof Super) && !value.attributes.has(name)) {
    const found = value.of.find(name)
    if (found instanceof Func) return found.call([value, ...args], keywords)
  }
  return callValue(getAttribute(value, name), args, keywords)
}

/** Calls a method that the language itself asks for, such as `__len__`. @returns undefined if the value has none. */
export function callSpecial(value: Value, name: string, args: Value[] = [], keywords?: Keywords): Value | undefined {
  if (!(value instanceof Instance)) return undefined
  const method = value.of.find(name)
  return method instanceof Callable ? method.call([value, ...args], keywords) : undefined
}
