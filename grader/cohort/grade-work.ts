import fs from 'node:fs'
import path from 'node:path'
import { ROOT } from '../engine/projects.ts'
import { allChecks, type Report } from '../engine/report.ts'
import type { Graded } from './results.ts'

/** No grading takes that long: each program, build and check has its limit. */
const LIMIT_MINUTES = 60
const FIRST_FAILURES = 3
const USAGE_STATUS = 2

export interface Work {
  slug: string
  /** The folder with its run.sh. */
  folder: string
  seed: string
  tier?: number | undefined
  /** Where its whole report goes. */
  report: string
}

/**
 * Grades a folder in the sandbox, in a process of its own: whatever it does to the grader it does to its own row.
 * The grader, its hidden tests and the seed are those of this repository.
 */
export async function gradeWork({ slug, folder, seed, tier, report }: Work): Promise<Graded> {
  const started = performance.now()
  fs.mkdirSync(path.dirname(report), { recursive: true })
  fs.rmSync(report, { force: true })
  const wanted = ['--dir', folder, '--seed', seed, '--sandbox', ...(tier ? ['--tier', String(tier)] : [])]
  const argv = [path.join(ROOT, 'grader/main.js'), 'grade', slug, ...wanted, '--report', `json:${report}`]
  const { execa } = await import('execa')
  const { exitCode, stderr, timedOut } = await execa(process.execPath, argv, {
    cwd: ROOT,
    env: { ...withoutCredentials(process.env), NO_COLOR: '1' },
    extendEnv: false,
    stdin: 'ignore',
    stdout: 'ignore',
    reject: false,
    timeout: LIMIT_MINUTES * 60_000,
    maxBuffer: 1024 ** 2,
  })
  const ms = Math.round(performance.now() - started)
  const nothing = { project: slug, stars: 0, passed: 0, checks: 0, failed: [], ms }
  const said = stderr.trim().split('\n').at(-1) ?? ''
  if (exitCode === USAGE_STATUS)
    return {
      ...nothing,
      status: 'unusable',
      note: said.replace(path.relative(process.cwd(), folder), `my/${slug}`).replaceAll(folder, `my/${slug}`),
    }
  if (!fs.existsSync(report))
    return {
      ...nothing,
      status: 'error',
      note: timedOut ? `It was not graded within ${LIMIT_MINUTES} minutes.` : `The grader ended with status ${exitCode}: ${said}`,
    }
  return summary(JSON.parse(fs.readFileSync(report, 'utf8')), ms)
}

/** What Git was told to fetch with is not for those who grade. */
const withoutCredentials = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^GIT_|TOKEN|PASSWORD|CREDENTIAL/.test(name)))

function summary(report: Report, ms: number): Graded {
  const checks = allChecks(report)
  const stopped = report.tiers.find(({ verdict }) => verdict === 'fail' || verdict === 'error')
  const failed = (stopped?.checks ?? []).filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
  return {
    project: report.project,
    status: report.verdict === 'error' ? 'error' : 'graded',
    stars: report.stars,
    passed: checks.filter(({ verdict }) => verdict === 'pass').length,
    checks: checks.length,
    ...(stopped && { stoppedAt: stopped.tier }),
    failed: failed.slice(0, FIRST_FAILURES).map(({ id, title, message = '' }) => ({ id, title, message })),
    ...(report.verdict === 'error' && { note: 'A check itself failed; see its report.' }),
    ms,
  }
}
