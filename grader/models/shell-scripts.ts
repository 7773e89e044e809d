import type { Random } from '../engine/random.ts'
import { Failure, type Kit } from '../programs/kit.ts'
import { judge, LIMITS } from './shell.ts'

/** A piece of a word. */
type Piece =
  | { kind: 'bare' | 'single' | 'double' | 'escaped'; text: string }
  | { kind: 'variable'; quoted: boolean; name: string }
  | { kind: 'output'; quoted: boolean; list: Statement[] }

type Word = Piece[]

type Statement =
  | { kind: 'echo'; words: Word[] }
  | { kind: 'assign'; name: string; word: Word }
  | { kind: 'status'; status: number }
  | { kind: 'chain'; first: Statement; rest: { operator: '&&' | '||'; statement: Statement }[] }
  | { kind: 'not'; statement: Statement }
  | { kind: 'group'; subshell: boolean; list: Statement[] }
  | { kind: 'filter'; statement: Statement; by: 'cat' | 'upper' | 'read' }
  | { kind: 'save'; statement: Statement; append: boolean; file: string }
  | { kind: 'here'; word: Word; quoted: boolean }

/** One statement a line. */
export type Script = Statement[]

const NAMES = ['a', 'b', 'c1', '_d']
const STRANGE = ['|', '&', ';', '<', '>', '(', ')', '#x', '$', '"', '  ', ' & ', '{', '!', '~']

/** A script in which each thing may stand in each other. */
export function randomScript(random: Random): Script {
  return Array.from({ length: random.int(9, 13) }, () => statement(random, 2, true))
}

function statement(random: Random, depth: number, line = false): Statement {
  const kind = random.int(1, depth > 0 ? 13 : 6)
  const inner = () => statement(random, depth - 1)
  const list = () => Array.from({ length: random.int(1, 3) }, inner)
  if (kind <= 2) return { kind: 'echo', words: Array.from({ length: random.int(1, 4) }, () => word(random, depth)) }
  if (kind <= 5) return { kind: 'assign', name: random.pick(NAMES), word: word(random, depth) }
  if (kind === 6) return { kind: 'status', status: random.pick([0, 1, random.int(2, 99)]) }
  if (kind <= 8) {
    const rest = () => ({ operator: random.pick(['&&', '||'] as const), statement: inner() })
    return { kind: 'chain', first: inner(), rest: Array.from({ length: random.int(1, 3) }, rest) }
  }
  if (kind === 9) return { kind: 'not', statement: { kind: 'status', status: random.pick([0, 7]) } }
  if (kind === 10) return { kind: 'group', subshell: random.oneIn(2), list: list() }
  if (kind === 11) return { kind: 'filter', statement: inner(), by: random.pick(['cat', 'upper', 'read'] as const) }
  if (kind === 12 && line) return { kind: 'here', word: word(random, 0), quoted: random.oneIn(3) }
  // No statement writes a file that one around it is writing.
  return { kind: 'save', statement: inner(), append: random.oneIn(2), file: `saved${depth}` }
}

function word(random: Random, depth: number): Word {
  // The first piece is a word of letters, so that no option and no operator comes out by accident.
  return [{ kind: 'bare', text: random.word() }, ...Array.from({ length: random.int(0, 3) }, () => piece(random, depth))]
}

function piece(random: Random, depth: number): Piece {
  const kind = random.int(1, depth > 1 ? 9 : 8)
  const text = () =>
    random.pick([random.word(), `${random.word()}  ${random.word()}`, ` ${random.pick(STRANGE)} `, random.pick(STRANGE), ''])
  if (kind <= 1) return { kind: 'bare', text: random.word() }
  if (kind <= 3) return { kind: random.pick(['single', 'double'] as const), text: text() }
  if (kind === 4) return { kind: 'escaped', text: random.pick(['|', '&', ';', '"', '$', ' ', '#', '(', '<']) }
  // What $? is behind a $(…) in the same command is left open by POSIX.
  if (kind <= 8) return { kind: 'variable', quoted: random.oneIn(2), name: random.pick(depth > 1 ? NAMES : [...NAMES, '?']) }
  return { kind: 'output', quoted: random.oneIn(2), list: [statement(random, depth - 1), statement(random, 0)] }
}

