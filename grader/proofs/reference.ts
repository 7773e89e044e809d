import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Project, places } from '../engine/projects.ts'
import { allChecks, TIERS } from '../engine/report.ts'
import { gradeSubmission } from '../programs/grade-submission.ts'
import { chooseSubmission, folderSubmission } from '../programs/submission.ts'
import { inLanes, type Proof, type ProofContext } from './proof.ts'

/** The reference passes all tiers with each of several seeds. */
export async function proveReference({ project, seed, onStep }: ProofContext, runs: number): Promise<Proof<{ seeds: number }>> {
  const problems: string[] = []
  for (let n = 0; n < runs; n++) {
    const own = `${seed}.${n}`
    const report = await gradeSubmission(project, chooseSubmission(project.slug, { solution: true }), {
      seed: own,
      allTiers: true,
    })
    const bad = allChecks(report).filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
    problems.push(...bad.map(({ id, message }) => `the reference fails ${id} with seed ${own}: ${message}`))
    onStep(n + 1, runs, `reference, seed ${own}`)
  }
  return { problems, figures: { seeds: runs } }
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
const BUSY = 'for (;;) {}'

/** With every core kept busy, the reference passes with one seed after the other: not one verdict changes. */
export async function proveStability(context: ProofContext): Promise<Proof<{ seeds: number }>> {
  const load = Array.from({ length: os.availableParallelism() }, () => spawn(process.execPath, ['-e', BUSY], { stdio: 'ignore' }))
  const endLoad = () => {
    for (const child of load) child.kill('SIGKILL')
  }
  process.once('exit', endLoad)
  try {
    return await proveReference({ ...context, seed: `${context.seed}.stability` }, RUNS)
  } finally {
    process.off('exit', endLoad)
    endLoad()
  }
}
