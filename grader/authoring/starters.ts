import fs from 'node:fs'
import path from 'node:path'
import { type Project, ROOT } from '../engine/projects.ts'
import { which } from '../programs/containment.ts'
import { type Rendered, renderFolder } from './templates.ts'

const STARTERS = path.join(ROOT, 'templates/starters')

export interface Language {
  id: string
  name: string
  /** The program without which nothing in this language can be built or run. */
  needs: string
  /** How to get it. */
  install: string
}

/** All languages that there is a starter for. */
export function languages(): Language[] {
  const known: Record<string, Omit<Language, 'id'>> = JSON.parse(fs.readFileSync(path.join(STARTERS, 'languages.json'), 'utf8'))
  return Object.entries(known).map(([id, language]) => ({ id, ...language }))
}

/** True when this machine has what the language needs. */
export const isInstalled = ({ needs }: Language): boolean => which(needs) !== undefined

/** What a program of each interface begins with; a folder of each language's templates. */
const FORMS = {
  command: 'command',
  terminal: 'command',
  session: 'session',
  server: 'server',
  cluster: 'server',
  library: 'library',
  image: 'image',
}

/** The languages in which a project can be begun: those that have a template for its interface. */
export function languagesOf({ manifest }: Project): Language[] {
  return languages().filter(({ id }) => fs.existsSync(path.join(STARTERS, id, FORMS[manifest.interface])))
}

/** The starter of a project in one language: one template an interface serves all projects. */
export async function renderStarter(project: Project, language: string): Promise<Rendered[]> {
  const { title, summary, usage, firstSteps } = project.manifest
  const values = { title, summary, usage, firstSteps, slug: project.slug, module: project.name }
  const folder = path.join(STARTERS, language)
  // The interface's own files go before those that all interfaces of the language have in common.
  const files = [folder, path.join(folder, FORMS[project.manifest.interface])].flatMap((from) => renderFolder(from, values))
  return [...new Map(files.map((file) => [file.name, file])).values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
