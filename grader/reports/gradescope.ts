import { type CheckReport, type Report, TIERS, type TierReport } from '../engine/report.ts'
import { details } from './details.ts'

/** Points of a whole tier: all tiers weigh the same, however many checks they have. */
const TIER_POINTS = 25

function test(report: Report, tier: TierReport, check: CheckReport, index: number) {
  const points = TIER_POINTS / tier.checks.length
  const output = check.verdict === 'pass' ? '' : details(check)
  return {
    name: `${report.project} ${check.id}: ${check.title}`,
    number: `${TIERS.indexOf(tier.tier) + 1}.${index + 1}`,
    score: check.verdict === 'pass' ? points : 0,
    max_score: points,
    status: check.verdict === 'pass' ? 'passed' : 'failed',
    ...(output && { output }),
    tags: [tier.tier],
    visibility: 'visible',
  }
}

/** Gradescope's results.json. @param notes lines on what could not be graded. */
export function many(reports: Report[], notes: string[] = []): string {
  const tests = reports.flatMap((report) =>
    report.tiers.flatMap((tier) => tier.checks.map((check, index) => test(report, tier, check, index))),
  )
  const ms = reports.reduce((sum, report) => sum + report.ms, 0)
  const told = reports.map((report) => `${report.project}: ${report.stars} of ${TIERS.length} stars, seed ${report.seed}`)
  const output = [...told, ...notes].join('\n')
  const score = tests.reduce((sum, { score }) => sum + score, 0)
  return `${JSON.stringify({ score, execution_time: Math.ceil(ms / 1000), output, visibility: 'visible', tests }, null, 2)}\n`
}

export const one = (report: Report): string => many([report])
