import type { LeftOut, Pair, Span } from '../cohort/likeness.ts'
import { visible } from '../engine/difference.ts'

/** What was found in one project of a cohort. */
export interface Likeness {
  project: string
  /** How many works were looked at. */
  works: number
  pairs: Pair[]
  leftOut: LeftOut[]
}

/** How many passages of a pair the text names, and of how many pairs the page shows the passages. */
const TOLD_PASSAGES = 5
const SHOWN_PAIRS = 100

const percent = ({ similarity }: Pair) => `${Math.round(100 * similarity)} %`

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`

// A student's file may have any name.
const spanText = ({ file, from, to }: Span) => `${visible(file)}:${from === to ? from : `${from}-${to}`}`

const heading = ({ works, pairs }: Likeness) =>
  pairs.length > 0
    ? `${count(pairs.length, 'pair')} of ${count(works, 'work')} to look at`
    : `No two of ${count(works, 'work')} share too much`

/** The pairs for a terminal or a mail: where their longest passages stand, and which files were not looked into. */
export function likenessText(likeness: Likeness): string {
  const { project, pairs, leftOut } = likeness
  const head = aligned(
    pairs.map((pair) => [
      pair.left,
      pair.right,
      percent(pair).padStart(5),
      `${count(pair.tokens, 'token')} in ${count(pair.passages.length, 'passage')}`,
    ]),
  )
  const blocks = pairs.flatMap(({ passages }, n) => {
    const told = passages.slice(0, TOLD_PASSAGES)
    const places = aligned(told.map(({ left, right, tokens }) => [spanText(left), spanText(right), count(tokens, 'token')]))
    const rest = passages.length - told.length
    return ['', `  ${head[n]}`, ...places.map((line) => `    ${line}`), ...(rest > 0 ? [`    and ${rest} shorter`] : [])]
  })
  const files = aligned(leftOut.map(({ id, file, why }) => [id, visible(file), why])).map((line) => `  ${line}`)
  const tail = files.length > 0 ? ['', 'Not looked into:', ...files] : []
  return [`${project}  ${heading(likeness)}`, ...blocks, ...tail].join('\n')
}

/** Rows with each column as wide as its widest cell. */
function aligned(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  )
}

/** What the page `cohort/likeness.html` shows. */
export function likenessPage(likeness: Likeness) {
  const rows = likeness.pairs.map((pair, n) => ({ ...pair, number: n + 1, percent: percent(pair), isShown: n < SHOWN_PAIRS }))
  return {
    project: likeness.project,
    heading: heading(likeness),
    rows: rows.map(({ passages, ...row }) => ({ ...row, passages: passages.length })),
    shown: rows.slice(0, SHOWN_PAIRS).map(({ passages, ...row }) => ({
      ...row,
      passages: passages.map(({ left, right, lines, rightLines }) => ({
        left: { place: spanText(left), text: lines.join('\n') },
        right: { place: spanText(right), text: rightLines.join('\n') },
      })),
    })),
    leftOut: likeness.leftOut,
  }
}
