import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Project, places } from '../engine/projects.ts'
import { TIERS } from '../engine/report.ts'
import { gradeSubmission } from '../programs/grade-submission.ts'
import { chooseSubmission, folderSubmission } from '../programs/submission.ts'
import { inLanes, type Proof, type ProofContext } from './proof.ts'

/** The reference passes all tiers with each of several seeds. */
export async function proveReference(
  { project, seed, onStep, outOfTime }: ProofContext,
  runs: number,
  { lanes = 1, secondTry = true } = {},
): Promise<Proof<{ seeds: number }>> {
  let seeds = 0
  const problems = await inLanes(
    Array.from({ length: runs }, (_, n) => `${seed}.${n}`),
    lanes,
    async (seed) => {
      const problems = await referenceProblems(project, seed, { secondTry })
      onStep(++seeds, runs, `reference, seed ${seed}`)
      return problems
    },
    () => seeds > 0 && outOfTime(),
  )
  return { problems: problems.flat(), figures: { seeds } }
}

/**
 * What the reference fails, up to a tier. What only figures can tell is tried once more before it counts, and that is said: a busy machine can make
 * anything look slow. (The proof of stability gives no second try.)
 */
export async function referenceProblems(
  project: Project,
  seed: string,
  { upTo = TIERS.length as number, secondTry = true } = {},
): Promise<string[]> {
  const failures = async (only: { seed: string; only?: string[] }) => {
    const submission = chooseSubmission(project.slug, { solution: true })
    const report = await gradeSubmission(project, submission, { allTiers: true, upTo, ...only })
    const checks = report.tiers.flatMap(({ tier, checks }) => checks.map((check) => ({ ...check, tier })))
    return checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
  }
  const bad = await failures({ seed })
  const figures = secondTry ? bad.filter(({ tier }) => tier === 'flies').map(({ id }) => id) : []
  const again = figures.length > 0 ? await failures({ seed, only: figures }) : []
  for (const { id, message } of bad)
    if (figures.includes(id) && !again.some((other) => other.id === id))
      console.error(`the reference of ${project.slug} passed ${id} at the second try only: ${message}`)
  const final = [...bad.filter(({ id }) => !figures.includes(id)), ...again]
  return final.map(({ id, message }) => `the reference fails ${id} with seed ${seed}: ${message}`)
}

interface Clueless {
  body: string
  patience: number
}

/** Programs without any idea of the task. */
const CLUELESS: Record<string, Clueless> = {
  'does nothing': { body: 'exit 0', patience: 0.2 },
  // It does not get any further if it is given more time.
  'only sleeps': { body: 'exec sleep 1000', patience: 0.02 },
  'echoes its input': { body: 'exec cat', patience: 0.2 },
}

const DEAF_SERVER = `require('net').createServer((socket) => socket.on('error', () => {}).end()).listen(process.argv[process.argv.indexOf('--port') + 1], '127.0.0.1')`

/** Those that know how a program of the interface is talked to, and nothing else. */
const CLUELESS_OF: Partial<Record<Project['manifest']['interface'], Record<string, Clueless>>> = {
  session: { 'says ok to everything': { body: 'while read -r line; do echo ok; done', patience: 0.5 } },
  server: { 'accepts and closes': { body: `exec node -e "${DEAF_SERVER}" -- "$@"`, patience: 0.2 } },
  cluster: { 'accepts and closes': { body: `exec node -e "${DEAF_SERVER}" -- "$@"`, patience: 0.1 } },
}

/** Programs that do nothing, sleep, echo, or say always the same pass no check of tiers 2 to 4. */
export async function proveClueless({ project, seed, onStep }: ProofContext): Promise<Proof> {
  const all = Object.entries({ ...CLUELESS, ...CLUELESS_OF[project.manifest.interface] })
  let done = 0
  // They spend their time waiting: all at once.
  const problems = await inLanes(all, all.length, async ([name, { body, patience }]) => {
    const folder = path.join(places.state(), 'clueless', project.slug, name.replaceAll(' ', '-'))
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(path.join(folder, 'run.sh'), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
    const report = await gradeSubmission(project, folderSubmission('folder', folder), {
      seed,
      allTiers: true,
      patience,
    })
    const later = report.tiers.filter(({ tier }) => tier !== TIERS[0]).flatMap(({ checks }) => checks)
    onStep(++done, all.length, `a program that ${name}`)
    return later.flatMap(({ id, verdict, message }) => {
      if (verdict === 'error') return [`with a program that ${name}, ${id} is at fault itself: ${message}`]
      return verdict === 'pass' ? [`a program that ${name} passes ${id}`] : []
    })
  })
  return { problems: problems.flat(), figures: {} }
}

const RUNS = 20
/** They are a load for each other, of the uneven kind. */
const RUNS_AT_A_TIME = 2
const BUSY = 'for (;;) {}'

/** With every core kept busy, the reference passes with one seed after the other: not one verdict changes. */
export async function proveStability(context: ProofContext): Promise<Proof<{ seeds: number }>> {
  const load = Array.from({ length: os.availableParallelism() }, () => spawn(process.execPath, ['-e', BUSY], { stdio: 'ignore' }))
  const endLoad = () => {
    for (const child of load) child.kill('SIGKILL')
  }
  process.once('exit', endLoad)
  try {
    return await proveReference({ ...context, seed: `${context.seed}.stability` }, RUNS, {
      lanes: RUNS_AT_A_TIME,
      secondTry: false,
    })
  } finally {
    process.off('exit', endLoad)
    endLoad()
  }
}
