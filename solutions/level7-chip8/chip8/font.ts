/** Where the sixteen digits stand, and how many bytes each has. */
export const FONT_START = 0x050
export const GLYPH = 5

/** The digits 0 to F, four pixels wide and five high, a row a byte. */
export const FONT = Uint8Array.from(
  [
    'f0909090f0 2060202070 f010f080f0 f010f010f0 9090f01010 f080f010f0 f080f090f0 f010204040',
    'f090f090f0 f090f010f0 f090f09090 e090e090e0 f0808080f0 e0909090e0 f080f080f0 f080f08080',
  ]
    .join('')
    .replaceAll(' ', '')
    .match(/../g) as string[],
  (byte) => Number.parseInt(byte, 16),
)
