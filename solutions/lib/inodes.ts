import fs, { type BigIntStats } from 'node:fs'

/** The inode of a name, if there is one; of a link, the link's own. */
export function look(path: Buffer): BigIntStats | undefined {
  return fs.lstatSync(path, { bigint: true, throwIfNoEntry: false })
}

/** The inode that a name leads to through all links, if it leads anywhere. */
export function follow(path: Buffer): BigIntStats | undefined {
  try {
    return fs.statSync(path, { bigint: true })
  } catch {
    return undefined
  }
}

/** One inode has one identity, however many names lead to it. */
export function identity(stat: BigIntStats): string {
  return `${stat.dev}:${stat.ino}`
}

/** Whether a name is, or leads to, this very inode. */
export function leadsTo(path: Buffer, inode: BigIntStats): boolean {
  return [look(path), follow(path)].some((stat) => stat && identity(stat) === identity(inode))
}
