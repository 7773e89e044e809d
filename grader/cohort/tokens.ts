import path from 'node:path'
import { LANGUAGES } from '../programs/sources.ts'

/** The smallest part of a program that has a meaning; what is easily changed in a copy is not in it. */
export interface Token {
  /** `NAME`, `TEXT`, `NUMBER`, or the keyword or operator itself. */
  kind: string
  /** Both from 1. */
  line: number
  column: number
}

/** Sources of regular expressions, by which a language differs from the others. */
interface Lexicon {
  comments: string
  texts: string
  /** Looked for at the beginning of a line only. */
  imports?: string
  keywords: string
}

/** Beside those that say which language a submission is in. */
const MORE_ENDINGS: Record<string, string> = {
  '.cjs': 'javascript',
  '.jsx': 'javascript',
  '.mts': 'typescript',
  '.cts': 'typescript',
  '.tsx': 'typescript',
  '.h': 'cpp',
  '.hpp': 'cpp',
  '.hh': 'cpp',
  '.cxx': 'cpp',
  '.sh': 'shell',
  '.bash': 'shell',
}

// What is not closed ends where the line or the file ends, and no alternative fails after a long way: the time stays linear.
const quoted = (quote: string) => String.raw`${quote}(?:\\[\s\S]|[^${quote}\\\n])*${quote}?`
const spanning = (quote: string) => String.raw`${quote}(?:\\[\s\S]|[^${quote}\\])*${quote}?`
const until = (open: string, close: string) => String.raw`${open}[\s\S]*?(?:${close}|$)`

const SLASHES = String.raw`//[^\n]*|${until(String.raw`/\*`, String.raw`\*/`)}`
const QUOTES = `${quoted('"')}|${quoted("'")}`
/** A slash where no operand can have ended. */
const REGULAR_EXPRESSION = String.raw`(?=/)(?<=(?:[=~(,:;!&|?{}[\n]|\breturn|\bcase)[ \t]*)/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n]){0,99}\]|[^/\\\n[]){1,99}/[a-z]*`

const C_KEYWORDS =
  'auto bool break case char const continue default do double else enum extern false float for goto if inline int long register restrict return short signed sizeof static struct switch true typedef union unsigned void volatile while NULL'
const JAVASCRIPT: Lexicon = {
  comments: SLASHES,
  texts: `${QUOTES}|${spanning('`')}|${REGULAR_EXPRESSION}`,
  imports: String.raw`import\s(?:[^'";=()]{0,500}\sfrom\s*)?['"][^'"\n]*['"]?`,
  keywords:
    'async await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements in instanceof interface let new null of private protected public return static super switch this throw true try typeof undefined var void while with yield',
}

const LEXICONS: Record<string, Lexicon> = {
  javascript: JAVASCRIPT,
  typescript: JAVASCRIPT,
  python: {
    comments: String.raw`#[^\n]*`,
    texts: `[rbfuRBFU]{0,2}(?:${until('"""', '"""')}|${until("'''", "'''")}|${QUOTES})`,
    imports: String.raw`(?:import|from)\s[^\n(]*(?:\([^)]*\)?)?`,
    keywords:
      'False None True and as assert async await break case class continue def del elif else except finally for global if in is lambda match nonlocal not or pass raise return try while with yield',
  },
  go: {
    comments: SLASHES,
    texts: `${QUOTES}|\`[^\`]*\`?`,
    imports: String.raw`package\s[^\n]*|import\s*(?:\([^)]*\)?|[^\n]*)`,
    keywords:
      'break case chan const continue default defer else fallthrough false for func go goto if interface iota map nil package range return select struct switch true type var',
  },
  rust: {
    comments: SLASHES,
    texts: String.raw`b?r(?<hashes>#*)"[\s\S]*?(?:"\k<hashes>|$)|b?${spanning('"')}|b?'(?:\\[^\n][^'\n]{0,10}|[^'\\\n])'`,
    imports: String.raw`(?:pub\s+)?use\s[^;]*;?`,
    keywords:
      'as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type unsafe where while',
  },
  zig: {
    comments: String.raw`//[^\n]*`,
    texts: String.raw`${QUOTES}|\\\\[^\n]*`,
    imports: String.raw`(?:pub\s+)?const\s+\w+\s*=\s*@import\([^\n]*`,
    keywords:
      'align and anyframe anytype asm break callconv catch comptime const continue defer else enum errdefer error export extern false fn for if inline null opaque or orelse packed pub return struct suspend switch test threadlocal true try undefined union unreachable usingnamespace var volatile while',
  },
  c: { comments: SLASHES, texts: QUOTES, imports: String.raw`#[ \t]*include[^\n]*`, keywords: C_KEYWORDS },
  cpp: {
    comments: SLASHES,
    texts: String.raw`R"(?<mark>[^\s()\\"]{0,16})\([\s\S]*?(?:\)\k<mark>"|$)|${QUOTES}`,
    imports: String.raw`#[ \t]*include[^\n]*|using\s+namespace\s[^;\n]*`,
    keywords: `${C_KEYWORDS} catch class const_cast constexpr decltype delete dynamic_cast explicit final friend mutable namespace new noexcept nullptr operator override private protected public reinterpret_cast static_cast template this throw try typename using virtual`,
  },
  java: {
    comments: SLASHES,
    texts: `${until('"""', '"""')}|${QUOTES}`,
    imports: String.raw`(?:import|package)\s[^;\n]*`,
    keywords:
      'abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float for if implements instanceof int interface long native new null private protected public return short static super switch synchronized this throw throws transient true try var void volatile while',
  },
  ruby: {
    comments: String.raw`#[^\n]*|(?<!\S[ \t]*)=begin\b[\s\S]*?(?:\n=end[^\n]*|$)`,
    texts: `${spanning('"')}|${spanning("'")}|${REGULAR_EXPRESSION}`,
    imports: String.raw`require(?:_relative)?\b[^\n]*`,
    keywords:
      'alias and begin break case class def defined do else elsif end ensure false for if in module next nil not or redo rescue retry return self super then true undef unless until when while yield',
  },
  shell: {
    comments: String.raw`(?<![^\s;|&(])#[^\n]*`,
    texts: `${spanning('"')}|'[^']*'?`,
    keywords:
      'break case cd continue do done echo elif else esac eval exec exit export fi for function if in local printf read return set shift test then trap true unset until wait while',
  },
}

