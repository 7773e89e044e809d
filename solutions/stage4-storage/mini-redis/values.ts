import { Deque } from './deque.ts'
import { SortedSet } from './sorted-set.ts'

/** A key holds one of these for as long as it exists. */
export interface Values {
  string: string
  list: Deque
  hash: Map<string, string>
  set: Set<string>
  zset: SortedSet
}

export type TypeName = keyof Values

/** An empty value of each type. */
export const EMPTY: { [Type in TypeName]: () => Values[Type] } = {
  string: () => '',
  list: () => new Deque(),
  hash: () => new Map(),
  set: () => new Set(),
  zset: () => new SortedSet(),
}

/** A collection without members does not exist; a string without bytes does. */
export function isEmpty(type: TypeName, value: Values[TypeName]): boolean {
  if (type === 'string') return false
  return (type === 'list' ? (value as Deque).length : (value as Set<string>).size) === 0
}
