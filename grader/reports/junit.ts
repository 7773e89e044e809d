import { allChecks, type CheckReport, type Report, type TierReport } from '../engine/report.ts'
import { details } from './details.ts'

const seconds = (ms: number) => (ms / 1000).toFixed(3)

/** What XML 1.0 can not hold at all is replaced; the rest is escaped. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function testCase(report: Report, tier: TierReport, check: CheckReport): string {
  const head = `<testcase classname="${xml(`${report.project}.${tier.tier}`)}" name="${xml(`${check.id}: ${check.title}`)}" time="${seconds(check.ms)}"`
  if (check.verdict === 'pass') return `    ${head}/>`
  if (check.verdict === 'skip') return `    ${head}><skipped message="${xml(check.message ?? '')}"/></testcase>`
  const kind = check.verdict === 'error' ? 'error' : 'failure'
  return `    ${head}><${kind} message="${xml(check.message ?? '')}">${xml(details(check))}</${kind}></testcase>`
}

function suite(report: Report): string {
  const checks = allChecks(report)
  const count = (verdict: string) => checks.filter((check) => check.verdict === verdict).length
  const cases = report.tiers.flatMap((tier) => tier.checks.map((check) => testCase(report, tier, check)))
  const counts = `tests="${checks.length}" failures="${count('fail')}" errors="${count('error')}" skipped="${count('skip')}"`
  return [`  <testsuite name="${xml(report.project)}" ${counts} time="${seconds(report.ms)}">`, ...cases, '  </testsuite>'].join(
    '\n',
  )
}

/** JUnit's XML as Jenkins and most CI services read it. */
export const many = (reports: Report[]): string =>
  ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...reports.map(suite), '</testsuites>', ''].join('\n')

export const one = (report: Report): string => many([report])
