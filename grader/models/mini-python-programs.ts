import type { Random } from '../engine/random.ts'
import { Names, outcomeOf, runAll, type Signal, type Statement, str, type Thing, type Value } from './mini-python.ts'
import { BlockAuthor, indented, KINDS, MARGIN } from './mini-python-blocks.ts'
import { simple } from './mini-python-changes.ts'
import { atom, type Kind, LEVEL, type Node } from './mini-python-nodes.ts'

const resultOf = (signal: Signal): Value => (typeof signal === 'object' ? signal.result : false)
const thing = (names: Names, name: string) => names.get(name) as Thing
const made = (call: Thing['call'] = () => false, fields = new Map<string, Value>()): Thing => ({ call, fields })

/** Writes whole programs: functions, closures and classes stand at their top. */
class ProgramAuthor extends BlockAuthor {
  /** A number that functions may change. */
  private counted: string | undefined

  program(length: number): Statement[] {
    const begin = KINDS.map((kind) => this.introduce(kind))
    this.counted = this.variables[0]?.name
    const definitions = [() => this.function(), () => this.counter(), () => this.classes(), () => this.recursion()]
    const middle = Array.from({ length }, () => (this.random.oneIn(3) ? this.random.pick(definitions)() : this.statement(3)))
    return [...begin, ...middle, this.printAll()]
  }

  private printAll(): Statement {
    const shown = this.variables.map(({ name }) => name)
    return simple(`print(${shown.join(', ')})`, (names) => {
      names.world.printed.push(shown.map((name) => str(names.get(name))).join(' '))
    })
  }

  /** Within a function the variables around it can be read only. */
  private inside<T>(parameters: [string, Kind][], write: () => T): T {
    return this.apart(() => {
      this.variables = []
      for (const [name, kind] of parameters) this.know(name, kind)
      return write()
    })
  }

  private function(): Statement {
    const kind = this.random.pick(KINDS)
    const kinds = Array.from({ length: this.random.int(1, 3) }, () => this.random.pick(['int', 'text', 'ints'] as const))
    const parameters = kinds.map((of) => [this.fresh(), of] as [string, Kind])
    const [name, optional] = [this.fresh(), this.fresh()]
    const otherwise = this.random.int(2, 99)
    const { body, result } = this.inside([...parameters, [optional, 'int']], () => ({
      body: [...this.global(), ...Array.from({ length: this.random.int(1, 3) }, () => this.statement(2))],
      result: this.write(kind),
    }))
    const give: Statement = { lines: [`return ${result.text}`], run: (names) => ({ result: result.value(names) }) }
    const all = [...body, give]
    this.expressions.known.push({ kind, node: (depth) => this.call(name, parameters, optional, depth) })
    return {
      lines: [`def ${name}(${[...parameters.map(([of]) => of), `${optional}=${otherwise}`].join(', ')}):`, ...indented(all)],
      run(outer) {
        const call = (args: Value[]) => {
          const names = new Names(outer.world, outer)
          for (const [n, [parameter]] of parameters.entries()) names.set(parameter, args[n] as Value)
          names.set(optional, args[parameters.length] ?? BigInt(otherwise))
          outer.world.step()
          return resultOf(runAll(all, names))
        }
        outer.set(name, made(call))
        return 'next'
      },
    }
  }

  /** Perhaps a variable of the program that the function changes. */
  private global(): Statement[] {
    const node = this.write('int', 1)
    const name = this.counted
    if (name === undefined || this.random.oneIn(2)) return []
    return [
      {
        lines: [`global ${name}`, `${name} = ${name} + ${node.level <= LEVEL.sum ? `(${node.text})` : node.text}`],
        run(names) {
          const before = names.get(name) as bigint
          names.setOuter(name, before + (node.value(names) as bigint))
          return 'next'
        },
      },
    ]
  }

  private call(name: string, parameters: [string, Kind][], optional: string, depth: number): Node {
    const args = parameters.map(([, kind]) => this.write(kind, Math.min(depth, 1)))
    const last = this.random.oneIn(2) ? [this.write('int', Math.min(depth, 0))] : []
    const texts = [...args.map(({ text }) => text), ...last.map(({ text }) => `${optional}=${text}`)]
    return atom(`${name}(${texts.join(', ')})`, (names) => {
      const function_ = thing(names, name)
      return function_.call([...args, ...last].map((arg) => arg.value(names)))
    })
  }

