import fs from 'node:fs'
import path from 'node:path'
import pc from 'picocolors'
import { classroom, REVEAL, type Reveal } from '../engine/classroom.ts'
import { Unusable } from '../engine/failure.ts'
import { load } from '../engine/load.ts'
import { loadHiddenTests, loadProject, nearest, type Project, places, resolveSlug } from '../engine/projects.ts'
import { type Report, TIERS } from '../engine/report.ts'
import { rememberReport } from '../engine/state.ts'
import { writeAccount } from '../programs/account.ts'
import { againInOwnNetwork, bubblewrap, inOwnNetwork } from '../programs/containment.ts'
import { gradeSubmission } from '../programs/grade-submission.ts'
import { type Choice, chooseSubmission } from '../programs/submission.ts'
import { leave } from '../programs/workroom.ts'
import { liveView } from '../reports/live.ts'
import { summary, type TextOptions, title } from '../reports/text.ts'
import { readArguments, seedFrom, wholeNumber } from './arguments.ts'
import { endOnSignals } from './signals.ts'

export const HELP = `npm run grade [project] -- [options]

Grades your work in my/<stage>/<project>; without a project, the next one in order.

  --solution           grade the reference instead
  --dir PATH           grade another folder (with a run.sh)
  --command "PROGRAM"  grade a program of this machine, such as "busybox cat"
  --tier N             stop after tier N (1 runs, 2 works, 3 holds, 4 flies)
  --only CHECK         only this check; may be given several times
  --all-tiers          go on after a failed tier
  --seed S             draw the same inputs as in the run that printed this seed
  --watch              grade again whenever a file of the submission changes
  --report FORMAT[:FILE]  json, junit, exercism, gradescope, markdown or annotations; may be given several times
  --reveal LEVEL       how much a failed check shows: full (default), title, none; a classroom's copy has its own default
  --sandbox            no network but loopback, no sight of your home folder or this repository (needs bubblewrap)
  --changed [BASE]     the projects in my/ that differ from a commit (default: origin/main)
  --every              all projects that you have begun; with --solution all references

Exit status: 0 all passed, 1 some check failed, 2 the call or the folder is not usable, 3 the grader's own fault.`

const OPTIONS = {
  solution: { type: 'boolean' },
  dir: { type: 'string' },
  command: { type: 'string' },
  tier: { type: 'string' },
  only: { type: 'string', multiple: true },
  'all-tiers': { type: 'boolean' },
  seed: { type: 'string' },
  watch: { type: 'boolean' },
  report: { type: 'string', multiple: true },
  reveal: { type: 'string' },
  sandbox: { type: 'boolean' },
  changed: { type: 'boolean' },
  every: { type: 'boolean' },
} as const

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values']

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, { operands: args.includes('--changed') ? 2 : 1, help: HELP })
  checkCall(values)
  const bwrap = bubblewrap()
  if (values.sandbox && bwrap && !inOwnNetwork()) return againInOwnNetwork(bwrap)
  const reports = await planReports(values.report ?? [])
  endOnSignals()
  const projects = await chooseProjects(values, positionals)
  if (values.watch) return watch(projects, values)
  try {
    const results: Report[] = []
    for (const project of projects) results.push(await gradeOne(project, values, reports.textOnStdout))
    await reports.write(results, projects.length === 1 && !values.every && !values.changed)
    return statusOf(results)
  } finally {
    await leave()
    writeAccount()
  }
}

function checkCall(values: Values): void {
  const kinds = (['solution', 'dir', 'command'] as const).filter((kind) => values[kind] !== undefined)
  if (kinds.length > 1) throw new Unusable(`--${kinds[0]} and --${kinds[1]} name two submissions: give one.`)
  seedFrom(values.seed)
  revealLevel(values.reveal)
  if (values.tier !== undefined) wholeNumber('--tier', values.tier, 1, TIERS.length)
  if (values.sandbox && !bubblewrap()) {
    throw new Unusable('--sandbox needs bubblewrap, which is not installed or not allowed here: `apt-get install bubblewrap`.')
  }
}

async function chooseProjects(values: Values, positionals: string[]): Promise<Project[]> {
  if (values.every || values.changed) {
    const { everyProject, changedProjects } = await load<typeof import('./choose.ts')>('./choose.ts', import.meta.url)
    return values.every ? everyProject(values.solution ?? false) : changedProjects(positionals[0])
  }
  if (positionals[0] !== undefined) return [loadProject(resolveSlug(positionals[0]))]
  const { nextProject } = await load<typeof import('./choose.ts')>('./choose.ts', import.meta.url)
  return [nextProject()]
}

