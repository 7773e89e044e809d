import type { CharSet, Side } from './symbols.ts'
import type { Assertion, Node } from './syntax.ts'

export type SetStep = { kind: 'set'; set: CharSet; next: number }
export type MatchStep = { kind: 'match' }

/** One step of a match; `next` is where the program goes on. */
export type Step =
  | SetStep
  | MatchStep
  | { kind: 'assertion'; assertion: Assertion; next: number }
  | { kind: 'open' | 'close' | 'reference'; slot: number; next: number }
  | { kind: 'fork'; ways: number[] }

/** A pattern as a machine with many states at once (Thompson, 1968). */
export interface Program {
  steps: Step[]
  start: number
  /** How many groups are referred back to; with any, no finite automaton can run the program. */
  slots: number
}

export function compile(tree: Node): Program {
  const steps: Step[] = [{ kind: 'match' }]
  const referred = [...referredGroups(tree)]
  return { steps, start: build(tree, 0), slots: referred.length }

  function add(step: Step): number {
    return steps.push(step) - 1
  }

  /** Built from the end: each part is told where to go on, and says where it begins. */
  function build(node: Node, next: number): number {
    switch (node.kind) {
      case 'set':
        return add({ kind: 'set', set: node.set, next })
      case 'assertion':
        return add({ kind: 'assertion', assertion: node.assertion, next })
      case 'reference':
        return add({ kind: 'reference', slot: referred.indexOf(node.number), next })
      case 'sequence':
        return node.parts.reduceRight((after, part) => build(part, after), next)
      case 'choice':
        return add({ kind: 'fork', ways: node.branches.map((branch) => build(branch, next)) })
      case 'repeat':
        return repeat(node.body, node.min, node.max, next)
      case 'group': {
        // What nobody refers to need not be remembered.
        if (!referred.includes(node.number)) return build(node.body, next)
        const close = add({ kind: 'close', slot: referred.indexOf(node.number), next })
        return add({ kind: 'open', slot: referred.indexOf(node.number), next: build(node.body, close) })
      }
    }
  }

  function repeat(body: Node, min: number, max: number, next: number): number {
    let at = max === Infinity ? loop(body, next) : next
    for (let extra = min; max !== Infinity && extra < max; extra++) {
      at = add({ kind: 'fork', ways: [build(body, at), next] })
    }
    for (let needed = 0; needed < min; needed++) at = build(body, at)
    return at
  }

  function loop(body: Node, next: number): number {
    const ways = [next]
    const fork = add({ kind: 'fork', ways })
    ways.push(build(body, fork))
    return fork
  }
}

function referredGroups(node: Node): Set<number> {
  if (node.kind === 'reference') return new Set([node.number])
  if (node.kind === 'sequence') return new Set(node.parts.flatMap((part) => [...referredGroups(part)]))
  if (node.kind === 'choice') return new Set(node.branches.flatMap((branch) => [...referredGroups(branch)]))
  return node.kind === 'repeat' || node.kind === 'group' ? referredGroups(node.body) : new Set()
}

/** Whether an assertion holds between what stands before it and what stands after. */
export function holds(assertion: Assertion, before: Side, after: Side): boolean {
  switch (assertion) {
    case 'lineStart':
      return before === 'edge'
    case 'lineEnd':
      return after === 'edge'
    case 'wordStart':
      return before !== 'word' && after === 'word'
    case 'wordEnd':
      return before === 'word' && after !== 'word'
    case 'boundary':
      return (before === 'word') !== (after === 'word')
    case 'noBoundary':
      return (before === 'word') === (after === 'word')
    case 'notAfterWord':
      return before !== 'word'
    case 'notBeforeWord':
      return after !== 'word'
  }
}
