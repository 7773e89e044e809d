import { createHash } from 'node:crypto'
import type { Random } from '../engine/random.ts'

const BLOCK = 64 * 1024

/** Random bytes by the megabyte: one block drawn, then repeated with a counter stamped into each, so that no two blocks are alike. */
export function* bulkBytes(random: Random, size: number): Generator<Buffer> {
  const block = random.bytes(BLOCK)
  for (let done = 0, n = 0; done < size; done += BLOCK, n++) {
    const piece = Buffer.from(block.subarray(0, Math.min(BLOCK, size - done)))
    if (piece.length >= 4) piece.writeUInt32LE(n)
    yield piece
  }
}

/** Lines of text by the hundred thousand, each numbered so that none is like another. `make` may give other lines. */
export function bulkLines(random: Random, count: number, make = (n: number, word: string) => `${word} ${n}\n`): Buffer {
  const words = Array.from({ length: 64 }, () => random.sentence(4))
  const lines: string[] = []
  for (let n = 0; n < count; n++) lines.push(make(n, words[(n * 7 + (n >> 6)) % words.length] as string))
  return Buffer.from(lines.join(''))
}

/** A fingerprint of output that is too large to keep. */
export class Digest {
  private readonly hash = createHash('sha256')
  size = 0

  readonly add = (piece: Buffer): void => {
    this.hash.update(piece)
    this.size += piece.length
  }

  get value(): string {
    return `${this.size} bytes, SHA-256 ${this.hash.copy().digest('hex').slice(0, 16)}`
  }
}
