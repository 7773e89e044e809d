/** Models of what cat makes of its input, by the tables of its spec. */

const numberOf = (line: number) => `${String(line).padStart(6)}\t`

/** What `cat -n` makes of a text. */
export function numbered(text: string): string {
  const lines = text.split(/(?<=\n)/)
  return lines.map((line, n) => (line ? numberOf(n + 1) + line : '')).join('')
}

/** What `cat -b` makes of it. */
export function numberedNonblank(text: string): string {
  let number = 0
  return text.replace(/^(?=.)/gm, () => numberOf(++number))
}

/** What `cat -v` makes of a byte, by its table in the spec. */
export function spelled(byte: number): string {
  if (byte === 9 || byte === 10) return String.fromCharCode(byte)
  const [prefix, low] = byte > 127 ? ['M-', byte - 128] : ['', byte]
  return prefix + (low === 127 ? '^?' : low < 32 ? `^${String.fromCharCode(low + 64)}` : String.fromCharCode(low))
}

export const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
