import type { Random } from '../engine/random.ts'
import { at, isTrue, kept, largestOf, type Names, sizeOf, slice, str, type Value } from './mini-python.ts'
import {
  atom,
  COMPARISONS,
  INT_OPERATORS,
  type Kind,
  LEVEL,
  literal,
  type Node,
  type Ordered,
  within,
} from './mini-python-nodes.ts'

/** Writes random expressions of a wanted kind. */
export class ExpressionAuthor {
  readonly random: Random
  /** What can be read at this place, beside literals: variables, and calls of functions. */
  known: { kind: Kind; node: (depth: number) => Node }[] = []
  /** How many of a hundred divisions and indices may go wrong. */
  readonly daring: number

  constructor(random: Random, daring: number) {
    this.random = random
    this.daring = daring
  }

  write(kind: Kind, depth: number): Node {
    if (depth < -1) return this.literal(kind)
    const known = this.known.filter((one) => one.kind === kind)
    if (known.length > 0 && this.random.int(1, 100) <= (depth > 0 ? 35 : 70)) return this.random.pick(known).node(depth - 1)
    if (depth <= 0) return this.literal(kind)
    if (this.random.oneIn(12)) return this.conditional(kind, depth)
    return this.random.pick(this.ways[kind])(depth - 1)
  }

  literal(kind: Kind): Node {
    const { random } = this
    switch (kind) {
      case 'int':
        return literal(BigInt(random.oneIn(8) ? random.int(1e9, 2e9) : random.int(1, 60)) ** (random.oneIn(20) ? 9n : 1n))
      case 'text':
        return literal(random.word())
      case 'truth':
        return literal(random.oneIn(2))
      case 'ints':
        return this.list('int')
      case 'texts':
        return this.list('text')
      case 'table':
        return this.table()
    }
  }

  private list(kind: Kind, depth = -2): Node {
    const items = Array.from({ length: this.random.int(1, 5) }, () => this.write(kind, depth))
    return atom(`[${items.map(({ text }) => text).join(', ')}]`, (names) => items.map((item) => item.value(names)))
  }

  private table(): Node {
    const keys = this.random.distinct(this.random.int(1, 4), this.random.word)
    const items = keys.map((key) => [key, this.write('int', -1)] as const)
    return atom(
      `{${items.map(([key, item]) => `'${key}': ${item.text}`).join(', ')}}`,
      (names) => new Map(items.map(([key, item]) => [key, item.value(names)])),
    )
  }

  private readonly ways: Record<Kind, ((depth: number) => Node)[]> = {
    int: [
      (depth) => this.binary(depth),
      (depth) => this.binary(depth),
      (depth) => this.binary(depth),
      (depth) => this.signed(depth),
      (depth) => this.power(depth),
      (depth) => this.shift(depth),
      (depth) => this.counted(depth),
      (depth) => this.item('ints', depth),
    ],
    text: [
      (depth) => this.joined(depth),
      (depth) => this.method(depth),
      (depth) => this.method(depth),
      (depth) => this.formatted(depth),
      (depth) => this.item('texts', depth),
      (depth) => this.sliced('text', depth),
      (depth) => this.call('str', 'int', depth, str),
    ],
    truth: [
      (depth) => this.comparison(depth),
      (depth) => this.logic(depth),
      (depth) => this.negation(depth),
      (depth) => this.membership(depth),
    ],
    ints: [
      (depth) => this.list('int', depth),
      (depth) => this.sliced('ints', depth),
      (depth) => this.comprehension(depth),
      (depth) => this.concatenation('ints', depth),
      (depth) =>
        this.call('sorted', 'ints', depth, (list) => [...(list as bigint[])].sort((a, b) => (a < b ? -1 : Number(a > b)))),
    ],
    texts: [
      (depth) => this.list('text', depth),
      (depth) => this.sliced('texts', depth),
      (depth) => this.concatenation('texts', depth),
      (depth) => this.call('sorted', 'texts', depth, (list) => [...(list as string[])].sort()),
      (depth) => this.call('list', 'table', depth, (table) => [...(table as Map<string, Value>).keys()]),
    ],
    table: [() => this.table()],
  }

  private binary(depth: number): Node {
    const [operator, level, compute] = this.random.pick(INT_OPERATORS)
    const left = this.write('int', depth)
    const divides = operator === '//' || operator === '%'
    const right = divides && this.random.int(1, 100) > this.daring ? this.literal('int') : this.write('int', depth)
    return {
      text: `${within(left, level)} ${operator} ${within(right, level + 1)}`,
      level,
      value: (names) => kept(compute(left.value(names) as bigint, right.value(names) as bigint)),
    }
  }

