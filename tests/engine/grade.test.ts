import { describe, expect, it } from 'vitest'
import { type Check, check, hiddenTests, tier } from '../../grader/engine/check.ts'
import { Failure, Skipped } from '../../grader/engine/failure.ts'
import { type GradeEvent, type GradeOptions, grade } from '../../grader/engine/grade.ts'
import { starsOf, type TierReport, worst } from '../../grader/engine/report.ts'

type Body = () => Promise<void>
const pass: Body = async () => {}
const fail: Body = async () => {
  throw new Failure('it is wrong', { expected: 'a', actual: 'b' })
}
const skip: Body = async () => {
  throw new Skipped('no redis-server')
}
const crash: Body = async () => {
  ;(undefined as unknown as { x: () => void }).x()
}

const one = (id: string, run: Body, alone = false): Check<object> =>
  check(id, `does ${id}`, { spec: 's', hint: `think of ${id}`, alone }, run)

function tests(bodies: [Body[], Body[], Body[], Body[]]) {
  const names = ['runs', 'works', 'holds', 'flies'] as const
  const tiers = names.map((name, t) =>
    tier(
      name,
      (bodies[t] as Body[]).map((body, n) => one(`${name}-${n}`, body)),
    ),
  )
  return hiddenTests('stage1-io/x', tiers)
}

let closed = 0

function run(bodies: [Body[], Body[], Body[], Body[]], options: Partial<GradeOptions<object>> = {}): Promise<TierReport[]> {
  closed = 0
  return grade(tests(bodies), {
    open: async () => ({
      kit: {},
      transcript: () => ['$ x'],
      close: async () => {
        closed++
      },
    }),
    parallel: 2,
    specOf: ({ spec }) => `README.md#${spec}`,
    replayOf: ({ id }) => `grade --only ${id}`,
    ...options,
  })
}

const verdicts = (tiers: TierReport[]) => tiers.map(({ verdict }) => verdict).join(' ')

describe('tiers', () => {
  it('follow one another while they pass, and earn a star each', async () => {
    const tiers = await run([[pass], [pass, pass], [pass], [pass]])
    expect(verdicts(tiers)).toBe('pass pass pass pass')
    expect(starsOf(tiers)).toBe(4)
    expect(closed).toBe(5)
  })

  it('stop after the first that fails, and say what the rest waits for', async () => {
    const tiers = await run([[pass], [pass, fail], [pass], [pass]])
    expect(verdicts(tiers)).toBe('pass fail skip skip')
    expect(tiers[2]?.checks[0]).toMatchObject({ verdict: 'skip', message: 'needs tier works first' })
    expect(starsOf(tiers)).toBe(1)
  })

  it('go on where that is asked for, but earn nothing behind a gap', async () => {
    const tiers = await run([[pass], [fail], [pass], [pass]], { allTiers: true })
    expect(verdicts(tiers)).toBe('pass fail pass pass')
    expect(starsOf(tiers)).toBe(1)
  })

  it('end where they are asked to', async () => {
    expect(verdicts(await run([[pass], [pass], [pass], [pass]], { upTo: 2 }))).toBe('pass pass skip skip')
  })

  it('are left out but for the checks that are named', async () => {
    const tiers = await run([[fail], [pass, fail], [pass], [pass]], { only: ['works-0', 'flies-0'] })
    expect(tiers.flatMap(({ checks }) => checks.map(({ id }) => id))).toEqual(['works-0', 'flies-0'])
  })

  it('are not run further than the first failure where that is enough', async () => {
    const tiers = await run([[fail, pass, pass], [pass], [pass], [pass]], { stopAtFirstFailure: true, parallel: 1 })
    expect(tiers[0]?.checks.map(({ verdict }) => verdict)).toEqual(['fail', 'skip', 'skip'])
  })

  it('must be four, in order, with distinct ids', () => {
    expect(() => hiddenTests('x', [tier('works', [one('a', pass)])])).toThrow(/in this order/)
    const all = (ids: string[]) =>
      (['runs', 'works', 'holds', 'flies'] as const).map((name, n) => tier(name, [one(ids[n] as string, pass)]))
    expect(() => hiddenTests('x', all(['a', 'b', 'a', 'c']))).toThrow(/used twice/)
    expect(() => hiddenTests('x', all(['a', 'B', 'c', 'd']))).toThrow(/kebab-case/)
  })
})

describe('verdicts', () => {
  it('keep the fault of the submission, of the grader and of the machine apart', async () => {
    const [first] = await run([[pass, fail, skip, crash], [pass], [pass], [pass]])
    expect(first?.checks.map(({ verdict }) => verdict)).toEqual(['pass', 'fail', 'skip', 'error'])
    expect(first?.verdict).toBe('error')
    expect(first?.checks[1]).toMatchObject({
      message: 'it is wrong',
      expected: 'a',
      actual: 'b',
      transcript: ['$ x'],
      hint: 'think of runs-1',
      spec: 'README.md#s',
      replay: 'grade --only runs-1',
    })
    expect(first?.checks[2]?.message).toBe('no redis-server')
    expect(first?.checks[3]?.message).toMatch(/TypeError/)
    expect(first?.checks[3]?.hint).toBeUndefined()
  })

  it('of a tier are its worst', () => {
    expect(worst(['pass', 'skip'])).toBe('pass')
    expect(worst(['pass', 'fail'])).toBe('fail')
    expect(worst(['fail', 'error'])).toBe('error')
    expect(worst(['skip', 'skip'])).toBe('skip')
    expect(worst([])).toBe('skip')
  })

  it('are errors for a check that does not end', async () => {
    const never = () => new Promise<void>(() => {})
    const [first] = await run([[never], [pass], [pass], [pass]], { checkLimit: 30 })
    expect(first?.checks[0]).toMatchObject({ verdict: 'error', message: expect.stringContaining('did not end within') })
    expect(closed).toBe(1)
  })

  it('are errors when the place to work can not be made', async () => {
    const open = async () => {
      throw new Error('disk full')
    }
    const [first] = await run([[pass], [pass], [pass], [pass]], { open })
    expect(first?.checks[0]).toMatchObject({ verdict: 'error', message: expect.stringContaining('disk full') })
  })
})

describe('checks of a tier', () => {
  it('run side by side, but for those that want the machine for themselves', async () => {
    let running = 0
    let most = 0
    const together: number[] = []
    const body = (list: number[]) => async () => {
      running++
      most = Math.max(most, running)
      list.push(running)
      await new Promise((resolve) => setTimeout(resolve, 20))
      running--
    }
    const alone: number[] = []
    await run([[pass], [body(together), body(together), body(together)], [pass], [body(alone), body(alone)]], { parallel: 3 })
    expect(most).toBe(3)
    expect(alone).toEqual([1, 1])
  })

  it('are told of as they begin and end', async () => {
    const events: GradeEvent[] = []
    await run([[pass], [pass], [pass], [pass]], { upTo: 1, onEvent: (event) => events.push(event) })
    expect(events.map(({ type }) => type)).toEqual(['tier-started', 'check-started', 'check-ended', 'tier-ended'])
  })
})
