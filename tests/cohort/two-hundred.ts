/**
 * The figures of a large cohort, as ratios from one run: `npm run bench-cohort [COUNT]`. Makes a class of so many students (200), grades it in one
 * go, in four shards, and killed half way and resumed; says whether the gradebooks are equal, and the time for each submission as a ratio to one `grade` alone.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { ROOT } from '../../grader/engine/projects.ts'
import { makeClass } from './class.ts'

const count = Number(process.argv[2] ?? 200)
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'two-hundred-'))
const out = (name: string) => path.join(folder, name)
const gradebook = (name: string) => fs.readFileSync(path.join(out(name), 'gradebook.csv'), 'utf8')
const COMMON = ['--seed', 'figures', '--project', 'cat']

/** Runs a command of the course. @returns seconds, and the most memory that one of its processes had, in MiB. */
async function timed(...args: string[]): Promise<{ seconds: number; peak: number }> {
  const { stderr } = await execa('/usr/bin/env', ['time', '-f', '%e %M', 'node', 'grader/main.js', ...args], {
    cwd: ROOT,
    reject: false,
  })
  const [seconds = 0, kib = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return { seconds, peak: Math.round(kib / 1024) }
}

const roster = await makeClass(folder, count)
const good = path.join(folder, 'good-1', 'my/stage1-io/cat')
const alone = await timed('grade', 'cat', '--dir', good, '--sandbox', '--seed', 'figures')
const whole = await timed('cohort', roster, '--out', out('whole'), ...COMMON)
const few = await timed('cohort', await makeClass(fs.mkdtempSync(out('few-')), 8), '--out', out('eight'), ...COMMON)
const rows = gradebook('whole').trim().split('\n').length - 1
console.log(`${rows} of ${count} rows.`)
console.log(`Time for each submission: ${(whole.seconds / count / alone.seconds).toFixed(2)} of one grade alone.`)
console.log(`Memory of the cohort's own process: ${(whole.peak / few.peak).toFixed(2)} of that with 8 rows.`)

const call = ['grader/main.js', 'cohort', roster, '--out', out('killed'), ...COMMON]
const killed = execa('node', call, { cwd: ROOT, reject: false })
let shown = 0
for await (const _ of killed.iterable({ from: 'stderr' })) if (++shown === Math.floor(count / 2)) killed.kill('SIGKILL')
await killed
const rest = await timed(...call.slice(1))
console.log(
  `Killed half way and resumed: ${gradebook('killed') === gradebook('whole') ? 'the same' : 'ANOTHER'} gradebook; the second half took ${(rest.seconds / whole.seconds).toFixed(2)} of the whole.`,
)

for (const n of [1, 2, 3, 4]) await timed('cohort', roster, '--out', out(`shard-${n}`), ...COMMON, '--shard', `${n}/4`)
await timed('cohort', 'merge', ...[1, 2, 3, 4].map((n) => out(`shard-${n}`)), '--out', out('merged'))
console.log(`Four shards merged: ${gradebook('merged') === gradebook('whole') ? 'the same' : 'ANOTHER'} gradebook.`)
fs.rmSync(folder, { recursive: true, force: true })