  private signed(depth: number): Node {
    const [operand, complement] = [this.write('int', depth), this.random.oneIn(3)]
    return {
      text: `${complement ? '~' : '-'}${within(operand, LEVEL.sign)}`,
      level: LEVEL.sign,
      value: (names) => (complement ? ~(operand.value(names) as bigint) : -(operand.value(names) as bigint)),
    }
  }

  private power(depth: number): Node {
    const [base, exponent] = [this.write('int', depth), BigInt(this.random.int(2, 5))]
    return {
      text: `${within(base, LEVEL.power + 1)} ** ${exponent}`,
      level: LEVEL.power,
      value: (names) => kept((base.value(names) as bigint) ** exponent),
    }
  }

  private shift(depth: number): Node {
    const [left, by] = [this.write('int', depth), BigInt(this.random.int(1, 9))]
    const [operator, compute] = this.random.pick<[string, (a: bigint) => bigint]>([
      ['<<', (a) => a << by],
      ['>>', (a) => a >> by],
    ])
    const value = (names: Names) => kept(compute(left.value(names) as bigint))
    return { text: `${within(left, LEVEL.shift)} ${operator} ${by}`, level: LEVEL.shift, value }
  }

  private call(name: string, kind: Kind, depth: number, compute: (value: Value) => Value): Node {
    const operand = this.write(kind, depth)
    return atom(`${name}(${operand.text})`, (names) => kept(compute(operand.value(names))))
  }

  private counted(depth: number): Node {
    const kind = this.random.pick(['text', 'ints', 'texts', 'table'] as const)
    return this.random.pick([
      () => this.call('len', kind, depth, sizeOf),
      () => this.call('sum', 'ints', depth, (list) => (list as bigint[]).reduce((a, b) => a + b, 0n)),
      () => this.call('abs', 'int', depth, (value) => ((value as bigint) < 0n ? -(value as bigint) : value)),
      () => (this.daring > 0 ? this.call('max', 'ints', depth, largestOf) : this.call('len', kind, depth, sizeOf)),
    ])()
  }

  private item(kind: 'ints' | 'texts', depth: number): Node {
    const list = this.random.int(1, 100) > this.daring ? this.list(kind === 'ints' ? 'int' : 'text') : this.write(kind, depth)
    const index =
      this.random.int(1, 100) > this.daring ? literal(this.random.pick([0n, -1n])) : literal(BigInt(this.random.int(-4, 4)))
    return atom(`${within(list, LEVEL.atom)}[${index.text}]`, (names) =>
      at(list.value(names) as Value[], index.value(names) as bigint),
    )
  }

  private sliced(kind: 'ints' | 'texts' | 'text', depth: number): Node {
    const source = this.write(kind, depth)
    const bound = () => (this.random.oneIn(3) ? undefined : BigInt(this.random.int(-5, 6)))
    const [start, stop] = [bound(), bound()]
    const step = this.random.oneIn(2) ? 1n : BigInt(this.random.pick([-1, 2, -2, 3]))
    return atom(`${within(source, LEVEL.atom)}[${start ?? ''}:${stop ?? ''}${step === 1n ? '' : `:${step}`}]`, (names) => {
      const taken = slice(source.value(names) as ArrayLike<Value>, start, stop, step)
      return kind === 'text' ? taken.join('') : taken
    })
  }

  private concatenation(kind: Kind, depth: number): Node {
    const [left, right] = [this.write(kind, depth), this.write(kind, depth)]
    return {
      text: `${within(left, LEVEL.sum)} + ${within(right, LEVEL.sum + 1)}`,
      level: LEVEL.sum,
      value(names) {
        // Both are there before they are joined: the right side may change what the left one is.
        const [first, second] = [left.value(names), right.value(names)] as [Value[], Value[]]
        return kept(first.concat(second))
      },
    }
  }

  private joined(depth: number): Node {
    const [left, right] = [this.write('text', depth), this.write('text', depth)]
    if (this.random.oneIn(3)) {
      const count = this.random.int(0, 3)
      return {
        text: `${within(left, LEVEL.product)} * ${count}`,
        level: LEVEL.product,
        value: (names) => kept((left.value(names) as string).repeat(count)),
      }
    }
    return {
      text: `${within(left, LEVEL.sum)} + ${within(right, LEVEL.sum + 1)}`,
      level: LEVEL.sum,
      value: (names) => kept(`${left.value(names)}${right.value(names)}`),
    }
  }

