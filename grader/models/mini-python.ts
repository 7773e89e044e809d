/** A model of the part of Python that random programs are made of: each piece of such a program is a text, and knows what it does. */

export type Value = bigint | boolean | string | Value[] | Map<string, Value> | Thing

/** What random programs only call, or ask for a field: a function, an instance. */
export interface Thing {
  fields: Map<string, Value>
  call(args: Value[]): Value
}

/** What a program raises. */
export class PythonError extends Error {
  readonly type: string

  constructor(type: string, message = '') {
    super(message)
    this.type = type
  }
}

/** The program does more than a test should: it is not used. */
export class TooMuch extends Error {}

const MOST_STEPS = 4000
const LARGEST = 1n << 1500n
const LONGEST = 200

/** What all of a program shares: what it printed, and how long it may go on. */
export class World {
  readonly printed: string[] = []
  private steps = 0

  step(): void {
    if (++this.steps > MOST_STEPS) throw new TooMuch()
  }
}

/** The variables of one call. A program never uses a name in two functions, so that names need no rules here. */
export class Names {
  readonly world: World
  private readonly outer: Names | undefined
  private readonly values = new Map<string, Value>()

  constructor(world: World, outer?: Names) {
    this.world = world
    this.outer = outer
  }

  get(name: string): Value {
    const value = this.values.get(name) ?? this.outer?.get(name)
    // Something that made it was left out of the program: that is no program to run.
    if (value === undefined) throw new TooMuch()
    return value
  }

  set(name: string, value: Value): void {
    this.values.set(name, kept(value))
  }

  /** Where `global` or `nonlocal` says that the name is somebody else's. */
  setOuter(name: string, value: Value): void {
    if (!this.outer || this.values.has(name)) this.set(name, value)
    else this.outer.setOuter(name, value)
  }
}

/** @throws {TooMuch} nobody wants to read that. */
export function kept<T extends Value>(value: T): T {
  if (typeof value === 'bigint' && (value > LARGEST || value < -LARGEST)) throw new TooMuch()
  if ((typeof value === 'string' || Array.isArray(value)) && value.length > LONGEST) throw new TooMuch()
  return value
}

export const isTrue = (value: Value): boolean => {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0
  return value instanceof Map ? value.size > 0 : Boolean(value)
}

export function repr(value: Value): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return `'${value.replaceAll('\n', '\\n')}'`
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`
  throw new TooMuch()
}

export const str = (value: Value): string => (typeof value === 'string' ? value : repr(value))

export const sizeOf = (value: Value): bigint => BigInt(value instanceof Map ? value.size : (value as string).length)

export function largestOf(list: Value): bigint {
  const items = list as bigint[]
  if (items.length === 0) throw new PythonError('ValueError')
  return items.reduce((a, b) => (b > a ? b : a))
}

/** Rounds down, where the division of a bigint rounds towards zero. */
export function floorDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new PythonError('ZeroDivisionError')
  const down = a % b !== 0n && a < 0n !== b < 0n
  return a / b - (down ? 1n : 0n)
}

export const modulo = (a: bigint, b: bigint): bigint => a - floorDivide(a, b) * b

export function at<T>(items: ArrayLike<T>, index: bigint): T {
  const place = Number(index < 0n ? index + BigInt(items.length) : index)
  if (place < 0 || place >= items.length) throw new PythonError('IndexError')
  return items[place] as T
}

/** The items that a slice takes, by going through all places that it might name. */
export function slice<T>(items: ArrayLike<T>, start: bigint | undefined, stop: bigint | undefined, step: bigint): T[] {
  const length = BigInt(items.length)
  const clip = (given: bigint | undefined, otherwise: bigint) => {
    if (given === undefined) return otherwise
    const place = given < 0n ? given + length : given
    const [low, high] = step > 0n ? [0n, length] : [-1n, length - 1n]
    return place < low ? low : place > high ? high : place
  }
  const [from, to] = step > 0n ? [clip(start, 0n), clip(stop, length)] : [clip(start, length - 1n), clip(stop, -1n)]
  const taken: T[] = []
  for (let place = from; step > 0n ? place < to : place > to; place += step) taken.push(items[Number(place)] as T)
  return taken
}

/** What a statement came to. */
export type Signal = 'next' | 'break' | 'continue' | { result: Value }

export interface Statement {
  /** Without the margin of where it stands. */
  lines: string[]
  run(names: Names): Signal
}

export function runAll(statements: Statement[], names: Names): Signal {
  for (const statement of statements) {
    names.world.step()
    const signal = statement.run(names)
    if (signal !== 'next') return signal
  }
  return 'next'
}

export const textOf = (statements: Statement[]): string =>
  statements.flatMap(({ lines }) => lines.map((line) => `${line}\n`)).join('')

export interface Outcome {
  stdout: string
  /** What ended it, if an exception did. */
  error?: PythonError
}

/** What a program does. @returns undefined for a program that does too much. */
export function outcomeOf(statements: Statement[]): Outcome | undefined {
  const world = new World()
  const stdout = () => world.printed.map((line) => `${line}\n`).join('')
  try {
    runAll(statements, new Names(world))
    return { stdout: stdout() }
  } catch (error) {
    if (error instanceof PythonError) return { stdout: stdout(), error }
    if (error instanceof TooMuch || error instanceof RangeError) return undefined
    throw error
  }
}
