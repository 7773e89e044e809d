/** A set of characters; two sets with the same key have the same members. */
export interface CharSet {
  key: string
  has(code: number): boolean
}

/** What stands on one side of a position: the edge of the line, a character of a word, or something else. */
export type Side = 'edge' | 'word' | 'other'

const WORD = /^[\p{L}\p{N}_]$/u
const CLASSES: Record<string, RegExp> = {
  alpha: /^\p{L}$/u,
  digit: /^[0-9]$/,
  alnum: /^[\p{L}\p{N}]$/u,
  upper: /^\p{Lu}$/u,
  lower: /^\p{Ll}$/u,
  space: /^\s$/u,
  blank: /^[ \t]$/,
  punct: /^[\p{P}\p{S}]$/u,
  print: /^[^\p{C}]$/u,
  graph: /^[^\p{C}\p{Z}]$/u,
  cntrl: /^\p{Cc}$/u,
  xdigit: /^[0-9A-Fa-f]$/,
}

export const ANY: CharSet = { key: '.', has: () => true }
export const WORDS = byPattern('\\w', WORD)
export const SPACES = byPattern('\\s', CLASSES.space as RegExp)

/** A class by its name between the colons of `[:alpha:]`. */
export function namedClass(name: string): CharSet | undefined {
  const pattern = CLASSES[name]
  return pattern && byPattern(`[:${name}:]`, pattern)
}

function byPattern(key: string, pattern: RegExp): CharSet {
  return { key, has: (code) => pattern.test(String.fromCodePoint(code)) }
}

export function range(from: number, to: number): CharSet {
  return { key: `${from}-${to}`, has: (code) => from <= code && code <= to }
}

export function union(sets: CharSet[]): CharSet {
  return { key: `[${sets.map((set) => set.key).join(' ')}]`, has: (code) => sets.some((set) => set.has(code)) }
}

export function complement(set: CharSet): CharSet {
  return { key: `^${set.key}`, has: (code) => !set.has(code) }
}

/** The set with its members in both cases. */
export function ignoringCase(set: CharSet): CharSet {
  return { key: `i${set.key}`, has: (code) => set.has(code) || set.has(lower(code)) || set.has(upper(code)) }
}

export function lower(code: number): number {
  return single(String.fromCodePoint(code).toLowerCase()) ?? code
}

function upper(code: number): number {
  return single(String.fromCodePoint(code).toUpperCase()) ?? code
}

/** Some characters have no single one as their counterpart (ß has SS): these stay as they are. */
function single(text: string): number | undefined {
  const code = text.codePointAt(0) as number
  return text === String.fromCodePoint(code) ? code : undefined
}

export function sideOf(code: number | undefined): Side {
  if (code === undefined) return 'edge'
  return code !== INVALID && WORDS.has(code) ? 'word' : 'other'
}

/** What stands before a place: the last character that ends there. */
export function sideBefore(bytes: Uint8Array, at: number): Side {
  let start = at - 1
  while (start > 0 && ((bytes[start] as number) & 0xc0) === 0x80) start -= 1
  return sideOf(at === 0 ? undefined : codeAt(bytes, start))
}

/** A byte that is no part of a character. */
export const INVALID = -1

/** The character that begins at a place in UTF-8 text; undefined at its end. */
export function codeAt(bytes: Uint8Array, at: number): number | undefined {
  const first = bytes[at]
  if (first === undefined || first < 0x80) return first
  const [length, smallest] = first < 0xe0 ? [2, 0x80] : first < 0xf0 ? [3, 0x800] : [4, 0x10000]
  let code = first & (0xff >> (length + 1))
  for (let next = at + 1; next < at + length; next++) {
    const byte = bytes[next] ?? 0
    if ((byte & 0xc0) !== 0x80) return INVALID
    code = (code << 6) | (byte & 0x3f)
  }
  const surrogate = code >= 0xd800 && code <= 0xdfff
  return first < 0xc2 || code < smallest || code > 0x10ffff || surrogate ? INVALID : code
}

/** How many bytes a character takes; a byte that is none takes itself. */
export function widthOf(code: number | undefined): number {
  if (code === undefined || code < 0x80) return 1
  return code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}
