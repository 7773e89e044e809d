import { callSpecial } from './attributes.ts'
import { typeProblem } from './errors.ts'
import { lengthOf } from './items.ts'
import { iterate, toArray } from './iteration.ts'
import { arithmetic, asInt } from './numbers.ts'
import { Dict, SetValue } from './tables.ts'
import { typeName } from './types.ts'
import { Instance, Range, Tuple, type Value, View } from './values.ts'

export function truthy(value: Value): boolean {
  if (typeof value === 'boolean') return value
  if (value === null) return false
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string') return Boolean(value)
  if (value instanceof Instance) {
    const own = callSpecial(value, '__bool__')
    if (own !== undefined) return own === true
    return value.of.find('__len__') === undefined || lengthOf(value) > 0
  }
  const sized = Array.isArray(value) || value instanceof Tuple || value instanceof Dict || value instanceof SetValue
  return sized || value instanceof Range || value instanceof View ? lengthOf(value) > 0 : true
}

const isNumber = (value: Value): value is bigint | number | boolean =>
  typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean'

/** JavaScript compares an integer with a float exactly, as Python does. */
function sameNumber(a: bigint | number | boolean, b: bigint | number | boolean): boolean {
  return a >= b && a <= b
}

export function equal(a: Value, b: Value): boolean {
  if (isNumber(a)) return isNumber(b) ? sameNumber(a, b) : equalByMethod(b, a)
  if (a === b && !(a instanceof Instance)) return true
  if (Array.isArray(a) && Array.isArray(b)) return sameItems(a, b)
  if (a instanceof Tuple && b instanceof Tuple) return sameItems(a.items, b.items)
  if (a instanceof Dict && b instanceof Dict) return sameEntries(a, b)
  if (a instanceof SetValue && b instanceof SetValue) return a.members.size === b.members.size && isSubset(a, b)
  if (a instanceof Range && b instanceof Range) return sameItems([...rangeItems(a)], [...rangeItems(b)])
  return equalByMethod(a, b)
}

function* rangeItems(range: Range) {
  for (let at = 0n; at < range.length; at++) yield range.at(at)
}

function equalByMethod(a: Value, b: Value): boolean {
  const result = callSpecial(a, '__eq__', [b]) ?? callSpecial(b, '__eq__', [a])
  return result === undefined ? a === b : truthy(result)
}

const sameOrEqual = (a: Value, b: Value) => Object.is(a, b) || equal(a, b)

function sameItems(a: Value[], b: Value[]): boolean {
  return a.length === b.length && a.every((item, n) => sameOrEqual(item, b[n] as Value))
}

function sameEntries(a: Dict, b: Dict): boolean {
  if (a.entries.size !== b.entries.size) return false
  for (const [key, value] of a.entries.values()) {
    const other = b.get(key)
    if (other === undefined || !sameOrEqual(value, other)) return false
  }
  return true
}

export function isSubset(a: SetValue, b: SetValue): boolean {
  return [...a.members.values()].every((member) => b.has(member))
}

const METHODS: Record<string, string> = { '<': '__lt__', '<=': '__le__', '>': '__gt__', '>=': '__ge__' }
const SWAPPED: Record<string, string> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

export const isLess = (a: Value, b: Value): boolean => truthy(order('<', a, b))

