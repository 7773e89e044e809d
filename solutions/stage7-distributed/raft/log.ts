import type { Entry } from './messages.ts'

/** What stands at the beginning: the place before the first entry. */
interface Place {
  index: number
  term: number
}

/** Entries with consecutive indexes. Those up to and including `base` are forgotten: a snapshot has what they did. */
export class Log {
  base: Place = { index: 0, term: 0 }
  entries: Entry[] = []

  get last(): Place {
    return this.entries.at(-1) ?? this.base
  }

  /** Undefined for entries that are forgotten or not there yet. */
  termAt(index: number): number | undefined {
    return index === this.base.index ? this.base.term : this.entries[index - this.base.index - 1]?.term
  }

  /** The entries after one index up to and including another. */
  between(after: number, to: number): Entry[] {
    return this.entries.slice(after - this.base.index, to - this.base.index)
  }

  append(entry: Entry): void {
    this.entries.push(entry)
  }

  /** Removes the entry at `index` and all behind it. */
  cutFrom(index: number): void {
    this.entries.length = Math.min(this.entries.length, index - this.base.index - 1)
  }

  /** Forgets the entries up to and including `index`. */
  forgetTo(index: number): void {
    const term = this.termAt(index) as number
    this.entries.splice(0, index - this.base.index)
    this.base = { index, term }
  }

  /** Forgets everything: the log goes on behind `place`. */
  restartAt({ index, term }: Place): void {
    this.entries = []
    this.base = { index, term }
  }

  firstOfTerm(term: number): number | undefined {
    return this.entries.find((entry) => entry.term === term)?.index
  }

  lastOfTerm(term: number): number | undefined {
    return this.entries.findLast((entry) => entry.term === term)?.index
  }
}
