import { Fields } from './fields.ts'
import { pathnames } from './pathnames.ts'
import type { Shell } from './shell.ts'
import type { List, Part, Word } from './syntax.ts'

/** Runs a list and gives what it writes. */
export type Substitute = (list: List) => Promise<string>

/** What words become before a command sees them, in the order of POSIX: tilde, parameters and commands, splitting, file names. */
export class Expansion {
  private readonly shell: Shell
  private readonly substitute: Substitute

  constructor(shell: Shell, substitute: Substitute) {
    this.shell = shell
    this.substitute = substitute
  }

  /** The arguments that words become. */
  async all(words: Word[]): Promise<string[]> {
    const args: string[] = []
    for (const word of words) for (const field of await this.fields(word)) args.push(...pathnames(field))
    return args
  }

  /** What a word becomes where only one is wanted: nothing is split, and no file names are looked for. */
  async text(word: Word): Promise<string> {
    let text = ''
    for (const part of this.home(word)) {
      text += part.kind === 'parameter' && isAll(part) ? this.shell.args.slice(1).join(this.separator) : await this.value(part)
    }
    return text
  }

  private async fields(word: Word): Promise<Fields['list']> {
    const fields = new Fields(this.separators)
    for (const part of this.home(word)) {
      if (part.kind === 'parameter' && isAll(part)) this.allArguments(part, fields)
      else if (part.quoted) fields.quoted(await this.value(part))
      else if (part.kind === 'text') fields.literal(part.text)
      else fields.split(await this.value(part))
    }
    fields.end()
    return fields.list
  }

  /** `"$@"` gives each argument as a field of its own, and `"$*"` all of them as one. */
  private allArguments(part: Part & { kind: 'parameter' }, fields: Fields): void {
    const args = this.shell.args.slice(1)
    if (part.quoted && part.name === '*') {
      fields.quoted(args.join(this.separator))
      return
    }
    for (const [index, arg] of args.entries()) {
      if (index > 0) fields.end()
      if (part.quoted) fields.quoted(arg)
      else fields.split(arg)
    }
  }

  private async value(part: Part): Promise<string> {
    if (part.kind === 'text') return part.text
    return part.kind === 'output' ? this.substitute(part.list) : (this.shell.value(part.name) ?? '')
  }

  /** A tilde at the very start, alone or before a slash, is the home folder. */
  private home(word: Word): Word {
    const [first, ...rest] = word
    if (first?.kind !== 'text' || first.quoted || !/^~(\/|$)/.test(first.text)) return word
    const home = this.shell.value('HOME')
    if (home === undefined) return word
    return [{ kind: 'text', text: home, quoted: true }, { ...first, text: first.text.slice(1) }, ...rest]
  }

  private get separators(): string {
    return this.shell.value('IFS') ?? ' \t\n'
  }

  private get separator(): string {
    return this.separators.slice(0, 1)
  }
}

const isAll = ({ name }: { name: string }) => name === '@' || name === '*'
