import { difference, excerpt, type Text } from './difference.ts'
import { Failure } from './failure.ts'

/** What can be asked of a value; each throws a {@link Failure} that begins with what the value is. */
export interface Expectation<T> {
  toBe(expected: T): void
  /** The same text, byte for byte; a failure shows the place where they part. */
  toBeText(expected: Text): void
  toMatch(pattern: RegExp): void
  toInclude(part: string): void
  toBeAtMost(limit: number, unit?: string): void
  toBeAtLeast(limit: number, unit?: string): void
}

/**
 * @param what names the value for the learner, as the subject of a sentence: `the reply to GET k`, `the size of out.bin`.
 * @param why one sentence on what a wrong value means, added to the failure.
 */
export function expect<T>(value: T, what: string, why = ''): Expectation<T> {
  const fail = (problem: string, expected: string, actual: string): never => {
    throw new Failure([`${what} ${problem}.`, why].filter(Boolean).join(' '), { expected, actual })
  }
  const show = (shown: unknown) =>
    typeof shown === 'string' || shown instanceof Uint8Array ? excerpt(shown) : JSON.stringify(shown)
  const compare = (right: boolean, problem: string, limit: number, unit: string) => {
    if (!right) fail(problem, `${limit} ${unit}`.trim(), `${round(Number(value))} ${unit}`.trim())
  }
  return {
    toBe(expected) {
      const same = typeof expected === 'object' ? JSON.stringify(value) === JSON.stringify(expected) : Object.is(value, expected)
      if (!same) fail('is wrong', show(expected), show(value))
    },
    toBeText(expected) {
      const found = difference(expected, value as Text)
      if (found) fail(`is wrong: ${found.where}`, found.expected ?? '', found.actual ?? '')
    },
    toMatch(pattern) {
      if (!pattern.test(String(value))) fail('is not as it must be', `something that matches ${pattern}`, show(String(value)))
    },
    toInclude(part) {
      if (!String(value).includes(part)) fail('lacks something', `${show(part)} somewhere in it`, show(String(value)))
    },
    toBeAtMost: (limit, unit = '') => compare(Number(value) <= limit, `is more than ${limit} ${unit}`.trim(), limit, unit),
    toBeAtLeast: (limit, unit = '') => compare(Number(value) >= limit, `is less than ${limit} ${unit}`.trim(), limit, unit),
  }
}

const round = (value: number) => (Number.isInteger(value) ? value : Number(value.toPrecision(3)))
