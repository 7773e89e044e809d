/**
 * Decides whether a concurrent history can be explained by operations that each took effect at one moment between their call and their answer
 * (Herlihy and Wing, "Linearizability: A Correctness Condition for Concurrent Objects"). The search is that of Wing and Gong with Lowe's memory of states seen
 * ("Testing for linearizability"), key by key, and segment by segment between the moments at which nothing is under way.
 */

export interface Operation<Input, Output> {
  /** Who did it; one client does one thing at a time. */
  client: string
  input: Input
  /** Undefined when no answer came: it may have taken effect at any later time, or never. */
  output: Output | undefined
  /** Times of the call and of the answer, in milliseconds; `Infinity` when none came. */
  start: number
  end: number
}

/** What the object does when it is used by one client alone. */
export interface Specification<State, Input, Output> {
  initial: State
  /** Operations on different keys have nothing to do with each other. */
  key(input: Input): string
  step(state: State, input: Input): { state: State; output: Output }
  /** True when it changes nothing: such an operation can be left out of an explanation that is wanted short. */
  reads(input: Input): boolean
  /** What tells two states, and two outputs, apart. */
  print(value: State | Output): string
  describe(operation: Operation<Input, Output>): string
}

export interface Violation<State, Input, Output> {
  key: string
  /** What the object may have held when the unexplained piece begins. */
  before: State[]
  /** The shortest piece that was found, by time of call: no order of it explains all its answers. */
  operations: Operation<Input, Output>[]
}

/** @returns undefined when the history can be explained. */
export function findViolation<S, I, O>(
  specification: Specification<S, I, O>,
  history: Operation<I, O>[],
): Violation<S, I, O> | undefined {
  const keys = new Set(history.map(({ input }) => specification.key(input)))
  for (const key of keys) {
    const found = checkKey(
      specification,
      key,
      history.filter(({ input }) => specification.key(input) === key),
    )
    if (found) return found
  }
  return undefined
}

/** What may be the case at one moment: a state, and which of the operations without an answer have not taken effect by then. */
interface Configuration<S, I, O> {
  state: S
  open: Set<Operation<I, O>>
}

function checkKey<S, I, O>(
  specification: Specification<S, I, O>,
  key: string,
  history: Operation<I, O>[],
): Violation<S, I, O> | undefined {
  let before: Configuration<S, I, O>[] = [{ state: specification.initial, open: new Set() }]
  // A read that nobody got an answer to explains nothing.
  const telling = history.filter(({ input, output }) => output !== undefined || !specification.reads(input))
  for (const segment of segmentsOf(telling)) {
    const after = explain(specification, before, segment)
    if (after.length === 0) {
      const unanswered = [...new Set(before.flatMap(({ open }) => [...open]))]
      const states = new Map(before.map(({ state }) => [specification.print(state), state]))
      return { key, before: [...states.values()], operations: [...unanswered, ...shorten(specification, before, segment)] }
    }
    before = after
  }
  return undefined
}

/** Pieces between which no operation that has an answer is under way. */
function segmentsOf<I, O>(history: Operation<I, O>[]): Operation<I, O>[][] {
  const segments: Operation<I, O>[][] = []
  let latest = Number.NEGATIVE_INFINITY
  for (const operation of history.toSorted((a, b) => a.start - b.start)) {
    if (operation.start > latest || segments.length === 0) segments.push([])
    segments.at(-1)?.push(operation)
    if (operation.output !== undefined) latest = Math.max(latest, operation.end)
  }
  return segments
}

/** All that may be the case after a segment; nothing, when it can not be explained. */
function explain<S, I, O>(
  specification: Specification<S, I, O>,
  before: Configuration<S, I, O>[],
  segment: Operation<I, O>[],
): Configuration<S, I, O>[] {
  const { print, step } = specification
  const answered = segment.filter(({ output }) => output !== undefined)
  const unanswered = segment.filter(({ output }) => output === undefined)
  const seen = new Antichains<S, I, O>()
  const ends = new Antichains<S, I, O>()
  const work: (Configuration<S, I, O> & { done: bigint; left: number })[] = []
  const visit = (done: bigint, left: number, state: S, open: Set<Operation<I, O>>) => {
    const name = print(state)
    if (!seen.add(`${done} ${name}`, state, open)) return
    if (left === 0) ends.add(name, state, open)
    work.push({ done, left, state, open })
  }
  for (const { state, open } of before) visit(0n, answered.length, state, new Set([...open, ...unanswered]))
  for (let item = work.pop(); item; item = work.pop()) {
    const { done, left, state, open } = item
    const isDone = (n: number) => (done & (1n << BigInt(n))) !== 0n
    // Nothing may come before what had its answer before it was called.
    const horizon = Math.min(...answered.filter((_, n) => !isDone(n)).map(({ end }) => end))
    for (const [n, { start, input, output }] of answered.entries()) {
      if (isDone(n) || start > horizon) continue
      const next = step(state, input)
      if (print(next.output) === print(output as O)) visit(done | (1n << BigInt(n)), left - 1, next.state, open)
    }
    for (const operation of open) {
      if (operation.start > horizon) continue
      const rest = new Set(open)
      rest.delete(operation)
      visit(done, left, step(state, operation.input).state, rest)
    }
  }
  return ends.all()
}

/** For each name the largest sets of operations that are still open: who has more of them open can do all that others can. */
class Antichains<S, I, O> {
  private readonly found = new Map<string, { state: S; sets: Set<Operation<I, O>>[] }>()

  /** @returns false when nothing new is possible by it. */
  add(name: string, state: S, open: Set<Operation<I, O>>): boolean {
    const entry = this.found.get(name) ?? { state, sets: [] }
    if (entry.sets.some((set) => isPart(open, set))) return false
    entry.sets = [...entry.sets.filter((set) => !isPart(set, open)), open]
    this.found.set(name, entry)
    return true
  }

  all(): Configuration<S, I, O>[] {
    return [...this.found.values()].flatMap(({ state, sets }) => sets.map((open) => ({ state, open })))
  }
}

const isPart = <T>(a: Set<T>, b: Set<T>) => a.size <= b.size && [...a].every((item) => b.has(item))

/** The part of a segment up to the first answer that can not be explained, without the reads that have nothing to do with it. */
function shorten<S, I, O>(
  specification: Specification<S, I, O>,
  before: Configuration<S, I, O>[],
  segment: Operation<I, O>[],
): Operation<I, O>[] {
  const ends = segment.filter(({ output }) => output !== undefined).map(({ end }) => end)
  const until = (time: number) =>
    segment
      .filter(({ start }) => start <= time)
      .map((operation) =>
        operation.end <= time ? operation : { ...operation, output: undefined, end: Number.POSITIVE_INFINITY },
      )
  const unexplained = (operations: Operation<I, O>[]) => explain(specification, before, operations).length === 0
  const first = ends.sort((a, b) => a - b).find((time) => unexplained(until(time)))
  let shortest = first === undefined ? segment : until(first)
  for (const operation of shortest.filter(({ input }) => specification.reads(input))) {
    const without = shortest.filter((other) => other !== operation)
    if (unexplained(without)) shortest = without
  }
  return shortest
}
