import fs from 'node:fs'
import path from 'node:path'
import { languagesOf, renderStarter } from '../authoring/starters.ts'
import { render } from '../authoring/templates.ts'
import { leftOut, likePairs, type Source, type Work } from '../cohort/likeness.ts'
import { type CohortResults, cohortPlaces, writeWhole } from '../cohort/results.ts'
import { Unusable } from '../engine/failure.ts'
import { loadProject, type Project, places, ROOT, resolveSlug } from '../engine/projects.ts'
import { ownFiles } from '../programs/sources.ts'
import { type Likeness, likenessPage, likenessText } from '../reports/likeness.ts'
import { wholeNumber } from './arguments.ts'
import type { Values } from './cohort.ts'
import { readResults } from './cohort-pages.ts'

/** Compares what a cohort's students wrote, project by project. */
export async function similar(folders: string[], values: Values): Promise<number> {
  const [folder, more] = folders
  if (folder === undefined || more !== undefined)
    throw new Unusable('Name the folder of one graded cohort, as in `npm run cohort similar cohort/roster`.')
  const results = readResults(folder)
  const share = values['at-least'] === undefined ? undefined : wholeNumber('--at-least', values['at-least'], 1, 100) / 100
  const found: Likeness[] = []
  for (const slug of values.project?.map((name) => resolveSlug(name)) ?? Object.keys(results.graders).sort())
    found.push(await likenessOf(slug, worksOf(folder, slug, results), share))
  if (values.json) console.log(JSON.stringify({ schema: 1, projects: found }, null, 2))
  for (const likeness of found) {
    const page = path.join(folder, 'likeness', `${likeness.project.replace('/', '-')}.html`)
    writeWhole(page, render(path.join(ROOT, 'templates/cohort/likeness.html.hbs'), likenessPage(likeness), { escaped: true }))
    if (!values.json) console.log(`${likenessText(likeness)}\n\n  Side by side: ${page}\n`)
  }
  return 0
}

async function likenessOf(slug: string, works: Work[], atLeast: number | undefined): Promise<Likeness> {
  const known = await knownCode(loadProject(slug))
  const pairs = likePairs(works, known, atLeast === undefined ? {} : { atLeast })
  return { project: slug, works: works.length, pairs, leftOut: leftOut(works) }
}

/** What was taken out of the repositories when they were graded. A shard's folders have it; a merged one has results only. */
function worksOf(folder: string, slug: string, { rows }: CohortResults): Work[] {
  const works = rows.flatMap(({ id, commit }) => {
    const own = commit && path.join(cohortPlaces(folder).work(id), commit, 'my', slug)
    return own && fs.existsSync(own) ? [{ id, files: read(own) }] : []
  })
  if (
    works.length === 0 &&
    rows.some(({ projects }) => projects.some(({ project, status }) => project === slug && status === 'graded'))
  )
    throw new Unusable(
      `${folder} has grades for ${slug}, but not the work: that is in the folders that were merged, or was removed.`,
    )
  return works
}

/** What nobody copied from a neighbour: the starters, the reference, and what references share. */
async function knownCode(project: Project): Promise<Source[]> {
  const starters = await Promise.all(languagesOf(project).map(({ id }) => renderStarter(project, id)))
  const written = starters.flat().map(({ name, content }) => ({ name, text: content }))
  return [...written, ...[places.solution(project.slug), places.library()].flatMap(read)]
}

const read = (folder: string): Source[] =>
  ownFiles(folder).map((file) => ({ name: path.relative(folder, file), text: fs.readFileSync(file, 'utf8') }))
