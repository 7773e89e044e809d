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

/** The starter of a project in one language: one template serves all projects. */
export async function renderStarter(project: Project, language: string): Promise<Rendered[]> {
  const { title, summary, usage, firstSteps } = project.manifest
  const values = { title, summary, usage, firstSteps, slug: project.slug, module: project.name }
  return renderFolder(path.join(STARTERS, language), values)
}
