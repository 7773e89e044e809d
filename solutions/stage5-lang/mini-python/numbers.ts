import { problem, typeProblem, valueProblem } from './errors.ts'
import type { Value } from './values.ts'

const SAFE = BigInt(Number.MAX_SAFE_INTEGER)
/** Bits that a quotient must have so that rounding it to the 53 of a float rounds it right. */
const ENOUGH = 66

const isInt = (value: Value): value is bigint | boolean => typeof value === 'bigint' || typeof value === 'boolean'
const isNumber = (value: Value): value is bigint | boolean | number => isInt(value) || typeof value === 'number'

/** @throws {Raised} the integer is larger than any float. */
export function toFloat(value: bigint | boolean | number): number {
  const float = Number(value)
  if (typeof value === 'bigint' && !Number.isFinite(float)) throw problem('OverflowError', 'int too large to convert to float')
  return float
}

/** Division rounds towards the floor, so that the remainder has the sign of the divisor. */
function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

const modulo = (a: bigint, b: bigint) => a - floorDivide(a, b) * b

function floatModulo(a: number, b: number): number {
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 !== b < 0 ? rest + b : rest
}

function floatFloorDivide(a: number, b: number): number {
  const quotient = (a - floatModulo(a, b)) / b
  return Math.round(quotient)
}

/** The float that is nearest to a quotient of integers of any size. */
function divide(a: bigint, b: bigint): number {
  const [top, bottom] = [a < 0n ? -a : a, b < 0n ? -b : b]
  if (top <= SAFE && bottom <= SAFE) return Number(a) / Number(b)
  const shift = Math.max(0, bottom.toString(2).length - top.toString(2).length + ENOUGH)
  const shifted = top << BigInt(shift)
  // What is cut off must still count when it is rounded.
  const quotient = (shifted / bottom) | (shifted % bottom === 0n ? 0n : 1n)
  const size = toFloat(quotient) / 2 ** shift
  return a < 0n !== b < 0n ? -size : size
}

function power(a: bigint, b: bigint): Value {
  if (b >= 0n) return a ** b
  if (a === 0n) throw problem('ZeroDivisionError', '0.0 cannot be raised to a negative power')
  return Number(a) ** Number(b)
}

function floatPower(a: number, b: number): number {
  if (a === 0 && b < 0) throw problem('ZeroDivisionError', '0.0 cannot be raised to a negative power')
  if (a < 0 && Number.isFinite(b) && !Number.isInteger(b)) throw valueProblem('a negative number has no such power')
  const result = a ** b
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) {
    throw problem('OverflowError', 'Numerical result out of range')
  }
  return result
}

function shiftBy(count: bigint): bigint {
  if (count < 0n) throw valueProblem('negative shift count')
  return count
}

const ON_INTS: Record<string, (a: bigint, b: bigint) => Value> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': divide,
  '//': floorDivide,
  '%': modulo,
  '**': power,
  '<<': (a, b) => a << shiftBy(b),
  '>>': (a, b) => a >> shiftBy(b),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
}

const ON_FLOATS: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': floatFloorDivide,
  '%': floatModulo,
  '**': floatPower,
}

/** @returns undefined if these are not both numbers, or the operator is not for them. */
export function arithmetic(operator: string, a: Value, b: Value): Value | undefined {
  if (!isNumber(a) || !isNumber(b)) return undefined
  if ((operator === '/' || operator === '//' || operator === '%') && Number(b) === 0) {
    throw problem('ZeroDivisionError', 'division by zero')
  }
  if (isInt(a) && isInt(b)) {
    const result = ON_INTS[operator]?.(BigInt(a), BigInt(b))
    const logical = typeof a === 'boolean' && typeof b === 'boolean' && '&|^'.includes(operator)
    return logical ? Boolean(result) : result
  }
  return ON_FLOATS[operator]?.(toFloat(a), toFloat(b))
}

export function negate(value: Value): Value {
  if (isInt(value)) return -BigInt(value)
  if (typeof value === 'number') return -value
  throw typeProblem('bad operand type for unary -')
}

/** The value as an integer, where one is needed: an index, a count. */
export function asInt(value: Value | undefined): bigint {
  if (value === undefined || !isInt(value)) throw typeProblem('an integer is required')
  return BigInt(value)
}

/** The integer in front of a float's point. */
export function truncate(value: number): bigint {
  if (Number.isNaN(value)) throw valueProblem('cannot convert float NaN to integer')
  if (!Number.isFinite(value)) throw problem('OverflowError', 'cannot convert float infinity to integer')
  return BigInt(Math.trunc(value))
}

/** The shortest digits that give the same float again, with an exponent where the number is very large or very small. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (Object.is(value, -0)) return '-0.0'
  const [digits = '', exponentText = ''] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 16) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  // JavaScript writes numbers below 1e-6 with an exponent; Python does not down to 1e-4, so here plain text is the same.
  const text = String(value)
  return text.includes('.') ? text : `${text}.0`
}

/** A float with so many digits behind the point, or with so many zeros before it; what lies exactly in the middle goes to the even neighbour. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return floatText(value)
  const scale = 10n ** BigInt(Math.abs(digits))
  let bits = 0n
  let whole = Math.abs(value)
  while (!Number.isInteger(whole)) {
    whole *= 2
    bits++
  }
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  if (digits < 0) return `${sign}${roundedQuotient(BigInt(whole), scale << bits) * scale}`
  const text = String(roundedQuotient(BigInt(whole) * scale, 1n << bits)).padStart(digits + 1, '0')
  const point = text.length - digits
  return sign + (digits > 0 ? `${text.slice(0, point)}.${text.slice(point)}` : text)
}

/** Both positive; the half goes to the even side. */
export function roundedQuotient(top: bigint, bottom: bigint): bigint {
  const quotient = top / bottom
  const twice = (top % bottom) * 2n
  return twice > bottom || (twice === bottom && quotient % 2n === 1n) ? quotient + 1n : quotient
}
