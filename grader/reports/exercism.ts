import { type CheckReport, type Report, TIERS } from '../engine/report.ts'
import { details } from './details.ts'

const STATUS = { pass: 'pass', fail: 'fail', error: 'error', skip: 'error' } as const

function test(check: CheckReport, tier: number) {
  const output = check.transcript?.join('\n')
  return {
    name: `${check.id}: ${check.title}`,
    status: STATUS[check.verdict],
    task_id: tier + 1,
    ...(check.verdict !== 'pass' && { message: details(check) }),
    ...(output && { output: output.slice(0, 500) }),
  }
}

function result(report: Report) {
  // What was not reached is left out: version 3 knows no skipped test.
  const tests = report.tiers.flatMap((tier) =>
    tier.checks.filter((check) => check.verdict !== 'skip').map((check) => test(check, TIERS.indexOf(tier.tier))),
  )
  return {
    version: 3,
    status: report.verdict,
    ...(report.verdict === 'error' && { message: 'The grader itself failed.' }),
    tests,
  }
}

/** The results file of Exercism's test runner interface, version 3; tiers are its tasks. */
export const one = (report: Report): string => `${JSON.stringify(result(report), null, 2)}\n`

/** Exercism knows one exercise a file: of several, an object by project. */
export const many = (reports: Report[]): string =>
  `${JSON.stringify(Object.fromEntries(reports.map((report) => [report.project, result(report)])), null, 2)}\n`
