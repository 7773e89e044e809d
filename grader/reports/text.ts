import { allChecks, type CheckReport, type Report, TIERS, type TierReport } from '../engine/report.ts'

/** Puts a text into a colour, or leaves it as it is. */
type Formatter = (text: string) => string

/** The colours that the text uses; all of them may do nothing. */
interface Palette {
  bold: Formatter
  dim: Formatter
  red: Formatter
  green: Formatter
  yellow: Formatter
  cyan: Formatter
}

export interface TextOptions {
  colors: Palette
  columns: number
  /** How many failures are told in full. */
  failures: number
  /** How many lines of what was exchanged are shown of each. */
  lines: number
}

const FULL_STAR = '★'
const NO_STAR = '☆'

export const stars = (count: number): string => FULL_STAR.repeat(count) + NO_STAR.repeat(TIERS.length - count)

/** What is graded, in one line. */
export function title(report: Pick<Report, 'project' | 'seed' | 'sealed' | 'submission'>, { colors }: TextOptions): string {
  const { kind, path, command, language } = report.submission
  const what = { mine: 'your work', solution: 'the reference', folder: 'the work', command: 'the program' }[kind]
  const where = command ? `"${command}"` : `in ${path}${language ? ` (${language})` : ''}`
  return `${colors.bold(report.project)}  ${what} ${where}  ${colors.dim(`seed ${report.seed}${report.sealed ? ', sealed' : ''}`)}`
}

/** One tier in one line: its name, a star or a cross, and how many checks passed. */
export function tierLine(tier: TierReport, { colors }: TextOptions): string {
  const count = (verdict: string) => tier.checks.filter((check) => check.verdict === verdict).length
  const name = `  ${tier.tier.padEnd(6)}`
  const skipped = count('skip')
  if (tier.verdict === 'skip') return colors.dim(`${name}  –  ${tier.checks[0]?.message ?? 'not reached'}`)
  const total = tier.checks.length - skipped
  const rest = skipped > 0 ? colors.yellow(`, ${skipped} skipped`) : ''
  const mark = tier.verdict === 'pass' ? colors.green(FULL_STAR) : colors.red('✗')
  return `${name}  ${mark}  ${count('pass')} of ${total}${rest}`
}

/** Everything known of a failed check, in the order in which a tired reader wants it. */
function failure(check: CheckReport, { colors, columns, lines }: TextOptions): string {
  const width = Math.min(columns, 110) - 4
  const mark = check.verdict === 'error' ? colors.yellow('!') : colors.red('✗')
  const blocks = [`${mark} ${colors.bold(check.id)}  ${check.title}`]
  if (check.verdict === 'error') blocks.push('  The grader itself failed here; this is not your fault. Please report it.')
  if (check.message) blocks.push(indent(wrap(check.message, width), 2))
  const transcript = check.transcript ?? []
  if (transcript.length > 0)
    blocks.push('', ...transcript.slice(-lines).map((line) => `      ${line.startsWith('$') ? line : colors.dim(line)}`), '')
  if (check.expected !== undefined) blocks.push(labelled('expected', check.expected, colors.green))
  if (check.actual !== undefined) blocks.push(labelled('got', check.actual, colors.red))
  if (check.expected !== undefined) blocks.push('')
  if (check.hint) blocks.push(labelled('hint', wrap(check.hint, width - 12), colors.cyan))
  if (check.spec) blocks.push(labelled('spec', check.spec, colors.dim))
  if (check.replay) blocks.push(labelled('replay', check.replay, colors.dim))
  if (check.files) blocks.push(labelled('files', `${check.files} (a copy of the folder that it was run in)`, colors.dim))
  return indent(blocks.join('\n'), 2)
}

/** Skipped checks that this machine can not make, with the reason of each. */
function skips(report: Report, { colors }: TextOptions): string[] {
  const reached = report.tiers.filter((tier) => tier.verdict !== 'skip')
  const skipped = reached.flatMap((tier) => tier.checks).filter((check) => check.verdict === 'skip')
  return skipped.map((check) => colors.yellow(`  – ${check.id} skipped: ${check.message}`))
}

/** The end of the story: failures, skips, figures, stars. */
export function summary(report: Report, options: TextOptions): string {
  const { colors } = options
  const checks = allChecks(report)
  const bad = checks.filter((check) => check.verdict === 'fail' || check.verdict === 'error')
  const told = bad.slice(0, options.failures)
  const rest = bad.slice(options.failures)
  const lines: string[] = told.flatMap((check) => [failure(check, options), ''])
  if (rest.length > 0)
    lines.push(
      `  And ${rest.length} more:`,
      ...rest.map((check) => `    ${colors.red('✗')} ${check.id}  ${colors.dim(check.title)}`),
      '',
    )
  lines.push(...skips(report, options))
  for (const { name, value, unit, yardstick } of report.figures) {
    const ratio =
      yardstick === undefined ? '' : ` (${(value / yardstick).toPrecision(2)} × the yardstick's ${format(yardstick)} ${unit})`
    lines.push(colors.dim(`  ${name}: ${format(value)} ${unit}${ratio}`))
  }
  const passed = checks.filter((check) => check.verdict === 'pass').length
  const seconds = (report.ms / 1000).toFixed(1)
  lines.push(`  ${earned(report, colors)}${passed} of ${checks.length} checks passed  ${colors.dim(`${seconds} s`)}`)
  return lines.join('\n')
}

/** The stars, unless only some checks were asked for: those earn none. */
function earned({ tiers, stars: count }: Report, colors: Palette): string {
  if (tiers.length < TIERS.length) return ''
  return `${count === TIERS.length ? colors.green(stars(count)) : colors.yellow(stars(count))}  `
}

/** A whole report, as it is shown when nobody watched it being made. */
export function text(report: Report, options: TextOptions): string {
  return [title(report, options), '', ...report.tiers.map((tier) => tierLine(tier, options)), '', summary(report, options)].join(
    '\n',
  )
}

const format = (value: number) => (Number.isInteger(value) ? String(value) : value.toPrecision(3))

function labelled(label: string, content: string, paint: Formatter): string {
  const [first = '', ...rest] = content.split('\n')
  return [`  ${paint(label.padEnd(9))} ${first}`, ...rest.map((line) => `${' '.repeat(12)}${line}`)].join('\n')
}

const indent = (content: string, by: number) => content.replace(/^(?=.)/gm, ' '.repeat(by))

/** Breaks lines at blanks; words longer than the width stay whole. */
export function wrap(content: string, width: number): string {
  const lines: string[] = []
  for (const paragraph of content.split('\n')) {
    let line = ''
    for (const word of paragraph.split(' ')) {
      if (line && line.length + 1 + word.length > width) {
        lines.push(line)
        line = word
      } else line = line ? `${line} ${word}` : word
    }
    lines.push(line)
  }
  return lines.join('\n')
}
