import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import pc from 'picocolors'
import { render } from '../authoring/templates.ts'
import { Unusable } from '../engine/failure.ts'
import { loadProject, type Project, places, ROOT, resolveSlug } from '../engine/projects.ts'
import { gradeSubmission } from '../programs/grade-submission.ts'
import { sourceSize } from '../programs/sources.ts'
import { chooseSubmission, folderSubmission, type Submission } from '../programs/submission.ts'
import { leave, makeFolder } from '../programs/workroom.ts'
import { compare, comparisonPage, comparisonText, type Side } from '../reports/comparison.ts'
import { readArguments, seedFrom } from './arguments.ts'
import { endOnSignals } from './signals.ts'

export const HELP = `npm run compare PROJECT -- [options]

Your work and the reference side by side: verdicts, time, memory, figures, and size of the code, with the same inputs for both.

  --dir SIDE    instead of your work; a folder, or @COMMIT for your work as it was then
  --with SIDE   instead of the reference
  --seed S      the seed of all inputs
  --json        print one object to standard output
  --html FILE   write a page

Exit status: 0 compared, 2 the call or a folder is not usable.`

const OPTIONS = {
  dir: { type: 'string' },
  with: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
  html: { type: 'string' },
} as const

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, { help: HELP })
  const [name] = positionals
  if (name === undefined) throw new Unusable('Name a project, as in `npm run compare cat`.')
  const project = loadProject(resolveSlug(name))
  const seed = seedFrom(values.seed)
  endOnSignals()
  try {
    const one = sideOf(project, values.dir) ?? chooseSubmission(project.slug, {})
    const other = sideOf(project, values.with) ?? chooseSubmission(project.slug, { solution: true })
    const names = [values.dir ?? 'your work', values.with ?? 'the reference']
    const sides = []
    for (const [n, submission] of [one, other].entries()) sides.push(await measure(project, submission, names[n] as string, seed))
    const comparison = compare(sides[0] as Side, sides[1] as Side)
    if (values.html)
      fs.writeFileSync(
        values.html,
        render(path.join(ROOT, 'templates/compare.html.hbs'), comparisonPage(comparison), { escaped: true }),
      )
    if (values.json) console.log(JSON.stringify(comparison, null, 2))
    else {
      const colors = pc.createColors(pc.isColorSupported && Boolean(process.stdout.isTTY))
      console.log(comparisonText(comparison, { colors, columns: process.stdout.columns ?? 100, failures: 0, lines: 0 }))
    }
    return 0
  } finally {
    await leave()
  }
}

/** One after the other, so that neither is measured while the other one works. */
async function measure(project: Project, submission: Submission, name: string, seed: string): Promise<Side> {
  let cpu = 0
  let peakMemory = 0
  const report = await gradeSubmission(project, submission, {
    seed,
    allTiers: true,
    onRun: (exit) => {
      cpu += exit.cpu
      peakMemory = Math.max(peakMemory, exit.peakMemory)
    },
  })
  return { name, report, cpu, peakMemory, ...sourceSize(submission.folder as string) }
}

function sideOf({ slug }: Project, side: string | undefined): Submission | undefined {
  if (side === undefined) return undefined
  if (!side.startsWith('@')) return folderSubmission('folder', path.resolve(side))
  const folder = makeFolder('commit')
  const work = path.relative(ROOT, places.mine(slug))
  try {
    const archive = execFileSync('git', ['archive', '--format=tar', side.slice(1), work], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1024 ** 3,
    })
    execFileSync('tar', ['-x', '-C', folder], { input: archive })
  } catch {
    throw new Unusable(`Git knows no ${work} in the commit "${side.slice(1)}".`)
  }
  return folderSubmission('folder', path.join(folder, work))
}
