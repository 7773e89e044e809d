import { allChecks, type Report, TIERS, type TierName, type Verdict } from '../engine/report.ts'
import { stars, type TextOptions } from './text.ts'

/** One of the two programs, and what it needed for all checks together. */
export interface Side {
  name: string
  report: Report
  /** Milliseconds of processor time, and the most bytes that one run had resident. */
  cpu: number
  peakMemory: number
  /** Lines that are not blank, and bytes, of its own sources. */
  lines: number
  bytes: number
}

interface ComparedCheck {
  tier: TierName
  id: string
  verdicts: [Verdict | 'missing', Verdict | 'missing']
  /** Milliseconds, wall clock. */
  ms: [number, number]
}

interface ComparedFigure {
  name: string
  unit: string
  values: [number, number]
  /** How many times the second's the first's is. */
  ratio: number
}

export interface Comparison {
  schema: 1
  project: string
  seed: string
  sides: (Omit<Side, 'report'> & { stars: number; ms: number; language?: string })[]
  checks: ComparedCheck[]
  figures: ComparedFigure[]
}

/** Puts two gradings with the same seed side by side. */
export function compare(one: Side, other: Side): Comparison {
  const pair = [one, other] as const
  const ids = new Map<string, TierName>()
  for (const { report } of pair)
    for (const { tier, checks } of report.tiers) for (const { id } of checks) if (!ids.has(id)) ids.set(id, tier)
  const found = (id: string) => pair.map(({ report }) => allChecks(report).find((check) => check.id === id))
  const checks = [...ids].map(([id, tier]): ComparedCheck => {
    const [a, b] = found(id)
    return { tier, id, verdicts: [a?.verdict ?? 'missing', b?.verdict ?? 'missing'], ms: [a?.ms ?? 0, b?.ms ?? 0] }
  })
  const figures = one.report.figures.flatMap(({ name, unit, value }): ComparedFigure[] => {
    const twin = other.report.figures.find((figure) => figure.name === name)
    return twin ? [{ name, unit, values: [value, twin.value], ratio: ratio(value, twin.value) }] : []
  })
  const sides = pair.map(({ report, ...rest }) => ({
    ...rest,
    stars: report.stars,
    ms: report.ms,
    ...(report.submission.language && { language: report.submission.language }),
  }))
  return { schema: 1, project: one.report.project, seed: one.report.seed, sides, checks, figures }
}

const ratio = (one: number, other: number) => (other === 0 ? 0 : Math.round((100 * one) / other) / 100)

const MIB = 1024 ** 2

/** What each side came to as a whole: rows of a name, two values, and how many times the second the first is. */
function totals({ sides }: Comparison): [name: string, one: string, other: string, times: string][] {
  const row = (
    name: string,
    value: (side: Comparison['sides'][number]) => number,
    unit: string,
  ): [string, string, string, string] => {
    const [one = 0, other = 0] = sides.map(value)
    return [name, `${one}${unit}`, `${other}${unit}`, other > 0 ? `${ratio(one, other)} ×` : '']
  }
  const [one, other] = sides.map((side) => stars(side.stars))
  const [language = '', twin = ''] = sides.map((side) => side.language ?? '')
  return [
    ['stars', one ?? '', other ?? '', ''],
    ['language', language, twin, ''],
    row('time for all checks', (side) => Math.round(side.ms / 100) / 10, ' s'),
    row('processor time', (side) => Math.round(side.cpu / 100) / 10, ' s'),
    row('peak memory', (side) => Math.round(side.peakMemory / MIB), ' MiB'),
    row('lines of code', (side) => side.lines, ''),
    row('bytes of code', (side) => side.bytes, ''),
  ]
}

/** Checks that the two did not pass alike. */
const differences = ({ checks }: Comparison): ComparedCheck[] => checks.filter(({ verdicts: [one, other] }) => one !== other)

/** The comparison for a terminal. */
export function comparisonText(comparison: Comparison, { colors }: TextOptions): string {
  const [one, other] = comparison.sides.map(({ name }) => name) as [string, string]
  const rows = [
    ['', one, other, ''],
    ...totals(comparison),
    ...comparison.figures.map(({ name, unit, values, ratio }) => [
      name,
      `${values[0]} ${unit}`,
      `${values[1]} ${unit}`,
      `${ratio} ×`,
    ]),
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)))
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => (cell as string).padEnd(widths[column] ?? 0)).join('   ')}`.trimEnd(),
  )
  const differ = differences(comparison)
  const told = differ.map(({ tier, id, verdicts }) =>
    `  ${tier.padEnd(5)}  ${id.padEnd(28)}  ${verdicts.map((verdict) => paint(verdict, colors).padEnd(8)).join('')}`.trimEnd(),
  )
  const head = `${colors.bold(comparison.project)}  seed ${comparison.seed}`
  const tail =
    told.length > 0
      ? ['', `Checks that they do not pass alike (${one}, ${other}):`, ...told]
      : ['', `Of ${comparison.checks.length} checks there is none that they do not pass alike.`]
  return [head, '', ...lines, ...tail].join('\n')
}

function paint(verdict: ComparedCheck['verdicts'][number], colors: TextOptions['colors']): string {
  return verdict === 'pass' ? colors.green(verdict) : verdict === 'fail' ? colors.red(verdict) : colors.dim(verdict)
}

/** What the page `compare.html` shows. */
export function comparisonPage(comparison: Comparison) {
  const byTier = TIERS.map((tier) => ({ tier, checks: comparison.checks.filter((check) => check.tier === tier) }))
  return {
    ...comparison,
    names: comparison.sides.map(({ name }) => name),
    totals: totals(comparison).map(([name, one, other, times]) => ({ name, one, other, times })),
    tiers: byTier.map(({ tier, checks }) => ({
      tier,
      checks: checks.map(({ id, verdicts, ms }) => ({ id, one: verdicts[0], other: verdicts[1], oneMs: ms[0], otherMs: ms[1] })),
    })),
    figures: comparison.figures.map(({ name, unit, values, ratio }) => ({ name, unit, one: values[0], other: values[1], ratio })),
  }
}
