/** A piece of a word. What is quoted is neither split nor a pattern. */
export type Part =
  | { kind: 'text'; text: string; quoted: boolean }
  | { kind: 'parameter'; name: string; quoted: boolean }
  | { kind: 'output'; list: List; quoted: boolean }

export type Word = Part[]

export interface Redirection {
  fd: number
  operator: '<' | '>' | '>>' | '<&' | '>&' | '<<'
  /** A file, a descriptor, or the text of a here-document. */
  target: Word
}

export interface Assignment {
  name: string
  value: Word
}

export type Command =
  | { kind: 'simple'; assignments: Assignment[]; words: Word[]; redirections: Redirection[] }
  | { kind: 'group' | 'subshell'; list: List; redirections: Redirection[] }

export interface Pipeline {
  negated: boolean
  commands: Command[]
}

export interface AndOr {
  first: Pipeline
  rest: { operator: '&&' | '||'; pipeline: Pipeline }[]
  background: boolean
}

/** What is run one after the other. All of this is plain data, so that it can be sent to another process. */
export type List = AndOr[]

/** A script that can not be understood. */
export class SyntaxFailure extends Error {}

/** A script that ends in the middle of something: with another line it may be right. */
export class Unfinished extends SyntaxFailure {}

export const NAME = /^[A-Za-z_][A-Za-z0-9_]*/
