import fs from 'node:fs'
import { type Complaints, reason } from '#lib/io.ts'
import { decode, Entry } from './entry.ts'

export interface WalkOptions {
  follow: boolean
  minDepth: number
  maxDepth: number
  /** What is in a folder comes before the folder. */
  depthFirst: boolean
}

/** A folder that is being read: what is in it, and the way back to the folder that we came from. */
interface Level {
  entry: Entry
  children: Iterator<fs.Dirent>
  back: string
  backFd: number | undefined
}

/**
 * Visits a tree. It changes into each folder and names files from there: the kernel takes no path longer than 4096 bytes, but a tree may be as
 * deep as the disk allows. For the same reason the levels are kept in a list, and not in calls within calls.
 */
export class Walker {
  private readonly options: WalkOptions
  private readonly complaints: Complaints
  private readonly visit: (entry: Entry) => void
  private readonly home = process.cwd()
  private readonly levels: Level[] = []
  /** The folders we are in, by inode: entering one of them again would never end. Only links can lead there. */
  private readonly ancestors = new Set<string>()

  constructor(options: WalkOptions, complaints: Complaints, visit: (entry: Entry) => void) {
    this.options = options
    this.complaints = complaints
    this.visit = visit
  }

  walk(start: string): void {
    this.arrive(new Entry(Buffer.from(start).toString('latin1'), this.options.follow))
    for (let level = this.levels.at(-1); level !== undefined; level = this.levels.at(-1)) {
      const child = level.children.next()
      if (child.done) this.ascend(level)
      else this.arrive(new Entry(child.value.name, this.options.follow, level.entry, child.value))
    }
  }

  private arrive(entry: Entry): void {
    this.attempt(entry, () => {
      const isFolder = entry.type === 'd'
      if (isFolder && this.options.follow && this.ancestors.has(identity(entry))) throw new Error('File system loop detected')
      if (!this.options.depthFirst) this.look(entry)
      const entered = isFolder && !entry.pruned && entry.depth < this.options.maxDepth && this.descend(entry)
      if (this.options.depthFirst && !entered) this.look(entry)
    })
  }

  /** @returns whether we are in the folder now. */
  private descend(entry: Entry): boolean {
    return this.attempt(entry, () => {
      const backFd = entry.isLink && entry.depth > 0 ? fs.openSync('.', 'r') : undefined
      const back = backFd === undefined ? '..' : `/proc/self/fd/${backFd}`
      enter(entry.file)
      const children = fs.readdirSync('.', { withFileTypes: true, encoding: 'latin1' })
      this.levels.push({ entry, children: children.values(), back: entry.depth === 0 ? this.home : back, backFd })
      if (this.options.follow) this.ancestors.add(identity(entry))
    })
  }

  private ascend({ entry, back, backFd }: Level): void {
    this.levels.pop()
    process.chdir(back)
    if (backFd !== undefined) fs.closeSync(backFd)
    if (this.options.follow) this.ancestors.delete(identity(entry))
    if (this.options.depthFirst) this.attempt(entry, () => this.look(entry))
  }

  private look(entry: Entry): void {
    if (entry.depth >= this.options.minDepth) this.visit(entry)
  }

  /** What goes wrong with a file is said, and the rest goes on. */
  private attempt(entry: Entry, action: () => void): boolean {
    try {
      action()
      return true
    } catch (error) {
      this.complaints.add(`${decode(entry.path)}: ${reason(error)}`)
      return false
    }
  }
}

/** chdir(2) for any name: Node's own takes text, and a name may be bytes that are none. */
function enter(folder: Buffer): void {
  const fd = fs.openSync(folder, 'r')
  try {
    process.chdir(`/proc/self/fd/${fd}`)
  } finally {
    fs.closeSync(fd)
  }
}

function identity({ stat }: Entry): string {
  return `${stat.dev}:${stat.ino}`
}
