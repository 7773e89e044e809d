import { allChecks, type CheckReport, type Report } from '../engine/report.ts'
import { stars } from './text.ts'

const MARK = { pass: '✅', fail: '❌', skip: '➖', error: '⚠️' } as const

/** Text for a table cell or a line: nothing in it can become markup. */
const plain = (text: string) =>
  text.replace(/[\\`*_{}[\]<>()#+!|~&-]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll('\n', ' ')

/** A fence longer than any run of backquotes in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}

function failure(check: CheckReport): string {
  const parts = [
    `#### ${MARK[check.verdict]} ${plain(check.id)}: ${plain(check.title)}`,
    plain(check.message ?? ''),
    check.transcript?.length ? fenced(check.transcript.join('\n')) : '',
    check.expected === undefined ? '' : `Expected:\n\n${fenced(check.expected)}`,
    check.actual === undefined ? '' : `Got:\n\n${fenced(check.actual)}`,
    check.hint ? `**Hint:** ${plain(check.hint)}` : '',
    check.spec ? `**Spec:** [${plain(check.spec)}](${check.spec})` : '',
    check.replay ? `**Replay:**\n\n${fenced(check.replay)}` : '',
  ]
  return parts.filter(Boolean).join('\n\n')
}

/** A page for a job summary: the tiers in a table, then each failure. */
export function one(report: Report): string {
  const rows = report.tiers.map(({ tier, verdict, checks }) => {
    const passed = checks.filter((check) => check.verdict === 'pass').length
    return `| ${MARK[verdict]} | ${tier} | ${verdict === 'skip' ? plain(checks[0]?.message ?? '') : `${passed} of ${checks.length}`} |`
  })
  const bad = allChecks(report).filter((check) => check.verdict === 'fail' || check.verdict === 'error')
  const head = `### ${plain(report.project)} ${stars(report.stars)}\n\nSeed \`${report.seed}\``
  return `${[head, ['| | tier | checks |', '|---|---|---|', ...rows].join('\n'), ...bad.map(failure)].join('\n\n')}\n`
}

export const many = (reports: Report[]): string => reports.map(one).join('\n')
