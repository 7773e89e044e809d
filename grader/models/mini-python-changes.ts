import { floorDivide, modulo, type Names, PythonError, type Statement, type Value } from './mini-python.ts'
import type { ExpressionAuthor } from './mini-python-expressions.ts'
import { atom, type Kind, type Node } from './mini-python-nodes.ts'

export const simple = (line: string, run: (names: Names) => void): Statement => ({
  lines: [line],
  run(names) {
    run(names)
    return 'next'
  },
})

export interface Variable {
  name: string
  kind: Kind
}

/** Writes statements that change a variable, or what it stands for. */
export class ChangeAuthor {
  private readonly expressions: ExpressionAuthor

  constructor(expressions: ExpressionAuthor) {
    this.expressions = expressions
  }

  private write(kind: Kind): Node {
    return this.expressions.write(kind, 2)
  }

  private dares(): boolean {
    return this.expressions.random.int(1, 100) <= this.expressions.daring
  }

  change({ name, kind }: Variable): Statement {
    if (kind === 'table') return this.changeTable(name)
    if (kind === 'truth') return this.assign(name, this.write(kind))
    if (kind === 'int') return this.changeInt(name)
    if (kind === 'text') return this.assign(name, this.write(kind))
    return this.changeList(name, kind === 'ints' ? 'int' : 'text')
  }

  private assign(name: string, node: Node): Statement {
    return simple(`${name} = ${node.text}`, (names) => names.set(name, node.value(names)))
  }

  private changeInt(name: string): Statement {
    const node = this.write('int')
    const [operator, compute] = this.expressions.random.pick<[string, (a: bigint, b: bigint) => bigint]>([
      ['+', (a, b) => a + b],
      ['-', (a, b) => a - b],
      ['*', (a, b) => a * b],
      ...(this.dares()
        ? ([
            ['//', floorDivide],
            ['%', modulo],
          ] as [string, typeof modulo][])
        : []),
    ])
    return simple(`${name} ${operator}= ${node.text}`, (names) => {
      const before = names.get(name) as bigint
      names.set(name, compute(before, node.value(names) as bigint))
    })
  }

  private changeList(name: string, kind: 'int' | 'text'): Statement {
    const node = this.write(kind)
    const more = this.write(kind === 'int' ? 'ints' : 'texts')
    const list = (names: Names) => names.get(name) as Value[]
    return this.expressions.random.pick([
      () => simple(`${name}.append(${node.text})`, (names) => list(names).push(node.value(names))),
      () => simple(`${name}.insert(0, ${node.text})`, (names) => list(names).unshift(node.value(names))),
      () => simple(`${name}.reverse()`, (names) => list(names).reverse()),
      () =>
        simple(`${name} += ${more.text}`, (names) => {
          const target = list(names)
          target.push(...(more.value(names) as Value[]))
          names.set(name, target)
        }),
      () =>
        simple(`${name}[:1] = ${more.text}`, (names) => {
          const items = [...(more.value(names) as Value[])]
          list(names).splice(0, 1, ...items)
        }),
    ])()
  }

  private changeTable(name: string): Statement {
    const key = this.dares() ? this.write('text') : atom("'one'", () => 'one')
    const node = this.write('int')
    const table = (names: Names) => names.get(name) as Map<string, Value>
    const old = (names: Names, at: string) => {
      const value = table(names).get(at)
      if (value === undefined) throw new PythonError('KeyError')
      return value as bigint
    }
    return this.expressions.random.pick([
      () =>
        simple(`${name}[${key.text}] = ${node.text}`, (names) => {
          const value = node.value(names)
          table(names).set(key.value(names) as string, value)
        }),
      () =>
        simple(`${name}[${key.text}] = ${name}.get(${key.text}, 0) + 1`, (names) => {
          const before = (table(names).get(key.value(names) as string) ?? 0n) as bigint
          table(names).set(key.value(names) as string, before + 1n)
        }),
      ...(this.dares()
        ? [
            () =>
              simple(`${name}[${key.text}] += ${node.text}`, (names) => {
                const at = key.value(names) as string
                const before = old(names, at)
                table(names).set(at, before + (node.value(names) as bigint))
              }),
            () =>
              simple(`del ${name}[${key.text}]`, (names) => {
                const at = key.value(names) as string
                old(names, at)
                table(names).delete(at)
              }),
          ]
        : []),
    ])()
  }
}
