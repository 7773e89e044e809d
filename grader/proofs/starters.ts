import fs from 'node:fs'
import path from 'node:path'
import { isInstalled, languagesOf, renderStarter } from '../authoring/starters.ts'
import { writeRendered } from '../authoring/templates.ts'
import { places } from '../engine/projects.ts'
import { allChecks, type CheckReport } from '../engine/report.ts'
import { BUILD_CHECK, gradeSubmission } from '../programs/grade-submission.ts'
import { folderSubmission } from '../programs/submission.ts'
import type { Proof, ProofContext } from './proof.ts'

export interface StarterFigures {
  language: string
  verdict: 'kind' | 'unkind' | 'missing'
  why?: string
}

const PROMISE = 'not written yet'

/** In every language that this machine has: the starter builds, runs, and fails its first check with a message that says what to do. */
export async function proveStarters({ project, seed, onStep }: ProofContext): Promise<Proof<StarterFigures[]>> {
  const figures: StarterFigures[] = []
  const all = languagesOf(project)
  for (const [index, language] of all.entries()) {
    if (!isInstalled(language)) {
      figures.push({ language: language.id, verdict: 'missing', why: `no ${language.needs} on this machine` })
      continue
    }
    // One folder for all projects: compilers find their caches again.
    const folder = path.join(places.state(), 'starters', language.id)
    fs.mkdirSync(folder, { recursive: true })
    writeRendered(folder, await renderStarter(project, language.id))
    const report = await gradeSubmission(project, folderSubmission('folder', folder), { seed, upTo: 1 })
    const why = unkindness(allChecks(report))
    figures.push(why ? { language: language.id, verdict: 'unkind', why } : { language: language.id, verdict: 'kind' })
    onStep(index + 1, all.length, `starter in ${language.name}`)
  }
  const problems = figures
    .filter(({ verdict }) => verdict === 'unkind')
    .map(({ language, why }) => `starter in ${language}: ${why}`)
  return { problems, figures }
}

/** Why the first failure would not help a learner, or undefined. */
function unkindness(checks: CheckReport[]): string | undefined {
  const [first] = checks.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip')
  if (!first) return 'it passes the first tier, with nothing written'
  if (first.id === BUILD_CHECK) return `it does not build: ${first.message} ${first.actual}`
  if (first.verdict === 'error') return `${first.id} is at fault itself: ${first.message}`
  const told = [first.message, first.actual, ...(first.transcript ?? [])].join('\n')
  if (!told.includes(PROMISE)) return `its own words do not reach the learner: ${told}`
  return first.hint ? undefined : `${first.id} gives no hint`
}
