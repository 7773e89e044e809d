import { allChecks, type Report } from '../engine/report.ts'

/** Text that can be no more than the data of a workflow command (GitHub, "Workflow commands for GitHub Actions"). */
const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

/** The same for a property of one. */
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** An annotation on the commit for each failed check, at the learner's run.sh: nobody knows the line. */
export function one(report: Report): string {
  const folder = report.submission.path ?? `my/${report.project}`
  const bad = allChecks(report).filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
  const lines = bad.map(({ id, title, message = '', hint }) => {
    const text = [message, ...(hint ? [`Hint: ${hint}`] : [])].join('\n')
    return `::error file=${property(`${folder}/run.sh`)},title=${property(`${report.project}: ${id}`)}::${data(`It ${title}: not yet.\n${text}`)}\n`
  })
  return lines.join('')
}

export const many = (reports: Report[]): string => reports.map(one).join('')
