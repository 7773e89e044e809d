import type { Check, HiddenTests } from './check.ts'
import { Failure, Skipped } from './failure.ts'
import { inLanes } from './lanes.ts'
import { type CheckReport, TIERS, type TierName, type TierReport, worst } from './report.ts'

/** What the engine needs of the outside for one check: a kit to work with, what was exchanged, and an end. */
export interface Workplace<Kit> {
  kit: Kit
  /** What went back and forth so far, in the learner's terms. */
  transcript(): string[]
  /** Stops and removes whatever the check started and wrote. @returns where the files of a failed check are kept, if they are. */
  close(failed?: boolean): Promise<string | undefined>
}

export type GradeEvent =
  | { type: 'tier-started'; tier: TierName; checks: number }
  | { type: 'check-started'; tier: TierName; id: string; title: string }
  | { type: 'check-ended'; tier: TierName; check: CheckReport }
  | { type: 'tier-ended'; tier: TierReport }

export interface GradeOptions<Kit> {
  open(check: Check<Kit>): Promise<Workplace<Kit>>
  /** The highest tier to grade, 1 to 4. */
  upTo?: number
  /** Only these checks, whatever tier they are in; the tiers no longer need one another. */
  only?: string[]
  /** Go on after a failed tier. */
  allTiers?: boolean
  /** Stop at the first failed check: enough to know that a mutant is dead. */
  stopAtFirstFailure?: boolean
  /** How many checks run side by side. */
  parallel: number
  /** Milliseconds after which a check itself is at fault: the programs it runs have shorter limits. */
  checkLimit?: number
  onEvent?: (event: GradeEvent) => void
  /** The spec section of a check as the learner can open it. */
  specOf(check: Check<Kit>): string
  replayOf(check: Check<Kit>): string
}

const CHECK_LIMIT = 180_000

/** Runs the tiers in order, each after the one before has passed, and reports on every check, run or not. */
export async function grade<Kit>(tests: HiddenTests<Kit>, options: GradeOptions<Kit>): Promise<TierReport[]> {
  const wanted = (check: Check<Kit>) => !options.only || options.only.includes(check.id)
  const reports: TierReport[] = []
  let blockedBy: string | undefined
  for (const [index, tier] of tests.tiers.entries()) {
    const checks = tier.checks.filter(wanted)
    const notAsked = index >= (options.upTo ?? TIERS.length)
    if (checks.length === 0 && options.only) continue
    if (notAsked || blockedBy) {
      const why = notAsked ? 'not asked for' : `needs tier ${blockedBy} first`
      reports.push({ tier: tier.name, verdict: 'skip', checks: checks.map((check) => skipped(check, why)) })
      continue
    }
    options.onEvent?.({ type: 'tier-started', tier: tier.name, checks: checks.length })
    const results = await runChecks(tier.name, checks, options)
    const report: TierReport = { tier: tier.name, verdict: worst(results.map((result) => result.verdict)), checks: results }
    options.onEvent?.({ type: 'tier-ended', tier: report })
    reports.push(report)
    const passed = report.verdict === 'pass' || report.verdict === 'skip'
    if (!passed && !options.allTiers && !options.only) blockedBy = tier.name
  }
  return reports
}

function skipped<Kit>(check: Check<Kit>, message: string): CheckReport {
  return { id: check.id, title: check.title, verdict: 'skip', ms: 0, message }
}

async function runChecks<Kit>(tier: TierName, checks: Check<Kit>[], options: GradeOptions<Kit>): Promise<CheckReport[]> {
  const results = new Map<string, CheckReport>()
  let stopped = false
  const run = async (check: Check<Kit>) => {
    if (stopped) {
      results.set(check.id, skipped(check, 'another check failed first'))
      return
    }
    options.onEvent?.({ type: 'check-started', tier, id: check.id, title: check.title })
    const result = await runCheck(check, options)
    if (result.verdict === 'fail' && options.stopAtFirstFailure) stopped = true
    results.set(check.id, result)
    options.onEvent?.({ type: 'check-ended', tier, check: result })
  }
  const together = checks.filter((check) => !check.alone)
  await inLanes(together, options.parallel, run)
  for (const check of checks) if (check.alone) await run(check)
  return checks.flatMap((check) => results.get(check.id) ?? [])
}

async function runCheck<Kit>(check: Check<Kit>, options: GradeOptions<Kit>): Promise<CheckReport> {
  const started = performance.now()
  const base = { id: check.id, title: check.title }
  const elapsed = () => Math.round(performance.now() - started)
  let workplace: Workplace<Kit> | undefined
  try {
    workplace = await options.open(check)
    await withLimit(check.run(workplace.kit), options.checkLimit ?? CHECK_LIMIT)
    await workplace.close()
    return { ...base, verdict: 'pass', ms: elapsed() }
  } catch (error) {
    const transcript = workplace?.transcript() ?? []
    const files = await workplace?.close(!(error instanceof Skipped))
    if (error instanceof Skipped) return { ...base, verdict: 'skip', ms: elapsed(), message: error.message }
    const details = {
      ms: elapsed(),
      transcript,
      spec: options.specOf(check),
      replay: options.replayOf(check),
      ...(files && { files }),
    }
    if (!(error instanceof Failure)) return { ...base, verdict: 'error', ...details, message: describe(error) }
    const { expected, actual } = error.evidence
    const evidence = { ...(expected !== undefined && { expected }), ...(actual !== undefined && { actual }) }
    return { ...base, verdict: 'fail', ...details, message: error.message, ...evidence, hint: check.hints[0] ?? '' }
  }
}

async function withLimit(work: Promise<void>, limit: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the check did not end within ${limit / 1000} s`)), limit)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** A defect of the grader, with the one place in its code where it happened. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const place = error.stack?.split('\n').find((line) => line.includes('/grader/') || line.includes('file:'))
  return `${error.name}: ${error.message}${place ? ` (${place.trim()})` : ''}`
}
