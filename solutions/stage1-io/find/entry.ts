import fs from 'node:fs'

type Kind = Pick<fs.Dirent, 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'isBlockDevice' | 'isCharacterDevice'>

/**
 * A file that was found. Names are text in which each character is one byte (Latin-1): they need not be UTF-8, and must come out as they are.
 */
export class Entry {
  /** The last part of the path; for a starting point the whole of it. */
  readonly name: string
  readonly parent: Entry | undefined
  readonly depth: number
  /** Set by -prune. */
  pruned = false
  private readonly follow: boolean
  private readonly kind: Kind | undefined
  private known: fs.BigIntStats | undefined

  constructor(name: string, follow: boolean, parent?: Entry, kind?: Kind) {
    this.name = name
    this.follow = follow
    this.parent = parent
    this.depth = parent === undefined ? 0 : parent.depth + 1
    this.kind = kind
  }

  /** What leads to it from the current folder, while it is its turn. */
  get file(): Buffer {
    return toBytes(this.name)
  }

  /** What the user sees. Put together when it is wanted: in a deep tree, paths are longer than all the rest. */
  get path(): string {
    const names: string[] = []
    let top: Entry = this
    for (; top.parent !== undefined; top = top.parent) names.push(top.name)
    if (names.length === 0) return this.name
    return (top.name.endsWith('/') ? top.name : `${top.name}/`) + names.reverse().join('/')
  }

  /** What -name looks at: of a starting point, too, only the last part. */
  get baseName(): string {
    return /([^/]+)\/*$/.exec(this.name)?.[1] ?? '/'
  }

  get stat(): fs.BigIntStats {
    this.known ??= statOf(this.file, this.follow)
    return this.known
  }

  /** One letter, as -type has it. Mostly the folder that it was read from knows it, and nobody needs to ask the file. */
  get type(): string {
    return typeOf(this.kind === undefined || (this.follow && this.kind.isSymbolicLink()) ? this.stat : this.kind)
  }

  /** A way in that `..` does not lead back from. */
  get isLink(): boolean {
    return this.kind?.isSymbolicLink() ?? true
  }
}

/** Of a link that leads nowhere, the link itself is all there is to see. */
export function statOf(file: string | Buffer, follow: boolean): fs.BigIntStats {
  const target = follow ? fs.statSync(file, { bigint: true, throwIfNoEntry: false }) : undefined
  return target ?? fs.lstatSync(file, { bigint: true })
}

function typeOf(kind: Kind): string {
  if (kind.isDirectory()) return 'd'
  if (kind.isSymbolicLink()) return 'l'
  if (kind.isFIFO()) return 'p'
  if (kind.isSocket()) return 's'
  if (kind.isBlockDevice()) return 'b'
  return kind.isCharacterDevice() ? 'c' : 'f'
}

export function toBytes(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

/** Bytes as characters, for what deals in characters: patterns, messages and the arguments of programs. */
export function decode(text: string): string {
  return toBytes(text).toString()
}
