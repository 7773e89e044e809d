import { createHash } from 'node:crypto'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

const CONSONANTS = 'bcdfghjklmnprstvwz'
const VOWELS = 'aeiou'

/** Random values that the same seed draws again. All are distinct from the usual defaults: no empty word, no zero unless asked for. */
export interface Random {
  /** An integer, both ends included. */
  int(low: number, high: number): number
  /** True once in `n` times. */
  oneIn(n: number): boolean
  pick<T>(values: readonly T[]): T
  shuffle<T>(values: readonly T[]): T[]
  /** Four to nine lower-case letters that can be spoken. */
  word(): string
  /** Words with single blanks between them. */
  sentence(words?: number): string
  /** Lines of two to eight words, each with its newline. */
  text(lines: number): string
  bytes(length: number): Buffer
  /** `count` values, no two alike (by their text). */
  distinct<T>(count: number, draw: () => T): T[]
  /** A generator of its own, named: what it draws does not depend on what was drawn before. */
  fork(name: string): Random
}

export function randomFrom(seed: string): Random {
  const digest = createHash('sha256').update(seed).digest()
  const generator = xoroshiro128plus(digest.readInt32LE(0) ^ digest.readInt32LE(4))
  const random: Random = {
    int: (low, high) => uniformInt(generator, low, high),
    oneIn: (n) => random.int(1, n) === 1,
    pick: (values) => values[random.int(0, values.length - 1)] as (typeof values)[number],
    shuffle(values) {
      const result = [...values]
      for (let at = result.length - 1; at > 0; at--) {
        const other = random.int(0, at)
        ;[result[at], result[other]] = [result[other] as (typeof result)[number], result[at] as (typeof result)[number]]
      }
      return result
    },
    word() {
      const syllables = Array.from({ length: random.int(2, 4) }, () => random.pick([...CONSONANTS]) + random.pick([...VOWELS]))
      return syllables.join('') + (random.oneIn(2) ? random.pick([...CONSONANTS]) : '')
    },
    sentence: (words = random.int(2, 8)) => Array.from({ length: words }, random.word).join(' '),
    text: (lines) => Array.from({ length: lines }, () => `${random.sentence()}\n`).join(''),
    bytes: (length) => Buffer.from(Array.from({ length }, () => random.int(0, 255))),
    distinct(count, draw) {
      const found = new Map<string, ReturnType<typeof draw>>()
      for (let tries = 0; found.size < count; tries++) {
        if (tries > 1000 * count) throw new Error(`could not draw ${count} distinct values`)
        const value = draw()
        found.set(String(value), value)
      }
      return [...found.values()]
    },
    fork: (name) => randomFrom(`${seed}/${name}`),
  }
  return random
}
