import { UsageError } from '#lib/options.ts'

/** How the text of a key is compared. */
export interface Ordering {
  skipStartBlanks: boolean
  skipEndBlanks: boolean
  fold: boolean
  numeric: boolean
  reverse: boolean
}

/** One -k: cuts a text out of a line that can be compared as it is. */
export interface Key {
  of: (line: string) => string
  reverse: boolean
}

interface Position {
  field: number
  /** Counted from 1; as an end, 0 is the last character of the field. */
  character: number
}

export function parseOrdering(letters: string, endLetters = letters): Ordering {
  const has = (letter: string) => (letters + endLetters).includes(letter)
  return {
    skipStartBlanks: letters.includes('b'),
    skipEndBlanks: endLetters.includes('b'),
    fold: has('f'),
    numeric: has('n'),
    reverse: has('r'),
  }
}

/** `2.3nr,4`: from the third character of the second field to the end of the fourth. */
export function parseKey(spec: string, general: Ordering, separator: string | undefined): Key {
  const match = /^([1-9]\d*)(?:\.([1-9]\d*))?([bfnr]*)(?:,([1-9]\d*)(?:\.(\d+))?([bfnr]*))?$/.exec(spec)
  if (match === null) throw new UsageError(`invalid key: '${spec}'`)
  const [, field, character = '1', letters = '', endField, endCharacter = '0', endLetters = ''] = match
  // A key with letters of its own takes none of the general ones.
  const ordering = letters + endLetters === '' ? general : parseOrdering(letters, endLetters)
  const start = { field: Number(field), character: Number(character) }
  const end = endField === undefined ? undefined : { field: Number(endField), character: Number(endCharacter) }
  const cut = cutter(start, end, ordering, new Fields(separator))
  const encode = encoding(ordering)
  return { of: (line) => encode(cut(line)), reverse: ordering.reverse }
}

function encoding({ numeric, fold }: Ordering): (text: string) => string {
  if (numeric) return numberKey
  return fold ? foldCase : (text) => text
}

function cutter(start: Position, end: Position | undefined, ordering: Ordering, fields: Fields): (line: string) => string {
  const place = (line: string, { field, character }: Position, skip: boolean) => {
    const begin = fields.start(line, field)
    return (skip ? skipBlanks(line, begin) : begin) + character
  }
  return (line) => {
    const from = place(line, start, ordering.skipStartBlanks) - 1
    if (end === undefined) return line.slice(from)
    const to = end.character === 0 ? fields.end(line, end.field) : place(line, end, ordering.skipEndBlanks)
    return line.slice(from, to)
  }
}

/** Where fields begin and end: between separators, or else at the change from a character to a blank, which belongs to the field after it. */
class Fields {
  private readonly separator: string | undefined

  constructor(separator: string | undefined) {
    this.separator = separator
  }

  start(line: string, field: number): number {
    if (field === 1) return 0
    return this.end(line, field - 1) + (this.separator === undefined ? 0 : 1)
  }

  end(line: string, field: number): number {
    let at = this.separator === undefined ? 0 : -1
    for (let count = 0; count < field && at < line.length; count++) {
      at = this.separator === undefined ? skipWord(line, skipBlanks(line, at)) : line.indexOf(this.separator, at + 1)
      if (at < 0) return line.length
    }
    return at
  }
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}

function skipBlanks(line: string, from: number): number {
  let at = from
  while (isBlank(line[at])) at++
  return at
}

function skipWord(line: string, from: number): number {
  let at = from
  while (at < line.length && !isBlank(line[at])) at++
  return at
}

/** ASCII only: the bytes of other letters are not letters. */
function foldCase(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}

/**
 * Spells the number at the start of a text so that the spellings, compared as text, are in the order of the numbers, however many digits they
 * have: sign, number of digits before the point, all digits. For a negative number all of it is turned around.
 */
function numberKey(text: string): string {
  const [, sign, whole = '', fraction = ''] = /^[ \t]*(-?)0*(\d*)(?:\.(\d*))?/.exec(text) as string[]
  const digits = whole + withoutLastZeros(fraction)
  if (digits === '') return '1'
  const size = String.fromCharCode(whole.length >>> 16, whole.length & 0xffff) + digits
  return sign === '' ? `2${size}` : `0${complement(size)}\uffff`
}

function withoutLastZeros(digits: string): string {
  let length = digits.length
  while (digits[length - 1] === '0') length--
  return digits.slice(0, length)
}

function complement(text: string): string {
  return Array.from(text, (character) => String.fromCharCode(0xffff - character.charCodeAt(0))).join('')
}

/** Lines with their keys, which are cut once per line and not once per comparison. Kept by column: a million small objects would cost more than the lines. */
export class Table {
  readonly lines: string[] = []
  private readonly keys: Key[]
  private readonly columns: string[][]
  private readonly lastResort: boolean
  private readonly reverse: boolean

  constructor(keys: Key[], lastResort: boolean, reverse: boolean) {
    this.keys = keys
    this.columns = keys.map(() => [])
    this.lastResort = lastResort
    this.reverse = reverse
  }

  set(row: number, line: string): void {
    this.lines[row] = line
    for (let index = 0; index < this.keys.length; index++) {
      const column = this.columns[index] as string[]
      column[row] = (this.keys[index] as Key).of(line)
    }
  }

  /** @returns less than 0, 0 or more than 0, as one row belongs before, with or after another. */
  compare(a: number, b: number): number {
    for (let index = 0; index < this.keys.length; index++) {
      const column = this.columns[index] as string[]
      const order = compareText(column[a] as string, column[b] as string)
      if (order !== 0) return (this.keys[index] as Key).reverse ? -order : order
    }
    if (!this.lastResort) return 0
    const order = compareText(this.lines[a] as string, this.lines[b] as string)
    return this.reverse ? -order : order
  }
}

function compareText(a: string, b: string): number {
  if (a < b) return -1
  return a > b ? 1 : 0
}