  private method(depth: number): Node {
    const text = this.write('text', depth)
    const [one, two] = this.random.distinct(2, () => this.random.pick([...'aeioubcd'])) as [string, string]
    const [call, compute] = this.random.pick<[string, (text: string) => string]>([
      ['upper()', (all) => all.toUpperCase()],
      ['capitalize()', (all) => all.slice(0, 1).toUpperCase() + all.slice(1).toLowerCase()],
      [`replace('${one}', '${two}')`, (all) => all.split(one).join(two)],
      [`strip('${one}${two}')`, (all) => all.replace(new RegExp(`^[${one}${two}]+|[${one}${two}]+$`, 'g'), '')],
      ['rjust(9)', (all) => all.padStart(9)],
      [`ljust(8, '${one}')`, (all) => all.padEnd(8, one)],
    ])
    return atom(`${within(text, LEVEL.atom)}.${call}`, (names) => kept(compute(text.value(names) as string)))
  }

  /** Within an f-string no quote of its own kind may stand, so only what needs none stands there. */
  private formatted(depth: number): Node {
    const value = this.write('int', depth)
    if (value.text.includes("'")) return this.joined(depth)
    const width = this.random.int(1, 12)
    const before = this.random.word()
    return atom(`f'${before} {${value.text}:>${width}}'`, (names) => kept(`${before} ${str(value.value(names)).padStart(width)}`))
  }

  private comparison(depth: number): Node {
    const kind = this.random.oneIn(3) ? 'text' : 'int'
    const count = this.random.oneIn(4) ? 2 : 1
    const first = this.write(kind, depth)
    const rest = Array.from({ length: count }, () => [this.random.pick(COMPARISONS), this.write(kind, depth)] as const)
    const level = LEVEL.compare + 1
    return {
      text: `${within(first, level)}${rest.map(([[operator], node]) => ` ${operator} ${within(node, level)}`).join('')}`,
      level: LEVEL.compare,
      value(names) {
        let left = first.value(names) as Ordered
        for (const [[, compute], node] of rest) {
          const right = node.value(names) as Ordered
          if (!compute(left, right)) return false
          left = right
        }
        return true
      },
    }
  }

  private logic(depth: number): Node {
    const [left, right] = [this.write('truth', depth), this.write('truth', depth)]
    const both = this.random.oneIn(2)
    const level = both ? LEVEL.and : LEVEL.or
    return {
      text: `${within(left, level)} ${both ? 'and' : 'or'} ${within(right, level + 1)}`,
      level,
      value: (names) => (isTrue(left.value(names)) === both ? right.value(names) : !both),
    }
  }

  private negation(depth: number): Node {
    const operand = this.write(this.random.pick(['truth', 'text', 'ints'] as const), depth)
    return { text: `not ${within(operand, LEVEL.not)}`, level: LEVEL.not, value: (names) => !isTrue(operand.value(names)) }
  }

  private membership(depth: number): Node {
    const [item, list] = [this.write('int', depth), this.write('ints', depth)]
    const level = LEVEL.compare + 1
    const text = `${within(item, level)} in ${within(list, level)}`
    const among = (wanted: Value, items: Value) => (items as Value[]).includes(wanted)
    return { text, level: LEVEL.compare, value: (names) => among(item.value(names), list.value(names)) }
  }

  private conditional(kind: Kind, depth: number): Node {
    const [yes, condition, no] = [this.write(kind, depth - 1), this.write('truth', depth - 1), this.write(kind, depth - 1)]
    const text = `${within(yes, LEVEL.or)} if ${within(condition, LEVEL.or)} else ${within(no, LEVEL.condition)}`
    return { text, level: LEVEL.condition, value: (names) => (isTrue(condition.value(names)) ? yes : no).value(names) }
  }

  private comprehension(depth: number): Node {
    const source = this.write('ints', depth)
    const name = `${this.random.pick([...'abcdefgh'])}${this.random.int(10, 99)}`
    const [factor, divisor] = [BigInt(this.random.int(2, 9)), BigInt(this.random.int(2, 4))]
    return atom(`[${name} * ${factor} for ${name} in ${within(source, LEVEL.or)} if ${name} % ${divisor}]`, (names) =>
      kept((source.value(names) as bigint[]).filter((item) => item % divisor !== 0n).map((item) => kept(item * factor))),
    )
  }
}
