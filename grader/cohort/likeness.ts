import { File, FingerprintIndex, Region, type SharedFingerprint, TokenizedFile } from '@dodona/dolos-core'
import { isCode, tokensOf } from './tokens.ts'

export interface Source {
  name: string
  text: string
}

/** All that one student wrote for a project. */
export interface Work {
  id: string
  files: Source[]
}

/** Lines of a file, from 1, the last included. */
export interface Span {
  file: string
  from: number
  to: number
}

interface Passage {
  left: Span
  right: Span
  /** How many tokens in a row are the same. */
  tokens: number
  /** The left's text of these lines; what is very long is cut. */
  lines: string[]
  /** The right's. */
  rightLines: string[]
}

/** Two works, by their ids, that share too much. */
export interface Pair {
  left: string
  right: string
  /** The part of both works that the passages are, 0 to 1; known code is no part of a work. */
  similarity: number
  /** What all passages have together, on one side. */
  tokens: number
  /** The longest first. */
  passages: Passage[]
}

/** A file that nobody looked into. */
export interface LeftOut {
  id: string
  file: string
  why: string
}

const KGRAM = 12
const WINDOW = 8
/** What winnowing is sure to find. */
const SHORTEST = KGRAM + WINDOW - 1
const FEWEST_TOKENS = 60
const AT_LEAST = 0.3
/** How many places of a fingerprint in one work count: what comes again and again must not cost the square of its number. */
const REPEATS = 8
const LARGEST = 1024 ** 2
const LONGEST_LINE = 200

/** The code of one work, all files one after the other. */
interface Run {
  id: string
  kinds: string[]
  /** Where each token stands. */
  places: { file: number; line: number }[]
  files: { name: string; lines: string[] }[]
  /** 1 for a token that no passage may hold: known code, and the end of a file. */
  barred: Uint8Array
  /** What the index calls it. */
  tokenized: TokenizedFile
}

/** Where a fingerprint stands in two runs. */
type Seed = [left: number, right: number]

/** The same tokens at two places. */
interface Match {
  left: number
  right: number
  length: number
}

/**
 * Pairs of works of one project that share at least `atLeast` of their code, the most alike first. `known` is code that
 * everybody was given (starters, the reference, the library that it is built with): it counts for nothing, wherever it stands.
 *
 * Fingerprints are chosen by winnowing (Schleimer, Wilkerson, Aiken 2003): of any 8 k-grams of 12 tokens in a row one, so that
 * 19 tokens that are the same, about two lines, are always found; fewer do not count. Tried with 12 libraries of npm that solve
 * two tasks (LRU caches, command lines), with the references of this course, which are by one hand, and with copies of these
 * in which a statement was put in after every n-th line. Independent libraries share up to 0.02 (k-grams of 8 in windows of 4: 0.08),
 * one that was made from another 0.07, references of different tasks up to 0.26 (`cp` and `mv`, which do the same to a
 * tree, 0.30); copies 0.89 and more with every fifth line changed, and still 0.64 with every second (k-grams of 23 in windows of 17:
 * 0.30). So 0.3 is far from both: a work of which a third was copied is found. A pair has 60 tokens at least, about eight
 * lines, however small the works are: there are few ways to write what is that short.
 * @returns similarity and tokens of each, and the passages, each token in one of them at most
 */
export function likePairs(works: Work[], known: Source[], { atLeast = AT_LEAST }: { atLeast?: number } = {}): Pair[] {
  const runs = works.map(({ id, files }) => runOf(id, files))
  const template = runOf('', known)
  const index = new FingerprintIndex(KGRAM, WINDOW)
  index.addFiles(runs.map(({ tokenized }) => tokenized))
  index.addIgnoredFile(template.tokenized)
  const entries = index.entries()
  entries.forEach(({ ignored }, n) => {
    barKnown(runs[n] as Run, template, ignored)
  })
  const sizes = runs.map(({ barred }) => barred.reduce((size, bar) => size + 1 - bar, 0))
  const numbers = new Map(runs.map(({ tokenized }, n) => [tokenized, n]))
  const pairs: Pair[] = []
  for (const [n, { shared }] of entries.entries()) {
    const left = runs[n] as Run
    for (const [m, seeds] of seedsByOther(n, runs, shared, numbers)) {
      const right = runs[m] as Run
      const tiles = tiling(left, right, matches(left, right, seeds))
      const tokens = tiles.reduce((sum, { length }) => sum + length, 0)
      const similarity = (2 * tokens) / ((sizes[n] as number) + (sizes[m] as number))
      if (tokens < FEWEST_TOKENS || similarity < atLeast) continue
      pairs.push({
        left: left.id,
        right: right.id,
        similarity,
        tokens,
        passages: tiles.map((tile) => passageOf(left, right, tile)),
      })
    }
  }
  return pairs.sort((a, b) => b.similarity - a.similarity || b.tokens - a.tokens)
}

/** Files in a known language that `likePairs` does not look into, with the reason. */
export function leftOut(works: Work[]): LeftOut[] {
  return works.flatMap(({ id, files }) =>
    files.flatMap((source) => {
      const why = isCode(source.name) && unreadable(source)
      return why ? [{ id, file: source.name, why }] : []
    }),
  )
}

function unreadable({ text }: Source): string | undefined {
  if (Buffer.byteLength(text) > LARGEST) return 'larger than 1 MiB'
  return text.includes('\0') ? 'not a text' : undefined
}

