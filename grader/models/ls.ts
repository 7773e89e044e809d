/** Names in the order of their bytes. */
export function byBytes(names: string[]): string[] {
  return [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/**
 * Lines of columns that are read downwards, two blanks apart, each as wide as its longest name: as few lines as stay below the width.
 * @returns undefined where that is not the same as to try numbers of columns, from many to few, and take the first that fits: both may be meant.
 */
export function inColumns(names: string[], width: number): string[] | undefined {
  const lengths = [...names.keys()].map((at) => at + 1)
  const fewest = lengths.find((rows) => widthOf(names, rows) < width) ?? names.length
  const most = lengths.reverse().find((columns) => widthOf(names, Math.ceil(names.length / columns)) < width) ?? 1
  if (Math.ceil(names.length / most) !== fewest) return undefined
  const columns = columnsOf(names, fewest)
  const cell = (row: number) => (column: string[]) => (column[row] ?? '').padEnd(widest(column) + 2)
  return Array.from({ length: fewest }, (_, row) => columns.map(cell(row)).join('').trimEnd())
}

const widest = (column: string[]) => Math.max(...column.map((name) => [...name].length))
const widthOf = (names: string[], rows: number) => columnsOf(names, rows).reduce((sum, column) => sum + widest(column) + 2, -2)

function columnsOf(names: string[], rows: number): string[][] {
  return Array.from({ length: Math.ceil(names.length / rows) }, (_, at) => names.slice(at * rows, (at + 1) * rows))
}

/** Lines with tabs replaced by the blanks they stand for, and none at their ends. */
export function withoutTabs(text: string): string[] {
  const expand = (line: string) => {
    let out = ''
    for (const char of line) out += char === '\t' ? ' '.repeat(8 - ([...out].length % 8)) : char
    return out.trimEnd()
  }
  return text.split('\n').slice(0, -1).map(expand)
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const two = (number: number) => String(number).padStart(2, '0')

/** `Nov 21 13:14` of a recent time, `Feb  3  2001` of another; in UTC. */
export function dateOf(time: Date, recent: boolean): string {
  const day = `${MONTHS[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)}`
  return `${day} ${recent ? `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}` : String(time.getUTCFullYear()).padStart(5)}`
}

/** A line of a long listing, taken apart. */
export interface LongLine {
  mode: string
  links: string
  owner: string
  group: string
  size: string
  date: string
  name: string
}

/** Takes the lines of a long listing apart, whatever the width of their columns. What does not look like one of them is left out. */
export function longLines(text: string): LongLine[] {
  const pattern =
    /^(?<mode>\S{10})[.+]? +(?<links>\d+) +(?<owner>\S+) +(?<group>\S+) +(?<size>\d+, +\d+|\S+) (?<date>[A-Z][a-z]{2} [ \d]\d [ \d:]{5}) (?<name>.*)$/
  return text.split('\n').flatMap((line) => {
    const found = pattern.exec(line)?.groups
    return found ? [{ ...found } as unknown as LongLine] : []
  })
}

/** The letters of a type and twelve bits: `-rwsr-xr-x`. */
export function modeOf(type: string, mode: number): string {
  const letters = [...'rwxrwxrwx'].map((letter, at) => (mode & (0o400 >> at) ? letter : '-'))
  for (const [bit, at, letter] of [
    [0o4000, 2, 's'],
    [0o2000, 5, 's'],
    [0o1000, 8, 't'],
  ] as const)
    if (mode & bit) letters[at] = letters[at] === 'x' ? letter : letter.toUpperCase()
  return type + letters.join('')
}
