import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { listSlugs, ROOT } from '../engine/projects.ts'
import type { Report } from '../engine/report.ts'
import type { Account } from '../programs/account.ts'
import { readArguments } from './arguments.ts'

export const HELP = `npm run bench

Measures the grader itself, each figure as a ratio within this one run:
its own time on stage1/wc against the bare start of a TypeScript program, and all references together.`

const ROUNDS = 7

export async function run(args: string[]): Promise<number> {
  readArguments(args, {}, { operands: 0, help: HELP })
  await ownTime()
  await allReferences()
  return 0
}

/** The grader's own time: from start to end, less the time in which a submission was running. */
async function ownTime(): Promise<void> {
  const empty = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'bench-')), 'empty.ts')
  fs.writeFileSync(empty, '')
  await runNode(['--version'])
  const yardsticks: number[] = []
  const own: number[] = []
  for (let n = 0; n < ROUNDS; n++) {
    yardsticks.push(await timed(() => runNode(['--import', 'tsx', empty])))
    const account = `${empty}.account`
    const total = await timed(() =>
      runNode(['grader/main.js', 'grade', 'stage1/wc', '--command', 'wc'], { GRADE_ACCOUNT: account }),
    )
    own.push(total - readAccount(account).busy)
  }
  fs.rmSync(path.dirname(empty), { recursive: true })
  const [yardstick, grader] = [median(yardsticks), median(own)]
  console.log(
    `grade stage1/wc --command wc: the grader's own time is ${(grader / yardstick).toFixed(2)} × that of \`node --import tsx\` on an empty file`,
  )
  console.log(
    `  (median of ${ROUNDS}: ${grader.toFixed(0)} ms against ${yardstick.toFixed(0)} ms in this run; wanted: at most 2 ×)`,
  )
}

/** Each reference alone, then all in one process: neither time nor memory may grow with the number of projects beyond their sum. */
async function allReferences(): Promise<void> {
  const memory: number[] = []
  let sum = 0
  for (const slug of listSlugs()) {
    const report = path.join(os.tmpdir(), `bench-${process.pid}.json`)
    const { maxRss } = await gradeReferences([slug], report)
    sum += (JSON.parse(fs.readFileSync(report, 'utf8')) as Report).ms
    memory.push(maxRss)
    fs.rmSync(report)
  }
  const all = await gradeReferences(['--every'])
  console.log(
    `all ${memory.length} references, all tiers: ${(all.ms / 1000).toFixed(1)} s, ${(all.ms / sum).toFixed(2)} × the sum of each alone (wanted: at most 60 s on two cores)`,
  )
  console.log(`  peak memory of the grader: ${(all.maxRss / Math.max(...memory)).toFixed(2)} × that of the largest project alone`)
}

async function gradeReferences(which: string[], report?: string): Promise<{ ms: number; maxRss: number }> {
  const account = path.join(os.tmpdir(), `bench-${process.pid}.account`)
  const words = ['grader/main.js', 'grade', ...which, '--solution', ...(report ? ['--report', `json:${report}`] : [])]
  const ms = await timed(() => runNode(words, { GRADE_ACCOUNT: account }))
  const { memory } = readAccount(account)
  fs.rmSync(account)
  return { ms, maxRss: memory }
}

const readAccount = (file: string): Account => JSON.parse(fs.readFileSync(file, 'utf8'))

async function runNode(words: string[], env: Record<string, string> = {}): Promise<void> {
  const { execa } = await import('execa')
  await execa('node', words, { cwd: ROOT, env })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
