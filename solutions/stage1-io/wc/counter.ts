const NEWLINE = 10
const TAB = 9
const FORM_FEED = 12
const RETURN = 13
const TAB_STOP = 8

/** The blanks of Unicode (general category Zs) beyond ASCII. */
const WIDE_BLANKS = new Set(
  [...'\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000'].map(codeOf),
)

/** The smallest character that needs a sequence of 2, 3 or 4 bytes: what is smaller is spelled too long, and so not valid. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000]

export interface Counts {
  lines: number
  words: number
  characters: number
  bytes: number
  longest: number
}

export function sumOf(all: Counts[]): Counts {
  const sum = new Counter().counts
  for (const counts of all) {
    sum.lines += counts.lines
    sum.words += counts.words
    sum.characters += counts.characters
    sum.bytes += counts.bytes
    sum.longest = Math.max(sum.longest, counts.longest)
  }
  return sum
}

/** Counts a stream that comes in pieces. What a piece may cut in two lives in the fields: a word, a line, a character. */
export class Counter {
  readonly counts: Counts = { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 }
  private inWord = false
  private column = 0
  // The UTF-8 sequence that is being read: its bits so far, its length, and how many of its bytes are still to come.
  private bits = 0
  private length = 0
  private missing = 0

  add(chunk: Buffer): void {
    this.counts.bytes += chunk.length
    for (const byte of chunk) {
      if (byte < 0x80) {
        this.missing = 0
        this.character(byte)
      } else if (byte < 0xc0) this.continuation(byte)
      else this.lead(byte)
    }
  }

  /** 110xxxxx begins two bytes, 1110xxxx three, 11110xxx four. A sequence that was not complete is thereby forgotten: it was no character. */
  private lead(byte: number): void {
    this.length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    this.missing = this.length - 1
    this.bits = byte & (0x7f >> this.length)
  }

  private continuation(byte: number): void {
    if (this.missing === 0) return
    this.bits = (this.bits << 6) | (byte & 0x3f)
    this.missing -= 1
    if (this.missing === 0 && this.bits >= (SMALLEST[this.length] as number) && !isSurrogate(this.bits)) this.character(this.bits)
  }

  private character(code: number): void {
    this.counts.characters += 1
    if (isBlank(code)) this.inWord = false
    else if (!this.inWord) {
      this.inWord = true
      this.counts.words += 1
    }
    this.move(code)
  }

  /** Where the cursor of a terminal would stand after this character. */
  private move(code: number): void {
    if (code === NEWLINE) this.counts.lines += 1
    if (code === NEWLINE || code === RETURN || code === FORM_FEED) this.column = 0
    else if (code === TAB) this.column += TAB_STOP - (this.column % TAB_STOP)
    else if (isPrintable(code)) this.column += 1
    if (this.column > this.counts.longest) this.counts.longest = this.column
  }
}

function codeOf(character: string): number {
  return character.codePointAt(0) as number
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= TAB && code <= RETURN) || (code >= 0x80 && WIDE_BLANKS.has(code))
}

/** UTF-16 uses these numbers for itself; they are no characters. */
function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff
}

function isPrintable(code: number): boolean {
  return code >= 32 && (code < 127 || code >= 160)
}
