import fs from 'node:fs'
import path from 'node:path'
import { render } from '../authoring/templates.ts'
import { type CohortResults, cohortPlaces, type Row, writeWhole } from '../cohort/results.ts'
import { Unusable } from '../engine/failure.ts'
import { loadProjects, ROOT } from '../engine/projects.ts'
import type { Report } from '../engine/report.ts'
import { cohortPage, gradebook } from '../reports/cohort.ts'
import { many } from '../reports/gradescope.ts'
import { readCohort } from '../reports/schemas.ts'

/** What is known of a cohort by its folder. @throws {Unusable} there is nothing. */
export function readResults(folder: string): CohortResults {
  const file = cohortPlaces(folder).results
  if (!fs.existsSync(file))
    throw new Unusable(
      `${folder} has no results.json: is it the --out of a cohort, or of a shard? \`npm run cohort ROSTER\` makes it.`,
    )
  return readCohort(fs.readFileSync(file, 'utf8'), file)
}

/** Writes all that comes of a cohort into its folder. Reports are read row by row: however many there are, one row's are in memory. */
export function writeCohort(folder: string, results: CohortResults): void {
  const course = loadProjects().map(({ slug }) => slug)
  writeWhole(cohortPlaces(folder).results, `${JSON.stringify(results, null, 2)}\n`)
  writeWhole(path.join(folder, 'gradebook.csv'), gradebook(results, course))
  writeWhole(
    path.join(folder, 'index.html'),
    render(path.join(ROOT, 'templates/cohort/page.html.hbs'), cohortPage(results, course), { escaped: true }),
  )
  for (const row of results.rows) writeWhole(path.join(folder, 'gradescope', `${row.id}.json`), gradescope(folder, row))
}

/** Gradescope's results of a row: a project that could not be graded is a test that failed, and says why. */
function gradescope(folder: string, row: Row): string {
  const at = cohortPlaces(folder)
  const reports = row.projects
    .filter(({ status }) => status === 'graded')
    .map(({ project }): Report => JSON.parse(fs.readFileSync(at.report(row.id, project), 'utf8')))
  const notes = [
    row.problem,
    ...row.projects.map(({ project, status, note }) => (status === 'graded' ? undefined : `${project}: ${note ?? 'not begun'}`)),
  ]
  return many(
    reports,
    notes.filter((note) => note !== undefined),
  )
}
