import type { Random } from '../engine/random.ts'

/** One regular expression in the grammars of `grep`, `grep -E` and JavaScript. */
export interface Pattern {
  basic: string
  extended: string
  script: string
}

const same = (text: string): Pattern => ({ basic: text, extended: text, script: text })

const join = (parts: Pattern[]): Pattern => ({
  basic: parts.map(({ basic }) => basic).join(''),
  extended: parts.map(({ extended }) => extended).join(''),
  script: parts.map(({ script }) => script).join(''),
})

/** An operator that stands for itself in an extended expression, and has a backslash before it in a basic one. */
const operator = (text: string): Pattern => ({ basic: text.replace(/[(){}|+?]/g, '\\$&'), extended: text, script: text })

/** A random pattern of the letters a, b and c, with everything that needs no anchors and no back-references. */
export function randomPattern(random: Random, depth = 2): Pattern {
  const branch = () => join(Array.from({ length: random.int(1, 3) }, () => repeated(random, depth)))
  return random.oneIn(3) ? join([branch(), operator('|'), branch()]) : branch()
}

function repeated(random: Random, depth: number): Pattern {
  const atom =
    depth > 0 && random.oneIn(3) ? grouped(random, depth) : same(random.pick(['a', 'b', 'c', '.', '[ab]', '[^b]', '[b-c]']))
  if (!random.oneIn(2)) return atom
  const low = random.int(1, 2)
  return join([atom, operator(random.pick(['*', '+', '?', `{${low}}`, `{${low},}`, `{${low},${low + 1}}`]))])
}

const grouped = (random: Random, depth: number) => join([operator('('), randomPattern(random, depth - 1), operator(')')])

/** Lines of a few letters a, b and c, for such patterns to match or not. */
export const randomLines = (random: Random, count: number): string[] =>
  Array.from({ length: count }, () => Array.from({ length: random.int(0, 7) }, () => random.pick(['a', 'b', 'c'])).join(''))

/** What `grep -o` finds in a line: from the left, and of those that begin in one place the longest; empty ones are passed over. */
export function longestMatches(line: string, script: string): string[] {
  const whole = new RegExp(`^(?:${script})$`)
  const found: string[] = []
  for (let start = 0; start < line.length; ) {
    let end = line.length
    while (end > start && !whole.test(line.slice(start, end))) end -= 1
    if (end > start) found.push(line.slice(start, end))
    start = Math.max(end, start + 1)
  }
  return found
}
