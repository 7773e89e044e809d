type Token = '*' | ((character: string) => boolean)

const CLASSES: Record<string, RegExp> = {
  alnum: /[\p{L}\p{Nd}]/u,
  alpha: /\p{L}/u,
  blank: /[ \t]/,
  cntrl: /\p{Cc}/u,
  digit: /[0-9]/,
  graph: /[^\p{Z}\p{C}]/u,
  lower: /\p{Ll}/u,
  print: /[^\p{C}]/u,
  punct: /[\p{P}\p{S}]/u,
  space: /\s/,
  upper: /\p{Lu}/u,
  xdigit: /[0-9A-Fa-f]/,
}

/**
 * A shell pattern, as fnmatch(3) without flags has it: `*`, `?`, `[a-z]`, `[!a-z]`, `[[:digit:]]`, and `\` before what is to be taken as it is.
 * `*` and `?` match every character, `/` and a leading dot too.
 */
export class Glob {
  private readonly tokens: Token[]
  private readonly ignoreCase: boolean

  constructor(pattern: string, { ignoreCase = false } = {}) {
    this.ignoreCase = ignoreCase
    this.tokens = parse(Array.from(this.fold(pattern)))
  }

  /** Goes back to the last star only: what an earlier one could take differently, the last one can take too. So the work is bounded by pattern × text. */
  matches(text: string): boolean {
    const characters = Array.from(this.fold(text))
    let token = 0
    let at = 0
    let afterStar = -1
    let starEnd = 0
    while (at < characters.length) {
      const current = this.tokens[token]
      if (current === '*') {
        token += 1
        afterStar = token
        starEnd = at
      } else if (current?.(characters[at] as string)) {
        token += 1
        at += 1
      } else if (afterStar >= 0) {
        token = afterStar
        starEnd += 1
        at = starEnd
      } else return false
    }
    return this.tokens.slice(token).every((rest) => rest === '*')
  }

  private fold(text: string): string {
    return this.ignoreCase ? text.toLowerCase() : text
  }
}

function parse(pattern: string[]): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; ) {
    const character = pattern[at] as string
    const set = character === '[' ? parseSet(pattern, at + 1) : undefined
    if (set !== undefined) {
      tokens.push(set.matches)
      at = set.end
    } else if (character === '\\' && at + 1 < pattern.length) {
      tokens.push(literal(pattern[at + 1] as string))
      at += 2
    } else {
      tokens.push(character === '*' ? '*' : character === '?' ? () => true : literal(character))
      at += 1
    }
  }
  return tokens
}

function literal(wanted: string): Token {
  return (character) => character === wanted
}

/** @returns what stands between brackets, or nothing if there is no second one: then the first is a character like others. */
function parseSet(pattern: string[], start: number): { matches: Token & object; end: number } | undefined {
  const negated = pattern[start] === '!' || pattern[start] === '^'
  const first = negated ? start + 1 : start
  const members: ((character: string) => boolean)[] = []
  let at = first
  while (pattern[at] !== ']' || at === first) {
    const name = /^\[:(\w+):\]/.exec(pattern.slice(at, at + 10).join(''))?.[1]
    if (name !== undefined && CLASSES[name] !== undefined) {
      const inClass = CLASSES[name]
      members.push((character) => inClass.test(character))
      at += name.length + 4
      continue
    }
    if (pattern[at] === '\\') at += 1
    const low = pattern[at]
    if (low === undefined) return undefined
    at += 1
    let high = low
    if (pattern[at] === '-' && pattern[at + 1] !== undefined && pattern[at + 1] !== ']') {
      high = pattern[at + 1] as string
      at += 2
    }
    members.push((character) => low <= character && character <= high)
  }
  return { matches: (character) => members.some((member) => member(character)) !== negated, end: at + 1 }
}
