import type { Parameter, Signature } from './ast.ts'
import { typeProblem } from './errors.ts'
import type { Code, Frame } from './frame.ts'
import { Dict } from './tables.ts'
import { type Keywords, Tuple, type Value } from './values.ts'

/** The defaults of a function, which are evaluated once: when it is defined. */
export interface Defaults {
  parameters: (Value | undefined)[]
  named: (Value | undefined)[]
}

export function compileDefaults(
  signature: Signature,
  compile: (parameter: Parameter) => Code | undefined,
): (frame: Frame) => Defaults {
  const [parameters, named] = [signature.parameters.map(compile), signature.named.map(compile)]
  return (frame) => ({
    parameters: parameters.map((code) => code?.(frame)),
    named: named.map((code) => code?.(frame)),
  })
}

/** Puts the arguments of a call where the parameters are: the first slots of the frame, in the order of {@link Scope.declareParameters}. */
export class Binder {
  private readonly name: string
  private readonly signature: Signature
  private readonly simple: boolean

  constructor(name: string, signature: Signature) {
    this.name = name
    this.signature = signature
    this.simple = signature.named.length === 0 && signature.rest === undefined && signature.keywords === undefined
  }

  bind(slots: (Value | undefined)[], args: Value[], keywords: Keywords | undefined, defaults: Defaults): void {
    const count = this.signature.parameters.length
    if (this.simple && !keywords && args.length === count) {
      for (let n = 0; n < count; n++) slots[n] = args[n]
      return
    }
    this.bindAll(slots, args, new Map(keywords), defaults)
  }

  private bindAll(slots: (Value | undefined)[], args: Value[], left: Keywords, defaults: Defaults): void {
    const { parameters, named, rest, keywords } = this.signature
    if (args.length > parameters.length && rest === undefined) {
      throw typeProblem(`${this.name}() takes ${parameters.length} positional arguments but ${args.length} were given`)
    }
    let slot = 0
    const take = ({ name }: Parameter, given: Value | undefined, otherwise: Value | undefined) => {
      const byName = left.get(name)
      if (given !== undefined && byName !== undefined)
        throw typeProblem(`${this.name}() got multiple values for argument '${name}'`)
      left.delete(name)
      const value = [given, byName, otherwise].find((candidate) => candidate !== undefined)
      if (value === undefined) throw typeProblem(`${this.name}() missing 1 required positional argument: '${name}'`)
      slots[slot++] = value
    }
    for (const [n, parameter] of parameters.entries()) take(parameter, args[n], defaults.parameters[n])
    for (const [n, parameter] of named.entries()) take(parameter, undefined, defaults.named[n])
    if (rest !== undefined) slots[slot++] = new Tuple(args.slice(parameters.length))
    if (keywords !== undefined) slots[slot] = dictOf(left)
    else if (left.size > 0) throw typeProblem(`${this.name}() got an unexpected keyword argument '${[...left.keys()][0]}'`)
  }
}

function dictOf(keywords: Keywords): Dict {
  const dict = new Dict()
  for (const [name, value] of keywords) dict.set(name, value)
  return dict
}
