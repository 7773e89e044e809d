import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { HiddenTests } from './check.ts'
import { Unusable } from './failure.ts'
import { load } from './load.ts'

/** The repository that this grader is part of. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '')

export interface Oracle {
  name: string
  /** As for `--command`: words, the first of which is looked for on PATH. */
  command: string
  /** A command whose first line of output names the version, and that fails where the program is not installed. */
  version: string
  /** The Debian package that has it. */
  package: string
  /** Checks it need not pass, each with the reason. */
  excused: Record<string, string>
}

/** `project.json`; `manifest.schema.json` beside this file says what each field holds. */
interface Manifest {
  title: string
  summary: string
  interface: 'command' | 'session' | 'server' | 'cluster' | 'terminal' | 'library' | 'image'
  order: number
  usage: string
  teaches: string[]
  firstSteps: string[]
  oracles: Oracle[]
  /** Why there is no oracle, where there is none. */
  noOracle?: string
}

export interface Project {
  slug: string
  stage: string
  name: string
  manifest: Manifest
}

/** Where the four places of a project are. */
export const places = {
  stages: (root = ROOT) => path.join(root, 'stages'),
  spec: (slug: string, root = ROOT) => path.join(root, 'stages', slug, 'README.md'),
  manifest: (slug: string, root = ROOT) => path.join(root, 'stages', slug, 'project.json'),
  hiddenTests: (slug: string, root = ROOT) => path.join(root, 'grader/hidden-tests', `${slug}.ts`),
  /** The folder of the parts of hidden tests that are too long for one file. */
  testParts: (slug: string, root = ROOT) => path.join(root, 'grader/hidden-tests', slug),
  solution: (slug: string, root = ROOT) => path.join(root, 'solutions', slug),
  impostors: (slug: string, root = ROOT) => path.join(root, 'solutions', slug, 'impostors.ts'),
  library: (root = ROOT) => path.join(root, 'solutions/lib'),
  mine: (slug: string, root = ROOT) => path.join(root, 'my', slug),
  /** What the grader keeps between calls: last results, stamps of builds. Not in Git. */
  state: (root = ROOT) => path.join(root, '.grade'),
}

/** Stages before levels, each by number. */
export function stageOrder(stage: string): number {
  const [, kind, number] = /^(stage|level)(\d+)/.exec(stage) ?? []
  return (kind === 'stage' ? 0 : 1000) + Number(number ?? 999)
}

/** All slugs, by stage, unordered within one: costs no more than looking at the folders. */
export function listSlugs(root = ROOT): string[] {
  const folders = (dir: string) =>
    fs
      .readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  const stages = folders(places.stages(root)).sort((a, b) => stageOrder(a) - stageOrder(b))
  return stages.flatMap((stage) =>
    folders(path.join(places.stages(root), stage))
      .map((name) => `${stage}/${name}`)
      .filter((slug) => fs.existsSync(places.manifest(slug, root))),
  )
}

export function loadProject(slug: string, root = ROOT): Project {
  const [stage = '', name = ''] = slug.split('/')
  const file = places.manifest(slug, root)
  try {
    return { slug, stage, name, manifest: JSON.parse(fs.readFileSync(file, 'utf8')) }
  } catch (error) {
    throw new Unusable(`${path.relative(root, file)} can not be read: ${(error as Error).message}`)
  }
}

/** All projects in the order of the course. */
export function loadProjects(root = ROOT): Project[] {
  const projects = listSlugs(root).map((slug) => loadProject(slug, root))
  return projects.sort(
    (a, b) => stageOrder(a.stage) - stageOrder(b.stage) || a.manifest.order - b.manifest.order || a.slug.localeCompare(b.slug),
  )
}

/**
 * The slug meant by `stage3-net/http-server`, `stage3/http-server` or `http-server`.
 * @throws {Unusable} no project, or several, of that name; the message names the nearest.
 */
export function resolveSlug(given: string, slugs = listSlugs()): string {
  const wanted = given
    .replace(/^(\.\/)?(stages|my|solutions)\//, '')
    .replace(/\/+$/, '')
    .toLowerCase()
  const [stage, name] = wanted.includes('/') ? wanted.split('/') : [undefined, wanted]
  const inStage = (slug: string) => stage === undefined || slug.startsWith(`${stage}/`) || slug.startsWith(`${stage}-`)
  const matches = slugs.filter((slug) => slug.endsWith(`/${name}`) && inStage(slug))
  if (matches.length === 1) return matches[0] as string
  if (matches.length > 1) throw new Unusable(`"${given}" could be any of ${matches.join(', ')}: name the stage too.`)
  const near = nearest(wanted, slugs)
  const mend = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : '`npm run status` lists them all.'
  throw new Unusable(`There is no project "${given}". ${mend}`)
}

/** Up to three of the slugs that a typing error away from the given name. */
export function nearest(given: string, slugs: string[]): string[] {
  const name = given.split('/').at(-1) ?? given
  const scored = slugs.map((slug) => ({ slug, score: distance(name, slug.split('/').at(-1) ?? slug) }))
  const limit = Math.max(1, Math.floor(name.length / 3))
  return scored
    .filter(({ score }) => score <= limit)
    .sort((a, b) => a.score - b.score)
    .slice(0, 3)
    .map(({ slug }) => slug)
}

/** Edit distance with transposition (Damerau 1964, the restricted form). */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)])
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let j = 1; j <= b.length; j++) (rows[0] as number[])[j] = j
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY
      ;(rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost, swapped)
    }
  return at(a.length, b.length)
}

/** Loads the hidden tests of one project, and of no other. */
export async function loadHiddenTests<Kit>(slug: string, root = ROOT): Promise<HiddenTests<Kit>> {
  const file = places.hiddenTests(slug, root)
  if (!fs.existsSync(file)) throw new Unusable(`${slug} has no hidden tests yet (${path.relative(root, file)}).`)
  const tests = (await load<{ default: HiddenTests<Kit> }>(pathToFileURL(file).href)).default
  if (tests.slug !== slug) throw new Error(`${path.relative(root, file)} calls itself ${tests.slug}`)
  return tests
}

/** Projects by their stages, both in the order in which they are given. */
export function byStage(projects: Project[]): { name: string; projects: Project[] }[] {
  const names = [...new Set(projects.map(({ stage }) => stage))]
  return names.map((name) => ({ name, projects: projects.filter(({ stage }) => stage === name) }))
}
