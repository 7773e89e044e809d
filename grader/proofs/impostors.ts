import { pathToFileURL } from 'node:url'
import type { Impostor, Impostors } from '../engine/impostors.ts'
import { load } from '../engine/load.ts'
import { loadHiddenTests, places } from '../engine/projects.ts'
import { allChecks, type CheckReport, TIERS } from '../engine/report.ts'
import { gradeSubmission } from '../programs/grade-submission.ts'
import type { Submission } from '../programs/submission.ts'
import { inLanes, type Proof, type ProofContext } from './proof.ts'
import { makeVariant } from './variants.ts'

const LANES = 2
/** Impostors that hang need not be waited for as long as a learner's program. */
const HASTY = { patience: 0.5, parallel: 2 }

export interface ImpostorFigures {
  checks: number
  /** Checks that catch at least one impostor. */
  covered: number
  impostors: number
  caught: number
}

/** What became of one impostor: nothing is left to say when it was caught as it must be. */
interface Outcome {
  problem?: string
  /** Why its check could not be made here. */
  notTried?: string
}

export interface ImpostorProof extends Proof<ImpostorFigures> {
  /** Checks that could not be made on this machine, and so could not catch anybody. */
  notTried: string[]
  /** How many impostors there was no time for. */
  left: number
}

/** Every check catches an impostor, for the right reason, and an impostor of a later tier passes the earlier ones. */
export async function proveImpostors(context: ProofContext, only?: string[], seeds = 1): Promise<ImpostorProof> {
  const { project, onStep } = context
  const tests = await loadHiddenTests(project.slug)
  const checks = tests.tiers.flatMap((tier) => tier.checks.map((check) => check.id))
  const url = pathToFileURL(places.impostors(project.slug)).href
  const { impostors: all } = (await load<{ default: Impostors }>(url)).default
  const chosen = all.filter(({ id, caughtBy }) => !only || only.includes(id) || only.includes(caughtBy))
  let done = 0
  const judge = async (impostor: Impostor) => {
    const tier = tests.tiers.findIndex(({ checks }) => checks.some(({ id }) => id === impostor.caughtBy))
    const outcome =
      tier < 0 ? { problem: `there is no check ${impostor.caughtBy}` } : await unmaskAgain(context, impostor, tier, seeds)
    onStep(++done, chosen.length, `impostor ${impostor.id}`)
    return { impostor, ...outcome } satisfies Outcome & { impostor: Impostor }
  }
  const outcomes = await inLanes(chosen, LANES, judge, context.outOfTime)
  const left = chosen.length - outcomes.length
  const problems = outcomes.flatMap(({ impostor, problem }) => (problem ? [`impostor ${impostor.id}: ${problem}`] : []))
  const notTried = new Map(outcomes.flatMap(({ impostor, notTried }) => (notTried ? [[impostor.caughtBy, notTried]] : [])))
  const caught = outcomes.filter(({ problem, notTried }) => !problem && !notTried)
  const covered = new Set(caught.map(({ impostor }) => impostor.caughtBy))
  const bare = checks.filter((id) => !only && left === 0 && !covered.has(id) && !notTried.has(id))
  return {
    problems: [...problems, ...bare.map((id) => `check ${id} catches no impostor`)],
    notTried: [...notTried].map(([id, why]) => `${id}: ${why}`),
    left,
    figures: { checks: checks.length, covered: covered.size, impostors: chosen.length, caught: caught.length },
  }
}

/** Unmasks an impostor, and then by its check alone with more seeds: it must be caught every time. */
async function unmaskAgain(context: ProofContext, impostor: Impostor, tier: number, seeds: number): Promise<Outcome> {
  const outcome = await unmaskPatiently(context, impostor, tier)
  for (let n = 1; n < seeds && !outcome.problem && !outcome.notTried; n++) {
    const seed = `${context.seed}.${n}`
    const variant = disguise(context, impostor)
    const { problem } = 'problem' in variant ? variant : await catchOut({ ...context, seed }, impostor, variant)
    if (problem) return { problem: `is caught with seed ${context.seed}, but not with ${seed}: ${problem}` }
  }
  return outcome
}

/** What only figures can tell is tried once more if it went undetected: a busy machine can make a slow program look no slower than the rest. */
async function unmaskPatiently(context: ProofContext, impostor: Impostor, tier: number): Promise<Outcome> {
  const outcome = await unmask(context, impostor, tier)
  if (!outcome.problem || TIERS[tier] !== 'flies') return outcome
  const again = await unmask({ ...context, seed: `${context.seed}.again` }, impostor, tier)
  if (!again.problem)
    console.error(`impostor ${impostor.id} of ${context.project.slug} was caught at the second try only: ${outcome.problem}`)
  return again
}

async function unmask(context: ProofContext, impostor: Impostor, tier: number): Promise<Outcome> {
  const variant = disguise(context, impostor)
  if ('problem' in variant) return variant
  if (tier > 0) {
    const options = { ...HASTY, seed: context.seed, upTo: tier, stopAtFirstFailure: true }
    const before = await gradeSubmission(context.project, variant, options)
    const failed = allChecks(before).find(({ verdict }) => verdict === 'fail' || verdict === 'error')
    if (failed) return { problem: `should pass the tiers before, but fails ${failed.id}: ${failed.message}` }
  }
  return catchOut(context, impostor, variant)
}

/** The reference with the impostor's edit in it. */
function disguise({ project }: ProofContext, impostor: Impostor): Submission | { problem: string } {
  const target = impostor.file ?? 'main.ts'
  let places = 0
  const variant = makeVariant(project.slug, `impostor-${impostor.id}`, (file, source) => {
    if (file !== target) return source
    places = source.split(impostor.find).length - 1
    return source.replace(impostor.find, () => impostor.replace)
  })
  return places === 1 ? variant : { problem: `its text stands ${places} times in ${target}, not once` }
}

/** Whether the check that must catch it does, and for the right reason. */
async function catchOut({ project, seed }: ProofContext, impostor: Impostor, variant: Submission): Promise<Outcome> {
  const report = await gradeSubmission(project, variant, { ...HASTY, seed, only: [impostor.caughtBy] })
  const [check] = allChecks(report)
  if (check?.verdict === 'skip') return { notTried: check.message ?? '' }
  if (check?.verdict !== 'fail') {
    return { problem: `${impostor.caughtBy} gives ${check?.verdict}: ${check?.message ?? 'it is not caught'}` }
  }
  return saysSo(check, impostor.says) ? {} : { problem: `is caught for another reason than "${impostor.says}": ${check.message}` }
}

function saysSo({ message = '', expected = '', actual = '' }: CheckReport, says: string | RegExp): boolean {
  const said = [message, expected, actual].join('\n')
  return typeof says === 'string' ? said.includes(says) : says.test(said)
}
