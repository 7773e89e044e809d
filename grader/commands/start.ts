import fs from 'node:fs'
import path from 'node:path'
import pc from 'picocolors'
import { isInstalled, type Language, languages, languagesOf, renderStarter } from '../authoring/starters.ts'
import { type Rendered, writeRendered } from '../authoring/templates.ts'
import { Unusable } from '../engine/failure.ts'
import { loadProject, loadProjects, nearest, type Project, places, resolveSlug } from '../engine/projects.ts'
import { readArguments } from './arguments.ts'

export const HELP = `npm start [project] -- --lang LANGUAGE

Makes my/<stage>/<project>/ with a program that builds, runs and does nothing yet. Without a project, the first that you have not begun.
A file that you have changed is never overwritten.

  --lang LANGUAGE  ${languages()
    .map(({ id }) => id)
    .join(', ')}`

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { lang: { type: 'string' } } as const, { help: HELP })
  const project = positionals[0] === undefined ? firstNotBegun() : loadProject(resolveSlug(positionals[0]))
  const language = chooseLanguage(values.lang, project)
  const folder = places.mine(project.slug)
  await clearUntouched(project, folder, language)
  const files = await renderStarter(project, language.id)
  const missing = files.filter(({ name }) => !fs.existsSync(path.join(folder, name)))
  writeRendered(folder, missing)
  report(project, language, files, missing)
  return 0
}

function chooseLanguage(given: string | undefined, project: Project): Language {
  const all = languagesOf(project)
  const list = all.map((language) => (isInstalled(language) ? language.id : `${language.id} (not installed)`)).join(', ')
  if (given === undefined) throw new Unusable(`Which language? Add -- --lang and one of: ${list}.`)
  const alias: Record<string, string> = { ts: 'typescript', py: 'python', golang: 'go', rs: 'rust', 'c++': 'cpp' }
  const id = alias[given.toLowerCase()] ?? given.toLowerCase()
  const language = all.find((one) => one.id === id)
  if (language) return language
  const [near] = nearest(
    id,
    all.map((one) => one.id),
  )
  throw new Unusable(
    `There is no starter of ${project.slug} for "${given}".${near ? ` Did you mean ${near}?` : ''} There are: ${list}. Any other language works too: a folder my/<stage>/<project> with a run.sh is all that is wanted.`,
  )
}

function firstNotBegun(): Project {
  const project = loadProjects().find(({ slug }) => !fs.existsSync(places.mine(slug)))
  if (!project) throw new Unusable('You have begun every project there is. `npm run next` says which to go on with.')
  return project
}

/** Another language may be begun where nothing was done yet: an untouched starter makes room, work does not. */
async function clearUntouched(project: Project, folder: string, wanted: Language): Promise<void> {
  if (!fs.existsSync(path.join(folder, 'run.sh'))) return
  for (const { id } of languagesOf(project)) {
    const files = await renderStarter(project, id)
    const same = files.every(({ name, content }) => readIfThere(path.join(folder, name)) === content)
    if (!same) continue
    if (id !== wanted.id) for (const { name } of files) fs.rmSync(path.join(folder, name))
    return
  }
  const own = await renderStarter(project, wanted.id)
  if (own.some(({ name }) => name.startsWith('main.') && fs.existsSync(path.join(folder, name)))) return
  throw new Unusable(
    `my/${project.slug} holds work in another language. Move it away first, for example: mv my/${project.slug} my/${project.slug}-old`,
  )
}

const readIfThere = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined)

function report({ slug, manifest }: Project, language: Language, files: Rendered[], made: Rendered[]): void {
  const kept = files.filter((file) => !made.includes(file))
  if (made.length > 0) console.log(`${pc.green('Made')} my/${slug}: ${made.map(({ name }) => name).join(', ')}`)
  if (kept.length > 0) console.log(`Left as they are: ${kept.map(({ name }) => name).join(', ')}`)
  if (!isInstalled(language))
    console.log(pc.yellow(`${language.name} is not installed here (no ${language.needs}): ${language.install}`))
  const steps = manifest.firstSteps.map((step, index) => `  ${index + 1}. ${step}`)
  console.log(
    `\n${pc.bold(manifest.title)}: ${manifest.summary}\n\n${steps.join('\n')}\n\nSpec:   stages/${slug}/README.md\nGrade:  npm run grade ${slug}`,
  )
}
