import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Equivalent, Equivalents } from '../engine/equivalents.ts'
import { load } from '../engine/load.ts'
import { places } from '../engine/projects.ts'
import type { Submission } from '../programs/submission.ts'
import { makeVariant, programFiles } from './variants.ts'

/** One automatic change of a reference. All live in the same build; a setting in the environment chooses one. */
export interface Mutant {
  id: string
  file: string
  /** From 1. */
  line: number
  lineText: string
  /** The text that is changed, and what it becomes. */
  code: string
  into: string
  equivalent: Equivalent | undefined
}

export interface Instrumented {
  mutants: Mutant[]
  submission: Submission
  /** Entries of the list of equivalents that fit no mutant. */
  idle: Equivalent[]
}

export const COVERAGE = 'GRADE_COVERAGE'
export const ACTIVE = '__STRYKER_ACTIVE_MUTANT__'
export const HITS = 'GRADE_MUTANT_HITS'
/** How the name of a file ends that is being written, perhaps by a process that is killed meanwhile. */
export const UNFINISHED = '.new'

/**
 * Put before the program: tells at its end which mutants it came by, and how often, and now and then before that, since servers are killed; and ends a
 * loop that a mutant made endless.
 */
const PRELUDE = `
import { renameSync as coverageRename, writeFileSync as coverageWrite } from 'node:fs'
Object.assign((globalThis.__stryker__ ??= {}), process.env.${HITS} ? { hitCount: 0, hitLimit: Number(process.env.${HITS}) } : {})
if (process.env.${COVERAGE}) {
  const file = process.env.${COVERAGE} + '/' + Math.random()
  const tell = () => {
    coverageWrite(file + '${UNFINISHED}', JSON.stringify(globalThis.__stryker__?.mutantCoverage?.static ?? {}))
    coverageRename(file + '${UNFINISHED}', file)
  }
  process.on('exit', tell)
  setInterval(tell, 50).unref()
}
`

const QUIET = new Proxy({}, { get: () => () => false })

/** Builds one variant of a reference that holds all its mutants (with Stryker's instrumenter). */
export async function instrument(slug: string): Promise<Instrumented> {
  const { Instrumenter } = await import('@stryker-mutator/instrumenter')
  const folder = places.solution(slug)
  const names = programFiles(slug).filter((name) => name.endsWith('.ts'))
  const files = names.map((name) => ({ name, mutate: true as const, content: fs.readFileSync(path.join(folder, name), 'utf8') }))
  const result = await new Instrumenter(QUIET as never).instrument(files, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
  } as never)
  const sources = new Map(files.map(({ name, content }) => [name, content]))
  const changed = new Map(result.files.map(({ name, content }) => [name, content]))
  const submission = makeVariant(slug, 'mutants', (file, source) => {
    const content = changed.get(file) ?? source
    return file === 'main.ts' ? PRELUDE + content : content
  })
  const listed = await loadEquivalents(slug)
  const used = new Set<Equivalent>()
  const mutants = result.mutants.map(({ id, fileName, location: { start, end }, replacement }) => {
    const lines = (sources.get(fileName) ?? '').split('\n')
    const offset = (at: { line: number; column: number }) =>
      lines.slice(0, at.line).join('\n').length + (at.line > 0 ? 1 : 0) + at.column
    const code = lines.join('\n').slice(offset(start), offset(end))
    const mutant = { id, file: fileName, line: start.line + 1, lineText: lines[start.line] ?? '', code, into: replacement ?? '' }
    const equivalent = listed.find((entry) => fits(entry, mutant))
    if (equivalent) used.add(equivalent)
    return { ...mutant, equivalent }
  })
  return { mutants, submission, idle: listed.filter((entry) => !used.has(entry)) }
}

function fits(entry: Equivalent, mutant: Omit<Mutant, 'equivalent'>): boolean {
  const { code, into = mutant.into, file = mutant.file, line = '' } = entry
  return mutant.code === code && mutant.into === into && mutant.file === file && mutant.lineText.includes(line)
}

async function loadEquivalents(slug: string): Promise<Equivalent[]> {
  const file = path.join(places.solution(slug), 'equivalent.ts')
  if (!fs.existsSync(file)) return []
  const { equivalents } = (await load<{ default: Equivalents }>(pathToFileURL(file).href)).default
  return equivalents
}
