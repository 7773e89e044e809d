import fs from 'node:fs'
import path from 'node:path'
import { reason } from '#lib/io.ts'
import { Log } from './log.ts'
import { DELETED } from './record.ts'

/** A request that writes: a key gets a value, or loses it. */
export interface Change {
  key: string
  value: string
}

/** Where the record of a key stands, and how long its value is. */
interface Place {
  position: number
  length: number
}

/** Keys and values in a folder. In memory there is only where to find them. */
export class Store {
  private readonly folder: string
  private readonly file: string
  private log: Log
  private places = new Map<string, Place>()

  constructor(folder: string) {
    this.folder = folder
    this.file = path.join(folder, 'log')
    fs.rmSync(this.unfinished, { force: true })
    this.log = new Log(this.file)
    sync(folder)
    this.log.recover(({ key, value }, position) => this.note(this.places, key, { position, length: value.length }))
  }

  /** What a compaction writes; it has no name that counts before it is whole. */
  private get unfinished(): string {
    return `${this.file}.new`
  }

  get count(): number {
    return this.places.size
  }

  get(key: string): string | undefined {
    const place = this.places.get(key)
    return place && this.valueAt(place)
  }

  private valueAt({ position }: Place): string {
    return this.log.read(position).value.toString('latin1')
  }

  /** In the order of their bytes. */
  keys(belongs: (key: string) => boolean): string[] {
    return [...this.places.keys()].filter(belongs).sort()
  }

  /**
   * Makes changes that came together with a single wait for the disk. If it does not take them together, each is tried alone.
   * @returns an answer for each.
   */
  change(changes: Change[]): string[] {
    try {
      return this.commit(changes)
    } catch {
      return changes.map((change) => {
        try {
          return this.commit([change]).join()
        } catch (error) {
          return `error not stored: ${reason(error)}`
        }
      })
    }
  }

  private commit(changes: Change[]): string[] {
    const before = changes.map(({ key }) => [key, this.places.get(key)] as const)
    const answers = changes.map(({ key, value }) => {
      if (value === DELETED && !this.places.has(key)) return 'none'
      this.note(this.places, key, { position: this.log.add(key, value), length: value.length })
      return 'ok'
    })
    try {
      this.log.commit()
    } catch (error) {
      for (const [key, place] of before) this.note(this.places, key, place)
      throw error
    }
    return answers
  }

  private note(places: Map<string, Place>, key: string, place: Place | undefined): void {
    if (place === undefined || place.length === DELETED.length) places.delete(key)
    else places.set(key, place)
  }

  /** Copies what still counts to a new file, which takes the place of the old one in a single step. */
  compact(): void {
    const next = new Log(this.unfinished)
    const moved = new Map<string, Place>()
    try {
      for (const [key, place] of this.places) {
        moved.set(key, { position: next.add(key, this.valueAt(place)), length: place.length })
        if (next.isFull) next.commit()
      }
      next.commit()
    } catch (error) {
      next.close()
      fs.rmSync(this.unfinished)
      throw error
    }
    next.replace(this.file)
    sync(this.folder)
    this.log.close()
    this.log = next
    this.places = moved
  }

  stats(): string {
    const sizes = fs.readdirSync(this.folder).map((name) => fs.statSync(path.join(this.folder, name)).size)
    const lengths = [...this.places].map(([key, { length }]) => key.length + length)
    return `keys=${this.count} files=${sizes.length} bytes=${sum(sizes)} live=${sum(lengths)}`
  }
}

/** A new name in a folder is safe when the folder itself is on the disk. */
function sync(folder: string): void {
  const fd = fs.openSync(folder, 'r')
  fs.fsyncSync(fd)
  fs.closeSync(fd)
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
