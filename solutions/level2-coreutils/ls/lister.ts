import fs, { type Dirent } from 'node:fs'
import { follow } from '#lib/inodes.ts'
import { type Complaints, Output, reason } from '#lib/io.ts'
import { join } from '#lib/paths.ts'
import { inColumns } from './columns.ts'
import { type Entry, indicator, inodeOf, type Order, printable, sort } from './entries.ts'
import { alignRight, LongFormat } from './long.ts'

export type Layout = 'long' | 'columns' | 'lines'

export interface Settings {
  /** `A` for the names that begin with a dot, `a` for `.` and `..` too. */
  hidden: string | undefined
  layout: Layout
  width: number
  toTerminal: boolean
  order: Order
  reverse: boolean
  recursive: boolean
  foldersAsFiles: boolean
  classify: boolean
  inodes: boolean
  human: boolean
  numericIds: boolean
}

const DOT = 0x2e

export class Lister {
  private readonly settings: Settings
  private readonly complaints: Complaints
  private readonly out = new Output()
  private readonly long: LongFormat
  private readonly needsInode: boolean
  private separator = ''

  constructor(settings: Settings, complaints: Complaints) {
    this.settings = settings
    this.complaints = complaints
    this.long = new LongFormat(settings)
    this.needsInode = settings.layout === 'long' || settings.order !== undefined || settings.classify || settings.inodes
  }

  /** Files first, as if they were a folder's; then each folder under its name. */
  list(operands: Buffer[]): void {
    const entries = this.sort(operands.flatMap((path) => this.operand(path)))
    const isFolder = (entry: Entry) => entry.isFolder && !this.settings.foldersAsFiles
    this.show(entries.filter((entry) => !isFolder(entry)))
    const titled = operands.length > 1 || this.settings.recursive
    for (const folder of entries.filter(isFolder)) this.folder(folder.path, titled)
    this.out.flush()
  }

  /** A link on the command line stands for what it points to, unless the options ask about the link itself. */
  private operand(path: Buffer): Entry[] {
    const { layout, foldersAsFiles, classify } = this.settings
    const through = layout !== 'long' && !foldersAsFiles && !classify
    try {
      const link = fs.lstatSync(path, { bigint: true })
      const stat = (through && follow(path)) || link
      return [{ name: path, path, isFolder: stat.isDirectory(), stat }]
    } catch (error) {
      this.complaints.add(`cannot access '${path}': ${reason(error)}`)
      return []
    }
  }

  private folder(path: Buffer, titled: boolean): void {
    let names: Dirent<Buffer>[]
    try {
      names = fs.readdirSync(path, { withFileTypes: true, encoding: 'buffer' })
    } catch (error) {
      this.complaints.add(`cannot open directory '${path}': ${reason(error)}`)
      return
    }
    const entries = this.sort(this.visible(path, names))
    if (titled) {
      this.out.write(this.separator)
      this.out.write(this.shown(path))
      this.out.write(':\n')
    }
    if (this.settings.layout === 'long') this.out.write(this.long.total(entries.map(inodeOf)))
    this.show(entries)
    this.separator = '\n'
    if (!this.settings.recursive) return
    for (const entry of entries) if (entry.isFolder) this.folder(entry.path, true)
  }

  /** Reading a folder gives names and types; whatever else is wanted costs a system call a name. */
  private visible(folder: Buffer, names: Dirent<Buffer>[]): Entry[] {
    const shown = names.filter(({ name }) => this.settings.hidden || name[0] !== DOT)
    const entries = shown.map((dirent) => ({
      name: dirent.name,
      path: join(folder, dirent.name),
      isFolder: dirent.isDirectory(),
    }))
    return [...(this.settings.hidden === 'a' ? dots(folder) : []), ...entries].filter((entry) => this.complete(entry))
  }

  private complete(entry: Entry): boolean {
    if (!this.needsInode) return true
    try {
      entry.stat = fs.lstatSync(entry.path, { bigint: true })
      return true
    } catch (error) {
      this.complaints.add(`cannot access '${entry.path}': ${reason(error)}`)
      return false
    }
  }

  private sort(entries: Entry[]): Entry[] {
    return sort(entries, this.settings.order, this.settings.reverse)
  }

  private show(entries: Entry[]): void {
    if (entries.length === 0) return
    const { layout, width, inodes } = this.settings
    const numbers = inodes ? alignRight(entries.map((entry) => `${inodeOf(entry).ino} `)) : []
    const details = layout === 'long' ? this.long.describe(entries.map(inodeOf)) : []
    const labels = entries.map((entry, row) =>
      Buffer.concat([Buffer.from(`${numbers[row] ?? ''}${details[row] ?? ''}`), this.shown(entry.name), this.tail(entry)]),
    )
    for (const line of layout === 'columns' ? inColumns(labels, width) : labels) {
      this.out.write(line)
      this.out.write('\n')
    }
    this.separator = '\n'
  }

  /** What follows a name: where a link leads, and the sign of -F, which in a long listing is that of the link's target. */
  private tail(entry: Entry): Buffer {
    const { layout, classify } = this.settings
    const isLink = layout === 'long' && inodeOf(entry).isSymbolicLink()
    const arrow = isLink ? [Buffer.from(' -> '), this.shown(fs.readlinkSync(entry.path, { encoding: 'buffer' }))] : []
    const described = isLink ? follow(entry.path) : entry.stat
    return Buffer.concat([...arrow, Buffer.from(classify && described ? indicator(described) : '')])
  }

  private shown(name: Buffer): Buffer {
    return this.settings.toTerminal ? printable(name) : name
  }
}

/** These two are shown, but never gone into. */
function dots(folder: Buffer): Entry[] {
  return ['.', '..'].map((name) => ({ name: Buffer.from(name), path: join(folder, Buffer.from(name)), isFolder: false }))
}
