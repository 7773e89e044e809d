import { type List, NAME, type Part, Unfinished, type Word } from './syntax.ts'

const BLANK = ' \t'
/** What ends a word unless it is quoted. */
const METACHARACTERS = ' \t\n;&|<>()'
const PARAMETER = /[0-9@*#?$!]|[A-Za-z0-9_]*/y

/** Reads a script from the left to the right: blanks and words. What stands in `$(…)` is a script again, and is left to the parser. */
export abstract class WordReader {
  protected readonly text: string
  protected at = 0

  constructor(text: string) {
    this.text = text
  }

  /** The commands of a `$(…)`, up to and with the closing parenthesis. */
  protected abstract substitution(): List

  /** Goes over blanks, comments, and newlines behind a backslash. */
  protected skipBlanks(): void {
    for (;;) {
      if (BLANK.includes(this.text[this.at] ?? 'x')) this.at += 1
      else if (this.text.startsWith('\\\n', this.at)) this.at += 2
      else break
    }
    if (this.text[this.at] !== '#') return
    const end = this.text.indexOf('\n', this.at)
    this.at = end < 0 ? this.text.length : end
  }

  /** @returns nothing where no word begins. */
  protected word(): Word | undefined {
    const parts: Part[] = []
    for (let next = this.text[this.at]; next !== undefined && !METACHARACTERS.includes(next); next = this.text[this.at]) {
      if (next === "'") {
        const end = this.find("'", this.at + 1)
        parts.push({ kind: 'text', text: this.text.slice(this.at + 1, end), quoted: true })
        this.at = end + 1
      } else if (next === '"') {
        this.at += 1
        const inside = this.untilQuote()
        // Even where nothing is between them, the quotes make a word.
        parts.push(...(inside.length > 0 ? inside : [{ kind: 'text' as const, text: '', quoted: true }]))
        this.at += 1
      } else if (next === '\\') this.escaped(parts)
      else if (next === '$') parts.push(this.dollar(false))
      else this.plain(parts)
    }
    return parts.length > 0 ? parts : undefined
  }

  /** What stands between double quotes, or all of the text of a here-document. */
  protected untilQuote(quote = '"'): Part[] {
    const parts: Part[] = []
    let text = ''
    const flush = () => {
      if (text !== '') parts.push({ kind: 'text', text, quoted: true })
      text = ''
    }
    for (let next = this.text[this.at]; next !== quote; next = this.text[this.at]) {
      if (next === undefined) {
        if (quote === '') break
        throw new Unfinished('a quote is not closed')
      }
      if (next === '$') {
        flush()
        parts.push(this.dollar(true))
        continue
      }
      const after = this.text[this.at + 1] ?? ' '
      if (next !== '\\' || !`$\`\\\n${quote}`.includes(after)) text += next
      else {
        this.at += 1
        if (after !== '\n') text += after
      }
      this.at += 1
    }
    flush()
    return parts
  }

  private escaped(parts: Part[]): void {
    // With nothing behind it, it has nothing to quote but itself.
    const character = this.text[this.at + 1] ?? '\\'
    this.at += 2
    if (character !== '\n') parts.push({ kind: 'text', text: character, quoted: true })
  }

  private plain(parts: Part[]): void {
    const from = this.at
    while (this.at < this.text.length && !`${METACHARACTERS}'"\\$`.includes(this.text[this.at] as string)) this.at += 1
    parts.push({ kind: 'text', text: this.text.slice(from, this.at), quoted: false })
  }

  /** A dollar that nothing belongs to is a dollar. */
  private dollar(quoted: boolean): Part {
    const rest = this.text.slice(this.at + 1, this.at + 2)
    if (rest === '(') {
      this.at += 2
      return { kind: 'output', list: this.substitution(), quoted }
    }
    const braces = rest === '{'
    const from = this.at + (braces ? 2 : 1)
    const end = braces ? this.find('}', from) : this.endOfName(from)
    const name = this.text.slice(from, end)
    this.at = end + (braces ? 1 : 0)
    return name === '' ? { kind: 'text', text: '$', quoted } : { kind: 'parameter', name, quoted }
  }

  private endOfName(from: number): number {
    PARAMETER.lastIndex = from
    PARAMETER.test(this.text)
    return PARAMETER.lastIndex
  }

  private find(character: string, from: number): number {
    const end = this.text.indexOf(character, from)
    if (end < 0) throw new Unfinished(`${character} is missing`)
    return end
  }
}

/** An assignment has a name and an equals sign before anything that is quoted or replaced. */
export function splitAssignment(word: Word): { name: string; value: Word } | undefined {
  const [first, ...rest] = word
  if (first?.kind !== 'text' || first.quoted) return undefined
  const name = NAME.exec(first.text)?.[0] ?? ''
  if (name === '' || first.text[name.length] !== '=') return undefined
  const text = first.text.slice(name.length + 1)
  return { name, value: text === '' ? rest : [{ kind: 'text', text, quoted: false }, ...rest] }
}

/** The text of a word in which nothing was quoted or is replaced. */
export function literal(word: Word | undefined): string | undefined {
  const [part, ...more] = word ?? []
  return part?.kind === 'text' && !part.quoted && more.length === 0 ? part.text : undefined
}
