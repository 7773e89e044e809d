import type { Random } from '../engine/random.ts'
import { isTrue, type Names, PythonError, runAll, type Signal, type Statement, str, type Value } from './mini-python.ts'
import { ChangeAuthor, simple, type Variable } from './mini-python-changes.ts'
import { ExpressionAuthor } from './mini-python-expressions.ts'
import { atom, type Kind, type Node } from './mini-python-nodes.ts'

const BASES: Record<string, string> = {
  ZeroDivisionError: 'ArithmeticError',
  ArithmeticError: 'Exception',
  IndexError: 'LookupError',
  KeyError: 'LookupError',
  LookupError: 'Exception',
  ValueError: 'Exception',
  RuntimeError: 'Exception',
  TypeError: 'Exception',
}
export const KINDS: Kind[] = ['int', 'int', 'text', 'truth', 'ints', 'texts', 'table']
export const MARGIN = '    '

const isA = (type: string, wanted: string): boolean =>
  type === wanted || (BASES[type] !== undefined && isA(BASES[type] as string, wanted))
export const indented = (statements: Statement[]): string[] =>
  statements.flatMap(({ lines }) => lines.map((line) => MARGIN + line))
/** Writes random statements, and blocks of them. The more daring it is, the more of what they do goes wrong. */
export abstract class BlockAuthor {
  protected readonly random: Random
  protected readonly expressions: ExpressionAuthor
  private readonly used = new Set<string>()
  /** The variables that may be assigned at this place. */
  protected variables: Variable[] = []
  private readonly daring: number
  private readonly changes: ChangeAuthor

  constructor(random: Random, daring: number) {
    this.random = random
    this.daring = daring
    this.expressions = new ExpressionAuthor(random, daring)
    this.changes = new ChangeAuthor(this.expressions)
  }

  protected fresh(): string {
    const name = this.random.word()
    if (this.used.has(name)) return this.fresh()
    this.used.add(name)
    return name
  }

  protected write(kind: Kind, depth = 2): Node {
    return this.expressions.write(kind, depth)
  }

  protected know(name: string, kind: Kind): void {
    this.variables.push({ name, kind })
    this.expressions.known.push({ kind, node: () => atom(name, (names) => names.get(name)) })
  }

  /** Writes something whose variables are not known behind it. */
  protected apart<T>(write: () => T): T {
    const [variables, known] = [this.variables, this.expressions.known]
    this.variables = [...variables]
    this.expressions.known = [...known]
    const result = write()
    this.variables = variables
    this.expressions.known = known
    return result
  }

  protected block(depth: number, before: () => Statement[] = () => []): Statement[] {
    return this.apart(() => [...before(), ...Array.from({ length: this.random.int(1, 3) }, () => this.statement(depth - 1))])
  }

  protected statement(depth: number): Statement {
    const { random } = this
    const plain = [
      () => this.print(),
      () => this.print(),
      () => this.introduce(random.pick(KINDS)),
      () => this.change(),
      () => this.change(),
    ]
    if (depth <= 0) return random.pick(plain)()
    const deep = [() => this.if(depth), () => this.for(depth), () => this.while(depth), () => this.try(depth)]
    return random.pick([...plain, ...deep])()
  }

  private print(): Statement {
    const nodes = Array.from({ length: this.random.int(1, 3) }, () => this.write(this.random.pick(KINDS)))
    return simple(`print(${nodes.map(({ text }) => text).join(', ')})`, (names) => {
      const values = nodes.map((node) => node.value(names))
      names.world.printed.push(values.map(str).join(' '))
    })
  }

  protected introduce(kind: Kind): Statement {
    const node = this.write(kind)
    const name = this.fresh()
    this.know(name, kind)
    return simple(`${name} = ${node.text}`, (names) => names.set(name, node.value(names)))
  }

  private change(): Statement {
    if (this.variables.length === 0) return this.print()
    return this.changes.change(this.random.pick(this.variables))
  }

  private if(depth: number): Statement {
    const arms = Array.from({ length: this.random.int(1, 2) }, () => ({
      condition: this.write('truth'),
      body: this.block(depth),
    }))
    const otherwise = this.random.oneIn(2) ? this.block(depth) : []
    return {
      lines: [
        ...arms.flatMap(({ condition, body }, n) => [`${n ? 'el' : ''}if ${condition.text}:`, ...indented(body)]),
        ...(otherwise.length > 0 ? ['else:', ...indented(otherwise)] : []),
      ],
      run(names) {
        const arm = arms.find(({ condition }) => isTrue(condition.value(names)))
        return runAll(arm ? arm.body : otherwise, names)
      },
    }
  }

