import fs, { type BigIntStats } from 'node:fs'
import { isatty } from 'node:tty'
import { confirm } from '#lib/ask.ts'
import { identity, leadsTo, look } from '#lib/inodes.ts'
import { type Complaints, codeOf, reason, STDIN, STDOUT, writeAll } from '#lib/io.ts'
import { copyTree } from './tree.ts'

const SLASH = 0x2f

export interface MoveSettings {
  /** What to do about a target that is there: `i` ask, `n` leave it alone, `f` never ask, otherwise ask where it is write-protected. */
  existing: string | undefined
  update: boolean
  verbose: boolean
}

export class Mover {
  private readonly settings: MoveSettings
  private readonly complaints: Complaints
  /** What was moved just now; the next source of the same name must not bury it. */
  private readonly made = new Set<string>()

  constructor(settings: MoveSettings, complaints: Complaints) {
    this.settings = settings
    this.complaints = complaints
  }

  move(source: Buffer, target: Buffer): void {
    try {
      const stat = fs.lstatSync(source, { bigint: true })
      const existing = look(target)
      if (existing && !this.mayReplace(source, stat, target, existing)) return
      rename(source, target)
      this.made.add(identity(fs.lstatSync(target, { bigint: true })))
      if (this.settings.verbose) writeAll(STDOUT, Buffer.from(`renamed '${source}' -> '${target}'\n`))
    } catch (error) {
      this.complaints.add(`cannot move '${source}' to '${target}': ${reason(error)}`)
    }
  }

  private mayReplace(source: Buffer, stat: BigIntStats, target: Buffer, existing: BigIntStats): boolean {
    // One inode under two names, or a link and the file it leads to: what would be left of them is less than there was.
    if (leadsTo(source, existing)) throw new Error('they are the same file')
    if (this.made.has(identity(existing))) throw new Error('will not overwrite just-created file')
    if (this.settings.update && existing.mtimeNs >= stat.mtimeNs) return false
    if (this.settings.existing === 'n') return false
    const ask = this.settings.existing === 'i' || (this.settings.existing === undefined && isProtected(target, existing))
    return !ask || confirm(`mv: overwrite '${target}'? `)
  }
}

/** One system call that either happens or does not, whoever looks on. Only between file systems is a move more than that. */
function rename(source: Buffer, target: Buffer): void {
  try {
    fs.renameSync(source, target)
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error
    moveAcross(source, target)
  }
}

/**
 * The copy grows under a name of its own beside the target, and takes the target's place when it is complete. Only then does the source go. So at
 * every moment, and whatever fails, each of the two is there in full.
 */
function moveAcross(source: Buffer, target: Buffer): void {
  const growing = Buffer.concat([withoutSlash(target), Buffer.from(`.mv-${process.pid}`)])
  try {
    copyTree(source, growing)
    fs.renameSync(growing, target)
  } catch (error) {
    fs.rmSync(growing, { recursive: true, force: true })
    throw error
  }
  fs.rmSync(source, { recursive: true })
}

function withoutSlash(path: Buffer): Buffer {
  return path.at(-1) === SLASH ? path.subarray(0, -1) : path
}

/** Somebody took care that this is not overwritten, and somebody is there to be asked. */
function isProtected(target: Buffer, existing: BigIntStats): boolean {
  if (existing.isSymbolicLink() || !isatty(STDIN)) return false
  try {
    fs.accessSync(target, fs.constants.W_OK)
    return false
  } catch {
    return true
  }
}
