import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { loadHiddenTests, places } from '../engine/projects.ts'
import { allChecks } from '../engine/report.ts'
import { build } from '../programs/build.ts'
import { gradeSubmission } from '../programs/grade-submission.ts'
import { makeFolder, removeFolder } from '../programs/workroom.ts'
import { ACTIVE, COVERAGE, HITS, type Instrumented, instrument, type Mutant, UNFINISHED } from './mutants.ts'
import { inLanes, type Proof, type ProofContext } from './proof.ts'

const LOWEST_SCORE = 80
const LANES = 2
const PATIENCE = 0.5
/** A loop that goes round so many times more often than it should is endless. */
const HIT_FACTOR = 100

export interface MutationFigures {
  mutants: number
  killed: number
  equivalent: number
  score: number
  /** Checks that the instrumented reference does not pass in time: they could kill nothing. */
  unused: string[]
}

export interface MutationOptions {
  /** Try only those mutants again that survived the last time. */
  survivors?: boolean | undefined
  /** Take over all verdicts of an unfinished run of the same reference and hidden tests. */
  resume?: boolean | undefined
  /** Only so many mutants, drawn by the seed. */
  sample?: number | undefined
}

/** Which mutants a check comes by, and how often at most. */
interface Reach {
  check: string
  /** Undefined when a process of the check was killed before it could tell: it may reach any mutant. */
  hits: Map<string, number> | undefined
}

/** Kills automatic mutants of the reference with the hidden tests. */
export async function proveMutation(context: ProofContext, options: MutationOptions): Promise<Proof<MutationFigures>> {
  const { project, onStep } = context
  const instrumented = await instrument(project.slug)
  await build(instrumented.submission)
  const { reaches, unused } = await findReaches(context, instrumented)
  const memory = remembered(project.slug, options)
  const candidates = instrumented.mutants.filter(({ equivalent }) => !equivalent)
  const mutants = sampled(candidates, context, options.sample)
  const problems: string[] = []
  let done = 0
  const survivors: Mutant[] = []
  const judge = async (mutant: Mutant) => {
    const known = memory.verdicts[mutant.id]
    const killer =
      known !== undefined && !(options.survivors && known === '')
        ? known
        : await tryToKill(context, instrumented, mutant, reaches, problems)
    memory.verdicts[mutant.id] = killer
    if (++done % 20 === 0) memory.save()
    if (killer === '') survivors.push(mutant)
    onStep(done, mutants.length, `mutant ${mutant.id}, ${survivors.length} survive`)
  }
  await inLanes(mutants, LANES, judge, context.outOfTime)
  memory.save()
  const killed = done - survivors.length
  const score = done === 0 ? 100 : Math.floor((1000 * killed) / done) / 10
  const wanted = lowestScore(done, candidates.length)
  if (score < wanted) problems.push(`only ${score} % of the mutants are killed; at least ${wanted} % must be`)
  if (score < wanted || options.survivors) problems.push(...survivors.sort((a, b) => Number(a.id) - Number(b.id)).map(describe))
  problems.push(...instrumented.idle.map(({ code }) => `equivalent.ts lists ${JSON.stringify(code)}, which fits no mutant`))
  const equivalent = instrumented.mutants.length - candidates.length
  return { problems, figures: { mutants: done + equivalent, killed, equivalent, score, unused } }
}

/** In percent. Of a sample less is asked: so much that luck alone (2.5 standard deviations) can not fail a reference that is good enough. */
function lowestScore(tried: number, all: number): number {
  const part = LOWEST_SCORE / 100
  return tried === all ? LOWEST_SCORE : Math.floor(LOWEST_SCORE - 250 * Math.sqrt((part * (1 - part)) / tried))
}

function describe({ file, line, code, into }: Mutant): string {
  const short = (text: string) => JSON.stringify(text.length > 90 ? `${text.slice(0, 45)} … ${text.slice(-40)}` : text)
  return `survivor ${file}:${line}  ${short(code)} → ${short(into)}`
}

function sampled(mutants: Mutant[], { seed }: ProofContext, count: number | undefined): Mutant[] {
  if (count === undefined || count >= mutants.length) return mutants
  const rank = ({ id }: Mutant) => createHash('sha256').update(`${seed}/${id}`).digest('hex')
  return [...mutants].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, count)
}

