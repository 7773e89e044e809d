import fs from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import { listSlugs, loadProject, places, ROOT } from '../engine/projects.ts'

const schema = JSON.parse(fs.readFileSync(path.join(ROOT, 'grader/engine/manifest.schema.json'), 'utf8'))
const validate = new Ajv({ allErrors: true }).compile(schema)

/** What is wrong with a manifest, one line each: against its schema, and beside its neighbours. */
export function manifestProblems(slug: string): string[] {
  const name = path.relative(ROOT, places.manifest(slug))
  const { manifest, stage } = loadProject(slug)
  if (!validate(manifest)) {
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const detail = 'additionalProperty' in params ? ` (${params.additionalProperty})` : ''
      return `${name}${instancePath}: ${message}${detail}`
    })
  }
  const twins = listSlugs()
    .filter((other) => other !== slug && other.startsWith(`${stage}/`))
    .filter((other) => loadProject(other).manifest.order === manifest.order)
  return twins.map((twin) => `${name}: order ${manifest.order} is also that of ${twin}`)
}
