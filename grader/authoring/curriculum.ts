import fs from 'node:fs'
import path from 'node:path'
import { byStage, loadHiddenTests, loadProjects, type Project, places, ROOT } from '../engine/projects.ts'
import { loadTracks } from '../engine/tracks.ts'
import { releasedChecks } from './released.ts'
import { render } from './templates.ts'

/** A generated file: where it is, and what it should hold. */
export interface Generated {
  file: string
  content: string
}

const MARKERS = /(<!-- checks -->\n)[\s\S]*?(<!-- \/checks -->)/

/** Everything that is made from the manifests, the tracks and the hidden tests: CURRICULUM.md, the list of released checks, and the table of checks in each spec. */
export async function generate(): Promise<Generated[]> {
  const projects = loadProjects()
  const specs = await Promise.all(projects.map(withCheckTable))
  return [{ file: path.join(ROOT, 'CURRICULUM.md'), content: await curriculum(projects) }, await releasedChecks(), ...specs]
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

async function withCheckTable({ slug }: Project): Promise<Generated> {
  const file = places.spec(slug)
  const text = fs.readFileSync(file, 'utf8')
  const { tiers } = await loadHiddenTests(slug)
  const rows = tiers.flatMap((tier) =>
    tier.checks.map((check) => `| ${tier.name} | [${check.id}](#${check.spec}) | ${cell(check.title)} |`),
  )
  const table = ['| tier | check | the program … |', '|---|---|---|', ...rows].join('\n')
  if (!MARKERS.test(text)) throw new Error(`${path.relative(ROOT, file)} lacks the markers <!-- checks --> and <!-- /checks -->`)
  return { file, content: text.replace(MARKERS, (_, open, close) => `${open}\n${table}\n\n${close}`) }
}

async function curriculum(projects: Project[]): Promise<string> {
  const stages = await Promise.all(
    byStage(projects).map(async ({ name, projects: own }) => ({
      name,
      title: titleOf(name),
      projects: await Promise.all(own.map(row)),
    })),
  )
  return render(path.join(ROOT, 'templates/CURRICULUM.md.hbs'), {
    projectCount: projects.length,
    stageCount: stages.length,
    stages,
    tracks: tracks(projects),
  })
}

function tracks(projects: Project[]) {
  const there = new Set(projects.map(({ slug }) => slug))
  return loadTracks().map(({ phases, ...track }) => ({
    ...track,
    phases: phases.map((phase) => ({
      weeks: phase.weeks,
      title: cell(phase.title),
      projects: phase.projects.map((slug) => ({ slug, name: slug.split('/')[1], there: there.has(slug) })),
    })),
  }))
}

async function row({ slug, name, manifest }: Project) {
  const { tiers } = await loadHiddenTests(slug)
  return {
    slug,
    name,
    summary: cell(manifest.summary),
    teaches: cell(manifest.teaches.join(', ')),
    checks: tiers.flatMap(({ checks }) => checks).length,
    oracles: cell(manifest.oracles.map((oracle) => oracle.name).join(', ')) || 'a model',
  }
}

/** The first heading of a stage's page. */
function titleOf(stage: string): string {
  const page = path.join(places.stages(), stage, 'README.md')
  return /^# (.*)$/m.exec(fs.readFileSync(page, 'utf8'))?.[1] ?? stage
}
