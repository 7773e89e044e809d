import { execFileSync } from 'node:child_process'
import fs, { type BigIntStats } from 'node:fs'
import { chunks, writeAll } from './io.ts'

const PIECE = 4096
const ZEROS = Buffer.alloc(PIECE)
const PERMISSIONS = 0o777n
const ALL_BITS = 0o7777n

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

/** Gives a copy its original's owner, permissions and times. Only root may give files away: if we may not, the copy is ours, and no setuid program. */
export function copyAttributes(stat: BigIntStats, copy: Buffer): void {
  let bits = ALL_BITS
  try {
    fs.lchownSync(copy, Number(stat.uid), Number(stat.gid))
  } catch {
    bits = PERMISSIONS
  }
  // In this order, for a change of owner takes the setuid bit away. A link has no permissions of its own.
  if (!stat.isSymbolicLink()) fs.chmodSync(copy, Number(stat.mode & bits))
  fs.lutimesSync(copy, seconds(stat.atimeNs), seconds(stat.mtimeNs))
}

/** Node sets times to the microsecond and cuts off the rest. Rounded up here, no copy looks older than its original. */
function seconds(nanoseconds: bigint): number {
  const microseconds = (nanoseconds + 999n) / 1000n
  return (Number(microseconds) + 0.5) / 1e6
}

/** Node has no mkfifo(3). */
export function makeFifo(path: Buffer): void {
  execFileSync('mkfifo', ['--', path.toString()])
}
