import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { Unusable } from '../engine/failure.ts'
import { fingerprint } from '../engine/fingerprint.ts'
import { inLanes } from '../engine/lanes.ts'
import { places, ROOT } from '../engine/projects.ts'
import { gradeWork } from './grade-work.ts'
import { Repository } from './repository.ts'
import { type CohortResults, cohortPlaces, type Graded, type Row, writeWhole } from './results.ts'
import type { Entry } from './roster.ts'

export interface CohortOptions {
  /** Where everything of it is kept. */
  folder: string
  seed: string
  /** The projects that are wanted of all whose row names none; undefined: whatever each has begun. */
  projects?: string[] | undefined
  /** For rows without a deadline of their own. */
  deadline?: Date | undefined
  tier?: number | undefined
  /** How many are graded at a time. */
  lanes: number
  onRow?: (row: Row, done: number, total: number) => void
}

interface Task {
  row: Row
  slug: string
  folder: string
  key: string
}

/**
 * Fetches and grades. What is graded is kept, keyed by commit, grader, seed and tier, so that a run that was interrupted goes on where it was.
 * Figures (the last tier) that were missed beside others, and faults of the grader's own, are tried once more with nothing beside them.
 */
export async function gradeCohort(entries: Entry[], options: CohortOptions): Promise<Omit<CohortResults, 'roster'>> {
  const graders: Record<string, string> = {}
  const rows = new Map<string, Row>()
  const again: Task[] = []
  let done = 0
  const grader = (slug: string) => (graders[slug] ??= graderOf(slug))
  await inLanes(entries, options.lanes, async (entry) => {
    const { row, tasks } = await prepare(entry, options, grader)
    rows.set(entry.id, row)
    for (const task of tasks) {
      const known = kept(task, options)
      const graded = known ?? (await gradeTask(task, options))
      if (!known && isDoubtful(graded)) again.push(task)
      else if (!known) keep(task, graded, options)
      enter(row, graded)
    }
    options.onRow?.(row, ++done, entries.length)
  })
  for (const task of again) {
    const graded = await gradeTask(task, options)
    keep(task, graded, options)
    enter(task.row, graded)
  }
  return { schema: 1, seed: options.seed, graders, rows: entries.map(({ id }) => rows.get(id) as Row) }
}

/** Fetches a repository, and takes out of it what is to be graded. Whatever is wrong with it is said in its row. */
async function prepare(entry: Entry, options: CohortOptions, grader: (slug: string) => string) {
  const at = cohortPlaces(options.folder)
  const repository = new Repository(entry, at.repository(entry.id))
  const row: Row = { id: entry.id, others: entry.others, repository: entry.repository, projects: [] }
  const tasks: Task[] = []
  try {
    const counted = await repository.count(entry.deadline ?? options.deadline)
    Object.assign(row, counted)
    const wanted = entry.projects ?? options.projects ?? (await repository.begun(counted.commit))
    for (const slug of wanted) {
      const folder = await orUnusable(() => repository.take(counted.commit, slug, at.work(entry.id)))
      if (typeof folder === 'string') {
        const key = keyOf(counted.commit, grader(slug), options)
        tasks.push({ row, slug, folder, key })
      } else enter(row, notGraded(slug, folder))
    }
  } catch (error) {
    row.problem = error instanceof Unusable ? error.message : `It can not be read: ${(error as Error).message.split('\n')[0]}`
  }
  return { row, tasks }
}

async function orUnusable<T>(work: () => Promise<T>): Promise<T | Unusable> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Unusable) return error
    throw error
  }
}

const notGraded = (project: string, problem: Unusable | undefined): Graded => ({
  project,
  status: problem ? 'unusable' : 'missing',
  stars: 0,
  passed: 0,
  checks: 0,
  failed: [],
  ...(problem && { note: problem.message }),
  ms: 0,
})

function gradeTask({ row, slug, folder }: Task, { folder: cohort, seed, tier }: CohortOptions): Promise<Graded> {
  return gradeWork({ slug, folder, seed, tier, report: cohortPlaces(cohort).report(row.id, slug) })
}

const isDoubtful = ({ status, stoppedAt }: Graded) => status === 'error' || stoppedAt === 'flies'

/** The rows of a student's projects are in the order of their names, however they came. */
function enter(row: Row, graded: Graded): void {
  row.projects = [...row.projects.filter(({ project }) => project !== graded.project), graded]
  row.projects.sort((a, b) => (a.project < b.project ? -1 : 1))
}

function kept({ row, slug, key }: Task, { folder }: CohortOptions): Graded | undefined {
  try {
    const earlier = JSON.parse(fs.readFileSync(cohortPlaces(folder).kept(row.id, slug), 'utf8'))
    return earlier.key === key ? earlier.graded : undefined
  } catch {
    return undefined
  }
}

function keep({ row, slug, key }: Task, graded: Graded, { folder }: CohortOptions): void {
  // The grader's own fault is no grade: the next run tries it again.
  if (graded.status !== 'error') writeWhole(cohortPlaces(folder).kept(row.id, slug), JSON.stringify({ key, graded }))
}

/** What was graded with the same key needs no grading again. */
function keyOf(commit: string, grader: string, { seed, tier }: CohortOptions): string {
  return createHash('sha256')
    .update([commit, grader, seed, process.env.GRADE_SEED ?? '', tier ?? ''].join('\0'))
    .digest('hex')
}

/** A hash of all that decides a verdict, beside the submission and the seed. */
function graderOf(slug: string): string {
  const parts = ['engine', 'programs', 'protocols', 'models'].map((part) => `grader/${part}`)
  const own = [places.hiddenTests(slug), places.testParts(slug)].map((file) => path.relative(ROOT, file))
  return fingerprint([...parts, ...own], ROOT).slice(0, 16)
}
