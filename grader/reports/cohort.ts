import { stringify } from 'csv-stringify/sync'
import type { CohortResults, Graded, Row } from '../cohort/results.ts'
import { TIERS } from '../engine/report.ts'
import { stars } from './text.ts'

/** The projects that anybody has a result in, in the order in which the course has them. */
function projectsOf({ rows }: CohortResults, course: string[]): string[] {
  const graded = new Set(rows.flatMap(({ projects }) => projects.map(({ project }) => project)))
  return course.filter((slug) => graded.has(slug))
}

const of = (row: Row, slug: string) => row.projects.find(({ project }) => project === slug)

const starsIn = (row: Row) => row.projects.reduce((sum, graded) => sum + graded.stars, 0)

/**
 * The gradebook: a line for each row of the roster, with the roster's own columns, and for each project its stars and its checks. It tells no times: the same work
 * with the same seed gives the same gradebook. What a spreadsheet could take for a formula is made harmless.
 */
export function gradebook(results: CohortResults, course: string[]): string {
  const slugs = projectsOf(results, course)
  const others = [...new Set(results.rows.flatMap((row) => Object.keys(row.others)))]
  const columns = [
    'id',
    ...others,
    'stars',
    'problem',
    'commit',
    ...slugs.flatMap((slug) => [slug, `${slug} passed`, `${slug} checks`, `${slug} note`]),
  ]
  const lines = results.rows.map((row) => [
    row.id,
    ...others.map((name) => row.others[name] ?? ''),
    row.problem === undefined ? starsIn(row) : '',
    row.problem ?? '',
    row.commit ?? '',
    ...slugs.flatMap((slug) => cells(of(row, slug))),
  ])
  return stringify([columns, ...lines], { escape_formulas: true })
}

function cells(graded: Graded | undefined): (string | number)[] {
  if (!graded) return ['', '', '', '']
  const { status, stars, passed, checks, note } = graded
  if (status === 'error') return ['', '', '', note ?? '']
  return [stars, passed, checks, note ?? (status === 'missing' ? 'not begun' : '')]
}

/** What the page of a cohort shows. */
export function cohortPage(results: CohortResults, course: string[]) {
  const slugs = projectsOf(results, course)
  return {
    seed: results.seed,
    people: results.rows.length,
    projects: slugs.map((slug) => ({
      slug,
      name: slug.split('/')[1] ?? slug,
      finished: results.rows.filter((row) => of(row, slug)?.stars === TIERS.length).length,
      stumble: stumblingBlock(results, slug),
    })),
    rows: results.rows.map((row) => ({
      id: row.id,
      name: Object.values(row.others).filter(Boolean).join(', '),
      stars: starsIn(row),
      commit: row.commit?.slice(0, 7) ?? '',
      note: row.problem ?? (row.stale ? `What was fetched earlier: ${row.stale}.` : ''),
      cells: slugs.map((slug) => cell(of(row, slug))),
      failures: row.projects.flatMap(({ project, failed, note }) => [
        ...(note ? [{ project, id: '', title: note, message: '' }] : []),
        ...failed.map((check) => ({ project, ...check })),
      ]),
    })),
  }
}

function cell(graded: Graded | undefined): { text: string; kind: string } {
  if (!graded || graded.status === 'missing') return { text: '–', kind: 'missing' }
  if (graded.status === 'unusable') return { text: 'can not be started', kind: 'fail' }
  if (graded.status === 'error') return { text: 'the grader failed', kind: 'error' }
  return {
    text: `${stars(graded.stars)} ${graded.passed}/${graded.checks}`,
    kind: graded.stars === TIERS.length ? 'pass' : 'fail',
  }
}

/** The check that most of those who failed failed first. */
function stumblingBlock({ rows }: CohortResults, slug: string): string {
  const first = rows.flatMap(
    (row) =>
      of(row, slug)
        ?.failed.slice(0, 1)
        .map(({ id }) => id) ?? [],
  )
  const counts = [...new Set(first)].map((id) => ({ id, count: first.filter((other) => other === id).length }))
  const [most] = counts.sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1))
  return most ? `${most.id} (${most.count})` : ''
}

/** A row in one line, for whoever watches. */
export function rowLine(row: Row): string {
  if (row.problem) return `${row.id}  ${row.problem}`
  const parts = row.projects.map((graded) => `${graded.project.split('/')[1]} ${cell(graded).text}`)
  return `${row.id}  ${parts.join(' · ') || 'nothing has been begun'}`
}
