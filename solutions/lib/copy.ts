import { execFileSync } from 'node:child_process'
import fs, { type BigIntStats } from 'node:fs'
import { chunks, writeAll } from './io.ts'

const PIECE = 4096
const ZEROS = Buffer.alloc(PIECE)
const PERMISSIONS = 0o777n
const ALL_BITS = 0o7777n

/** One inode has one identity, however many names lead to it. */
export function identity(stat: BigIntStats): string {
  return `${stat.dev}:${stat.ino}`
}

/** Whether a file has holes: less space on the disk than bytes in it. */
export function hasHoles(stat: BigIntStats): boolean {
  return stat.isFile() && stat.blocks * 512n < stat.size
}

export function copyBytes(from: number, to: number): void {
  for (const chunk of chunks(from)) writeAll(to, chunk)
}

/** Copies into an empty regular file, and steps over zeros instead of writing them: what was never written takes no space. */
export function copyAroundHoles(from: number, to: number): void {
  let position = 0
  for (const chunk of chunks(from)) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      const piece = chunk.subarray(at, at + PIECE)
      if (!piece.equals(ZEROS.subarray(0, piece.length))) writeAll(to, piece, position + at)
    }
    position += chunk.length
  }
  fs.ftruncateSync(to, position)
}
