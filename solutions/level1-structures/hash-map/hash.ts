import { createHash } from 'node:crypto'

/** A prime: the largest with 31 bits. */
const PRIME = 2 ** 31 - 1

/**
 * A hash function of its own for each seed (Carter and Wegman): the characters of a key are the coefficients of a polynomial, which is evaluated, modulo a prime, at a
 * place that only the seed knows. Two keys collide if that place happens to be a zero of their difference, and a polynomial has no more zeros than its
 * degree. So whoever does not know the seed can not make keys that collide, whatever else they know.
 */
export function hashFunction(seed: string): (key: string) => number {
  const place = 2 + (createHash('sha256').update(seed).digest().readUInt32LE() % (PRIME - 2))
  // A product of two numbers of 31 bits is not exact in floating point: the place goes in by halves.
  const [high, low] = [Math.floor(place / 2 ** 16), place % 2 ** 16]
  return (key) => {
    let hash = 1
    for (let at = 0; at < key.length; at++) {
      hash = ((((hash * high) % PRIME) * 2 ** 16 + hash * low) % PRIME) + key.charCodeAt(at)
    }
    return hash % PRIME
  }
}
