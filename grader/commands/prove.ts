import pc from 'picocolors'
import { Unusable } from '../engine/failure.ts'
import { loadProject, loadProjects, type Project, resolveSlug } from '../engine/projects.ts'
import { randomFrom } from '../engine/random.ts'
import { leave } from '../programs/workroom.ts'
import { PARTS, type PartName, type ProjectProof, proveProject, USUAL_PARTS } from '../proofs/prove-project.ts'
import { basis, ProofRecord } from '../proofs/record.ts'
import { readArguments, seedFrom, shardOf, wholeNumber } from './arguments.ts'
import { changedFiles } from './choose.ts'
import { endOnSignals } from './signals.ts'

export const HELP = `npm run prove [project …] -- [options]

Proves that the graders are right: references pass, real tools pass, known-bad programs are caught. Without a project, all of them.

  --part PART      only this proof; may be given several times: ${PARTS.join(', ')}.
                   stability (20 seeds with all cores busy) is made only when it is asked for
  --impostor ID    only this impostor, or those of this check
  --seeds N        each impostor must be caught with N seeds in a row (default: 1)
  --survivors      of the mutants, only those that survived the last time
  --mutants N      only N of the mutants, drawn by the seed
  --json           print one object to standard output
  --seed S         the seed of all random inputs
  --shard I/N      only every Nth project, from the Ith on
  --resume         pass over projects whose proof succeeded since they last changed
  --minutes N      begin nothing more after N minutes, and name what is left; the order of the projects is drawn by the seed
  --changed BASE   only projects that differ from a commit; all, if the grader does

Exit status: 0 proven, 1 something is not as it must be, 2 the call is not usable.`

const OPTIONS = {
  part: { type: 'string', multiple: true },
  impostor: { type: 'string', multiple: true },
  seeds: { type: 'string' },
  survivors: { type: 'boolean' },
  mutants: { type: 'string' },
  minutes: { type: 'string' },
  json: { type: 'boolean' },
  seed: { type: 'string' },
  shard: { type: 'string' },
  resume: { type: 'boolean' },
  changed: { type: 'string' },
} as const

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, { operands: 999, help: HELP })
  endOnSignals()
  const parts = values.impostor ? (['impostors'] as PartName[]) : checkParts(values.part)
  const sample = values.mutants === undefined ? undefined : wholeNumber('--mutants', values.mutants, 1, 100_000)
  const seeds = values.seeds === undefined ? 1 : wholeNumber('--seeds', values.seeds, 1, 1000)
  const seed = seedFrom(values.seed)
  const named = positionals.map((name) => loadProject(resolveSlug(name)))
  const wanted = named.length > 0 ? named : values.changed === undefined ? loadProjects() : unprovenSince(values.changed)
  const limit = values.minutes === undefined ? undefined : wholeNumber('--minutes', values.minutes, 1, 10_000)
  const chosen = shardOf(wanted, values.shard)
  const projects = limit === undefined ? chosen : randomFrom(seed).shuffle(chosen)
  const outOfTime = () => limit !== undefined && performance.now() > limit * 60_000
  const left: string[] = []
  const record = new ProofRecord({ parts, sample, seeds, impostors: values.impostor })
  const proofs: ProjectProof[] = []
  try {
    for (const project of projects) {
      if (outOfTime()) {
        left.push(project.slug)
        continue
      }
      const onStep = values.json ? () => {} : showStep(project)
      const { impostor: impostors, survivors, resume } = values
      const known = resume ? record.find(project) : undefined
      const proof =
        known ?? (await proveProject(project, { seed, parts, impostors, seeds, survivors, resume, sample, onStep, outOfTime }))
      record.keep(project, proof)
      proofs.push(proof)
      if (!values.json) show(proof, known !== undefined)
    }
  } finally {
    await leave()
  }
  if (left.length > 0) console.error(`Not proven in this run, for lack of time: ${left.join(', ')}`)
  if (values.json) console.log(JSON.stringify({ schema: 1, projects: proofs.map(({ report }) => report) }, null, 2))
  for (const { report, problems } of proofs)
    if (values.json) for (const problem of problems) console.error(`${report.project}: ${problem}`)
  return proofs.some(({ problems }) => problems.length > 0) ? 1 : 0
}

function checkParts(wanted: string[] | undefined): PartName[] {
  const unknown = wanted?.find((part) => !(PARTS as readonly string[]).includes(part))
  if (unknown) throw new Unusable(`--part knows ${PARTS.join(', ')}, not "${unknown}".`)
  return (wanted as PartName[] | undefined) ?? USUAL_PARTS
}

/** Projects whose proof may come out otherwise than at a commit: anything that it rests on has changed. */
function unprovenSince(base: string): Project[] {
  const files = changedFiles(base)
  return loadProjects().filter(({ slug }) => {
    const places = basis(slug)
    return files.some((file) => places.some((place) => file === place || file.startsWith(`${place}/`)))
  })
}

function showStep(project: Project): (part: PartName, done: number, total: number, what: string) => void {
  return (part, done, total, what) => {
    if (process.stderr.isTTY)
      process.stderr.write(
        `\r\x1b[K  ${project.slug}  ${part}  ${done} of ${total}  ${what}`.slice(0, process.stderr.columns ?? 100),
      )
  }
}

function show({ report, problems, parts }: ProjectProof, earlier: boolean): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  const mark = problems.length === 0 ? pc.green('✓') : pc.red('✗')
  console.log(
    `${mark} ${pc.bold(report.project)}  ${parts.join(' · ')}  ${pc.dim(earlier ? 'proven in an earlier run' : `${report.seconds} s`)}`,
  )
  for (const problem of problems) console.log(`    ${pc.red('✗')} ${problem.replaceAll('\n', '\n      ')}`)
}