const NUMBER = String.raw`\.?\d(?:[eEpP][+-]\d|'(?=\w)|\w|\.(?=\d))*`
const WORD = String.raw`[\p{L}_$][\p{L}\p{M}\p{N}_$]*`
const OPERATOR = String.raw`=>|->|<-|::|:=|\.\.[.=]?|\?\?=?|\?\.|&&=?|\|\|=?|\*\*=?|//=?|<<=?|>>>?=?|===?|!==?|[-+*/%&|^<>~]=|\+\+|--|\S`

/** What is put together for a language once, when its first file comes. */
interface Scanner {
  language: string
  pattern: RegExp
  keywords: Set<string>
}

const scanners = new Map<string, Scanner>()

function scannerOf(name: string): Scanner | undefined {
  const ending = path.extname(name)
  const language = LANGUAGES[ending] ?? MORE_ENDINGS[ending]
  const lexicon = language === undefined ? undefined : LEXICONS[language]
  if (language === undefined || lexicon === undefined) return undefined
  const made = scanners.get(language)
  if (made) return made
  const { comments, texts, imports, keywords } = lexicon
  const skipped = imports ? String.raw`\s+|${comments}|(?<!\S[ \t]*)(?:${imports})` : String.raw`\s+|${comments}`
  const parts = [`(?<skipped>${skipped})`, `(?<text>${texts})`, `(?<number>${NUMBER})`, `(?<word>${WORD})`, OPERATOR]
  const scanner = { language, pattern: new RegExp(parts.join('|'), 'gu'), keywords: new Set(keywords.split(' ')) }
  scanners.set(language, scanner)
  return scanner
}

/** True when the file's name says that it is in a language that can be read here. */
export const isCode = (name: string): boolean => scannerOf(name) !== undefined

const isLiteral = (token?: Token) => token?.kind === 'TEXT' || token?.kind === 'NUMBER'

/**
 * The tokens of a file, in the language that the end of its name says; none when it says none. Any text can be read: what does not
 * end (a text, a comment) ends with the line or the file. Left out is all that can be changed without thinking, or is alike
 * in every program: white space, comments, docstrings, imports, semicolons, commas before a closing bracket. Of a list of literals
 * only the first stays: a table of data (a font, a code page) is in the spec, and no likeness.
 */
export function tokensOf(name: string, text: string): Token[] {
  const scanner = scannerOf(name)
  if (!scanner) return []
  const { language, pattern, keywords } = scanner
  const tokens: Token[] = []
  let line = 1
  let lineStart = 0
  let lineEnd = text.indexOf('\n')
  for (const match of text.matchAll(pattern)) {
    while (lineEnd !== -1 && lineEnd < match.index) {
      line++
      lineStart = lineEnd + 1
      lineEnd = text.indexOf('\n', lineStart)
    }
    const found = match[0]
    const { skipped, text: literal, number, word } = match.groups ?? {}
    if (skipped !== undefined || found === ';') continue
    if (language === 'python' && literal !== undefined && standsAlone(text, lineStart, match.index, found.length)) continue
    const kind =
      literal !== undefined
        ? 'TEXT'
        : number !== undefined
          ? 'NUMBER'
          : word !== undefined && !keywords.has(word)
            ? 'NAME'
            : found
    const token = { kind, line, column: match.index - lineStart + 1 }
    if (tokens.at(-1)?.kind === ',') {
      if (/^[)\]}]$/.test(kind)) tokens.pop()
      else if (isLiteral(token) && isLiteral(tokens.at(-2))) {
        tokens.pop()
        continue
      }
    }
    tokens.push(token)
  }
  return tokens
}

/** True for a text with nothing else on its lines, as a docstring is. */
function standsAlone(text: string, lineStart: number, start: number, length: number): boolean {
  if (text.slice(lineStart, start).trim() !== '') return false
  const end = text.indexOf('\n', start + length)
  return text.slice(start + length, end === -1 ? undefined : end).trim() === ''
}
