import type { Evidence } from './failure.ts'

const CONTEXT = 2
const WIDTH = 100
const NEWLINE = 10

export type Text = string | Uint8Array

/**
 * Text with its invisible characters made visible: `⏎` for a newline, `→` for a tab, `·` for a blank where it would be overlooked (at either end of a
 * line, or in a run), `\x1b` for what no terminal should get to see.
 */
export function visible(text: Text): string {
  return decode(text)
    .replace(/ {2,}|^ | (?=\n|$)/gm, (blanks) => '·'.repeat(blanks.length))
    .replaceAll('\t', '→')
    .replaceAll('\n', '⏎')
    .replaceAll('\r', '\\r')
    .replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/g, (c) =>
      c.charCodeAt(0) > 255 ? `\\u${c.charCodeAt(0).toString(16)}` : hex(c.charCodeAt(0)),
    )
}

/** UTF-8 where it is valid, `\xff` for each byte that is not. */
function decode(text: Text): string {
  if (typeof text === 'string') return text
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text)
  } catch {
    return Array.from(text, (byte) => (byte < 128 ? String.fromCharCode(byte) : hex(byte))).join('')
  }
}

const hex = (code: number) => `\\x${code.toString(16).padStart(2, '0')}`

/** A text in one line, shortened in the middle where it is long. */
export function excerpt(text: Text, limit = WIDTH): string {
  const half = limit / 2
  const head = text.slice(0, half * 2 + 1)
  if (head.length <= limit) return visible(head)
  return `${visible(text.slice(0, half))} … ${visible(text.slice(-half))}`
}

/** A line of a stack trace in which the message comes first, as those of Node and Java. */
const FRAME = /^[·→]*at /

/** The last lines of a text: what a program said before it gave up, where its complaint usually stands. Of a stack trace, two lines are enough. */
export function lastLines(text: Text, count = 10): string {
  const all = visible(text).replace(/⏎$/, '').split('⏎')
  const lines = all.filter((_, n) => ![n - 2, n - 1, n].every((place) => FRAME.test(all[place] ?? '')))
  const shown = lines.slice(-count).map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH)} …` : line))
  return [...(lines.length > count ? ['…'] : []), ...shown].join('\n')
}

/**
 * Where two texts first differ, told so that both can be put side by side.
 * @returns undefined when they are the same.
 */
export function difference(expected: Text, actual: Text): ({ where: string } & Evidence) | undefined {
  const want = Buffer.from(expected)
  const got = Buffer.from(actual)
  if (want.equals(got)) return undefined
  const at = firstDifference(want, got)
  if (got.length === 0) return { where: 'nothing was written', expected: window(want, 0, 0), actual: '(nothing)' }
  if (want.length === 0) return { where: 'nothing should have been written', expected: '(nothing)', actual: window(got, 0, 0) }
  const line = countLines(want, at) + 1
  const where =
    at === got.length
      ? `it ends too early, after ${bytes(got.length)} of ${bytes(want.length)}`
      : at === want.length
        ? `all ${bytes(want.length)} are right, but more follow`
        : `the first difference is in line ${line}, at byte ${at + 1}`
  return { where, expected: window(want, at, line), actual: window(got, at, line) }
}

const bytes = (count: number) => `${count} ${count === 1 ? 'byte' : 'bytes'}`

function firstDifference(a: Buffer, b: Buffer): number {
  const length = Math.min(a.length, b.length)
  let low = 0
  // Bisecting with the native comparison finds the byte in megabytes at once.
  let high = length
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (a.subarray(low, middle).equals(b.subarray(low, middle))) low = middle
    else high = middle - 1
  }
  return low
}

function countLines(buffer: Buffer, end: number): number {
  let count = 0
  for (let at = buffer.indexOf(NEWLINE); at >= 0 && at < end; at = buffer.indexOf(NEWLINE, at + 1)) count++
  return count
}

/** The lines around an offset, each visible and cut to a width; a long line is cut around the offset itself. */
function window(buffer: Buffer, at: number, line: number): string {
  let start = lineStart(buffer, at)
  for (let n = 0; n < CONTEXT && start > 0; n++) start = lineStart(buffer, start - 1)
  const lines: string[] = []
  let number = Math.max(line, 1) - countLines(buffer.subarray(start), at - start)
  const wanted = number + 2 * CONTEXT
  for (let from = start; from < buffer.length && number <= wanted; number++) {
    const newline = buffer.indexOf(NEWLINE, from)
    const end = newline < 0 ? buffer.length : newline + 1
    lines.push(`${String(number).padStart(4)} │ ${cut(buffer.subarray(from, end), at - from)}`)
    from = end
  }
  return lines.length > 0 ? lines.join('\n') : '(nothing more)'
}

function lineStart(buffer: Buffer, at: number): number {
  return at === 0 ? 0 : buffer.lastIndexOf(NEWLINE, at - 1) + 1
}

function cut(line: Buffer, at: number): string {
  if (line.length <= WIDTH) return visible(line)
  const from = at > 0 && at < line.length ? Math.max(0, at - WIDTH / 2) : 0
  const piece = visible(line.subarray(from, from + WIDTH))
  return `${from > 0 ? '… ' : ''}${piece}${from + WIDTH < line.length ? ' …' : ''}`
}
