import fs from 'node:fs'
import path from 'node:path'
import { listSlugs, loadHiddenTests, ROOT } from '../engine/projects.ts'

const FILE = path.join(ROOT, 'grader/hidden-tests/released.json')
const CHANGELOG = path.join(ROOT, 'CHANGELOG.md')

/** What each check that was ever released asks for, by project and id: its tier and its title. */
type Released = Record<string, Record<string, string>>

const read = (): Released => (fs.existsSync(FILE) ? JSON.parse(fs.readFileSync(FILE, 'utf8')) : {})

async function present(): Promise<Released> {
  const tests = await Promise.all(listSlugs().map((slug) => loadHiddenTests(slug)))
  return Object.fromEntries(
    tests.map(({ slug, tiers }) => [
      slug,
      Object.fromEntries(tiers.flatMap(({ name, checks }) => checks.map(({ id, title }) => [id, `${name}: ${title}`]))),
    ]),
  )
}

/** True when one line of the changelog names both. */
const isExplained = (slug: string, id: string): boolean =>
  fs
    .readFileSync(CHANGELOG, 'utf8')
    .split('\n')
    .some((line) => line.includes(`\`${slug}\``) && line.includes(`\`${id}\``))

/** Released checks that vanished or changed their meaning though the changelog says nothing of them, a line each. Learners keep their results by these ids. */
export async function releasedProblems(): Promise<string[]> {
  const now = await present()
  return Object.entries(read()).flatMap(([slug, checks]) =>
    Object.entries(checks).flatMap(([id, meaning]) => {
      const meant = now[slug]?.[id]
      if (meant === meaning || isExplained(slug, id)) return []
      const what = meant === undefined ? 'is gone' : `was "${meaning}" and is now "${meant}"`
      return [
        `${slug}: the released check ${id} ${what}. Give it another id, or say why in a line of CHANGELOG.md with \`${slug}\` and \`${id}\`.`,
      ]
    }),
  )
}

/** The list as it has to be: what there is now. */
export async function releasedChecks(): Promise<{ file: string; content: string }> {
  return { file: FILE, content: `${JSON.stringify(await present(), null, 2)}\n` }
}
