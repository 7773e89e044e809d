import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gradeCohort } from '../cohort/grade-cohort.ts'
import { type CohortResults, cohortPlaces, merge, type Row } from '../cohort/results.ts'
import { type Entry, readRoster, readTime } from '../cohort/roster.ts'
import { Unusable } from '../engine/failure.ts'
import { load } from '../engine/load.ts'
import { resolveSlug } from '../engine/projects.ts'
import { TIERS } from '../engine/report.ts'
import { bubblewrap } from '../programs/containment.ts'
import { rowLine } from '../reports/cohort.ts'
import { readArguments, seedFrom, shardOf, wholeNumber } from './arguments.ts'
import { readResults, writeCohort } from './cohort-pages.ts'
import { endOnSignals } from './signals.ts'

export const HELP = `npm run cohort ROSTER -- [options]
npm run cohort merge FOLDER [FOLDER …] -- --out FOLDER
npm run cohort similar FOLDER -- [options]

Fetches and grades the repositories of a roster, each in the sandbox, with the hidden tests that are here, and writes gradebook.csv, results.json, gradescope/ID.json
and index.html. What is graded already (same commit, same grader, same seed) is not graded again: a run that was interrupted goes on where it was.
The roster is CSV: id,repository and, if you like, branch, deadline, projects (several with blanks between); other columns go to the gradebook as they are.

  --project P      what is wanted of all (default: what each has begun); may be given several times
  --deadline TIME  the last commit before it counts, as in 2026-11-21T23:59:00+01:00; the roster's own come first
  --out FOLDER     where all of it goes (default: cohort/ROSTER)
  --seed S         the seed of all inputs (default: drawn once for a folder)
  --tier N         up to tier N only
  --parallel N     so many at a time (default: as many as there are cores)
  --shard I/N      only every Nth row, from the Ith on; with --seed. merge makes one result of all shards

similar finds pairs whose programs share too much; code of starters and references does not count:
  --project P      only this project
  --at-least N     pairs that share at least N percent of the smaller one
  --json           print them as one object

Exit status: 0 done (whatever the grades are), 2 the call or the roster is not usable, 3 the grader itself failed in some row.`

const OPTIONS = {
  project: { type: 'string', multiple: true },
  deadline: { type: 'string' },
  out: { type: 'string' },
  seed: { type: 'string' },
  tier: { type: 'string' },
  parallel: { type: 'string' },
  shard: { type: 'string' },
  'at-least': { type: 'string' },
  json: { type: 'boolean' },
} as const

export type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values']

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, { operands: Number.POSITIVE_INFINITY, help: HELP })
  const [first, ...rest] = positionals
  if (first === undefined)
    throw new Unusable('Name a roster, as in `npm run cohort roster.csv`. `npm run cohort -- --help` says what it holds.')
  endOnSignals()
  if (first === 'merge') return mergeShards(rest, values)
  if (first === 'similar') {
    const { similar } = await load<typeof import('./cohort-similar.ts')>('./cohort-similar.ts', import.meta.url)
    return similar(rest, values)
  }
  if (rest.length > 0) throw new Unusable(`One roster at a time: "${rest[0]}" is one name too many.`)
  return gradeRoster(first, values)
}

async function gradeRoster(file: string, values: Values): Promise<number> {
  const roster = readRoster(file)
  if (!bubblewrap())
    throw new Unusable(
      'A cohort is graded in the sandbox, which needs bubblewrap; it is not installed or not allowed here: `apt-get install bubblewrap`.',
    )
  if (values.shard && values.seed === undefined)
    throw new Unusable('Shards must draw the same inputs: give all of them one --seed.')
  const folder = path.resolve(values.out ?? path.join('cohort', path.basename(file, path.extname(file))))
  const entries = shardOf(roster, values.shard)
  const graded = await gradeCohort(entries, {
    folder,
    seed: seedOf(folder, values.seed),
    projects: values.project?.map((name) => resolveSlug(name)),
    deadline: values.deadline === undefined ? undefined : readTime(values.deadline, '--deadline'),
    tier: values.tier === undefined ? undefined : wholeNumber('--tier', values.tier, 1, TIERS.length),
    lanes: values.parallel === undefined ? os.availableParallelism() : wholeNumber('--parallel', values.parallel, 1, 256),
    onRow: showRow,
  })
  return finish(folder, { ...graded, roster: roster.map(({ id }: Entry) => id) })
}

/** A folder's own seed, drawn when it is new: who goes on with it goes on with the same inputs. */
function seedOf(folder: string, given: string | undefined): string {
  const { seed: file } = cohortPlaces(folder)
  const seed = seedFrom(given ?? (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : undefined))
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(file, `${seed}\n`)
  return seed
}

function showRow(row: Row, done: number, total: number): void {
  console.error(`${String(done).padStart(String(total).length)} of ${total}  ${rowLine(row)}`)
}

function mergeShards(folders: string[], values: Values): number {
  if (folders.length === 0 || values.out === undefined)
    throw new Unusable('Usage: npm run cohort merge FOLDER [FOLDER …] -- --out FOLDER')
  const merged = merge(folders.map((name) => ({ name, results: readResults(name) })))
  const out = path.resolve(values.out)
  for (const folder of folders) {
    const reports = path.join(folder, 'reports')
    if (fs.existsSync(reports)) fs.cpSync(reports, path.join(out, 'reports'), { recursive: true })
  }
  return finish(out, merged)
}

function finish(folder: string, results: CohortResults): number {
  writeCohort(folder, results)
  const problems = results.rows.filter(({ problem }) => problem).length
  const errors = results.rows.flatMap(({ projects }) => projects).filter(({ status }) => status === 'error').length
  const shown = path.relative(process.cwd(), folder) || '.'
  console.log(
    `${results.rows.length} rows in ${shown}: gradebook.csv, results.json, gradescope/, index.html. Seed ${results.seed}.`,
  )
  if (problems > 0) console.log(`${problems} of them could not be graded at all; their rows say why.`)
  if (errors > 0) console.log(`In ${errors} places the grader itself failed: run it again, and report what stays.`)
  return errors > 0 ? 3 : 0
}