async function gradeOne(project: Project, values: Values, textOnStdout: boolean): Promise<Report> {
  const submission = chooseSubmission(project.slug, values as Choice)
  const only = await checkedNames(project, values.only)
  const seed = seedFrom(values.seed)
  const seal = process.env.GRADE_SEED || undefined
  const level = revealLevel(values.reveal)
  const out = textOnStdout ? process.stdout : process.stderr
  const options = textOptions(out, only ? REPLAYED : AT_A_GLANCE)
  const shown = textOnStdout || process.stderr.isTTY
  if (shown)
    out.write(
      `${title({ project: project.slug, seed, ...(seal && { sealed: true }), submission: submission.info }, options)}\n\n`,
    )
  const whole = await gradeSubmission(project, submission, {
    seed,
    seal,
    only,
    upTo: values.tier ? Number(values.tier) : undefined,
    allTiers: values['all-tiers'] ?? false,
    sandbox: values.sandbox ?? false,
    patience: patience(),
    // Who looks at a check alone wants to see all of it, and run it by hand.
    keep: only && !seal && level === 'full' ? path.join(places.state(), 'kept', project.slug) : undefined,
    onEvent: shown ? liveView(out, { ...options, titles: level !== 'none' }) : () => {},
  })
  const report = await revealed(whole, level)
  if (textOnStdout) out.write(`\n${summary(report, options)}\n`)
  if (submission.info.kind === 'mine' && !only) rememberReport(report)
  return report
}

/** What was asked for, or what the classroom that this is a copy for has settled. */
function revealLevel(given: string | undefined): Reveal {
  const settled = given ?? classroom()?.reveal ?? 'full'
  const level = REVEAL.find((known) => known === settled)
  if (level) return level
  throw new Unusable(`--reveal knows ${REVEAL.join(', ')}, not "${settled}".`)
}

async function revealed(report: Report, level: Reveal): Promise<Report> {
  if (level === 'full') return report
  const { reveal } = await load<typeof import('../reports/reveal.ts')>('../reports/reveal.ts', import.meta.url)
  return reveal(report, level)
}

/** `GRADE_PATIENCE=3` makes all time limits three times as long, for a very slow machine. */
function patience(): number {
  const factor = Number(process.env.GRADE_PATIENCE ?? 1)
  if (factor > 0 && factor <= 100) return factor
  throw new Unusable('GRADE_PATIENCE multiplies the time limits: a number above 0, up to 100.')
}

/** @throws {Unusable} a check that the project does not have. */
async function checkedNames(project: Project, names: string[] | undefined): Promise<string[] | undefined> {
  if (!names) return undefined
  const { tiers } = await loadHiddenTests(project.slug)
  const known = tiers.flatMap((tier) => tier.checks.map((check) => check.id))
  const wrong = names.find((name) => !known.includes(name))
  if (wrong === undefined) return names
  const near = nearest(wrong, known)
  throw new Unusable(
    `${project.slug} has no check "${wrong}". ${near.length ? `Did you mean ${near.join(' or ')}?` : `It has ${known.join(', ')}.`}`,
  )
}

/** How many failures are told, and how many lines of what was exchanged. */
const AT_A_GLANCE = { failures: 3, lines: 14 }
const REPLAYED = { failures: 99, lines: 60 }

function textOptions(out: NodeJS.WriteStream, much: Pick<TextOptions, 'failures' | 'lines'>): TextOptions {
  return { colors: pc.createColors(pc.isColorSupported && Boolean(out.isTTY)), columns: out.columns ?? 100, ...much }
}

/** Checks the `--report` options before anything is graded. */
async function planReports(wanted: string[]) {
  const { FORMATS } =
    wanted.length > 0
      ? await load<typeof import('../reports/formats.ts')>('../reports/formats.ts', import.meta.url)
      : { FORMATS: {} as Record<string, never> }
  const plans = wanted.map((text) => {
    const [format = '', ...file] = text.split(':')
    if (!FORMATS[format]) throw new Unusable(`--report knows ${Object.keys(FORMATS).join(', ')}, not "${format}".`)
    return { format, file: file.join(':') }
  })
  if (plans.filter(({ file }) => !file).length > 1)
    throw new Unusable('Only one --report can go to standard output: give the others a file, as in junit:results.xml.')
  return {
    textOnStdout: plans.every(({ file }) => file),
    async write(results: Report[], single: boolean) {
      for (const { format, file } of plans) {
        const { one, many } = await (FORMATS[format] as () => Promise<import('../reports/formats.ts').Format>)()
        const text = single ? one(results[0] as Report) : many(results)
        if (file) fs.writeFileSync(file, text)
        else process.stdout.write(text)
      }
    },
  }
}

function statusOf(results: Report[]): number {
  if (results.some((report) => report.verdict === 'error')) return 3
  return results.some((report) => report.verdict === 'fail') ? 1 : 0
}

/** Grades again whenever the submission changes, until it is interrupted. */
async function watch([project]: Project[], values: Values): Promise<number> {
  const { folder } = chooseSubmission((project as Project).slug, values as Choice)
  if (!folder) throw new Unusable('--watch watches a folder; a --command has none.')
  for (;;) {
    await gradeOne(project as Project, values, true)
    console.log('\n  Watching for changes; Ctrl-C ends.')
    await changeIn(folder)
    console.log()
  }
}

/** Resolves when something below the folder changed and has been quiet for a moment. */
function changeIn(folder: string): Promise<void> {
  return new Promise((resolve) => {
    let quiet: NodeJS.Timeout | undefined
    const watcher = fs.watch(folder, { recursive: true }, () => {
      clearTimeout(quiet)
      quiet = setTimeout(() => {
        watcher.close()
        resolve()
      }, 150)
    })
  })
}