/** How it is written. */
function written(statement: Statement): string {
  switch (statement.kind) {
    case 'echo':
      return `echo ${statement.words.map(writtenWord).join(' ')}`
    case 'assign':
      return `${statement.name}=${writtenWord(statement.word)}`
    case 'status':
      return statement.status === 0 ? 'true' : statement.status === 1 ? 'false' : `(exit ${statement.status})`
    case 'chain':
      return [
        `{ ${written(statement.first)}; }`,
        ...statement.rest.map((next) => `${next.operator} { ${written(next.statement)}; }`),
      ].join(' ')
    case 'not':
      return `! ${written(statement.statement)}`
    case 'group': {
      const list = statement.list.map(written).join('; ')
      return statement.subshell ? `( ${list} )` : `{ ${list}; }`
    }
    case 'filter': {
      const by = { cat: 'cat', upper: 'tr a-z A-Z', read: '{ read a b; echo "<$a|$b>"; }' }[statement.by]
      return `{ ${written(statement.statement)}; } | ${by}`
    }
    case 'save':
      return `{ ${written(statement.statement)}; } ${statement.append ? '>>' : '>'}${statement.file}; cat ${statement.file}`
    case 'here':
      return `cat <<${statement.quoted ? "'END'" : 'END'}\n${writtenWord(statement.word)}\nEND`
  }
}

const writtenWord = (word: Word): string => word.map(writtenPiece).join('')

function writtenPiece(piece: Piece): string {
  if (piece.kind === 'variable') return piece.quoted ? `"\${${piece.name}}"` : `\${${piece.name}}`
  if (piece.kind === 'output') {
    // With a blank, for $(( is something else.
    const text = `$( ${piece.list.map(written).join('; ')})`
    return piece.quoted ? `"${text}"` : text
  }
  const { text } = piece
  if (piece.kind === 'single') return `'${text}'`
  if (piece.kind === 'double') return `"${text.replace(/["$]/g, '\\$&')}"`
  return piece.kind === 'escaped' ? `\\${text}` : text
}

/** What a shell knows while a script runs: the part of it that these scripts can see. */
class World {
  variables: Map<string, string>
  status: number
  output = ''
  readonly files: Map<string, string>

  constructor(variables: Map<string, string>, status: number, files: Map<string, string>) {
    this.variables = variables
    this.status = status
    this.files = files
  }

  /** Files are shared with a subshell, all else is copied. */
  subshell(): World {
    return new World(new Map(this.variables), this.status, this.files)
  }

  /** Runs statements, and takes what they write for itself. */
  caught(list: Statement[]): string {
    const before = this.output
    this.output = ''
    for (const statement of list) this.run(statement)
    const caught = this.output
    this.output = before
    return caught
  }

  run(statement: Statement): void {
    switch (statement.kind) {
      case 'echo': {
        this.output += `${statement.words.flatMap((word) => this.fields(word)).join(' ')}\n`
        this.status = 0
        break
      }
      case 'assign': {
        const { text, status } = this.text(statement.word)
        this.variables.set(statement.name, text)
        this.status = status
        break
      }
      case 'status':
        this.status = statement.status
        break
      case 'chain':
        this.run(statement.first)
        for (const next of statement.rest) if ((this.status === 0) === (next.operator === '&&')) this.run(next.statement)
        break
      case 'not':
        this.run(statement.statement)
        this.status = this.status === 0 ? 1 : 0
        break
      case 'group': {
        const inside = statement.subshell ? this.subshell() : this
        this.output += inside.caught(statement.list)
        this.status = inside.status
        break
      }
      case 'filter':
        this.output += filtered(this.subshell().caught([statement.statement]), statement.by)
        this.status = 0
        break
      case 'save': {
        const { file, append } = statement
        const before = append ? (this.files.get(file) ?? '') : ''
        const text = before + this.caught([statement.statement])
        this.files.set(file, text)
        this.output += text
        this.status = 0
        break
      }
      case 'here':
        this.output += `${statement.quoted ? writtenWord(statement.word) : this.hereText(statement.word)}\n`
        this.status = 0
    }
  }