  /** What goes round, until there is nothing left or the body breaks off. */
  private looping(head: string, depth: number, body: Statement[], rounds: (names: Names) => Generator<undefined>): Statement {
    if (this.random.oneIn(3)) {
      const [word, condition] = [this.random.pick(['break', 'continue'] as const), this.write('truth')]
      body.push({
        lines: [`if ${condition.text}:`, `${MARGIN}${word}`],
        run: (names) => (isTrue(condition.value(names)) ? word : 'next'),
      })
      body.push(this.apart(() => this.statement(0)))
    }
    const otherwise = this.random.oneIn(4) ? this.block(depth) : []
    return {
      lines: [head, ...indented(body), ...(otherwise.length > 0 ? ['else:', ...indented(otherwise)] : [])],
      run(names): Signal {
        for (const _ of rounds(names)) {
          const signal = runAll(body, names)
          if (signal === 'break') return 'next'
          if (typeof signal === 'object') return signal
        }
        return runAll(otherwise, names)
      },
    }
  }

  private for(depth: number): Statement {
    const kind = this.random.pick(['ints', 'texts', 'text', 'table', 'range'] as const)
    const source = kind === 'range' ? this.range() : this.write(kind)
    const name = this.fresh()
    const body = this.block(depth, () => {
      this.know(name, kind === 'ints' || kind === 'range' ? 'int' : 'text')
      return []
    })
    return this.looping(`for ${name} in ${source.text}:`, depth, body, function* (names) {
      for (const item of itemsOf(source.value(names))) {
        names.set(name, item)
        yield
      }
    })
  }

  private range(): Node {
    const [start, stop, step] = [this.random.int(-3, 3), this.random.int(2, 7), this.random.int(1, 3)]
    const values: Value[] = []
    for (let at = start; at < stop; at += step) values.push(BigInt(at))
    return atom(`range(${start}, ${stop}${step > 1 ? `, ${step}` : ''})`, () => [...values])
  }

  private while(depth: number): Statement {
    const name = this.fresh()
    const rounds = this.random.int(2, 4)
    const down = simple(`${name} -= 1`, (names) => names.set(name, (names.get(name) as bigint) - 1n))
    const body = [down, ...this.block(depth)]
    const loop = this.looping(`while ${name} > 0:`, depth, body, function* (names) {
      while ((names.get(name) as bigint) > 0n) yield
    })
    return {
      lines: [`${name} = ${rounds}`, ...loop.lines],
      run(names) {
        names.set(name, BigInt(rounds))
        return loop.run(names)
      },
    }
  }

  private try(depth: number): Statement {
    const types = this.random.shuffle(Object.keys(BASES)).slice(0, this.random.int(1, 2))
    const [raised, message] = [this.random.pick(['ValueError', 'RuntimeError', 'KeyError', 'TypeError']), this.random.word()]
    const when = this.write('truth')
    const raise: Statement = {
      lines: [`if ${when.text}:`, `${MARGIN}raise ${raised}('${message}')`],
      run(names) {
        if (isTrue(when.value(names))) throw new PythonError(raised, raised === 'KeyError' ? `'${message}'` : message)
        return 'next'
      },
    }
    const body = this.block(depth, () => (this.random.oneIn(2) ? [raise] : []))
    const wanted = this.random.int(1, 100) <= this.daring ? types : ['Exception']
    const handler = this.block(depth)
    const last = this.random.oneIn(2) ? this.block(0) : []
    const name = this.fresh()
    return {
      lines: [
        'try:',
        ...indented(body),
        `except ${wanted.length > 1 ? `(${wanted.join(', ')})` : wanted[0]} as ${name}:`,
        `${MARGIN}print('caught', type(${name}).__name__)`,
        ...indented(handler),
        ...(last.length > 0 ? ['finally:', ...indented(last)] : []),
      ],
      run(names) {
        const attempt = () => {
          try {
            return runAll(body, names)
          } catch (error) {
            if (!(error instanceof PythonError) || !wanted.some((type) => isA(error.type, type))) throw error
            names.world.printed.push(`caught ${error.type}`)
            return runAll(handler, names)
          }
        }
        return atLast(attempt, () => runAll(last, names))
      },
    }
  }
}

function* itemsOf(source: Value): Generator<Value> {
  if (typeof source === 'string') yield* source
  // A list may grow meanwhile.
  else if (Array.isArray(source)) for (let n = 0; n < source.length; n++) yield source[n] as Value
  else if (source instanceof Map) {
    const { size } = source
    for (const key of source.keys()) {
      yield key
      if (source.size !== size) throw new PythonError('RuntimeError')
    }
  }
}

/** What the last part decides by itself wins over what was decided before. */
function atLast(attempt: () => Signal, last: () => Signal): Signal {
  let signal: Signal
  try {
    signal = attempt()
  } catch (error) {
    if (!(error instanceof PythonError)) throw error
    const own = last()
    if (own !== 'next') return own
    throw error
  }
  const own = last()
  return own === 'next' ? signal : own
}
