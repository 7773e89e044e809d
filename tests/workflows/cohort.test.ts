import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bubblewrap } from '../../grader/programs/containment.ts'
import { Clone } from '../clone.ts'
import { KINDS, makeClass } from '../cohort/class.ts'
import { commandsIn, type Outcome, Runner, readWorkflow } from './runner.ts'

let clone: Clone
let folder: string

beforeAll(async () => {
  clone = await Clone.make()
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'workflow-')))
  const roster = await makeClass(folder, KINDS.length)
  clone.write('roster.csv', fs.readFileSync(roster, 'utf8').replaceAll('./', `${folder}/`))
  await clone.commit('roster')
  await clone.publish(path.join(folder, 'remote.git'))
})

afterAll(() => {
  clone.remove()
  fs.rmSync(folder, { recursive: true, force: true })
})

async function dispatch(inputs: Record<string, string>): Promise<{ own: string; outcomes: Outcome[] }> {
  const own = fs.mkdtempSync(path.join(folder, 'run-'))
  const sha = await clone.git('rev-parse', 'HEAD')
  const runner = new Runner(path.join(folder, 'remote.git'), own, { sha, inputs, secrets: { COHORT_TOKEN: 'very-secret' } })
  return { own, outcomes: await runner.run(readWorkflow('cohort.yml')) }
}

describe.skipIf(!bubblewrap())('the workflow cohort', () => {
  const INPUTS = { roster: 'roster.csv', projects: 'cat tee', deadline: '', seed: '' }

  it('spreads a roster over jobs, and makes one gradebook', { timeout: 120_000 }, async () => {
    const { own, outcomes } = await dispatch({ ...INPUTS, shards: '2' })
    expect(outcomes.map(({ job, result }) => [job, result])).toEqual([
      ['plan', 'success'],
      ['shard', 'success'],
      ['shard', 'success'],
      ['merge', 'success'],
    ])
    const gradebook = fs.readFileSync(path.join(own, 'artifacts/gradebook/gradebook.csv'), 'utf8')
    const rows: Record<string, string>[] = parse(gradebook, { columns: true })
    expect(rows.map(({ stars }) => stars)).toEqual(KINDS.map(({ stars }) => (stars === undefined ? '' : String(stars))))
    expect(outcomes.at(-1)?.summary).toContain(`${KINDS.length} rows`)
    expect(outcomes.flatMap(({ log }) => commandsIn(log))).toEqual([])
    expect(fs.readdirSync(path.join(own, 'artifacts/shard-0')).sort()).not.toContain('work')
    expect(outcomes.map(({ log }) => log).join()).not.toContain('very-secret')
  })

  it('says when a matrix can not have so many jobs', async () => {
    const { outcomes } = await dispatch({ ...INPUTS, shards: '257' })
    expect(outcomes.map(({ job, result }) => [job, result])).toEqual([
      ['plan', 'failure'],
      ['shard', 'skipped'],
      ['merge', 'skipped'],
    ])
    expect(outcomes[0]?.log).toContain('1 to 256 jobs')
  })
})
