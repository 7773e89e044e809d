/** A piece of an f-string that is put together when it is evaluated. */
export interface Field {
  value: Expression
  /** `r` after `!r`; else nothing. */
  conversion: string
  format: (string | Field)[]
}

export interface Clause {
  target: Expression
  source: Expression
  conditions: Expression[]
}

export interface Argument {
  /** `*` and `**` spread a value; a name is a keyword; nothing is a value in its place. */
  as: string | undefined
  value: Expression
}

export interface Parameter {
  name: string
  default: Expression | undefined
}

export interface Signature {
  parameters: Parameter[]
  /** The names behind `*` and `**`. */
  rest: string | undefined
  keywords: string | undefined
  /** Parameters behind the star: they can only be given by name. */
  named: Parameter[]
}

export type Expression =
  | { kind: 'constant'; value: bigint | number | string | boolean | null }
  | { kind: 'name'; name: string }
  | { kind: 'f-string'; parts: (string | Field)[] }
  | { kind: 'list' | 'tuple' | 'set'; items: Expression[] }
  | { kind: 'dict'; entries: [Expression, Expression][] }
  | {
      kind: 'comprehension'
      makes: 'list' | 'set' | 'dict' | 'generator'
      element: Expression
      value: Expression
      clauses: Clause[]
    }
  | { kind: 'unary'; operator: string; operand: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'compare'; first: Expression; rest: { operator: string; operand: Expression }[] }
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'conditional'; condition: Expression; yes: Expression; no: Expression }
  | { kind: 'lambda'; signature: Signature; body: Expression }
  | { kind: 'call'; target: Expression; args: Argument[] }
  | { kind: 'attribute'; object: Expression; name: string }
  | { kind: 'index'; object: Expression; index: Expression }
  | { kind: 'slice'; start: Expression; stop: Expression; step: Expression }
  | { kind: 'starred'; value: Expression }

export interface Handler {
  type: Expression | undefined
  name: string | undefined
  body: Statement[]
}

export type Statement =
  | { kind: 'expression'; value: Expression }
  | { kind: 'assign'; targets: Expression[]; value: Expression }
  | { kind: 'augment'; target: Expression; operator: string; value: Expression }
  | { kind: 'delete'; targets: Expression[] }
  | { kind: 'pass' | 'break' | 'continue' }
  | { kind: 'return'; value: Expression }
  | { kind: 'yield' | 'yield from'; value: Expression }
  | { kind: 'raise'; value: Expression | undefined }
  | { kind: 'assert'; condition: Expression; message: Expression | undefined }
  | { kind: 'global' | 'nonlocal'; names: string[] }
  | { kind: 'if'; condition: Expression; body: Statement[]; otherwise: Statement[] }
  | { kind: 'while'; condition: Expression; body: Statement[]; otherwise: Statement[] }
  | { kind: 'for'; target: Expression; source: Expression; body: Statement[]; otherwise: Statement[] }
  | { kind: 'try'; body: Statement[]; handlers: Handler[]; otherwise: Statement[]; last: Statement[] }
  | { kind: 'def'; name: string; signature: Signature; body: Statement[]; decorators: Expression[] }
  | { kind: 'class'; name: string; base: Expression | undefined; body: Statement[]; decorators: Expression[] }
