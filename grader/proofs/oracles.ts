import { spawnSync } from 'node:child_process'
import type { Oracle } from '../engine/projects.ts'
import { allChecks } from '../engine/report.ts'
import { gradeSubmission } from '../programs/grade-submission.ts'
import { chooseSubmission } from '../programs/submission.ts'
import type { Proof, ProofContext } from './proof.ts'

export interface OracleFigures {
  name: string
  version: string
  passed: number
  failed: string[]
  excused: { id: string; why: string }[]
  missing?: string
}

/** How the reason begins for a check that an oracle fails with some seeds only. */
const NOT_ALWAYS = 'now and then '

/** The real tools pass all but what they are excused from, and are excused from nothing that they pass. */
export async function proveOracles(context: ProofContext): Promise<Proof<OracleFigures[]>> {
  const problems: string[] = []
  const figures: OracleFigures[] = []
  const { oracles } = context.project.manifest
  for (const [index, oracle] of oracles.entries()) {
    const figure = await consult(context, oracle)
    figures.push(figure)
    problems.push(...figure.failed.map((id) => `oracle ${oracle.name} fails ${id}`))
    if (!figure.missing) {
      const known = Object.keys(oracle.excused).filter(
        (id) => !figure.excused.some((excuse) => excuse.id === id) && !oracle.excused[id]?.startsWith(NOT_ALWAYS),
      )
      problems.push(...known.map((id) => `oracle ${oracle.name} is excused from ${id}, but does not fail it`))
    }
    context.onStep(index + 1, oracles.length, `oracle ${oracle.name}`)
  }
  return { problems, figures }
}

async function consult({ project, seed }: ProofContext, oracle: Oracle): Promise<OracleFigures> {
  const version = versionOf(oracle)
  if (version === undefined) {
    return { name: oracle.name, version: '', passed: 0, failed: [], excused: [], missing: `Debian package ${oracle.package}` }
  }
  const report = await gradeSubmission(project, chooseSubmission(project.slug, { command: oracle.command }), {
    seed,
    allTiers: true,
  })
  const checks = allChecks(report)
  const failed = checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'error').map(({ id }) => id)
  return {
    name: oracle.name,
    version,
    passed: checks.filter(({ verdict }) => verdict === 'pass').length,
    failed: failed.filter((id) => !(id in oracle.excused)),
    excused: failed.flatMap((id) => (oracle.excused[id] ? [{ id, why: oracle.excused[id] }] : [])),
  }
}

/** What it says of itself; undefined where it is not installed. (The command that is graded may be an adapter, which always is.) */
function versionOf({ version }: Oracle): string | undefined {
  const [program = '', ...args] = version.split(' ')
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', timeout: 5000 })
  return status === 0 ? `${stdout}${stderr}`.split('\n')[0] : undefined
}
