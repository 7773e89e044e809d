import { callSpecial } from './attributes.ts'
import { EXCEPTIONS, problem, Raised, typeProblem, valueProblem } from './errors.ts'
import { toArray } from './iteration.ts'
import { asInt } from './numbers.ts'
import { Dict, SetValue } from './tables.ts'
import { characters } from './text.ts'
import { typeName } from './types.ts'
import { type Class, type Instance, Range, Slice, Tuple, type Value, View } from './values.ts'

export function lengthOf(value: Value): number {
  if (Array.isArray(value)) return value.length
  if (typeof value === 'string') return characters(value).length
  if (value instanceof Tuple) return value.items.length
  if (value instanceof Dict) return value.entries.size
  if (value instanceof SetValue) return value.members.size
  if (value instanceof View) return value.dict.entries.size
  if (value instanceof Range) return Number(value.length)
  const own = callSpecial(value, '__len__')
  if (own === undefined) throw typeProblem(`object of type '${typeName(value)}' has no len()`)
  return Number(asInt(own))
}

/** The place in a sequence that an index means: a negative one counts from the end. */
function placeOf(index: Value, length: number, what: string): number {
  if (typeof index !== 'bigint' && typeof index !== 'boolean') {
    throw typeProblem(`${what} indices must be integers or slices, not ${typeName(index)}`)
  }
  const number = Number(index)
  const place = number < 0 ? number + length : number
  if (place < 0 || place >= length) throw problem('IndexError', `${what} index out of range`)
  return place
}

export function missingKey(key: Value): Raised {
  return new Raised((EXCEPTIONS.get('KeyError') as Class).call([key]) as Instance)
}

export function getItem(value: Value, index: Value): Value {
  if (value instanceof Dict) {
    const found = value.get(index)
    if (found === undefined) throw missingKey(index)
    return found
  }
  const special = callSpecial(value, '__getitem__', [index])
  if (special !== undefined) return special
  if (value instanceof Range && !(index instanceof Slice)) {
    return value.at(BigInt(placeOf(index, Number(value.length), 'range object')))
  }
  const text = typeof value === 'string' ? characters(value) : undefined
  const items = text ?? (value instanceof Tuple ? value.items : value)
  if (typeof items !== 'string' && !Array.isArray(items)) throw typeProblem(`'${typeName(value)}' object is not subscriptable`)
  if (!(index instanceof Slice)) return items[placeOf(index, items.length, typeName(value))] as Value
  const picked = placesOf(index, items.length).map((place) => items[place] as Value)
  if (text !== undefined) return picked.join('')
  return value instanceof Tuple ? new Tuple(picked) : picked
}

export function setItem(value: Value, index: Value, to: Value): void {
  if (value instanceof Dict) value.set(index, to)
  else if (Array.isArray(value)) {
    if (index instanceof Slice) setSlice(value, index, toArray(to))
    else value[placeOf(index, value.length, 'list assignment')] = to
  } else if (callSpecial(value, '__setitem__', [index, to]) === undefined) {
    throw typeProblem(`'${typeName(value)}' object does not support item assignment`)
  }
}

export function deleteItem(value: Value, index: Value): void {
  if (value instanceof Dict) {
    if (!value.delete(index)) throw missingKey(index)
  } else if (Array.isArray(value)) {
    const places = index instanceof Slice ? placesOf(index, value.length) : [placeOf(index, value.length, 'list assignment')]
    const gone = new Set(places)
    const kept = value.filter((_, place) => !gone.has(place))
    value.length = 0
    for (const item of kept) value.push(item)
  } else if (callSpecial(value, '__delitem__', [index]) === undefined) {
    throw typeProblem(`'${typeName(value)}' object doesn't support item deletion`)
  }
}

/** Where a slice begins, ends and how it goes, within a sequence of this length. */
function boundsOf(slice: Slice, length: number): { start: number; stop: number; step: number } {
  const step = slice.step === null ? 1 : Number(asInt(slice.step))
  if (step === 0) throw valueProblem('slice step cannot be zero')
  const [first, last] = step > 0 ? [0, length] : [-1, length - 1]
  const bound = (given: Value, otherwise: number) => {
    if (given === null) return otherwise
    const number = Number(asInt(given))
    return Math.min(Math.max(number < 0 ? number + length : number, first), last)
  }
  return { start: bound(slice.start, step > 0 ? first : last), stop: bound(slice.stop, step > 0 ? last : first), step }
}

function placesOf(slice: Slice, length: number): number[] {
  const { start, stop, step } = boundsOf(slice, length)
  const places: number[] = []
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) places.push(at)
  return places
}

function setSlice(list: Value[], slice: Slice, items: Value[]): void {
  if (slice.step === null) {
    const { start, stop } = boundsOf(slice, list.length)
    const rest = list.slice(Math.max(start, stop))
    list.length = start
    for (const item of items) list.push(item)
    for (const item of rest) list.push(item)
    return
  }
  const places = placesOf(slice, list.length)
  if (places.length !== items.length) {
    throw valueProblem(`attempt to assign sequence of size ${items.length} to extended slice of size ${places.length}`)
  }
  for (const [n, place] of places.entries()) list[place] = items[n] as Value
}
