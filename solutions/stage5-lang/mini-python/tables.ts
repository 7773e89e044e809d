import { problem, typeProblem } from './errors.ts'
import { equal } from './operators.ts'
import { typeName } from './types.ts'
import { Callable, Instance, Tuple, type Value } from './values.ts'

/** What a Map of JavaScript can find again: equal values have the same key. */
type Key = string | bigint | number | null | object

let identities = 0
const identity = new WeakMap<object, number>()

/** Keys of dicts and members of sets, in the order in which they came. */
class Table {
  /** Instances that decide themselves what they are equal to, by their hash: the first of several equal ones stands for all. */
  private readonly instances = new Map<Key, Instance[]>()

  protected keyOf(value: Value): Key {
    if (!(value instanceof Instance) || hashMethod(value) === undefined) return plainKey(value)
    const hash = hashOf(value)
    const same = this.instances.get(hash) ?? []
    const known = same.find((other) => other === value || equal(other, value))
    if (known) return known
    this.instances.set(hash, [...same, value])
    return value
  }
}

function hashMethod(value: Instance): Callable | undefined {
  const method = value.of.find('__hash__')
  if (method instanceof Callable) return method
  if (value.of.find('__eq__') !== undefined) throw typeProblem(`unhashable type: '${value.of.name}'`)
  return undefined
}

function plainKey(value: Value): Key {
  if (typeof value === 'string') return value.startsWith('\0') ? `\0s${value}` : value
  if (typeof value === 'boolean') return BigInt(value)
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (value instanceof Tuple) return `\0t${encode(value)}`
  if (Array.isArray(value) || value instanceof Dict || value instanceof SetValue) {
    throw typeProblem(`unhashable type: '${typeName(value)}'`)
  }
  return value
}

/** A tuple as text, so that equal tuples give the same text and others do not. */
function encode(value: Value): string {
  if (value instanceof Tuple) return `(${value.items.map(encode).join(',')})`
  const key = plainKey(value)
  if (typeof key === 'object' && key !== null) {
    const known = identity.get(key) ?? ++identities
    identity.set(key, known)
    return `#${known}`
  }
  return typeof key === 'string' ? JSON.stringify(key) : `${typeof key}${key}`
}

/** Equal values have equal hashes. */
export function hashOf(value: Value): bigint {
  if (value instanceof Instance) {
    const method = hashMethod(value)
    if (method) return method.call([value]) as bigint
  }
  const key = plainKey(value)
  if (typeof key === 'bigint') return BigInt.asIntN(61, key)
  let hash = 0n
  for (const character of encode(value)) hash = BigInt.asIntN(61, hash * 31n + BigInt(character.charCodeAt(0)))
  return hash
}

export class Dict extends Table {
  readonly entries = new Map<Key, [Value, Value]>()

  get(key: Value): Value | undefined {
    return this.entries.get(this.keyOf(key))?.[1]
  }

  set(key: Value, value: Value): void {
    const at = this.keyOf(key)
    const entry = this.entries.get(at)
    if (entry) entry[1] = value
    else this.entries.set(at, [key, value])
  }

  delete(key: Value): boolean {
    return this.entries.delete(this.keyOf(key))
  }

  copy(): Dict {
    const copy = new Dict()
    for (const [key, value] of this.entries.values()) copy.set(key, value)
    return copy
  }

  /** The entries one after another, as long as their number stays the same. */
  walk<T extends Value>(pick: (entry: [Value, Value]) => T): () => T | undefined {
    const size = this.entries.size
    const iterator = this.entries.values()
    return () => {
      if (this.entries.size !== size) throw problem('RuntimeError', 'dictionary changed size during iteration')
      const { value } = iterator.next()
      return value && pick(value)
    }
  }
}

export class SetValue extends Table {
  readonly members = new Map<Key, Value>()

  static of(values: Iterable<Value>): SetValue {
    const made = new SetValue()
    for (const value of values) made.add(value)
    return made
  }

  add(value: Value): void {
    const key = this.keyOf(value)
    if (!this.members.has(key)) this.members.set(key, value)
  }

  has(value: Value): boolean {
    return this.members.has(this.keyOf(value))
  }

  delete(value: Value): boolean {
    return this.members.delete(this.keyOf(value))
  }

  walk(): () => Value | undefined {
    const size = this.members.size
    const iterator = this.members.values()
    return () => {
      if (this.members.size !== size) throw problem('RuntimeError', 'Set changed size during iteration')
      return iterator.next().value
    }
  }
}
