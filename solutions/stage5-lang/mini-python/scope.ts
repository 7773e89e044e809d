import type { Expression, Signature, Statement } from './ast.ts'
import { SyntaxProblem } from './syntax-problem.ts'

/** Where a name is found: so many frames further out, at a place that was counted before the program began. */
export type Place = { kind: 'local' | 'outer'; hops: number; slot: number } | { kind: 'global'; slot: number }

/**
 * The names of one function, class body, comprehension or of the whole program. A name that is assigned anywhere in a function belongs to that function from its first line on,
 * unless it is declared otherwise.
 */
export class Scope {
  readonly kind: 'program' | 'function' | 'class' | 'comprehension'
  readonly outer: Scope | undefined
  readonly slots = new Map<string, number>()
  private readonly globals = new Set<string>()
  private readonly nonlocals = new Set<string>()

  constructor(kind: Scope['kind'], outer?: Scope) {
    this.kind = kind
    this.outer = outer
  }

  get program(): Scope {
    return this.outer?.program ?? this
  }

  declare(name: string): number {
    const slot = this.slots.get(name) ?? this.slots.size
    this.slots.set(name, slot)
    return slot
  }

  declareParameters({ parameters, named, rest, keywords }: Signature): void {
    for (const { name } of [...parameters, ...named]) this.declare(name)
    for (const name of [rest, keywords]) if (name !== undefined) this.declare(name)
  }

  /** Where a name that is read or written here belongs. */
  find(name: string): Place {
    if (this.globals.has(name) || this.kind === 'program') return { kind: 'global', slot: this.program.declare(name) }
    const own = this.nonlocals.has(name) ? undefined : this.slots.get(name)
    if (own !== undefined) return { kind: 'local', hops: 0, slot: own }
    let hops = 1
    for (let scope = this.outer as Scope; scope.kind !== 'program'; scope = scope.outer as Scope) {
      // The names of a class body are not seen by its methods.
      if (scope.globals.has(name)) break
      const slot = scope.kind === 'class' ? undefined : scope.nonlocals.has(name) ? undefined : scope.slots.get(name)
      if (slot !== undefined) return { kind: 'outer', hops, slot }
      hops++
    }
    return { kind: 'global', slot: this.program.declare(name) }
  }

  /** Finds all names that these statements assign. */
  collect(statements: Statement[]): void {
    for (const statement of statements)
      if (statement.kind === 'global' || statement.kind === 'nonlocal') this.collectFrom(statement)
    for (const statement of statements) this.collectFrom(statement)
  }

  private bind(name: string): void {
    if (!this.globals.has(name) && !this.nonlocals.has(name)) this.declare(name)
  }

  bindTarget(target: Expression): void {
    if (target.kind === 'name') this.bind(target.name)
    else if (target.kind === 'starred') this.bindTarget(target.value)
    else if (target.kind === 'tuple' || target.kind === 'list') for (const item of target.items) this.bindTarget(item)
  }

  private collectFrom(statement: Statement): void {
    switch (statement.kind) {
      case 'assign':
      case 'delete':
        for (const target of statement.targets) this.bindTarget(target)
        break
      case 'augment':
        this.bindTarget(statement.target)
        break
      case 'def':
      case 'class':
        this.bind(statement.name)
        break
      case 'global':
        for (const name of statement.names) this.globals.add(name)
        break
      case 'nonlocal':
        for (const name of statement.names) this.declareNonlocal(name)
        break
      case 'for':
        this.bindTarget(statement.target)
        this.collect([...statement.body, ...statement.otherwise])
        break
      case 'if':
      case 'while':
        this.collect([...statement.body, ...statement.otherwise])
        break
      case 'try':
        for (const { name } of statement.handlers) if (name !== undefined) this.bind(name)
        this.collect([statement.body, ...statement.handlers.map(({ body }) => body), statement.otherwise, statement.last].flat())
        break
    }
  }

  private declareNonlocal(name: string): void {
    const there = (scope: Scope | undefined): boolean =>
      scope !== undefined && scope.kind !== 'program' && ((scope.kind !== 'class' && scope.slots.has(name)) || there(scope.outer))
    if (!there(this.outer)) throw new SyntaxProblem(`no binding for nonlocal '${name}' found`)
    this.nonlocals.add(name)
  }
}
