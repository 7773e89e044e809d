import { callSpecial } from './attributes.ts'
import { typeProblem, valueProblem } from './errors.ts'
import { toArray } from './iteration.ts'
import { asInt, toFloat, truncate } from './numbers.ts'
import { truthy } from './operators.ts'
import { Dict, SetValue } from './tables.ts'
import { repr, toText } from './text.ts'
import { BOOL, TYPES, typeName, typeOf } from './types.ts'
import { Range, Tuple, type Value } from './values.ts'

const items = (source: Value | undefined) => (source === undefined ? [] : toArray(source))

TYPES.int.make = ([value = 0n, base]) => toInt(value, base)
TYPES.float.make = ([value = 0]) => toFloatValue(value)
TYPES.str.make = ([value = '']) => toText(value)
BOOL.make = ([value = false]) => truthy(value)
TYPES.list.make = ([source]) => items(source)
TYPES.tuple.make = ([source]) => (source instanceof Tuple ? source : new Tuple(items(source)))
TYPES.set.make = ([source]) => SetValue.of(items(source))
TYPES.dict.make = ([source], keywords) => {
  const dict = new Dict()
  fill(dict, source)
  for (const [name, value] of keywords) dict.set(name, value)
  return dict
}
TYPES.range.make = (args) => {
  const numbers = args.map(asInt)
  const [start, stop, step = 1n] = numbers.length === 1 ? [0n, numbers[0]] : numbers
  if (start === undefined || stop === undefined) throw typeProblem('range expected at least 1 argument, got 0')
  if (step === 0n) throw valueProblem('range() arg 3 must not be zero')
  return new Range(start, stop, step)
}
TYPES.type.make = ([value = null]) => typeOf(value)

/** Takes over the entries of another dict, or pairs. */
export function fill(dict: Dict, source: Value | undefined): void {
  if (source instanceof Dict) for (const [key, value] of source.entries.values()) dict.set(key, value)
  else {
    for (const pair of items(source)) {
      const [key, value, ...more] = toArray(pair)
      if (key === undefined || value === undefined || more.length > 0) {
        throw valueProblem('dictionary update sequence element has the wrong length; 2 is required')
      }
      dict.set(key, value)
    }
  }
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

function toInt(value: Value, base: Value | undefined): Value {
  if (typeof value === 'bigint' || typeof value === 'boolean') return BigInt(value)
  if (typeof value === 'number') return truncate(value)
  if (typeof value !== 'string') {
    const own = callSpecial(value, '__int__')
    if (own === undefined) throw typeProblem(`int() argument must be a string or a real number, not '${typeName(value)}'`)
    return own
  }
  const radix = base === undefined ? 10 : Number(asInt(base))
  const wrong = valueProblem(`invalid literal for int() with base ${radix}: ${repr(value)}`)
  const text = value.trim().toLowerCase()
  const digits = text.replace(/^[-+]/, '')
  if (!/^[\da-z]+(_[\da-z]+)*$/.test(digits)) throw wrong
  const plain = digits.replaceAll('_', '')
  if ([...plain].some((digit) => DIGITS.indexOf(digit) >= radix)) throw wrong
  const size =
    radix === 10 ? BigInt(plain) : [...plain].reduce((sum, digit) => sum * BigInt(radix) + BigInt(DIGITS.indexOf(digit)), 0n)
  return text.startsWith('-') ? -size : size
}

const FLOAT = /^[-+]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i

function toFloatValue(value: Value): Value {
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return toFloat(value)
  if (typeof value !== 'string') throw typeProblem(`float() argument must be a string or a real number, not '${typeName(value)}'`)
  const text = value.trim()
  const special = /^([-+]?)(inf|infinity|nan)$/i.exec(text)
  if (special) return special[2]?.toLowerCase() === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity
  if (!FLOAT.test(text)) throw valueProblem(`could not convert string to float: ${repr(value)}`)
  return Number(text.replaceAll('_', ''))
}
