import { describe, expect, it } from 'vitest'
import type { Report } from '../../grader/engine/report.ts'
import { enter, type Mark, NO_PROGRESS, type Progress } from '../../grader/reports/progress.ts'
import { readProgress } from '../../grader/reports/schemas.ts'
import { SAMPLE } from './sample.ts'

const mark = (hour: number): Mark => ({ commit: String(hour).repeat(40).slice(0, 40), at: `2026-11-21T0${hour}:00:00Z` })
const graded = (stars: number, project = SAMPLE.project): Report => ({
  ...SAMPLE,
  project,
  stars,
  verdict: stars === 4 ? 'pass' : 'fail',
})

type Entry = [Report, Mark]
const all = (entries: Entry[]): Progress => entries.reduce((progress, [report, at]) => enter(progress, report, at), NO_PROGRESS)

function* orders<T>(items: T[]): Generator<T[]> {
  if (items.length === 0) yield []
  for (const [n, item] of items.entries())
    for (const rest of orders([...items.slice(0, n), ...items.slice(n + 1)])) yield [item, ...rest]
}

describe('progress', () => {
  it('keeps the most stars, and names what broke them until they are back', () => {
    const outcomeOf = (...stars: number[]) => all(stars.map((count, n) => [graded(count), mark(n + 1)])).projects[SAMPLE.project]
    expect(outcomeOf(2)).toMatchObject({ stars: 2, earned: mark(1) })
    expect(outcomeOf(2)).not.toHaveProperty('broken')
    expect(outcomeOf(2, 4)).toMatchObject({ stars: 4, earned: mark(2), latest: { stars: 4 } })
    expect(outcomeOf(2, 4, 1, 3)).toMatchObject({ stars: 4, earned: mark(2), broken: mark(3), latest: { ...mark(4), stars: 3 } })
    expect(outcomeOf(2, 4, 1, 4)).not.toHaveProperty('broken')
  })

  it('comes to the same in whatever order gradings are entered', () => {
    const entries: Entry[] = [
      [graded(4), mark(1)],
      [graded(1), mark(2)],
      [graded(4), mark(3)],
      [graded(3, 'stage1-io/tee'), mark(2)],
    ]
    const expected = JSON.stringify(all(entries))
    for (const order of orders(entries)) expect(JSON.stringify(all(order))).toBe(expected)
  })

  it('takes no notice of what the grader itself got wrong', () => {
    expect(enter(NO_PROGRESS, { ...graded(0), verdict: 'error' }, mark(1))).toEqual(NO_PROGRESS)
  })

  it('keeps to its schema, and anything else is refused by name', () => {
    const progress = all([[graded(2), mark(1)]])
    expect(readProgress(JSON.stringify(progress), 'it')).toEqual(progress)
    expect(() => readProgress('{', 'progress.json')).toThrow('progress.json is not JSON.')
    const spoilt = JSON.stringify(progress).replace('"stars":2', '"stars":5')
    expect(() => readProgress(spoilt, 'progress.json')).toThrow(
      'progress.json is not as it must be: /projects/stage1-io~1cat/stars must be <= 4.',
    )
  })
})