/**
 * Runs each check on the build with no mutant chosen, and collects what it came by. The checks that pass soonest come first. A check that fails
 * even so, as a rule because the instrumented program is too slow for it, kills no mutant honestly and is not used.
 */
async function findReaches(
  { project, seed, onStep }: ProofContext,
  { submission }: Instrumented,
): Promise<{ reaches: Reach[]; unused: string[] }> {
  const { tiers } = await loadHiddenTests(project.slug)
  const checks = tiers.flatMap((tier) => tier.checks)
  let done = 0
  const found = await inLanes(checks, LANES, async ({ id, alone }) => {
    const folder = makeFolder('coverage')
    let runs = 0
    const traced = { ...submission, env: { [COVERAGE]: folder }, writable: [folder], gently: true }
    const report = await gradeSubmission(project, traced, { seed, only: [id], onRun: () => runs++, patience: PATIENCE })
    const [check] = allChecks(report)
    const usable = check?.verdict === 'pass' || check?.verdict === 'skip'
    const files = fs.readdirSync(folder).filter((file) => !file.endsWith(UNFINISHED))
    const hits = new Map<string, number>()
    for (const file of files) {
      for (const [mutant, count] of Object.entries<number>(JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')))) {
        hits.set(mutant, Math.max(count, hits.get(mutant) ?? 0))
      }
    }
    await removeFolder(folder)
    onStep(++done, checks.length, `reach of ${id}`)
    return { check: id, usable, hits: files.length < runs ? undefined : hits, cost: (check?.ms ?? 0) + (alone ? 1e6 : 0) }
  })
  const unused = found.filter(({ usable }) => !usable).map(({ check }) => check)
  return { unused, reaches: found.filter(({ usable }) => usable).sort((a, b) => a.cost - b.cost) }
}

/** @returns the check that failed, or '' when the mutant survives all that reach it. */
async function tryToKill(
  { project, seed }: ProofContext,
  { submission }: Instrumented,
  mutant: Mutant,
  reaches: Reach[],
  problems: string[],
) {
  const useful = reaches.filter(({ hits }) => hits === undefined || hits.has(mutant.id))
  // Some always know; those that may know are asked last.
  const inOrder = [...useful.filter(({ hits }) => hits), ...useful.filter(({ hits }) => !hits)]
  const most = Math.max(...useful.map(({ hits }) => hits?.get(mutant.id) ?? 0), 1000)
  const env = { [ACTIVE]: mutant.id, [HITS]: String(most * HIT_FACTOR) }
  for (const { check } of inOrder) {
    const report = await gradeSubmission(project, { ...submission, env }, { seed, only: [check], patience: PATIENCE })
    const [result] = allChecks(report)
    if (result?.verdict === 'error') problems.push(`with ${describe(mutant)}, ${check} is at fault itself: ${result.message}`)
    if (result?.verdict === 'fail' || result?.verdict === 'error') return check
  }
  return ''
}

/** Verdicts of an earlier run that still hold: those of the same reference, and for `resume` of the same hidden tests. */
function remembered(slug: string, options: MutationOptions) {
  const file = path.join(places.state(), 'mutation', `${slug}.json`)
  const sources = hashOf([places.solution(slug), path.join(places.solution(slug), '../../lib')])
  const tests = hashOf([places.hiddenTests(slug), places.testParts(slug)].filter((place) => fs.existsSync(place)))
  const old = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {}
  const usable = old.sources === sources && (options.survivors || (options.resume && old.tests === tests))
  const verdicts: Record<string, string> = usable ? old.verdicts : {}
  const save = () => {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, JSON.stringify({ sources, tests, verdicts }))
  }
  return { verdicts, save }
}

function hashOf(targets: string[]): string {
  const hash = createHash('sha256')
  for (const target of targets) {
    const files = fs.statSync(target).isDirectory() ? fs.readdirSync(target).map((name) => path.join(target, name)) : [target]
    for (const file of files) if (/\.(ts|sh)$/.test(file) && !file.endsWith('/impostors.ts')) hash.update(fs.readFileSync(file))
  }
  return hash.digest('hex')
}
