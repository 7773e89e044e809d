import { floorDivide, modulo, type Names, repr, type Value } from './mini-python.ts'

export type Kind = 'int' | 'text' | 'truth' | 'ints' | 'texts' | 'table'

/** An expression: how it is written, how strongly it holds together, and what it gives. */
export interface Node {
  text: string
  level: number
  value(names: Names): Value
}

/** How strongly operators bind. What binds weaker than its place asks for stands in parentheses, and nothing else does. */
export const LEVEL = {
  condition: 0,
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  '|': 5,
  '^': 6,
  '&': 7,
  shift: 8,
  sum: 9,
  product: 10,
  sign: 11,
  power: 12,
  atom: 13,
}

export const INT_OPERATORS: [string, number, (a: bigint, b: bigint) => bigint][] = [
  ['+', LEVEL.sum, (a, b) => a + b],
  ['-', LEVEL.sum, (a, b) => a - b],
  ['*', LEVEL.product, (a, b) => a * b],
  ['//', LEVEL.product, floorDivide],
  ['%', LEVEL.product, modulo],
  ['&', LEVEL['&'], (a, b) => a & b],
  ['|', LEVEL['|'], (a, b) => a | b],
  ['^', LEVEL['^'], (a, b) => a ^ b],
]

export type Ordered = bigint | string
export const COMPARISONS: [string, (a: Ordered, b: Ordered) => boolean][] = [
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
  ['==', (a, b) => a === b],
  ['!=', (a, b) => a !== b],
]

export function atom(text: string, value: (names: Names) => Value): Node {
  return { text, level: LEVEL.atom, value }
}

export const within = (node: Node, level: number): string => (node.level < level ? `(${node.text})` : node.text)

export const literal = (value: Value): Node => atom(repr(value), () => value)
