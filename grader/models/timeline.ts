import type { Operation, Specification, Violation } from './linearizability.ts'

const WIDTH = 44

/**
 * Draws operations as bars over time, one a line, in order of their calls:
 *
 *     A  ├──── SET x 3 ────┤              → +OK
 *     B        ├─ GET x ─┤                → 2
 *     C             ├─ SET x 4 ─── …      no answer
 *
 * Time is not to scale: each call and each answer takes one step.
 */
export function drawTimeline<S, I, O>(specification: Specification<S, I, O>, operations: Operation<I, O>[]): string {
  const moments = operations.flatMap(({ start, end }) => [start, ...(Number.isFinite(end) ? [end] : [])])
  const steps = [...new Set(moments)].sort((a, b) => a - b)
  const column = (time: number) =>
    Number.isFinite(time) ? Math.round((steps.indexOf(time) * WIDTH) / Math.max(1, steps.length - 1)) : WIDTH
  const name = Math.max(...operations.map(({ client }) => client.length))
  const lines = operations
    .toSorted((a, b) => a.start - b.start)
    .map((operation) => {
      const [from, to] = [column(operation.start), column(operation.end)]
      const answered = operation.output !== undefined
      const bar = `├${'─'.repeat(Math.max(0, to - from - 1))}${answered ? '┤' : ' …'}`
      return (
        `${operation.client.padEnd(name)}  ${' '.repeat(from)}${bar}`.padEnd(name + WIDTH + 6) + specification.describe(operation)
      )
    })
  return lines.join('\n')
}

/** The story of a history that nothing explains, for the learner. */
export function tellViolation<S, I, O>(
  specification: Specification<S, I, O>,
  { key, before, operations }: Violation<S, I, O>,
): string {
  const states = before.map((state) => specification.print(state)).join(' or ')
  return (
    `What the clients saw of ${key} can not have happened on one machine, in whatever order their operations took effect.\n` +
    `Before: ${key} was ${states}. Then (time goes to the right):\n${drawTimeline(specification, operations)}`
  )
}
