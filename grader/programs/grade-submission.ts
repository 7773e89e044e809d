import { createHmac } from 'node:crypto'
import os from 'node:os'
import { Failure } from '../engine/failure.ts'
import { type GradeEvent, grade } from '../engine/grade.ts'
import { loadHiddenTests, type Project } from '../engine/projects.ts'
import { type CheckReport, type Figure, type Report, starsOf, TIERS, type TierReport, worst } from '../engine/report.ts'
import { build } from './build.ts'
import { type Kit, openWorkplace } from './kit.ts'
import type { Exit } from './process.ts'
import type { Submission } from './submission.ts'

const GRADER_VERSION = '0.2.0'

export interface GradingOptions {
  seed: string
  /** A secret: all inputs are drawn from it and the seed, and only the seed is told. */
  seal?: string | undefined
  upTo?: number | undefined
  only?: string[] | undefined
  allTiers?: boolean
  stopAtFirstFailure?: boolean
  sandbox?: boolean
  /** Multiplies the time limits. */
  patience?: number
  parallel?: number
  onEvent?: (event: GradeEvent | { type: 'building' }) => void
  onRun?: (exit: Exit) => void
  /** Where to keep the files of failed checks. */
  keep?: string | undefined
}

export const BUILD_CHECK = 'build'

/** Checks wait more than they compute: a few more at a time than there are cores. */
const PARALLEL = 2 * os.availableParallelism()

/**
 * A check may wait for one thing while another that it has begun fails (two clients, say). Then the first failure is its verdict, and the second comes to
 * nobody: that must not end the grader.
 */
let listening = false
function letLateFailuresGo(): void {
  if (listening) return
  listening = true
  process.on('unhandledRejection', (error) => {
    if (!(error instanceof Failure)) throw error
  })
}

/** Builds a submission and grades it. @throws whatever is the grader's own fault outside of a check. */
export async function gradeSubmission(project: Project, submission: Submission, options: GradingOptions): Promise<Report> {
  const started = performance.now()
  letLateFailuresGo()
  const { slug } = project
  const tests = await loadHiddenTests<Kit>(slug)
  const figures: Figure[] = []
  const report = (tiers: TierReport[]): Report => {
    const verdict = worst(tiers.map((tier) => tier.verdict))
    return {
      schema: 1,
      project: slug,
      submission: submission.info,
      seed: options.seed,
      ...(options.seal && { sealed: true as const }),
      grader: GRADER_VERSION,
      stars: options.only ? 0 : starsOf(tiers),
      verdict: verdict === 'skip' ? 'pass' : verdict,
      ms: Math.round(performance.now() - started),
      tiers,
      figures,
    }
  }

  const problem = await tryBuild(submission, options)
  if (problem)
    return report(
      TIERS.map((tier, index) => ({ tier, verdict: index === 0 ? 'fail' : 'skip', checks: index === 0 ? [problem] : [] })),
    )

  const { sandbox = false, patience = 1, seed, seal, onRun, keep } = options
  const session = {
    name: project.name,
    slug,
    submission,
    seed: seal ? createHmac('sha256', seal).update(seed).digest('hex') : seed,
    sandbox,
    patience,
    keep,
    onFigure: (f: Figure) => figures.push(f),
    ...(onRun && { onRun }),
  }
  const tiers = await grade(tests, {
    ...options,
    parallel: options.parallel ?? PARALLEL,
    open: (check) => openWorkplace(check, session),
    specOf: (check) => `stages/${slug}/README.md#${check.spec}`,
    replayOf: (check) => replayCommand(slug, submission, check.id, options),
  } as Parameters<typeof grade<Kit>>[1])
  return report(tiers)
}

async function tryBuild(submission: Submission, { sandbox, onEvent }: GradingOptions): Promise<CheckReport | undefined> {
  const started = performance.now()
  try {
    await build(submission, { sandbox: sandbox ?? false, onStart: () => onEvent?.({ type: 'building' }) })
    return undefined
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const ms = Math.round(performance.now() - started)
    const { expected = '', actual = '' } = error.evidence
    const hint = `Run it by hand: cd ${submission.info.path} && ./build.sh`
    return {
      id: BUILD_CHECK,
      title: 'build.sh builds the program',
      verdict: 'fail',
      ms,
      message: error.message,
      expected,
      actual,
      hint,
    }
  }
}

function replayCommand(slug: string, { info }: Submission, check: string, { seed, seal, sandbox }: GradingOptions): string {
  const which =
    info.kind === 'solution'
      ? ['--solution']
      : info.kind === 'folder'
        ? ['--dir', info.path ?? '']
        : info.kind === 'command'
          ? ['--command', `"${info.command}"`]
          : []
  const words = [...which, '--only', check, '--seed', seed, ...(sandbox ? ['--sandbox'] : [])]
  return `npm run grade ${slug} -- ${words.join(' ')}${seal ? '  # other inputs: these were sealed' : ''}`
}
