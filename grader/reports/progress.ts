import { allChecks, type Figure, type Report, type Verdict } from '../engine/report.ts'

/** A commit of the learner's, and when it was graded (ISO 8601, UTC). */
export interface Mark {
  commit: string
  at: string
}

/** What is recorded of one project. */
export interface Standing {
  /** The most stars that it ever had. They are never taken away. */
  stars: number
  /** Where it had so many for the first time. */
  earned: Mark
  /** Since when it has fewer than that, if it has. */
  broken?: Mark
  latest: Mark & {
    stars: number
    seed: string
    language?: string
    checks: Record<string, Verdict>
    figures: Figure[]
  }
}

/** The learner's progress, as `progress.json` on the branch `progress`; `progress.schema.json` says the same in JSON Schema. */
export interface Progress {
  schema: 1
  projects: Record<string, Standing>
}

export const NO_PROGRESS: Progress = { schema: 1, projects: {} }

/**
 * Enters a grading. In whatever order gradings are entered, the outcome is the same, but for `broken`, which begins with the first one that was entered: so
 * two pushes that are recorded at the same time lose nothing. What the grader itself got wrong (verdict `error`) is not entered.
 */
export function enter(progress: Progress, report: Report, mark: Mark): Progress {
  if (report.verdict === 'error') return progress
  const { stars, seed, project } = report
  const known = progress.projects[project]
  const { language } = report.submission
  const checks = Object.fromEntries(allChecks(report).map(({ id, verdict }) => [id, verdict]))
  const own = { ...mark, stars, seed, ...(language && { language }), checks, figures: report.figures }
  const latest = known && known.latest.at > mark.at ? known.latest : own
  const isBest = !known || stars > known.stars || (stars === known.stars && mark.at < known.earned.at)
  const best = isBest ? { stars, earned: mark } : { stars: known.stars, earned: known.earned }
  const isBroken = latest.stars < best.stars
  const since = known?.broken ?? { commit: latest.commit, at: latest.at }
  const standing: Standing = { ...best, ...(isBroken && { broken: since }), latest }
  const projects = { ...progress.projects, [project]: standing }
  return { schema: 1, projects: Object.fromEntries(Object.entries(projects).sort(([one], [other]) => (one < other ? -1 : 1))) }
}
