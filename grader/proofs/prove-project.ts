import { loadHiddenTests, type Project } from '../engine/projects.ts'
import { type ImpostorFigures, proveImpostors } from './impostors.ts'
import { type MutationOptions, proveMutation } from './mutation.ts'
import { type OracleFigures, proveOracles } from './oracles.ts'
import type { ProofContext } from './proof.ts'
import { proveClueless, proveReference, proveStability } from './reference.ts'
import { proveSpec } from './spec.ts'
import { proveStarters, type StarterFigures } from './starters.ts'
import { programFiles, removeVariants } from './variants.ts'

/** The last takes long, and is made only when it is asked for. */
export const PARTS = ['reference', 'clueless', 'spec', 'oracles', 'impostors', 'starters', 'mutation', 'stability'] as const
export const USUAL_PARTS = PARTS.filter((part) => part !== 'stability')
export type PartName = (typeof PARTS)[number]

const REFERENCE_SEEDS = 3

/** One project in the object of `prove --json`. */
interface ProjectReport {
  project: string
  checks: number
  covered: number
  impostors: number
  caught: number
  oracles: OracleFigures[]
  mutants: number
  killed: number
  equivalent: number
  /** Killed mutants in percent of those that are not equivalent. */
  score: number
  starters: StarterFigures[]
  seconds: number
}

export interface ProjectProof {
  report: ProjectReport
  problems: string[]
  /** What each part came to, in a few words. */
  parts: string[]
  /** False when the time ran out: then it may say less than it should. */
  complete: boolean
}

export interface ProveOptions extends MutationOptions {
  seed: string
  parts: PartName[]
  impostors?: string[] | undefined
  /** How often each impostor must be caught, each time with another seed. */
  seeds?: number | undefined
  onStep: (part: PartName, done: number, total: number, what: string) => void
  outOfTime: () => boolean
}

/** Makes the proofs that are asked for, one after the other. */
export async function proveProject(project: Project, options: ProveOptions): Promise<ProjectProof> {
  const started = performance.now()
  const { tiers } = await loadHiddenTests(project.slug)
  const checks = tiers.flatMap((tier) => tier.checks).length
  const nothing = {
    covered: 0,
    impostors: 0,
    caught: 0,
    oracles: [],
    mutants: 0,
    killed: 0,
    equivalent: 0,
    score: 0,
    starters: [],
  }
  const report: ProjectReport = { project: project.slug, checks, ...nothing, seconds: 0 }
  const problems: string[] = []
  const parts: string[] = []
  const left: PartName[] = []
  const { seed, outOfTime } = options
  for (const part of options.parts) {
    if (outOfTime()) {
      left.push(part)
      continue
    }
    const context: ProofContext = { project, seed, outOfTime, onStep: (...step) => options.onStep(part, ...step) }
    parts.push(await MAKE[part](context, report, problems, options))
  }
  removeVariants()
  report.seconds = Math.round((performance.now() - started) / 1000)
  if (left.length > 0) parts.push(`no time for ${left.join(', ')}`)
  return { report, problems, parts: parts.filter(Boolean), complete: !outOfTime() }
}

type Maker = (context: ProofContext, report: ProjectReport, problems: string[], options: ProveOptions) => Promise<string>

const MAKE: Record<PartName, Maker> = {
  async reference(context, _, problems) {
    const proof = await proveReference(context, REFERENCE_SEEDS)
    problems.push(...proof.problems)
    return `reference ${proof.figures.seeds} seeds`
  },
  async stability(context, _, problems) {
    const proof = await proveStability(context)
    problems.push(...proof.problems)
    return `stable over ${proof.figures.seeds} seeds with all cores busy`
  },
  async clueless(context, _, problems) {
    problems.push(...(await proveClueless(context)).problems)
    return 'clueless'
  },
  async spec(context, _, problems) {
    const proof = await proveSpec(context)
    problems.push(...proof.problems)
    return `${proof.figures.examples} examples`
  },
  async oracles(context, report, problems) {
    const proof = await proveOracles(context)
    problems.push(...proof.problems)
    report.oracles = proof.figures
    return proof.figures
      .map(({ name, passed, missing }) => (missing ? `${name} missing: ${missing}` : `${name} ${passed}/${report.checks}`))
      .join(' · ')
  },
  async impostors(context, report, problems, options) {
    const proof = await proveImpostors(context, options.impostors, options.seeds)
    problems.push(...proof.problems)
    Object.assign(report, proof.figures satisfies ImpostorFigures)
    const { caught, impostors, covered, checks } = proof.figures
    const missed = proof.notTried.length > 0 ? ` (not tried: ${proof.notTried.join('; ')})` : ''
    const rest = proof.left > 0 ? ` (no time for ${proof.left} more)` : ''
    return `impostors ${caught}/${impostors - proof.left}, checks ${covered}/${checks}${missed}${rest}`
  },
  async starters(context, report, problems) {
    const proof = await proveStarters(context)
    problems.push(...proof.problems)
    report.starters = proof.figures
    const count = (wanted: string) => proof.figures.filter(({ verdict }) => verdict === wanted)
    const missing = count('missing').map(({ language }) => language)
    return `starters ${count('kind').length}/${proof.figures.length}${missing.length > 0 ? ` (not tried: ${missing.join(', ')})` : ''}`
  },
  async mutation(context, report, problems, options) {
    if (!programFiles(context.project.slug).some((name) => name.endsWith('.ts'))) return 'no mutants (not TypeScript)'
    const proof = await proveMutation(context, options)
    problems.push(...proof.problems)
    const { unused, ...figures } = proof.figures
    Object.assign(report, figures)
    const { killed, equivalent, mutants, score } = figures
    const without = unused.length > 0 ? ` (without ${unused.join(', ')}, for which the instrumented reference is too slow)` : ''
    return `mutants ${killed}/${mutants - equivalent} killed (${score} %), ${equivalent} equivalent${without}`
  },
}