  /** In a here-document quotes are characters like others, and a backslash before a dollar or a backslash goes away. */
  private hereText(word: Word): string {
    return word
      .map((piece) => {
        if (piece.kind === 'variable') return piece.quoted ? `"${this.value(piece.name)}"` : this.value(piece.name)
        return writtenPiece(piece).replace(/\\([$\\])/g, '$1')
      })
      .join('')
  }

  private value(name: string): string {
    return name === '?' ? String(this.status) : (this.variables.get(name) ?? '')
  }

  private text(word: Word): { text: string; status: number } {
    let status = 0
    const text = word.map((piece) => {
      if (piece.kind !== 'output') return this.pieceText(piece)
      const inside = this.subshell()
      const caught = inside.caught(piece.list).replace(/\n+$/, '')
      status = inside.status
      return caught
    })
    return { text: text.join(''), status }
  }

  private pieceText(piece: Piece): string {
    if (piece.kind === 'variable') return this.value(piece.name)
    if (piece.kind === 'output') return this.subshell().caught(piece.list).replace(/\n+$/, '')
    return piece.text
  }

  /** A word begins with a letter, so it becomes one field at least. */
  private fields(word: Word): string[] {
    const fields = ['']
    let ended = false
    for (const piece of word) {
      const text = this.pieceText(piece)
      const splits = (piece.kind === 'variable' || piece.kind === 'output') && !piece.quoted
      for (const [n, part] of (splits ? text.split(/[ \t\n]+/) : [text]).entries()) {
        ended ||= n > 0
        // Blanks end a field, but only what follows them begins another one.
        if (splits && part === '') continue
        if (ended) fields.push('')
        fields[fields.length - 1] += part
        ended = false
      }
    }
    return fields
  }
}

function filtered(text: string, by: 'cat' | 'upper' | 'read'): string {
  if (by === 'cat') return text
  if (by === 'upper') return text.replace(/[a-z]/g, (letter) => letter.toUpperCase())
  const line = text.split('\n')[0]?.trim() ?? ''
  const [, a = '', b = ''] = /^(\S*)\s*(.*)$/.exec(line) ?? []
  return `<${a}|${b}>\n`
}

function outcomeOf(script: Script): { stdout: string; status: number } {
  const world = new World(new Map(), 0, new Map())
  const stdout = world.caught(script)
  return { stdout, status: world.status }
}

/** Runs a script, and compares with the model. If it goes wrong, what is shown is the shortest beginning of it that does. */
export async function runsAsModelled(kit: Kit, script: Script): Promise<void> {
  const failure = await attempt(kit, script)
  if (!failure) return
  for (let lines = 1; lines < script.length; lines++) {
    const shorter = await attempt(kit, script.slice(0, lines))
    if (shorter) throw shorter
  }
  throw failure
}

async function attempt({ program, scratch }: Kit, script: Script): Promise<Failure | undefined> {
  const text = script.map((line) => `${written(line)}\n`).join('')
  for (const name of scratch.names()) scratch.remove(name)
  const run = await program.run([scratch.file('script', text)], { limits: LIMITS })
  try {
    judge(run, outcomeOf(script))
    return undefined
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return new Failure(
      `${error.message}\nIt is the last command of this script that goes wrong:\n\n${text.replace(/^/gm, '    ')}`,
      error.evidence,
    )
  }
}
