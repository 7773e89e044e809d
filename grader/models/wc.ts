/** What wc has to count in a text, worked out on whole strings. */
export const linesOf = (text: string) => text.split('\n').length - 1
export const wordsOf = (text: string) => text.split(/[ \t\n\v\f\r]+/).filter(Boolean).length
export const longestOf = (text: string) => text.split('\n').reduce((most, line) => Math.max(most, [...line].length), 0)

/** What it prints without options. */
export const usual = (text: string) => `${linesOf(text)} ${wordsOf(text)} ${Buffer.byteLength(text)}`

/** Characters of two, three and four bytes, of one column each. */
export const LETTERS = [...'äéñßøΩжאدกაẞ€→∑ﬁ𐍈𝄞𝔸𐤀']

/** Characters at either end of what two, three and four bytes can spell. */
export const BOUNDARIES = [...'x\n\u{80}\u{7ff}\u{800}\u{d7ff}\u{e000}\u{ffff}\u{10000}\u{10ffff}']

/** Bytes that are no characters: alone, cut short, spelled too long, surrogates. */
export const BROKEN = [
  [0x80],
  [0xbf, 0x80],
  [0xc3],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x98],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xe0, 0x9f, 0xbf],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xf0, 0x8f, 0xbf, 0xbf],
].map((bytes) => Buffer.from(bytes))
