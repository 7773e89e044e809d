import { excerpt, type Text } from '../engine/difference.ts'

const INPUT_SHOWN = 120
const SENT_SHOWN = 160

/** What was done and what came of it, as lines that a learner could have typed themselves. */
export class Transcript {
  readonly lines: string[] = []

  /** A command as typed. */
  command(text: string): void {
    this.lines.push(`$ ${text}`)
  }

  /** What went over a connection or into a session, and what came back. */
  sent(who: string, data: Text): void {
    this.lines.push(`${who}→ ${wire(data)}`)
  }

  received(who: string, data: Text): void {
    this.lines.push(`${who}← ${wire(data)}`)
  }

  /** Something that happened, or came back. */
  note(text: string): void {
    this.lines.push(`# ${text}`)
  }
}

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/

/** A word as a shell needs it. */
export function quote(word: string): string {
  if (PLAIN.test(word)) return word
  return /[\n\t\x00-\x1f\x7f]/.test(word) ? `$'${escaped(word).replaceAll("'", "\\'")}'` : `'${word.replaceAll("'", "'\\''")}'`
}

/** A command line, each word quoted where it must be. */
export function commandLine(words: string[]): string {
  return words.map(quote).join(' ')
}

/** A `printf` that writes these bytes, or a note of how many there are where that would be too long to read. */
export function printf(data: Text): string {
  const bytes = Buffer.from(data)
  if (bytes.length > INPUT_SHOWN) return `(${bytes.length} bytes: ${excerpt(bytes, 60)})`
  return `printf '${escaped(bytes).replaceAll('%', '%%').replaceAll("'", "'\\''")}'`
}

/** Bytes as a protocol's pages write them: `*1\\r\\n$4\\r\\nPING\\r\\n`. */
function wire(data: Text): string {
  const bytes = typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  if (bytes.length <= SENT_SHOWN) return escaped(bytes)
  const half = SENT_SHOWN / 2
  return `${escaped(bytes.slice(0, half))} … ${escaped(bytes.slice(-half))} (${bytes.length} bytes)`
}

const NAMED: Record<number, string> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' }

function escaped(data: Text): string {
  const bytes = Buffer.from(data)
  const valid = Buffer.from(bytes.toString()).equals(bytes)
  const one = (code: number) => NAMED[code] ?? (code < 32 || code === 127 ? octal(code) : undefined)
  if (valid) return [...bytes.toString()].map((c) => one(c.charCodeAt(0)) ?? c).join('')
  return Array.from(bytes, (byte) => one(byte) ?? (byte > 127 ? octal(byte) : String.fromCharCode(byte))).join('')
}

const octal = (code: number) => `\\${code.toString(8).padStart(3, '0')}`
