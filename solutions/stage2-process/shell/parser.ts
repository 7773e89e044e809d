import { type AndOr, type Command, type List, type Pipeline, type Redirection, SyntaxFailure, Unfinished } from './syntax.ts'
import { literal, splitAssignment, WordReader } from './words.ts'

/** The longest ones first. */
const OPERATORS = ['<<-', '&&', '||', '<<', '>>', '<&', '>&', '\n', ';', '&', '|', '<', '>', '(', ')']
const REDIRECTIONS = ['<<-', '<<', '>>', '<&', '>&', '<', '>']

interface HereDocument {
  redirection: Redirection
  delimiter: string
  quoted: boolean
  tabs: boolean
}

/**
 * Understands a script by recursive descent, a function for each rule of the grammar:
 * a list is and-or lists, these are pipelines, these are commands, and a group is a command that is a list.
 */
export class Parser extends WordReader {
  private readonly pending: HereDocument[] = []

  /** The next line of the script that has commands (or more lines, if they belong together). @returns nothing at the end. */
  line(): List | undefined {
    this.skipLines()
    if (this.at >= this.text.length) return undefined
    const list = this.list()
    if (this.at < this.text.length && !this.accept('\n')) throw this.unexpected()
    if (this.pending.length > 0) throw new Unfinished('a here-document is missing')
    return list
  }

  protected override substitution(): List {
    const list = this.lines()
    this.demand(')')
    return list
  }

  /** And-or lists, as far as they stand in one line. */
  private list(): List {
    const list: List = []
    for (;;) {
      const andOr = this.andOr()
      list.push(andOr)
      andOr.background = this.accept('&')
      if (!andOr.background && !this.accept(';')) return list
      if (!this.commandFollows()) return list
    }
  }

  /** And-or lists in as many lines as there are, as in a group. */
  private lines(): List {
    const list: List = []
    for (this.skipLines(); this.commandFollows(); this.skipLines()) {
      list.push(...this.list())
      if (this.operator() !== '\n') break
    }
    return list
  }

  private andOr(): AndOr {
    const first = this.pipeline()
    const rest: AndOr['rest'] = []
    for (;;) {
      const operator = this.accept('&&') ? '&&' : this.accept('||') ? '||' : undefined
      if (operator === undefined) return { first, rest, background: false }
      this.skipLines()
      rest.push({ operator, pipeline: this.pipeline() })
    }
  }

  private pipeline(): Pipeline {
    const negated = this.keyword('!')
    const commands = [this.command()]
    while (this.accept('|')) {
      this.skipLines()
      commands.push(this.command())
    }
    return { negated, commands }
  }

  private command(): Command {
    if (this.accept('(')) {
      const list = this.group()
      this.demand(')')
      return { kind: 'subshell', list, redirections: this.redirections() }
    }
    if (this.keyword('{')) {
      const list = this.group()
      if (!this.keyword('}')) throw this.unexpected()
      return { kind: 'group', list, redirections: this.redirections() }
    }
    return this.simple()
  }

  private group(): List {
    const list = this.lines()
    if (list.length === 0) throw this.unexpected()
    return list
  }

  private simple(): Command {
    const command: Command = { kind: 'simple', assignments: [], words: [], redirections: [] }
    this.skipBlanks()
    const start = this.at
    if (this.isKeyword('}')) throw this.unexpected()
    for (;;) {
      const redirection = this.redirection()
      if (redirection) {
        command.redirections.push(redirection)
        continue
      }
      const word = this.word()
      if (!word) break
      const assignment = command.words.length === 0 ? splitAssignment(word) : undefined
      if (assignment) command.assignments.push(assignment)
      else command.words.push(word)
      this.skipBlanks()
    }
    if (this.at === start) throw this.unexpected()
    return command
  }

  private redirections(): Redirection[] {
    const found: Redirection[] = []
    for (let next = this.redirection(); next; next = this.redirection()) found.push(next)
    return found
  }

  private redirection(): Redirection | undefined {
    this.skipBlanks()
    const [digit] = /^[0-9](?=[<>])/.exec(this.text.slice(this.at, this.at + 2)) ?? []
    this.at += digit?.length ?? 0
    const operator = REDIRECTIONS.find((candidate) => this.accept(candidate))
    if (!operator) return undefined
    this.skipBlanks()
    const target = this.word()
    if (!target) throw this.unexpected()
    const fd = digit === undefined ? (operator.startsWith('<') ? 0 : 1) : Number(digit)
    const redirection = { fd, operator: operator.slice(0, 2) as Redirection['operator'], target }
    if (redirection.operator === '<<') this.pending.push(hereDocument(redirection, operator === '<<-'))
    this.skipBlanks()
    return redirection
  }

  /** Here-documents begin behind the line that asks for them. */
  private readHereDocuments(): void {
    for (let next = this.pending.shift(); next; next = this.pending.shift()) {
      let body = ''
      for (;;) {
        if (this.at >= this.text.length) throw new Unfinished(`the line ${next.delimiter} is missing`)
        const end = this.text.indexOf('\n', this.at)
        const line = this.text.slice(this.at, end < 0 ? undefined : end)
        this.at = end < 0 ? this.text.length : end + 1
        const stripped = next.tabs ? line.replace(/^\t+/, '') : line
        if (stripped === next.delimiter) break
        body += `${stripped}\n`
      }
      next.redirection.target = next.quoted ? [{ kind: 'text', text: body, quoted: true }] : new Parser(body).untilQuote('')
    }
  }

  private skipLines(): void {
    while (this.accept('\n'));
    this.skipBlanks()
  }

  private commandFollows(): boolean {
    const operator = this.operator()
    if (operator !== undefined) return operator === '(' || REDIRECTIONS.includes(operator)
    return this.at < this.text.length && !this.isKeyword('}')
  }

  private operator(): string | undefined {
    this.skipBlanks()
    return OPERATORS.find((operator) => this.text.startsWith(operator, this.at))
  }

  private accept(operator: string): boolean {
    if (this.operator() !== operator) return false
    this.at += operator.length
    if (operator === '\n') this.readHereDocuments()
    return true
  }

  private demand(operator: string): void {
    if (!this.accept(operator)) throw this.unexpected()
  }

  /** `{`, `}` and `!` mean something only as words of their own, where a command begins. */
  private isKeyword(keyword: string): boolean {
    const start = this.at
    const found = this.text[start] === keyword && literal(this.word()) === keyword
    this.at = start
    return found
  }

  private keyword(keyword: string): boolean {
    this.skipBlanks()
    if (!this.isKeyword(keyword)) return false
    this.at += 1
    return true
  }

  private unexpected(): SyntaxFailure {
    if (this.at >= this.text.length) return new Unfinished('unexpected end of the script')
    const operator = this.operator() ?? this.text[this.at]
    return new SyntaxFailure(operator === '\n' ? 'unexpected end of the line' : `unexpected "${operator}"`)
  }
}

function hereDocument(redirection: Redirection, tabs: boolean): HereDocument {
  const delimiter = redirection.target.map((part) => (part.kind === 'text' ? part.text : '')).join('')
  const quoted = redirection.target.some((part) => part.quoted)
  return { redirection, delimiter, quoted, tabs }
}
