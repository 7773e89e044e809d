import { OBJECT } from './errors.ts'
import { Dict, SetValue } from './tables.ts'
import {
  Bound,
  Builtin,
  Callable,
  Class,
  Func,
  Instance,
  Iter,
  type Keywords,
  Range,
  Slice,
  Tuple,
  type Value,
  View,
} from './values.ts'

const builtinClass = (name: string, base: Class = OBJECT) => new Class(name, base, true)

/** The types that the language itself has; their methods, and how they are made, come from elsewhere. */
export const TYPES = {
  NoneType: builtinClass('NoneType'),
  int: builtinClass('int'),
  float: builtinClass('float'),
  str: builtinClass('str'),
  list: builtinClass('list'),
  tuple: builtinClass('tuple'),
  dict: builtinClass('dict'),
  set: builtinClass('set'),
  range: builtinClass('range'),
  slice: builtinClass('slice'),
  type: builtinClass('type'),
  function: builtinClass('function'),
  method: builtinClass('method'),
  builtin: builtinClass('builtin_function_or_method'),
}
/** A truth value is an integer, too. */
export const BOOL = builtinClass('bool', TYPES.int)

const others = new Map<string, Class>()

function other(name: string): Class {
  const known = others.get(name) ?? builtinClass(name)
  others.set(name, known)
  return known
}

export function typeOf(value: Value): Class {
  if (typeof value === 'string') return TYPES.str
  if (typeof value === 'bigint') return TYPES.int
  if (typeof value === 'number') return TYPES.float
  if (typeof value === 'boolean') return BOOL
  if (value === null) return TYPES.NoneType
  if (Array.isArray(value)) return TYPES.list
  if (value instanceof Instance) return value.of
  if (value instanceof Tuple) return TYPES.tuple
  if (value instanceof Dict) return TYPES.dict
  if (value instanceof SetValue) return TYPES.set
  if (value instanceof Range) return TYPES.range
  if (value instanceof Slice) return TYPES.slice
  if (value instanceof View) return other(`dict_${value.kind}`)
  if (value instanceof Iter) return other(value.kind)
  return typeOfCallable(value)
}

function typeOfCallable(value: Callable): Class {
  if (value instanceof Class) return TYPES.type
  if (value instanceof Func) return TYPES.function
  return value instanceof Bound ? TYPES.method : TYPES.builtin
}

export const typeName = (value: Value): string => typeOf(value).name

/** Gives a type its methods. */
export function define(type: Class, methods: Record<string, (self: never, args: Value[], keywords: Keywords) => Value>): void {
  for (const [name, method] of Object.entries(methods)) {
    type.attributes.set(name, new Builtin(name, ([self, ...args], keywords) => method(self as never, args, keywords)))
  }
}

export const isCallable = (value: Value): boolean =>
  value instanceof Callable || (value instanceof Instance && value.of.find('__call__') !== undefined)
