import fs from 'node:fs'
import path from 'node:path'
import { Unusable } from '../engine/failure.ts'
import type { TierName } from '../engine/report.ts'

/** What a project came to. `missing`: there is no such folder. `unusable`: there is nothing in it that can be started. `error`: the grader's own fault. */
type Status = 'graded' | 'missing' | 'unusable' | 'error'

export interface Graded {
  project: string
  status: Status
  stars: number
  passed: number
  checks: number
  /** Of the first tier that failed: its name, and its failed checks with their messages. */
  stoppedAt?: TierName
  failed: { id: string; title: string; message: string }[]
  /** Why there is no grade, where there is none. */
  note?: string
  ms: number
}

export interface Row {
  id: string
  others: Record<string, string>
  repository: string
  commit?: string
  committed?: string
  /** Why nothing of it was graded: it can not be fetched, or has nothing before the deadline. */
  problem?: string
  /** Set when what was fetched before was graded, since it could not be updated. */
  stale?: string
  projects: Graded[]
}

/** `results.json`; `cohort.schema.json` says the same in JSON Schema. */
export interface CohortResults {
  schema: 1
  seed: string
  /** The ids of the whole roster, in its order; a shard has rows for some of them. */
  roster: string[]
  /** For each project that was graded, a hash of the grader that did. */
  graders: Record<string, string>
  rows: Row[]
}

/** The places in a cohort's folder. */
export const cohortPlaces = (folder: string) => ({
  seed: path.join(folder, 'seed'),
  results: path.join(folder, 'results.json'),
  repository: (id: string) => path.join(folder, 'repositories', id),
  work: (id: string) => path.join(folder, 'work', id),
  report: (id: string, slug: string) => path.join(folder, 'reports', id, `${slug}.json`),
  kept: (id: string, slug: string) => path.join(folder, 'kept', id, `${slug}.json`),
})

/** Writes a file so that whoever reads it finds all of it, or what was there before. */
export function writeWhole(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(`${file}.new`, text)
  fs.renameSync(`${file}.new`, file)
}

/** One result of several shards. @throws {Unusable} they are not of one cohort: other inputs, other graders, other rosters, or rows in two of them. */
export function merge(parts: { name: string; results: CohortResults }[]): CohortResults {
  const [first, ...rest] = parts as [(typeof parts)[number], ...typeof parts]
  const graders: Record<string, string> = { ...first.results.graders }
  for (const { name, results } of rest) {
    if (results.seed !== first.results.seed)
      throw new Unusable(
        `${name} was graded with the seed ${results.seed}, and ${first.name} with ${first.results.seed}: give all shards one --seed.`,
      )
    if (results.roster.join() !== first.results.roster.join())
      throw new Unusable(`${name} and ${first.name} are of different rosters.`)
    for (const [slug, hash] of Object.entries(results.graders)) {
      if (graders[slug] !== undefined && graders[slug] !== hash)
        throw new Unusable(`${name} and ${first.name} graded ${slug} with different versions of its hidden tests.`)
      graders[slug] = hash
    }
  }
  const rows = new Map<string, Row>()
  for (const { name, results } of parts)
    for (const row of results.rows) {
      if (rows.has(row.id)) throw new Unusable(`${name} has a row for ${row.id}, and so has another: a shard counts once.`)
      rows.set(row.id, row)
    }
  const missing = first.results.roster.filter((id) => !rows.has(id))
  if (missing.length > 0)
    throw new Unusable(
      `${missing.length} of ${first.results.roster.length} rows are in none of them (${missing.slice(0, 3).join(', ')} …): is a shard missing?`,
    )
  const sorted = Object.fromEntries(Object.entries(graders).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { ...first.results, graders: sorted, rows: first.results.roster.map((id) => rows.get(id) as Row) }
}
