import { Unusable } from '../engine/failure.ts'
import { type Project, places } from '../engine/projects.ts'
import { languageOf } from '../programs/sources.ts'
import { readArguments } from './arguments.ts'
import { changedProjects, everyProject } from './choose.ts'

export const HELP = `npm run plan [BASE]

What there is to grade, for a matrix of GitHub Actions: one line of JSON with each of your projects that differs from the commit BASE, and its language.
Without BASE, or where Git does not know it (a new branch, a forced push), all that you have begun.`

export async function run(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, { help: HELP })
  const matrix = projectsSince(positionals[0]).map(({ slug }) => ({
    project: slug,
    language: languageOf(places.mine(slug)).language ?? 'other',
  }))
  console.log(JSON.stringify(matrix))
  return 0
}

function projectsSince(base: string | undefined): Project[] {
  try {
    return base ? changedProjects(base) : everyProject(false)
  } catch (error) {
    if (!(error instanceof Unusable)) throw error
    return base ? projectsSince(undefined) : []
  }
}
