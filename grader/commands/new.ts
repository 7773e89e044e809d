import fs from 'node:fs'
import path from 'node:path'
import { render } from '../authoring/templates.ts'
import { Unusable } from '../engine/failure.ts'
import { listSlugs, loadProjects, places, ROOT } from '../engine/projects.ts'
import { readArguments } from './arguments.ts'

export const HELP = `npm run new STAGE/NAME

The author's start: manifest, spec, hidden tests, reference and impostors of a new project, already proven as far as they go.
STAGE may be the number of one that there is (stage4), or the full name of a new one (stage9-games).`

const TEMPLATES = path.join(ROOT, 'templates/project')
const PART = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

export async function run(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, { help: HELP })
  const [stage = '', name = ''] = (positionals[0] ?? '').split('/')
  if (!PART.test(stage) || !PART.test(name))
    throw new Unusable('Name the stage and the project in lower case, as in: npm run new stage4/some-db')
  const slug = `${fullStage(stage)}/${name}`
  if (fs.existsSync(path.dirname(places.manifest(slug)))) throw new Unusable(`stages/${slug} is there already.`)
  const files = plan(slug)
  const values = { slug, name, order: nextOrder(slug) }
  for (const [template, file] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, render(path.join(TEMPLATES, `${template}.hbs`), values), {
      mode: template.endsWith('.sh') ? 0o755 : 0o644,
    })
    console.log(`Made ${path.relative(ROOT, file)}`)
  }
  console.log(
    `\nNow: npm run prove ${slug}, then make it your own (CONTRIBUTING.md tells how), and \`npm run curriculum\` when checks change.`,
  )
  return 0
}

/** Where each template goes. */
function plan(slug: string): Record<string, string> {
  const [stage = ''] = slug.split('/')
  const solution = places.solution(slug)
  const page = path.join(places.stages(), stage, 'README.md')
  return {
    ...(!fs.existsSync(page) && { 'stage.md': page }),
    'project.json': places.manifest(slug),
    'README.md': places.spec(slug),
    'hidden-tests.ts': places.hiddenTests(slug),
    'main.ts': path.join(solution, 'main.ts'),
    'run.sh': path.join(solution, 'run.sh'),
    'build.sh': path.join(solution, 'build.sh'),
    'impostors.ts': places.impostors(slug),
    'equivalent.ts': path.join(solution, 'equivalent.ts'),
  }
}

function fullStage(given: string): string {
  const stages = [...new Set(listSlugs().map((slug) => slug.split('/')[0] as string))]
  const match = stages.find((stage) => stage === given || stage.startsWith(`${given}-`))
  if (match) return match
  if (/^(stage|level)\d+-/.test(given)) return given
  throw new Unusable(
    `There is no stage "${given}". There are ${stages.join(', ')}; a new one is named in full, as in stage9-games.`,
  )
}

function nextOrder(slug: string): number {
  const orders = loadProjects()
    .filter(({ stage }) => slug.startsWith(`${stage}/`))
    .map(({ manifest }) => manifest.order)
  return Math.max(0, ...orders) + 1
}