function runOf(id: string, sources: Source[]): Run {
  const files = sources.filter((source) => isCode(source.name) && !unreadable(source))
  const kinds: string[] = []
  const places: Run['places'] = []
  for (const [file, { name, text }] of files.entries())
    for (const { kind, line } of [...tokensOf(name, text), { kind: END, line: 0 }]) {
      kinds.push(kind)
      places.push({ file, line })
    }
  // The index wants a region for each token; which token it is says enough.
  const regions = kinds.map((_, n) => new Region(n, 0, n, 0))
  const barred = Uint8Array.from(kinds, (kind) => (kind === END ? 1 : 0))
  return { id, kinds, places, files: files.map(shown), barred, tokenized: new TokenizedFile(new File(id, ''), kinds, regions) }
}

const shown = ({ name, text }: Source) => ({
  name,
  lines: text.split(/\r?\n/).map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line)),
})

/** Stands between two files of a run. */
const END = ''

/** Bars what a run has from the known code. */
function barKnown(run: Run, template: Run, fingerprints: Iterable<SharedFingerprint>): void {
  const covered = new Uint8Array(run.kinds.length)
  for (const fingerprint of fingerprints) {
    const places = fingerprint.occurrencesOf(template.tokenized).slice(0, REPEATS)
    for (const { side } of fingerprint.occurrencesOf(run.tokenized)) {
      if (covered[side.start] && covered[side.stop]) continue
      for (const place of places) {
        const { left, length } = grown(run, template, side.start, place.side.start)
        if (length >= KGRAM) covered.fill(1, left, left + length)
      }
    }
  }
  for (const [n, is] of covered.entries()) if (is) run.barred[n] = 1
}

/** What the n-th work has in common with each that comes later and is not the same student's, by its number. */
function seedsByOther(n: number, runs: Run[], shared: Iterable<SharedFingerprint>, numbers: Map<TokenizedFile, number>) {
  const left = runs[n] as Run
  const seeds = new Map<number, Seed[]>()
  for (const fingerprint of shared)
    for (const file of fingerprint.files()) {
      const m = numbers.get(file) ?? n
      const right = runs[m] as Run
      if (m <= n || right.id === left.id) continue
      const found = seeds.get(m) ?? []
      addSeeds(found, fingerprint, left, right)
      seeds.set(m, found)
    }
  return seeds
}

function addSeeds(seeds: Seed[], fingerprint: SharedFingerprint, left: Run, right: Run): void {
  const inRight = fingerprint.occurrencesOf(right.tokenized).slice(0, REPEATS)
  for (const one of fingerprint.occurrencesOf(left.tokenized).slice(0, REPEATS))
    for (const other of inRight) seeds.push([one.side.start, other.side.start])
}

/** As many tokens around two places as are the same; none, where only the hash is. */
function grown(left: Run, right: Run, i: number, j: number): Match {
  const isSame = (n: number) => left.kinds[i + n] === right.kinds[j + n] && left.barred[i + n] === 0 && right.barred[j + n] === 0
  if (!isSame(0)) return { left: i, right: j, length: 0 }
  let before = 0
  while (isSame(-before - 1)) before++
  let after = 1
  while (isSame(after)) after++
  return { left: i - before, right: j - before, length: before + after }
}

function matches(left: Run, right: Run, seeds: Seed[]): Match[] {
  /** Where the last match of each diagonal ends: a seed in it would grow to the same. */
  const ends = new Map<number, number>()
  const found: Match[] = []
  for (const [i, j] of seeds.sort((a, b) => a[0] - b[0])) {
    if (i < (ends.get(i - j) ?? 0)) continue
    const match = grown(left, right, i, j)
    ends.set(i - j, match.left + match.length)
    if (match.length >= SHORTEST) found.push(match)
  }
  return found
}

/** Cuts matches that overlap, the longest first (greedy string tiling, Wise 1993), so that no token counts twice. */
function tiling(left: Run, right: Run, found: Match[]): Match[] {
  const takenLeft = new Uint8Array(left.kinds.length)
  const takenRight = new Uint8Array(right.kinds.length)
  const tiles: Match[] = []
  for (const match of found.sort((a, b) => b.length - a.length)) {
    let start = 0
    for (let n = 0; n <= match.length; n++) {
      const isFree = n < match.length && !takenLeft[match.left + n] && !takenRight[match.right + n]
      if (isFree) continue
      const tile = { left: match.left + start, right: match.right + start, length: n - start }
      start = n + 1
      if (tile.length < SHORTEST) continue
      tiles.push(tile)
      takenLeft.fill(1, tile.left, tile.left + tile.length)
      takenRight.fill(1, tile.right, tile.right + tile.length)
    }
  }
  return tiles.sort((a, b) => b.length - a.length)
}

function passageOf(left: Run, right: Run, { left: i, right: j, length }: Match): Passage {
  const [one, other] = [excerpt(left, i, length), excerpt(right, j, length)]
  return { left: one.span, right: other.span, tokens: length, lines: one.lines, rightLines: other.lines }
}

function excerpt({ files, places }: Run, start: number, length: number): { span: Span; lines: string[] } {
  const [first, last] = [places[start], places[start + length - 1]] as [Run['places'][number], Run['places'][number]]
  const { name, lines } = files[first.file] as Run['files'][number]
  return { span: { file: name, from: first.line, to: last.line }, lines: lines.slice(first.line - 1, last.line) }
}
