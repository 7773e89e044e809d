import { Output, writeAll } from '#lib/io.ts'
import { callValue, findAttribute, getAttribute, setAttribute } from './attributes.ts'
import { EXCEPTIONS, OBJECT, problem, typeProblem, valueProblem } from './errors.ts'
import { format } from './format.ts'
import { readLine } from './input.ts'
import { lengthOf } from './items.ts'
import { exhausted, iterate, iteratorFor, nextOf, toArray } from './iteration.ts'
import { arithmetic, asInt, fixed, roundedQuotient } from './numbers.ts'
import { binary, isLess, truthy } from './operators.ts'
import { sorted } from './sorting.ts'
import { hashOf } from './tables.ts'
import { characters, repr, toText } from './text.ts'
import { BOOL, isCallable, TYPES, typeName, typeOf } from './types.ts'
import { Builtin, Class, Iter, type Keywords, Tuple, type Value } from './values.ts'
import './constructors.ts'
import './methods.ts'
import './text-methods.ts'

export const out = new Output()

type Body = (args: Value[], keywords: Keywords) => Value

/** What can be called without having been defined: its name, how many arguments it takes at least and at most, and what it does. */
const FUNCTIONS: [string, number, number, Body][] = [
  ['abs', 1, 1, ([x]) => (isLess(x as Value, 0n) ? arithmetic('-', 0n, x as Value) : arithmetic('+', x as Value, 0n)) as Value],
  ['all', 1, 1, ([items]) => everyItem(items as Value, true)],
  ['any', 1, 1, ([items]) => !everyItem(items as Value, false)],
  ['bin', 1, 1, ([x]) => based(x, 2, '0b')],
  ['callable', 1, 1, ([x]) => isCallable(x as Value)],
  ['chr', 1, 1, ([x]) => String.fromCodePoint(Number(asInt(x)))],
  ['divmod', 2, 2, ([a, b]) => new Tuple([binary('//', a as Value, b as Value), binary('%', a as Value, b as Value)])],
  ['enumerate', 1, 2, ([items, start = 0n], keywords) => enumerate(items as Value, keywords.get('start') ?? start)],
  ['filter', 2, 2, ([test, items]) => filter(test as Value, items as Value)],
  ['format', 1, 2, ([x, spec = '']) => format(x as Value, spec as string)],
  ['getattr', 2, 3, ([of, name, otherwise]) => attributeOr(of as Value, name as string, otherwise)],
  ['hasattr', 2, 2, ([of, name]) => findAttribute(of as Value, name as string) !== undefined],
  ['hash', 1, 1, ([x]) => hashOf(x as Value)],
  ['hex', 1, 1, ([x]) => based(x, 16, '0x')],
  ['input', 0, 1, ([prompt = '']) => input(toText(prompt))],
  ['isinstance', 2, 2, ([x, type]) => isInstance(typeOf(x as Value), type as Value)],
  ['issubclass', 2, 2, ([x, type]) => isInstance(x as Class, type as Value)],
  ['iter', 1, 1, ([items]) => iteratorFor(items as Value)],
  ['len', 1, 1, ([items]) => BigInt(lengthOf(items as Value))],
  ['map', 2, 99, ([f, ...sources]) => inStep('map', sources, (items) => callValue(f as Value, items))],
  ['max', 1, 99, (args, keywords) => extreme('max', args, keywords, (a, b) => isLess(b, a))],
  ['min', 1, 99, (args, keywords) => extreme('min', args, keywords, isLess)],
  ['next', 1, 2, ([iterator, otherwise]) => nextOr(iterator as Value, otherwise)],
  ['ord', 1, 1, ([x]) => codeOf(x as Value)],
  ['pow', 2, 3, ([a, b, modulus]) => power(a as Value, b as Value, modulus)],
  ['print', 0, 1e9, print],
  ['repr', 1, 1, ([x]) => repr(x as Value)],
  ['reversed', 1, 1, ([items]) => listIterator('reversed', toArray(items as Value).reverse())],
  ['round', 1, 2, ([x, digits = null]) => round(x as Value, digits)],
  ['setattr', 3, 3, ([of, name, value]) => nothing(setAttribute(of as Value, name as string, value as Value))],
  ['sorted', 1, 1, ([items], keywords) => sorted(toArray(items as Value), keywords)],
  ['sum', 1, 2, ([items, start = 0n]) => toArray(items as Value).reduce((sum, item) => binary('+', sum, item), start)],
  ['zip', 0, 99, (sources) => inStep('zip', sources, (items) => new Tuple(items))],
]

export const BUILTINS = new Map<string, Value>([
  ...FUNCTIONS.map(([name, least, most, body]) => [name, new Builtin(name, counted(name, least, most, body))] as const),
  ...[...EXCEPTIONS, ['object', OBJECT] as const],
  ...['int', 'float', 'str', 'list', 'tuple', 'dict', 'set', 'range', 'type'].map(
    (name) => [name, TYPES[name as 'int']] as const,
  ),
  ['bool', BOOL],
  ['__name__', '__main__'],
])

