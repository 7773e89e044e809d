import type { Random } from '../engine/random.ts'

/** A hash function that takes in one byte after the other, as its lowest 32 bits. */
interface Published {
  name: string
  start: number
  step(hash: number, byte: number): number
}

const FNV_32 = 16777619
/** The lowest 32 bits of the prime of FNV with 64 bits; the rest of it never reaches the lowest 32 bits of a hash. */
const FNV_64 = 0x1b3

/** Here two keys that collide for one start do so for every start: to begin with a seed is no help. */
export const SUMS: Published[] = [
  { name: "that of Java's strings (times 31)", start: 0, step: (hash, byte) => (Math.imul(hash, 31) + byte) | 0 },
  { name: 'djb2 (times 33)', start: 5381, step: (hash, byte) => (Math.imul(hash, 33) + byte) | 0 },
  { name: 'sdbm (times 65599)', start: 0, step: (hash, byte) => (Math.imul(hash, 65599) + byte) | 0 },
]

/** Here collisions are made for the start that everybody knows. */
export const MIXES: Published[] = [
  { name: 'djb2 with exclusive or', start: 5381, step: (hash, byte) => Math.imul(hash, 33) ^ byte },
  { name: 'FNV-1 with 32 bits', start: 0x811c9dc5, step: (hash, byte) => Math.imul(hash, FNV_32) ^ byte },
  { name: 'FNV-1a with 32 bits', start: 0x811c9dc5, step: (hash, byte) => Math.imul(hash ^ byte, FNV_32) },
  { name: 'FNV-1 with 64 bits', start: 0x84222325, step: (hash, byte) => Math.imul(hash, FNV_64) ^ byte },
  { name: 'FNV-1a with 64 bits', start: 0x84222325, step: (hash, byte) => Math.imul(hash ^ byte, FNV_64) },
]

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const BLOCK = 5

/**
 * `2 ** pairs` keys with the same hash. From each state two blocks that lead to the same next state are found by the birthday paradox; whichever is taken, the
 * hash is the same (Antoine Joux, "Multicollisions in Iterated Hash Functions").
 */
export function collidingKeys(random: Random, hash: Published, pairs: number): string[] {
  let state = hash.start | 0
  let keys = ['']
  for (let n = 0; n < pairs; n++) {
    const { blocks, next } = collision(random, hash, state)
    keys = keys.flatMap((key) => blocks.map((block) => key + block))
    state = next
  }
  return keys
}

function collision(random: Random, { step }: Published, state: number): { blocks: [string, string]; next: number } {
  const seen = new Map<number, number>()
  for (;;) {
    const number = random.int(0, LETTERS.length ** BLOCK - 1)
    const block = blockOf(number)
    let next = state
    for (let at = 0; at < BLOCK; at++) next = step(next, block.charCodeAt(at))
    const other = seen.get(next)
    if (other !== undefined && other !== number) return { blocks: [blockOf(other), block], next }
    seen.set(next, number)
  }
}

function blockOf(number: number): string {
  let rest = number
  let block = ''
  for (let at = 0; at < BLOCK; at++) {
    block += LETTERS.charAt(rest % LETTERS.length)
    rest = Math.floor(rest / LETTERS.length)
  }
  return block
}
