import { callSpecial } from './attributes.ts'
import { asRaised, EXCEPTIONS, problem, typeProblem } from './errors.ts'
import { getItem } from './items.ts'
import { Dict, SetValue } from './tables.ts'
import { characters } from './text.ts'
import { typeName } from './types.ts'
import { type Class, Instance, Iter, Range, Tuple, type Value, View } from './values.ts'

type Next = () => Value | undefined

/** Goes through a value; the result gives one after another, and `undefined` at the end. */
export function iterate(value: Value): Next {
  if (Array.isArray(value)) return walk(value)
  if (value instanceof Tuple) return walk(value.items)
  if (typeof value === 'string') return walkCharacters(characters(value))
  if (value instanceof Range) return walkRange(value)
  if (value instanceof Dict) return value.walk(([key]) => key)
  if (value instanceof SetValue) return value.walk()
  if (value instanceof View) return walkView(value)
  if (value instanceof Iter) return value.next
  if (value instanceof Instance) {
    const iterator = callSpecial(value, '__iter__')
    if (iterator !== undefined) return iteratorOf(iterator)
    if (value.of.find('__getitem__') !== undefined) return walkByIndex(value)
  }
  throw typeProblem(`'${typeName(value)}' object is not iterable`)
}

/** Whoever adds to a list while going through it comes by what was added. */
function walk(items: Value[]): Next {
  let at = 0
  return () => items[at++]
}

function walkCharacters(text: string | string[]): Next {
  let at = 0
  return () => text[at++]
}

function walkRange(range: Range): Next {
  let at = range.start
  let left = range.length
  return () => {
    if (left === 0n) return undefined
    left--
    const value = at
    at += range.step
    return value
  }
}

function walkView({ kind, dict }: View): Next {
  if (kind === 'keys') return dict.walk(([key]) => key)
  if (kind === 'values') return dict.walk(([, value]) => value)
  return dict.walk(([key, value]) => new Tuple([key, value]))
}

function iteratorOf(iterator: Value): Next {
  if (iterator instanceof Iter) return iterator.next
  if (!(iterator instanceof Instance) || iterator.of.find('__next__') === undefined) {
    throw typeProblem(`iter() returned non-iterator of type '${typeName(iterator)}'`)
  }
  return untilRaised('StopIteration', () => callSpecial(iterator, '__next__') as Value)
}

/** The old protocol: items from 0 on, until there is none. */
function walkByIndex(value: Value): Next {
  let at = 0n
  return untilRaised('IndexError', () => getItem(value, at++))
}

function untilRaised(name: string, next: () => Value): Next {
  return () => {
    try {
      return next()
    } catch (error) {
      const raised = asRaised(error)
      if (raised.value.of.isA(EXCEPTIONS.get(name) as Class)) return undefined
      throw raised
    }
  }
}

export function toArray(value: Value): Value[] {
  if (Array.isArray(value)) return [...value]
  const items: Value[] = []
  const next = iterate(value)
  for (let item = next(); item !== undefined; item = next()) items.push(item)
  return items
}

/** The iterator of a value, as `iter()` gives it. */
export function iteratorFor(value: Value): Value {
  if (value instanceof Iter) return value
  const own = callSpecial(value, '__iter__')
  if (own !== undefined) return own
  return new Iter(`${typeName(value)}_iterator`, iterate(value))
}

export function nextOf(iterator: Value): Value | undefined {
  if (iterator instanceof Iter) return iterator.next()
  if (!(iterator instanceof Instance)) throw typeProblem(`'${typeName(iterator)}' object is not an iterator`)
  return iteratorOf(iterator)()
}

export const exhausted = () => problem('StopIteration', '')
