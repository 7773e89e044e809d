import fs from 'node:fs'
import path from 'node:path'
import { generate } from '../authoring/curriculum.ts'
import { manifestProblems, trackProblems } from '../authoring/manifests.ts'
import { releasedProblems } from '../authoring/released.ts'
import { listSlugs, ROOT } from '../engine/projects.ts'
import { readArguments } from './arguments.ts'

export const HELP = `npm run curriculum -- [--check]

Rebuilds what is generated: CURRICULUM.md, the list of released checks, and the tables of checks in the specs.
A released check that vanished or changed its meaning is refused, unless CHANGELOG.md names it.

  --check  change nothing; exit status 1 when something is stale, or a manifest or a track is not valid`

export async function run(args: string[]): Promise<number> {
  const { values } = readArguments(args, { check: { type: 'boolean' } } as const, { operands: 0, help: HELP })
  const problems = [...listSlugs().flatMap((slug) => manifestProblems(slug)), ...trackProblems(), ...(await releasedProblems())]
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) return 1
  const stale = (await generate()).filter(
    ({ file, content }) => !fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== content,
  )
  for (const { file, content } of stale) {
    const name = path.relative(ROOT, file)
    if (values.check) console.error(`${name} is stale: run \`npm run curriculum\` and commit what it changes.`)
    else {
      fs.writeFileSync(file, content)
      console.log(`Rebuilt ${name}`)
    }
  }
  if (stale.length === 0) console.log('Everything generated is up to date.')
  return values.check && stale.length > 0 ? 1 : 0
}
