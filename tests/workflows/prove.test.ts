import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listSlugs, ROOT } from '../../grader/engine/projects.ts'
import { Clone } from '../clone.ts'
import { Runner, readWorkflow } from './runner.ts'

let clone: Clone
let folder: string

/** A course of one project, as an author begins it. */
beforeAll(async () => {
  clone = await Clone.make()
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'workflow-')))
  for (const slug of listSlugs())
    for (const place of ['stages', 'solutions', 'grader/hidden-tests'])
      for (const name of [slug, `${slug}.ts`]) fs.rmSync(path.join(clone.dir, place, name), { recursive: true, force: true })
  await clone.run(['new', 'stage9-games/pong'])
  await clone.commit('one project')
  await clone.publish(path.join(folder, 'remote.git'))
})

afterAll(() => {
  clone.remove()
  fs.rmSync(folder, { recursive: true, force: true })
})

describe('the workflow prove', () => {
  it('proves all that there is, every week, in shards', { timeout: 240_000 }, async () => {
    const runner = new Runner(path.join(folder, 'remote.git'), folder, {
      event: 'schedule',
      sha: await clone.git('rev-parse', 'HEAD'),
      // Without most compilers: to build the starters in all languages, with caches that are cold, is what takes longest.
      env: { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` },
    })
    const workflow = readWorkflow('prove.yml')
    const matrix = workflow.jobs.everything?.strategy?.matrix ?? {}
    expect(matrix.shard).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    matrix.shard = [1, 8]
    const outcomes = await runner.run(workflow, ['changed', 'everything'])
    const shards = outcomes.filter(({ job }) => job === 'everything')
    expect(outcomes[0]).toMatchObject({ job: 'changed', result: 'skipped' })
    expect(
      shards.map(({ result }) => result),
      shards[0]?.log,
    ).toEqual(['success', 'success'])
    const proofs = matrix.shard.map((n) =>
      JSON.parse(fs.readFileSync(path.join(folder, `artifacts/proof-${n}/proof.json`), 'utf8')),
    )
    const schema = JSON.parse(fs.readFileSync(path.join(ROOT, 'grader/reports/report.schema.json'), 'utf8'))
    const valid = new Ajv({ allErrors: true }).compile(schema)
    for (const proof of proofs) expect(valid(proof), JSON.stringify(valid.errors)).toBe(true)
    const [project, ...others] = proofs.flatMap(({ projects }) => projects)
    expect(others).toEqual([])
    expect(project).toMatchObject({ project: 'stage9-games/pong', checks: 4, covered: 4, impostors: 4, caught: 4 })
    expect(project.score).toBeGreaterThanOrEqual(80)
  })

  it('runs all tests on every version of Node that the course is for', () => {
    const { jobs } = readWorkflow('prove.yml')
    expect(jobs.node?.strategy?.matrix.node).toEqual(['20.19', '22', '24', '26'])
    expect(jobs.node?.steps.at(-1)?.run).toBe('npm test')
  })
})