  /** Two closures, each with a variable of its own that outlives the call it belongs to. */
  private counter(): Statement {
    const [maker, inner, count, by] = [this.fresh(), this.fresh(), this.fresh(), this.fresh()]
    const [one, two] = [this.fresh(), this.fresh()]
    const step = this.inside(
      [
        [count, 'int'],
        [by, 'int'],
      ],
      () => this.write('int'),
    )
    const starts = [this.random.int(1, 50), this.random.int(51, 99)] as const
    for (const name of [one, two]) {
      this.expressions.known.push({
        kind: 'int',
        node: () => {
          const arg = this.expressions.literal('int')
          return atom(`${name}(${arg.text})`, (names) => thing(names, name).call([arg.value(names)]))
        },
      })
    }
    return {
      lines: [
        `def ${maker}(${count}):`,
        `${MARGIN}def ${inner}(${by}):`,
        `${MARGIN}${MARGIN}nonlocal ${count}`,
        `${MARGIN}${MARGIN}${count} = (${step.text}) % 1009`,
        `${MARGIN}${MARGIN}return ${count}`,
        `${MARGIN}return ${inner}`,
        `${one}, ${two} = ${maker}(${starts[0]}), ${maker}(${starts[1]})`,
      ],
      run(outer) {
        for (const [n, name] of [one, two].entries()) {
          const captured = new Names(outer.world, outer)
          captured.set(count, BigInt(starts[n] as number))
          const call = ([arg]: Value[]) => {
            const names = new Names(outer.world, captured)
            names.set(by, arg as Value)
            const given = step.value(names) as bigint
            captured.set(count, ((given % 1009n) + 1009n) % 1009n)
            return captured.get(count)
          }
          outer.set(name, made(call))
        }
        return 'next'
      },
    }
  }

  private recursion(): Statement {
    const [name, left, sum] = [this.fresh(), this.fresh(), this.fresh()]
    const times = this.random.int(3, 30)
    const factor = BigInt(this.random.int(2, 9))
    this.expressions.known.push({
      kind: 'int',
      node: (depth) => {
        const start = this.write('int', Math.min(depth, 0))
        return atom(`${name}(${times}, ${start.text})`, (names) => thing(names, name).call([BigInt(times), start.value(names)]))
      },
    })
    const run = (count: bigint, value: bigint): bigint => (count <= 0n ? value : run(count - 1n, value * factor - count))
    return {
      lines: [
        `def ${name}(${left}, ${sum}):`,
        `${MARGIN}if ${left} <= 0:`,
        `${MARGIN}${MARGIN}return ${sum}`,
        `${MARGIN}return ${name}(${left} - 1, ${sum} * ${factor} - ${left})`,
      ],
      run(names) {
        names.set(
          name,
          made(([count, value]) => run(count as bigint, value as bigint)),
        )
        return 'next'
      },
    }
  }

  /** A class with a field, one below it that has its own way of doing something, and an instance of each. */
  private classes(): Statement {
    const [above, below, field, method, helper, arg] = Array.from({ length: 6 }, () => this.fresh()) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    const [one, two] = [this.fresh(), this.fresh()]
    const self = atom(`self.${field}`, (names) => thing(names, 'self').fields.get(field) as Value)
    const body = () =>
      this.inside([[arg, 'int']], () => {
        this.expressions.known.push({ kind: 'int', node: () => self })
        return this.write('int')
      })
    const [first, second] = [body(), body()]
    const start = this.random.int(2, 99)
    for (const name of [one, two]) {
      this.expressions.known.push({
        kind: 'int',
        node: () => {
          const given = this.expressions.literal('int')
          return atom(`${name}.${method}(${given.text})`, (names) => thing(names, name).call([given.value(names)]))
        },
      })
    }
    return {
      lines: [
        `class ${above}:`,
        `${MARGIN}def __init__(self, ${arg}):`,
        `${MARGIN}${MARGIN}self.${field} = ${arg}`,
        `${MARGIN}def ${helper}(self, ${arg}):`,
        `${MARGIN}${MARGIN}return ${first.text}`,
        `${MARGIN}def ${method}(self, ${arg}):`,
        `${MARGIN}${MARGIN}self.${field} = self.${helper}(${arg}) % 997`,
        `${MARGIN}${MARGIN}return self.${field}`,
        `class ${below}(${above}):`,
        `${MARGIN}def ${helper}(self, ${arg}):`,
        `${MARGIN}${MARGIN}return super().${helper}(${arg}) + (${second.text})`,
        `${one}, ${two} = ${above}(${start}), ${below}(${start})`,
      ],
      run(outer) {
        for (const [n, name] of [one, two].entries()) {
          const instance = made(([given]) => {
            const names = new Names(outer.world, outer)
            names.set('self', instance)
            names.set(arg, given as Value)
            const base = first.value(names) as bigint
            const sum = n === 0 ? base : base + (second.value(names) as bigint)
            instance.fields.set(field, ((sum % 997n) + 997n) % 997n)
            return instance.fields.get(field) as Value
          })
          instance.fields.set(field, BigInt(start))
          outer.set(name, instance)
        }
        return 'next'
      },
    }
  }
}

/** A random program that does not do too much, and that does or does not end with an exception. */
export function randomProgram(random: Random, { length = 14, daring = 5, crashes = false } = {}): Statement[] {
  for (;;) {
    const statements = new ProgramAuthor(random, daring).program(length)
    const outcome = outcomeOf(statements)
    if (outcome && (outcome.error !== undefined) === crashes) return statements
  }
}
