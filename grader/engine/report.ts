/** The machine-readable result of a grading; `report.schema.json` says the same in JSON Schema. */

export const TIERS = ['runs', 'works', 'holds', 'flies'] as const
export type TierName = (typeof TIERS)[number]

/** `fail` is the submission's fault, `error` the grader's own; `skip` names what is missing. */
export type Verdict = 'pass' | 'fail' | 'skip' | 'error'

export interface CheckReport {
  id: string
  title: string
  verdict: Verdict
  /** Wall-clock time in milliseconds. */
  ms: number
  message?: string
  expected?: string
  actual?: string
  transcript?: string[]
  hint?: string
  spec?: string
  replay?: string
  /** The folder where the files of the check are kept, relative to the repository. */
  files?: string
}

export interface TierReport {
  tier: TierName
  verdict: Verdict
  checks: CheckReport[]
}

/** Something measured on the way: shown, never judged by itself. */
export interface Figure {
  name: string
  value: number
  unit: string
  /** The same quantity for the yardstick of the same run, where there is one. */
  yardstick?: number
}

export interface SubmissionInfo {
  kind: 'mine' | 'solution' | 'folder' | 'command'
  path?: string
  command?: string
  language?: string
}

export interface Report {
  schema: 1
  project: string
  submission: SubmissionInfo
  seed: string
  /** Set when the inputs are drawn from a secret and the seed: who does not know the secret can not draw them again. */
  sealed?: true
  /** Version of the grader. */
  grader: string
  stars: number
  verdict: Exclude<Verdict, 'skip'>
  ms: number
  tiers: TierReport[]
  figures: Figure[]
}

export const allChecks = (report: Report): CheckReport[] => report.tiers.flatMap((tier) => tier.checks)

/** The worst of several verdicts, the grader's own faults first: they make every other verdict doubtful. */
export function worst(verdicts: Verdict[]): Verdict {
  return (['error', 'fail', 'pass'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'skip'
}

/** Tiers passed without a gap from the first. A tier whose every check was skipped earns nothing. */
export function starsOf(tiers: TierReport[]): number {
  const firstMissed = TIERS.findIndex((name) => tiers.find((tier) => tier.tier === name)?.verdict !== 'pass')
  return firstMissed < 0 ? TIERS.length : firstMissed
}