/** Is it smaller, and so on: numbers, texts, sequences item by item, sets by what they contain, instances as their methods say. */
function order(operator: string, a: Value, b: Value): Value {
  if ((isNumber(a) && isNumber(b)) || (typeof a === 'string' && typeof b === 'string')) return decide(operator, a, b)
  const lists = Array.isArray(a) && Array.isArray(b) ? [a, b] : a instanceof Tuple && b instanceof Tuple ? [a.items, b.items] : []
  if (lists.length > 0) return orderItems(operator, lists[0] as Value[], lists[1] as Value[])
  if (a instanceof SetValue && b instanceof SetValue) {
    const [small, large] = operator.startsWith('<') ? [a, b] : [b, a]
    return isSubset(small, large) && (operator.endsWith('=') || small.members.size < large.members.size)
  }
  const result =
    callSpecial(a, METHODS[operator] as string, [b]) ?? callSpecial(b, METHODS[SWAPPED[operator] as string] as string, [a])
  if (result !== undefined) return result
  throw typeProblem(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`)
}

function decide<T extends bigint | number | boolean | string>(operator: string, a: T, b: T): boolean {
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  return operator === '>' ? a > b : a >= b
}

/** The first difference decides; where there is none, the length. */
function orderItems(operator: string, a: Value[], b: Value[]): Value {
  const at = a.findIndex((item, n) => n >= b.length || !sameOrEqual(item, b[n] as Value))
  if (at < 0 || at >= b.length) return decide(operator, a.length, b.length)
  return order(operator, a[at] as Value, b[at] as Value)
}

export function contains(container: Value, value: Value): boolean {
  if (typeof container === 'string') {
    if (typeof value !== 'string') throw typeProblem(`'in <string>' requires string as left operand, not ${typeName(value)}`)
    return container.includes(value)
  }
  if (container instanceof Dict) return container.get(value) !== undefined
  if (container instanceof SetValue) return container.has(value)
  if (container instanceof Range && typeof value === 'bigint') return inRange(container, value)
  if (container instanceof View && container.kind === 'keys') return container.dict.get(value) !== undefined
  const own = callSpecial(container, '__contains__', [value])
  if (own !== undefined) return truthy(own)
  const next = iterate(container)
  for (let item = next(); item !== undefined; item = next()) if (sameOrEqual(item, value)) return true
  return false
}

function inRange({ start, step, length }: Range, value: bigint): boolean {
  const index = (value - start) / step
  return index >= 0n && index < length && start + index * step === value
}

export function compare(operator: string, a: Value, b: Value): Value {
  switch (operator) {
    case '==':
      return equal(a, b)
    case '!=':
      return !equal(a, b)
    case 'is':
      return a === b
    case 'is not':
      return a !== b
    case 'in':
      return contains(b, a)
    case 'not in':
      return !contains(b, a)
    default:
      return order(operator, a, b)
  }
}

const SPECIAL: Record<string, string> = {
  '+': '__add__',
  '-': '__sub__',
  '*': '__mul__',
  '/': '__truediv__',
  '//': '__floordiv__',
  '%': '__mod__',
  '**': '__pow__',
}

export function binary(operator: string, a: Value, b: Value): Value {
  const result = arithmetic(operator, a, b) ?? onSequences(operator, a, b) ?? onSets(operator, a, b) ?? byMethod(operator, a, b)
  if (result !== undefined) return result
  throw typeProblem(`unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`)
}

function byMethod(operator: string, a: Value, b: Value): Value | undefined {
  const name = SPECIAL[operator]
  if (name === undefined) return undefined
  return callSpecial(a, name, [b]) ?? callSpecial(b, name.replace('__', '__r'), [a])
}

function onSequences(operator: string, a: Value, b: Value): Value | undefined {
  if (operator === '+') {
    if (typeof a === 'string' && typeof b === 'string') return a + b
    if (Array.isArray(a) && Array.isArray(b)) return a.concat(b)
    if (a instanceof Tuple && b instanceof Tuple) return new Tuple(a.items.concat(b.items))
  }
  if (operator !== '*') return undefined
  return repeated(a, b) ?? repeated(b, a)
}

function repeated(value: Value, count: Value): Value | undefined {
  if (typeof count !== 'bigint' && typeof count !== 'boolean') return undefined
  const times = Math.max(0, Number(asInt(count)))
  if (typeof value === 'string') return value.repeat(times)
  if (Array.isArray(value)) return repeatItems(value, times)
  return value instanceof Tuple ? new Tuple(repeatItems(value.items, times)) : undefined
}

function repeatItems(items: Value[], times: number): Value[] {
  const result: Value[] = []
  for (let n = 0; n < times; n++) for (const item of items) result.push(item)
  return result
}

function onSets(operator: string, a: Value, b: Value): Value | undefined {
  if (!(a instanceof SetValue) || !(b instanceof SetValue)) return undefined
  const [left, right] = [[...a.members.values()], [...b.members.values()]]
  if (operator === '|') return SetValue.of([...left, ...right])
  if (operator === '&') return SetValue.of(left.filter((member) => b.has(member)))
  if (operator === '-') return SetValue.of(left.filter((member) => !b.has(member)))
  if (operator === '^') {
    return SetValue.of([...left.filter((member) => !b.has(member)), ...right.filter((member) => !a.has(member))])
  }
  return undefined
}

/** `a += b`: a list is changed in place, everything else is made anew. */
export function augment(operator: string, a: Value, b: Value): Value {
  if (operator === '+' && Array.isArray(a)) {
    for (const item of toArray(b)) a.push(item)
    return a
  }
  return binary(operator, a, b)
}
