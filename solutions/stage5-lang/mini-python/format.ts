import { typeProblem, valueProblem } from './errors.ts'
import { fixed, toFloat } from './numbers.ts'
import { characters, toText } from './text.ts'
import { typeName } from './types.ts'
import { Instance, type Value } from './values.ts'

const SPEC = /^(?:(.)?([<>^=]))?([-+ ])?(0)?(\d+)?(,)?(?:\.(\d+))?([a-zA-Z%])?$/su
const BASES: Record<string, number> = { b: 2, o: 8, x: 16, X: 16 }

/** `format(value, spec)`: `[[fill]align][sign][0][width][,][.digits][type]`. */
export function format(value: Value, spec: string): string {
  if (spec === '') return toText(value)
  const found = SPEC.exec(spec)
  if (!found) throw valueProblem('Invalid format specifier')
  const [, givenFill, givenAlign, sign = '-', zero, width = '0', comma, digits, type] = found
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') {
    const body = numberText(value, type, digits, comma)
    const [minus, magnitude] = body.startsWith('-') ? ['-', body.slice(1)] : [sign === '-' ? '' : sign, body]
    const align = givenAlign ?? (zero ? '=' : '>')
    const fill = givenFill ?? (zero ? '0' : ' ')
    const missing = Math.max(0, Number(width) - minus.length - magnitude.length)
    return align === '=' ? minus + fill.repeat(missing) + magnitude : pad(minus + magnitude, missing, align, fill)
  }
  if (typeof value !== 'string') throw unsupported(value)
  if (type !== undefined && type !== 's') throw valueProblem(`Unknown format code '${type}' for object of type 'str'`)
  const text = digits === undefined ? value : Array.from(characters(value)).slice(0, Number(digits)).join('')
  const missing = Math.max(0, Number(width) - characters(text).length)
  return pad(text, missing, givenAlign ?? '<', givenFill ?? (zero ? '0' : ' '))
}

const unsupported = (value: Value) => {
  const name = value instanceof Instance ? value.of.name : typeName(value)
  return typeProblem(`unsupported format string passed to ${name}.__format__`)
}

export function pad(text: string, missing: number, align: string, fill: string): string {
  if (align === '<') return text + fill.repeat(missing)
  if (align === '>') return fill.repeat(missing) + text
  const left = Math.floor(missing / 2)
  return fill.repeat(left) + text + fill.repeat(missing - left)
}

function numberText(
  value: bigint | number | boolean,
  type: string | undefined,
  digits: string | undefined,
  comma: string | undefined,
): string {
  const float = typeof value === 'number'
  if (type === 'f' || type === '%') {
    const number = toFloat(value)
    const text = fixed(type === '%' ? number * 100 : number, Number(digits ?? 6))
    return grouped(text, comma) + (type === '%' ? '%' : '')
  }
  if (float) {
    if (type !== undefined || digits !== undefined) throw valueProblem(`Unknown format code '${type}' for object of type 'float'`)
    return grouped(toText(value), comma)
  }
  if (type !== undefined && type !== 'd' && BASES[type] === undefined) {
    throw valueProblem(`Unknown format code '${type}' for object of type 'int'`)
  }
  if (digits !== undefined) throw valueProblem('Precision not allowed in integer format specifier')
  const text = BigInt(value).toString(BASES[type ?? 'd'] ?? 10)
  return grouped(type === 'X' ? text.toUpperCase() : text, comma)
}

/** A comma before each three digits of the whole part. */
function grouped(text: string, comma: string | undefined): string {
  return comma ? text.replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ',')) : text
}
