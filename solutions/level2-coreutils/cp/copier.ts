import fs, { type BigIntStats } from 'node:fs'
import path from 'node:path'
import { confirm } from '#lib/ask.ts'
import { copyAroundHoles, copyAttributes, copyBytes, hasHoles, makeFifo } from '#lib/copy.ts'
import { isFolder } from '#lib/destination.ts'
import { follow, identity, leadsTo, look } from '#lib/inodes.ts'
import { type Complaints, reason } from '#lib/io.ts'
import { join } from '#lib/paths.ts'

export interface CopySettings {
  recursive: boolean
  /** Copy what a symbolic link leads to, instead of the link. */
  follow: boolean
  preserve: boolean
  keepHardLinks: boolean
  /** What to do about a target that is there: `i` ask, `n` leave it alone, otherwise overwrite it. */
  existing: string | undefined
  /** Remove a target that can not be opened. */
  force: boolean
  update: boolean
  /** Make no copies but `l` hard or `s` symbolic links. */
  linkInstead: string | undefined
}

const PERMISSIONS = 0o777
const OWNER = 0o700

export class Copier {
  private readonly settings: CopySettings
  private readonly complaints: Complaints
  private readonly umask = process.umask()
  /** The folders that are just being copied, and those that this made. To enter one of them would never end. */
  private readonly forbidden = new Set<string>()
  /** Where the first copy is of each file that has several names. */
  private readonly copies = new Map<string, Buffer>()

  constructor(settings: CopySettings, complaints: Complaints) {
    this.settings = settings
    this.complaints = complaints
  }

  /** Copies a file or a tree. What fails is told, and does not keep the rest from being copied. */
  copy(source: Buffer, target: Buffer): void {
    try {
      this.copyInode(source, target)
    } catch (error) {
      this.complaints.add(`cannot copy '${source}' to '${target}': ${reason(error)}`)
    }
  }

  private copyInode(source: Buffer, target: Buffer): void {
    const stat = this.settings.follow ? fs.statSync(source, { bigint: true }) : fs.lstatSync(source, { bigint: true })
    const existing = stat.isSymbolicLink() ? look(target) : follow(target)
    if (existing && leadsTo(source, existing)) this.complaints.add(`'${source}' and '${target}' are the same file`)
    else if (stat.isDirectory()) this.copyFolder(source, stat, target)
    else if (!existing || this.mayReplace(target, existing, stat)) this.copyFile(source, stat, target)
  }

  private mayReplace(target: Buffer, existing: BigIntStats, stat: BigIntStats): boolean {
    if (this.settings.update && existing.mtimeNs >= stat.mtimeNs) return false
    if (this.settings.existing === 'i') return confirm(`cp: overwrite '${target}'? `)
    return this.settings.existing !== 'n'
  }

  private copyFolder(source: Buffer, stat: BigIntStats, target: Buffer): void {
    const { recursive, preserve } = this.settings
    if (!recursive) {
      this.complaints.add(`-r not specified; omitting directory '${source}'`)
      return
    }
    if (this.forbidden.has(identity(stat))) {
      this.complaints.add(`cannot copy '${source}' into itself, '${target}'`)
      return
    }
    const isNew = !isFolder(target)
    const mode = Number(stat.mode) & PERMISSIONS
    // Whatever its mode will be: as long as it is being filled, its owner must be able to write into it.
    if (isNew) fs.mkdirSync(target, mode | OWNER)
    this.forbidden.add(identity(stat))
    this.forbidden.add(identity(fs.statSync(target, { bigint: true })))
    for (const name of fs.readdirSync(source, { encoding: 'buffer' })) this.copy(join(source, name), join(target, name))
    this.forbidden.delete(identity(stat))
    // Only now, for each new file changes the time of its folder.
    if (preserve) copyAttributes(stat, target)
    else if (isNew) fs.chmodSync(target, mode & ~this.umask)
  }

  private copyFile(source: Buffer, stat: BigIntStats, target: Buffer): void {
    const { linkInstead, recursive, keepHardLinks, preserve } = this.settings
    if (linkInstead !== undefined) {
      this.link(source, target)
      return
    }
    const earlier = this.copies.get(identity(stat))
    if (keepHardLinks && earlier) {
      remove(target)
      fs.linkSync(earlier, target)
      return
    }
    if (stat.nlink > 1n) this.copies.set(identity(stat), target)
    if (stat.isSymbolicLink()) {
      remove(target)
      fs.symlinkSync(fs.readlinkSync(source, { encoding: 'buffer' }), target)
    } else if (stat.isFile() || !recursive) this.copyContents(source, stat, target)
    else this.copySpecial(stat, target)
    if (preserve) copyAttributes(stat, target)
  }

  private copyContents(source: Buffer, stat: BigIntStats, target: Buffer): void {
    const from = fs.openSync(source, 'r')
    try {
      const to = this.openTarget(target, Number(stat.mode) & PERMISSIONS)
      try {
        if (hasHoles(stat) && fs.fstatSync(to).isFile()) copyAroundHoles(from, to)
        else copyBytes(from, to)
      } finally {
        fs.closeSync(to)
      }
    } finally {
      fs.closeSync(from)
    }
  }

  private openTarget(target: Buffer, mode: number): number {
    try {
      return fs.openSync(target, 'w', mode)
    } catch (error) {
      if (!this.settings.force) throw error
      fs.unlinkSync(target)
      return fs.openSync(target, 'w', mode)
    }
  }

  /** In a tree, reading from a pipe would wait for a writer, and a device may have no end. */
  private copySpecial(stat: BigIntStats, target: Buffer): void {
    if (!stat.isFIFO()) throw new Error('cannot copy a device or socket')
    remove(target)
    makeFifo(target)
  }

  private link(source: Buffer, target: Buffer): void {
    if (this.settings.force) remove(target)
    if (this.settings.linkInstead === 'l') {
      fs.linkSync(this.settings.follow ? fs.realpathSync(source) : source, target)
      return
    }
    // The text of a link is looked up from where the link is, not from where we are.
    const here = path.resolve(path.dirname(target.toString())) === process.cwd()
    if (!here && !path.isAbsolute(source.toString())) throw new Error('a relative link would lead elsewhere from there')
    fs.symlinkSync(source, target)
  }
}

function remove(target: Buffer): void {
  fs.rmSync(target, { force: true })
}
