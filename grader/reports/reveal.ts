import type { Reveal } from '../engine/classroom.ts'
import type { CheckReport, Report } from '../engine/report.ts'

/** A report of which failed checks show no more than is wanted; what has passed or was not reached is public anyway, in the spec. */
export function reveal(report: Report, level: Exclude<Reveal, 'full'>): Report {
  let hidden = 0
  const shown = (check: CheckReport): CheckReport => {
    if (check.verdict !== 'fail' && check.verdict !== 'error') return check
    const { verdict, ms, id, title, spec } = check
    if (level === 'none')
      return { id: `hidden-${++hidden}`, title: 'a hidden check', verdict, ms, message: 'What it checks is not shown here.' }
    return { id, title, verdict, ms, message: 'More than its title is not shown here.', ...(spec && { spec }) }
  }
  return { ...report, tiers: report.tiers.map((tier) => ({ ...tier, checks: tier.checks.map(shown) })) }
}
