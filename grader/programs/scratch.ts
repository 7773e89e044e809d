import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { Text } from '../engine/difference.ts'
import { Failure, Skipped } from '../engine/failure.ts'
import { isRoot } from './containment.ts'
import { commandLine, printf, quote, type Transcript } from './transcript.ts'
import { makeFolderElsewhere, removeFolder } from './workroom.ts'

export interface FileOptions {
  mode?: number
  /** Time of last change. */
  mtime?: Date
}

/** Opens a file that a program has made. A pipe or a device in its place would keep whoever reads it for ever. @throws {Failure} it is no file. */
function openRegular(file: string | Buffer, name: string): number {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  const stat = fs.fstatSync(fd)
  if (stat.isFile()) return fd
  fs.closeSync(fd)
  const kind = stat.isDirectory() ? 'a folder' : stat.isFIFO() ? 'a named pipe' : 'a device'
  throw new Failure(`${name} is ${kind}, where a file must be.`, { expected: 'an ordinary file', actual: kind })
}

/** All that stands in a file that a program has made. @throws {Failure} it is no file. */
export function readRegular(file: string | Buffer, name: string): Buffer {
  const fd = openRegular(file, name)
  try {
    return fs.readFileSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

/** The folder that a check's programs run in: empty at first, gone at the end. All names are relative to it. */
export class Scratch {
  readonly dir: string
  /** A second folder, on another file system; see {@link elsewhere}. */
  other: string | undefined
  private readonly transcript: Transcript
  private readonly open: Fifo[] = []

  constructor(dir: string, transcript: Transcript) {
    this.dir = dir
    this.transcript = transcript
  }

  path(name = '.'): string {
    return path.resolve(this.dir, name)
  }

  /** Writes a file, and the folders above it. @returns its name. */
  file(name: string, content: Text, options: FileOptions = {}): string {
    fs.mkdirSync(path.dirname(this.path(name)), { recursive: true })
    fs.writeFileSync(this.path(name), content)
    this.transcript.command(`${printf(content)} > ${quote(name)}`)
    this.dress(name, options)
    return name
  }

  folder(name: string, options: FileOptions = {}): string {
    fs.mkdirSync(this.path(name), { recursive: true })
    this.transcript.command(commandLine(['mkdir', '-p', name]))
    this.dress(name, options)
    return name
  }

  /** A symbolic link. */
  link(target: string, name: string): string {
    fs.symlinkSync(target, this.path(name))
    this.transcript.command(commandLine(['ln', '-s', target, name]))
    return name
  }

  hardLink(target: string, name: string): string {
    fs.linkSync(this.path(target), this.path(name))
    this.transcript.command(commandLine(['ln', target, name]))
    return name
  }

  /** A file of a given length that occupies no disk but for `ends`, which stand at its very end. */
  sparse(name: string, size: number, end: Text = ''): string {
    const tail = Buffer.from(end)
    fs.writeFileSync(this.path(name), '')
    fs.truncateSync(this.path(name), size)
    const fd = fs.openSync(this.path(name), 'r+')
    fs.writeSync(fd, tail, 0, tail.length, size - tail.length)
    fs.closeSync(fd)
    this.transcript.command(`truncate -s ${size} ${quote(name)}`)
    if (tail.length > 0) this.transcript.note(`the last ${tail.length} of its bytes: ${printf(tail)}`)
    return name
  }

  chmod(name: string, mode: number): void {
    this.dress(name, { mode })
  }

  touch(name: string, mtime: Date): void {
    this.dress(name, { mtime })
  }

  private dress(name: string, { mode, mtime }: FileOptions): void {
    if (mode !== undefined) {
      fs.chmodSync(this.path(name), mode)
      this.transcript.command(`chmod ${mode.toString(8).padStart(3, '0')} ${quote(name)}`)
    }
    if (mtime) {
      fs.utimesSync(this.path(name), mtime, mtime)
      this.transcript.command(`touch -d ${mtime.toISOString()} ${quote(name)}`)
    }
  }

  /** Takes all permissions away, so that the program meets an error. @throws {Skipped} where programs run with a right to read everything. */
  forbid(name: string, contained: boolean): string {
    if (!contained && isRoot()) throw new Skipped('permissions do not bind root: install bubblewrap, or grade as another user')
    this.chmod(name, 0)
    return name
  }

  /** A named pipe, to be written from here while the program reads it. */
  fifo(name: string): Fifo {
    const made = spawnSync('mkfifo', [this.path(name)])
    if (made.status !== 0) throw new Error(`mkfifo failed: ${made.stderr}`)
    this.transcript.command(commandLine(['mkfifo', name]))
    const fifo = new Fifo(this.path(name), name, this.transcript)
    this.open.push(fifo)
    return fifo
  }

  /** A folder on another file system. @throws {Skipped} where there is none. */
  elsewhere(): string {
    this.other ??= makeFolderElsewhere()
    if (!this.other) throw new Skipped('this machine has no second file system that can be written (/dev/shm would do)')
    return this.other
  }

  exists(name: string): boolean {
    return fs.existsSync(this.path(name))
  }

  /** What the program wrote. @throws {Failure} there is no such file, or it is none. */
  read(name: string): Buffer {
    return this.look(name, (file) => readRegular(file, name))
  }

  /** The same, piece by piece. */
  pieces(name: string): AsyncIterable<Buffer> {
    return this.look(name, (file) => fs.createReadStream(file, { fd: openRegular(file, name) }))
  }

  /** What lstat(2) says of a name. @throws {Failure} there is no such file. */
  stat(name: string): fs.Stats {
    return this.look(name, (file) => fs.lstatSync(file))
  }

  readLink(name: string): string {
    return this.look(name, (file) => fs.readlinkSync(file))
  }

  private look<T>(name: string, how: (file: string) => T): T {
    try {
      return how(this.path(name))
    } catch (error) {
      if (error instanceof Failure) throw error
      throw new Failure(`There should be ${name}, but it can not be looked at (${(error as NodeJS.ErrnoException).code}).`, {
        expected: name,
        actual: `in its folder: ${this.names(path.dirname(name)).join(' ') || '(nothing)'}`,
      })
    }
  }

  /** The names in a folder, in order. */
  names(folder = '.'): string[] {
    return fs.existsSync(this.path(folder)) ? fs.readdirSync(this.path(folder)).sort() : []
  }

  remove(name: string): void {
    fs.rmSync(this.path(name), { recursive: true, force: true })
    this.transcript.command(commandLine(['rm', '-r', name]))
  }

  rename(from: string, to: string): void {
    fs.renameSync(this.path(from), this.path(to))
    this.transcript.command(commandLine(['mv', from, to]))
  }

  append(name: string, content: Text): void {
    fs.appendFileSync(this.path(name), content)
    this.transcript.command(`${printf(content)} >> ${quote(name)}`)
  }

  truncate(name: string, size = 0): void {
    fs.truncateSync(this.path(name), size)
    this.transcript.command(`truncate -s ${size} ${quote(name)}`)
  }

  async close(): Promise<void> {
    for (const fifo of this.open) fifo.close()
    if (this.other) await removeFolder(this.other)
  }
}

/** The writing end of a named pipe. It is opened for both ways, so that opening does not wait for the reader. */
export class Fifo {
  readonly name: string
  private fd: number | undefined
  private readonly transcript: Transcript

  constructor(file: string, name: string, transcript: Transcript) {
    this.name = name
    this.transcript = transcript
    this.fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_NONBLOCK)
  }

  /** Writes at most what a pipe holds (64 KiB), at once. */
  write(data: Text): void {
    if (this.fd === undefined) throw new Error('the FIFO is closed')
    this.transcript.command(`${printf(data)} > ${this.name}   # the writer keeps it open`)
    fs.writeSync(this.fd, Buffer.from(data))
  }

  close(): void {
    if (this.fd !== undefined) fs.closeSync(this.fd)
    this.fd = undefined
  }
}
