import type { Dict, SetValue } from './tables.ts'

/**
 * What a program works with. An integer is a bigint, whatever its size, and a float is a number: so the two never get mixed up, though 1 and 1.0 look
 * alike. A list is an array.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Value[]
  | Tuple
  | Dict
  | SetValue
  | View
  | Range
  | Slice
  | Callable
  | Instance
  | Iter

export type Keywords = Map<string, Value>

export class Tuple {
  readonly items: Value[]

  constructor(items: Value[]) {
    this.items = items
  }
}

/** Keys, values or items of a dict, as they are at the moment. */
export class View {
  readonly kind: 'keys' | 'values' | 'items'
  readonly dict: Dict

  constructor(kind: View['kind'], dict: Dict) {
    this.kind = kind
    this.dict = dict
  }
}

export class Range {
  readonly start: bigint
  readonly stop: bigint
  readonly step: bigint
  readonly length: bigint

  constructor(start: bigint, stop: bigint, step: bigint) {
    this.start = start
    this.stop = stop
    this.step = step
    const distance = step > 0n ? stop - start : start - stop
    const stride = step > 0n ? step : -step
    this.length = distance > 0n ? (distance + stride - 1n) / stride : 0n
  }

  at(index: bigint): bigint {
    return this.start + index * this.step
  }
}

export class Slice {
  readonly start: Value
  readonly stop: Value
  readonly step: Value

  constructor(start: Value, stop: Value, step: Value) {
    this.start = start
    this.stop = stop
    this.step = step
  }
}

/** What gives one value after another; `undefined` when there is none left. */
export class Iter {
  readonly kind: string
  readonly next: () => Value | undefined

  constructor(kind: string, next: () => Value | undefined) {
    this.kind = kind
    this.next = next
  }
}

/** What can be called. */
export abstract class Callable {
  abstract readonly name: string
  abstract call(args: Value[], keywords?: Keywords): Value
}

/** A function of this interpreter. */
export class Builtin extends Callable {
  readonly name: string
  private readonly body: (args: Value[], keywords: Keywords) => Value

  constructor(name: string, body: (args: Value[], keywords: Keywords) => Value) {
    super()
    this.name = name
    this.body = body
  }

  call(args: Value[], keywords: Keywords = new Map()): Value {
    return this.body(args, keywords)
  }
}

/** A function of the program; how it is called is the compiler's business. */
export class Func extends Callable {
  readonly name: string
  private readonly body: (self: Func, args: Value[], keywords?: Keywords) => Value
  /** The class that it was made in: where `super()` begins. */
  owner: Class | undefined

  constructor(name: string, body: (self: Func, args: Value[], keywords?: Keywords) => Value) {
    super()
    this.name = name
    this.body = body
  }

  call(args: Value[], keywords?: Keywords): Value {
    return this.body(this, args, keywords)
  }
}

/** A function with its first argument. */
export class Bound extends Callable {
  readonly self: Value
  readonly method: Callable

  constructor(self: Value, method: Callable) {
    super()
    this.self = self
    this.method = method
  }

  get name(): string {
    return this.method.name
  }

  call(args: Value[], keywords?: Keywords): Value {
    return this.method.call([this.self, ...args], keywords)
  }
}

export class Class extends Callable {
  readonly name: string
  readonly base: Class | undefined
  readonly attributes = new Map<string, Value>()
  readonly builtin: boolean
  /** How a value is made. */
  make: ((args: Value[], keywords: Keywords, of: Class) => Value) | undefined

  constructor(name: string, base: Class | undefined, builtin = false) {
    super()
    this.name = name
    this.base = base
    this.builtin = builtin
    this.make = base?.make
  }

  call(args: Value[], keywords: Keywords = new Map()): Value {
    return (this.make as NonNullable<Class['make']>)(args, keywords, this)
  }

  find(name: string): Value | undefined {
    for (let of: Class | undefined = this; of; of = of.base) {
      const found = of.attributes.get(name)
      if (found !== undefined) return found
    }
    return undefined
  }

  isA(other: Class): boolean {
    for (let of: Class | undefined = this; of; of = of.base) if (of === other) return true
    return false
  }
}

export class Instance {
  readonly of: Class
  readonly attributes = new Map<string, Value>()

  constructor(of: Class) {
    this.of = of
  }
}

/** A view of an instance as if it were of an earlier class: what `super()` gives. */
export class Super extends Instance {
  readonly self: Value

  constructor(self: Value, of: Class) {
    super(of)
    this.self = self
  }
}
