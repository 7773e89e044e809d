import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bubblewrap } from '../../grader/programs/containment.ts'
import type { Progress } from '../../grader/reports/progress.ts'
import { Clone } from '../clone.ts'
import { GALLERY, type Hostile, layOut, processesWith } from '../gallery/gallery.ts'
import { commandsIn, Runner, readWorkflow } from './runner.ts'

const CAT = 'stage1-io/cat'
const TEE = 'stage1-io/tee'

let clone: Clone
let folder: string
let remote: string

beforeAll(async () => {
  clone = await Clone.make()
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'workflow-'))
  remote = path.join(folder, 'remote.git')
  await clone.publish(remote)
})

afterAll(() => {
  clone.remove()
  fs.rmSync(folder, { recursive: true, force: true })
})

/** Commits what is in my/, pushes it, and runs the workflow as GitHub would. */
async function push(programs: Record<string, string>) {
  for (const [slug, body] of Object.entries(programs)) clone.write(`my/${slug}/run.sh`, `#!/bin/sh\n${body}\n`, 0o755)
  const before = await clone.git('rev-parse', 'HEAD')
  await clone.commit('work')
  await clone.git('push', '--quiet', 'origin', 'main')
  const sha = await clone.git('rev-parse', 'HEAD')
  const own = fs.mkdtempSync(path.join(folder, 'run-'))
  const outcomes = await new Runner(remote, own, { before, sha }).run(readWorkflow('grade.yml'))
  const shown = async (name: string) => (await execa('git', ['show', `progress:${name}`], { cwd: remote })).stdout
  return { sha, own, outcomes, shown, progress: JSON.parse(await shown('progress.json')) as Progress }
}

describe.skipIf(!bubblewrap())('a push', () => {
  const FORGER = 'printf "::error::forged\\n  ::warning::forged\\n##[error]forged\\n" >&2; exec tee "$@"'

  it('is graded project by project, tier by tier, and recorded', async () => {
    const { sha, outcomes, shown, progress } = await push({ [CAT]: 'exec cat "$@"', [TEE]: `${FORGER} | head -c 3` })
    const of = (job: string) => outcomes.filter((outcome) => outcome.job === job)
    expect(of('grade').map(({ result }) => result)).toEqual(['success', 'failure'])
    const [good, bad] = of('grade')
    expect(good?.summary).toContain('★★★★')
    expect(bad?.summary).toContain('☆☆☆☆')
    expect(commandsIn(good?.log ?? '')).toEqual([])
    for (const command of commandsIn(bad?.log ?? '')) expect(command).toMatch(/^::error file=my\/stage1-io\/tee\/run\.sh,title=/)
    expect(commandsIn(bad?.log ?? '')).not.toEqual([])
    expect(progress.projects[CAT]).toMatchObject({ stars: 4, earned: { commit: sha }, latest: { commit: sha, seed: sha } })
    expect(progress.projects[TEE]).toMatchObject({ stars: 0, latest: { commit: sha } })
    expect(await shown('README.md')).toContain('| ★★★★ |')
    expect(await shown(`badges/${CAT}.svg`)).toContain('4 of 4 stars')
    expect(await shown('badges/overall.svg')).toContain('overall: 4 of ')
  })

  it('that breaks what was finished takes no star, and is named', async () => {
    const { sha, outcomes, shown, progress } = await push({ [CAT]: 'exec head -c 10 "$@"' })
    expect(outcomes.filter(({ job }) => job === 'grade').length).toBe(1)
    expect(progress.projects[CAT]).toMatchObject({ stars: 4, broken: { commit: sha } })
    expect(progress.projects[TEE]).toMatchObject({ stars: 0 })
    expect(await shown('README.md')).toContain(`broken since ${sha.slice(0, 7)}`)
    await clone.git('fetch', '--quiet', 'origin', 'progress:refs/remotes/origin/progress')
    const { stdout } = await clone.run(['status'])
    expect(stdout).toMatch(/cat +★★★★ +broken since/)
  })
})

/** Attacks that aim at others, each as the work on another project. */
const ATTACKS = [
  'report forged on standard output',
  'daemon in a session of its own',
  'writes into the repository',
  'follows a link out of its folder',
  'runs the reference',
  'build.sh that steals the reference',
]

describe.skipIf(!bubblewrap())('a push of attacks', () => {
  it('earns nothing, and changes nothing but its own standing', { timeout: 120_000 }, async () => {
    const slugs = ['wc', 'head', 'tail', 'sort', 'uniq', 'find'].map((name) => `stage1-io/${name}`)
    for (const [n, name] of ATTACKS.entries()) {
      const hostile = GALLERY.find((attack) => attack.name === name) as Hostile
      layOut(hostile, path.join(clone.dir, 'my', slugs[n] as string), `92000${n}`, clone.dir)
    }
    const { outcomes, progress, own } = await push({})
    const jobs = outcomes.filter(({ job }) => job === 'grade')
    expect(jobs.map(({ result }) => result)).toEqual(slugs.map(() => 'failure'))
    for (const { log } of jobs) for (const command of commandsIn(log)) expect(command).toMatch(/^::error file=my\/stage1-io\//)
    expect(slugs.map((slug) => progress.projects[slug]?.stars)).toEqual(slugs.map(() => 0))
    expect(progress.projects[CAT]).toMatchObject({ stars: 4 })
    expect(ATTACKS.flatMap((_, n) => processesWith(`92000${n}`))).toEqual([])
    for (const name of fs.readdirSync(own).filter((entry) => /^checkout-\d+$/.test(entry))) {
      const { stdout } = await execa('git', ['status', '--porcelain', '--', '.', ':!node_modules'], { cwd: path.join(own, name) })
      expect(stdout, name).toBe('')
    }
    expect(await clone.changes()).toBe('')
  })
})

describe('the workflow grade', () => {
  it('gives no permission and no credentials to the job that runs the learner', () => {
    const { jobs, permissions } = readWorkflow('grade.yml')
    expect(permissions).toEqual({})
    expect(jobs.grade?.permissions).toEqual({ contents: 'read' })
    const checkouts = ['plan', 'grade'].flatMap(
      (job) => jobs[job]?.steps.filter(({ uses }) => uses?.startsWith('actions/checkout')) ?? [],
    )
    expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual([false, false])
  })

  it('runs nothing of the learner where something may be written', () => {
    const { jobs } = readWorkflow('grade.yml')
    const writers = Object.entries(jobs).filter(([, { permissions }]) => Object.values(permissions ?? {}).includes('write'))
    expect(writers.map(([name]) => name)).toEqual(['record'])
    expect(writers[0]?.[1].steps.map(({ run }) => run).filter(Boolean)).toEqual([
      'npm ci --ignore-scripts',
      '.github/scripts/record',
    ])
  })
})
