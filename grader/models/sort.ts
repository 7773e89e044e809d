import type { Random } from '../engine/random.ts'

export type Compare = (a: string, b: string) => number

export const byBytes: Compare = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** The order of what a function takes from each line; where that is the same, lines stay as they are. */
export const by =
  <T>(key: (line: string) => T): Compare =>
  (a, b) =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0

/** The first order that tells two lines apart. */
export const first =
  (...orders: Compare[]): Compare =>
  (a, b) =>
    orders.reduce((result, order) => result || order(a, b), 0)

export const reversed =
  (order: Compare): Compare =>
  (a, b) =>
    order(b, a)

export const sorted = (lines: string[], order: Compare = byBytes): string[] => [...lines].sort(order)

export const toText = (lines: string[], end = '\n'): string => lines.map((line) => line + end).join('')

export const fieldOf = (number: number) => (line: string) => line.split(' ')[number - 1] as string

/** Lines in an order that is neither right nor just turned around. */
export function mixed(random: Random, lines: string[]): string[] {
  const right = sorted(lines)
  const wrong = [toText(right), toText([...right].reverse())]
  let result = random.shuffle(lines)
  while (lines.length > 2 && wrong.includes(toText(result))) result = random.shuffle(lines)
  return result
}

/** Different words, in disorder. */
export const words = (random: Random, count: number): string[] => mixed(random, random.distinct(count, random.word))

/** Lines `first key number`, of which the first words and the numbers are all different, and the keys are few. */
export function ties(random: Random, count: number, keys = 4): string[] {
  const few = random.distinct(keys, random.word)
  const numbers = random.shuffle(Array.from({ length: count }, (_, n) => n + 5))
  return words(random, count).map((word, n) => `${word} ${few[n % keys]} ${numbers[n]}`)
}
