import type { BigIntStats } from 'node:fs'

/** One name of a listing, with its inode where that is needed: reading a folder gives no more than names. */
export interface Entry {
  name: Buffer
  path: Buffer
  isFolder: boolean
  stat?: BigIntStats
}

/** `S` by size, `t` by time, and otherwise by name. */
export type Order = string | undefined

export function inodeOf(entry: Entry): BigIntStats {
  return entry.stat as BigIntStats
}

/** The largest or the newest first; where that does not decide, by the bytes of the names. */
export function sort(entries: Entry[], order: Order, reverse: boolean): Entry[] {
  entries.sort((a, b) => descending(keyOf(a, order), keyOf(b, order)) || Buffer.compare(a.name, b.name))
  return reverse ? entries.reverse() : entries
}

function keyOf(entry: Entry, order: Order): bigint {
  if (order === 'S') return inodeOf(entry).size
  return order === 't' ? inodeOf(entry).mtimeNs : 0n
}

function descending(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a > b ? -1 : 1
}

/** What -F puts behind a name. */
export function indicator(stat: BigIntStats): string {
  if (stat.isDirectory()) return '/'
  if (stat.isSymbolicLink()) return '@'
  if (stat.isFIFO()) return '|'
  if (stat.isSocket()) return '='
  return stat.isFile() && Number(stat.mode) & 0o111 ? '*' : ''
}

/** Control characters as `?`, for a terminal obeys them: a name could move its cursor, or worse. */
export function printable(name: Buffer): Buffer {
  return Buffer.from(name.toString().replace(/\p{Cc}/gu, '?'))
}