function counted(name: string, least: number, most: number, body: Body): Body {
  return (args, keywords) => {
    if (args.length < least || args.length > most) throw typeProblem(`${name}() got ${args.length} arguments`)
    return body(args, keywords)
  }
}

const nothing = (_: unknown) => null

function print(args: Value[], keywords: Keywords): Value {
  const [separator, end] = [keywords.get('sep') ?? ' ', keywords.get('end') ?? '\n']
  out.write(args.map(toText).join(toText(separator)) + toText(end))
  return null
}

/** What was printed must be seen before the program waits. */
function input(prompt: string): string {
  out.write(prompt)
  out.flush()
  const line = readLine()
  if (line === undefined) throw problem('EOFError', 'EOF when reading a line')
  return line
}

export function complain(line: string): void {
  out.flush()
  writeAll(2, Buffer.from(`${line}\n`))
}

function everyItem(items: Value, wanted: boolean): boolean {
  const next = iterate(items)
  for (let item = next(); item !== undefined; item = next()) if (truthy(item) !== wanted) return false
  return true
}

function based(x: Value | undefined, base: number, prefix: string): string {
  const text = asInt(x).toString(base)
  return text.startsWith('-') ? `-${prefix}${text.slice(1)}` : prefix + text
}

function enumerate(items: Value, start: Value): Value {
  let number = asInt(start)
  return inStep('enumerate', [items], ([item]) => new Tuple([number++, item as Value]))
}

/** Goes through several values at once, until one of them ends. */
function inStep(kind: string, sources: Value[], make: (items: Value[]) => Value): Iter {
  const nexts = sources.map(iterate)
  return new Iter(kind, () => {
    const items: Value[] = []
    for (const next of nexts) {
      const item = next()
      if (item === undefined) return undefined
      items.push(item)
    }
    return items.length > 0 ? make(items) : undefined
  })
}

function filter(test: Value, items: Value): Iter {
  const next = iterate(items)
  return new Iter('filter', () => {
    for (let item = next(); item !== undefined; item = next()) {
      if (truthy(test === null ? item : callValue(test, [item]))) return item
    }
    return undefined
  })
}

function listIterator(kind: string, items: Value[]): Iter {
  return new Iter(kind, iterate(items))
}

function attributeOr(of: Value, name: string, otherwise: Value | undefined): Value {
  return findAttribute(of, name) ?? (otherwise === undefined ? getAttribute(of, name) : otherwise)
}

function isInstance(type: Class, wanted: Value): boolean {
  if (wanted instanceof Tuple) return wanted.items.some((one) => isInstance(type, one))
  if (!(wanted instanceof Class)) throw typeProblem('isinstance() arg 2 must be a type or a tuple of types')
  return type.isA(wanted)
}

function nextOr(iterator: Value, otherwise: Value | undefined): Value {
  const value = nextOf(iterator) ?? otherwise
  if (value === undefined) throw exhausted()
  return value
}

function codeOf(x: Value): bigint {
  if (typeof x !== 'string') throw typeProblem(`ord() expected string of length 1, but ${typeName(x)} found`)
  if (characters(x).length !== 1) throw typeProblem('ord() expected a character')
  return BigInt(x.codePointAt(0) as number)
}

/** The smallest, or the largest, of several arguments or of the items of one; of equal ones the first. */
function extreme(name: string, args: Value[], keywords: Keywords, better: (a: Value, b: Value) => boolean): Value {
  const items = args.length === 1 ? toArray(args[0] as Value) : args
  const key = keywords.get('key') ?? null
  const otherwise = keywords.get('default')
  const keyed = items.map((item) => ({ item, by: key === null ? item : callValue(key, [item]) }))
  const [first, ...rest] = keyed
  if (first) return rest.reduce((best, one) => (better(one.by, best.by) ? one : best), first).item
  if (otherwise === undefined) throw valueProblem(`${name}() arg is an empty sequence`)
  return otherwise
}

/** A power by squaring, so that the numbers stay below the modulus. */
function power(a: Value, b: Value, modulus: Value | undefined): Value {
  if (modulus === undefined) return binary('**', a, b)
  const m = asInt(modulus)
  let result = 1n
  let square = asInt(a) % m
  for (let left = asInt(b); left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % m
    square = (square * square) % m
  }
  return arithmetic('%', result, m) as Value
}

/** The half goes to the even neighbour. */
function round(x: Value, digits: Value): Value {
  if (typeof x === 'number') {
    if (digits === null) return Number.isFinite(x) ? BigInt(fixed(x, 0)) : asIntOf(x)
    return Number(fixed(x, Number(asInt(digits))))
  }
  const whole = asInt(x)
  const places = digits === null ? 0n : asInt(digits)
  if (places >= 0n) return whole
  const unit = 10n ** -places
  return (whole < 0n ? -roundedQuotient(-whole, unit) : roundedQuotient(whole, unit)) * unit
}

const asIntOf = (x: number): Value => callValue(TYPES.int, [x])
