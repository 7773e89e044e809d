/** A word on its way to become arguments: its text, and the same as a pattern, in which what was quoted stands behind backslashes. */
export interface Field {
  text: string
  pattern: string
}

/** Collects the fields that a word becomes: none, one, or several. */
export class Fields {
  readonly list: Field[] = []
  private current: Field | undefined
  private readonly separators: string
  /** A field has just ended with blanks: a separator that is none may follow, and belongs to the same gap. */
  private gap = false

  constructor(separators: string) {
    this.separators = separators
  }

  quoted(text: string): void {
    this.append(text, text.replace(/[*?[\]\\!-]/g, '\\$&'))
  }

  literal(text: string): void {
    this.append(text, text)
  }

  /** What came out of an expansion that was not quoted falls apart at each separator. */
  split(text: string): void {
    for (const character of text) {
      if (!this.separators.includes(character)) this.literal(character)
      else if (' \t\n'.includes(character)) {
        if (this.current) this.gap = true
        this.end()
      } else {
        if (!this.current && !this.gap) this.quoted('')
        this.end()
        this.gap = false
      }
    }
  }

  /** The field ends, if there is one. */
  end(): void {
    if (this.current) this.list.push(this.current)
    this.current = undefined
  }

  private append(text: string, pattern: string): void {
    this.current ??= { text: '', pattern: '' }
    this.current.text += text
    this.current.pattern += pattern
    this.gap = false
  }
}
