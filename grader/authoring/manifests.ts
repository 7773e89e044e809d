import fs from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import { listSlugs, loadProject, places, ROOT } from '../engine/projects.ts'
import { loadTracks, type Phase, projectsOf, type Track, tracksFile } from '../engine/tracks.ts'

const manifestErrors = checker('manifest.schema.json')
const trackErrors = checker('tracks.schema.json')

/** What is wrong with a manifest, one line each: against its schema, and beside its neighbours. */
export function manifestProblems(slug: string): string[] {
  const name = path.relative(ROOT, places.manifest(slug))
  const { manifest, stage } = loadProject(slug)
  const problems = manifestErrors(name, manifest)
  if (problems.length > 0) return problems
  const twins = listSlugs()
    .filter((other) => other !== slug && other.startsWith(`${stage}/`))
    .filter((other) => loadProject(other).manifest.order === manifest.order)
  return twins.map((twin) => `${name}: order ${manifest.order} is also that of ${twin}`)
}

/** What is wrong with the tracks, one line each: against their schema, in their weeks, and beside the projects that there are. */
export function trackProblems(tracks = loadTracks()): string[] {
  const name = path.relative(ROOT, tracksFile())
  const problems = trackErrors(name, tracks)
  if (problems.length > 0) return problems
  const ids = tracks.map(({ id }) => id)
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${name}: the id ${id} stands there twice`)
  const within = tracks.flatMap((track) =>
    [...weekProblems(track), ...strayProjects(track)].map((problem) => `${name}: ${track.id}: ${problem}`),
  )
  return [...twice, ...within]
}

/** Each phase begins in the week after the one before it. */
function weekProblems({ phases }: Track): string[] {
  return phases.flatMap(({ title, weeks }, index) => {
    const [first, last] = span(weeks)
    const due = index === 0 ? [0, 1] : [span((phases[index - 1] as Phase).weeks)[1] + 1]
    return due.includes(first) && first <= last ? [] : [`the weeks ${weeks} of "${title}" do not follow those before`]
  })
}

/** The first and the last week. */
function span(weeks: string): [number, number] {
  const [first = '', last = first] = weeks.split('-')
  return [Number.parseInt(first, 10), last.endsWith('+') ? Number.POSITIVE_INFINITY : Number(last)]
}

/** A slug that the course does not have is one to come, unless the course has the project in another stage. */
function strayProjects(track: Track): string[] {
  const slugs = listSlugs()
  return projectsOf(track)
    .filter((slug) => !slugs.includes(slug))
    .flatMap((slug) => {
      const meant = slugs.find((other) => other.split('/')[1] === slug.split('/')[1])
      return meant ? [`there is no ${slug}; ${meant} is meant`] : []
    })
}

/** Judges values by one of the schemas of the engine; what is wrong comes one line each. */
function checker(schema: string): (name: string, value: unknown) => string[] {
  const file = path.join(ROOT, 'grader/engine', schema)
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(fs.readFileSync(file, 'utf8')))
  return (name, value) => {
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const detail = 'additionalProperty' in params ? ` (${params.additionalProperty})` : ''
      return `${name}${instancePath}: ${message}${detail}`
    })
  }
}
