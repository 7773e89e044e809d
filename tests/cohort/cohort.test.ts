import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderStarter } from '../../grader/authoring/starters.ts'
import type { Pair } from '../../grader/cohort/likeness.ts'
import type { CohortResults } from '../../grader/cohort/results.ts'
import { loadProject } from '../../grader/engine/projects.ts'
import { bubblewrap } from '../../grader/programs/containment.ts'
import { readCohort } from '../../grader/reports/schemas.ts'
import { Clone } from '../clone.ts'
import { GALLERY, layOut, processesWith } from '../gallery/gallery.ts'
import { KINDS, makeClass, makeRepository, PROJECT, writeRoster } from './class.ts'
import { DISGUISED, WC } from './programs.ts'

let clone: Clone
let folder: string

beforeAll(async () => {
  clone = await Clone.make()
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'cohort-')))
})

afterAll(() => {
  clone.remove()
  fs.rmSync(folder, { recursive: true, force: true })
})

const results = (out: string): CohortResults => readCohort(fs.readFileSync(path.join(out, 'results.json'), 'utf8'), out)
const gradebook = (out: string) => fs.readFileSync(path.join(out, 'gradebook.csv'), 'utf8')
const newFolder = (name: string) => fs.mkdtempSync(path.join(folder, `${name}-`))

describe.skipIf(!bubblewrap())('a cohort', () => {
  const SEED = ['--seed', 'cohort', '--project', 'cat']
  let roster: string
  let out: string

  beforeAll(async () => {
    roster = await makeClass(newFolder('class'), KINDS.length)
    out = newFolder('out')
    const { status, stderr } = await clone.run(['cohort', roster, '--out', out, ...SEED])
    expect(status, stderr).toBe(0)
  }, 120_000)

  it('gives each row what it has earned, and says why where there is nothing', () => {
    const rows: Record<string, string>[] = parse(gradebook(out), { columns: true })
    expect(rows.map(({ id, stars }) => [id, stars])).toEqual(
      KINDS.map(({ kind, stars }, n) => [`${kind}-${n + 1}`, stars === undefined ? '' : String(stars)]),
    )
    const said = Object.fromEntries(rows.map((row) => [row.id?.split('-')[0], `${row.problem} ${row[`${PROJECT} note`]}`.trim()]))
    expect(said).toEqual({
      good: '',
      half: '',
      late: '',
      hostile: '',
      broken: expect.stringContaining('my/stage1-io/cat has no run.sh'),
      idle: 'not begun',
      absent: expect.stringContaining('can not be fetched'),
      overdue: expect.stringContaining('no commit before the deadline'),
    })
    // What a spreadsheet would take for a formula.
    expect(rows[0]?.name).toBe("'=Name, good-1")
  })

  it('comes as Gradescope has it, by its schema, and as a page', () => {
    expect(results(out).rows.length).toBe(KINDS.length)
    const { score, tests, output } = JSON.parse(fs.readFileSync(path.join(out, 'gradescope/good-1.json'), 'utf8'))
    expect([Math.round(score), tests.length]).toEqual([100, 30])
    expect(output).toContain('4 of 4 stars, seed cohort')
    const page = fs.readFileSync(path.join(out, 'index.html'), 'utf8')
    expect(page).toContain('★★★★ 30/30')
    expect(page).toContain('has no commit before the deadline')
  })

  it('that is killed half way goes on, and comes out as four shards that are merged', { timeout: 120_000 }, async () => {
    const quick = [...SEED, '--tier', '1']
    const killed = newFolder('killed')
    const call = ['grader/main.js', 'cohort', roster, '--out', killed, ...quick, '--parallel', '1']
    const first = execa('node', call, { cwd: clone.dir, reject: false, stdin: 'ignore' })
    let shown = 0
    for await (const _ of first.iterable({ from: 'stderr' })) if (++shown === 3) first.kill('SIGKILL')
    await first
    expect(fs.existsSync(path.join(killed, 'gradebook.csv'))).toBe(false)
    const kept = path.join(killed, 'kept/good-1', `${PROJECT}.json`)
    const before = fs.statSync(kept).mtimeMs
    await clone.run(['cohort', roster, '--out', killed, ...quick])
    expect(fs.statSync(kept).mtimeMs).toBe(before)

    const shards = []
    for (const n of [1, 2, 3, 4]) {
      const shard = newFolder('shard')
      await clone.run(['cohort', roster, '--out', shard, ...quick, '--shard', `${n}/4`])
      expect(results(shard).rows.length).toBe(KINDS.length / 4)
      shards.push(shard)
    }
    const merged = newFolder('merged')
    const incomplete = await clone.run(['cohort', 'merge', ...shards.slice(1), '--out', merged])
    expect([incomplete.status, incomplete.stderr]).toEqual([2, expect.stringContaining('is a shard missing?')])
    expect((await clone.run(['cohort', 'merge', ...shards, '--out', merged])).status).toBe(0)
    expect(gradebook(merged)).toBe(gradebook(killed))
    expect(fs.readdirSync(path.join(merged, 'gradescope')).length).toBe(KINDS.length)
  })

  it('is not taken in by links to the reference', { timeout: 120_000 }, async () => {
    const sly = newFolder('sly')
    const at = '2026-09-30T10:00:00Z'
    const solution = path.join(clone.dir, 'solutions', PROJECT)
    await makeRepository(sly, { id: 'whole', commits: [{ at, files: {}, links: { [`my/${PROJECT}`]: solution } }] })
    await makeRepository(sly, {
      id: 'run',
      commits: [{ at, files: {}, links: { [`my/${PROJECT}/run.sh`]: `${solution}/run.sh` } }],
    })
    await makeRepository(sly, { id: 'stage', commits: [{ at, files: {}, links: { 'my/stage1-io': path.dirname(solution) } }] })
    const own = newFolder('out')
    await clone.run(['cohort', writeRoster(sly, ['whole', 'run', 'stage']), '--out', own, ...SEED, '--tier', '1'])
    expect(results(own).rows.map(({ projects }) => projects.map(({ stars, status }) => [stars, status]))).toEqual([
      [[0, 'missing']],
      [[0, 'graded']],
      [[0, 'missing']],
    ])
  })

  it('names those who share too much', { timeout: 120_000 }, async () => {
    const alike = newFolder('alike')
    const at = '2026-09-30T10:00:00Z'
    const run = '#!/bin/sh\nexec python3 "$(dirname "$0")/main.py" "$@"\n'
    const starter = await renderStarter(loadProject('stage1-io/wc'), 'python')
    const texts = { ann: WC, bob: DISGUISED, cem: starter.find(({ name }) => name === 'main.py')?.content ?? '' }
    for (const [id, text] of Object.entries(texts)) {
      const files = { 'my/stage1-io/wc/run.sh': run, 'my/stage1-io/wc/main.py': text }
      await makeRepository(alike, { id, commits: [{ at, files }] })
    }
    const own = newFolder('out')
    await clone.run(['cohort', writeRoster(alike, Object.keys(texts)), '--out', own, '--seed', 'alike', '--tier', '1'])
    const { status, stdout } = await clone.run(['cohort', 'similar', own, '--json'])
    const [{ works, pairs }] = JSON.parse(stdout).projects
    expect([status, works, pairs.map(({ left, right }: Pair) => [left, right])]).toEqual([0, 3, [['ann', 'bob']]])
    expect(fs.readFileSync(path.join(own, 'likeness/stage1-io-wc.html'), 'utf8')).toContain('main.py:')
    expect((await clone.run(['cohort', 'similar', own])).stdout).toMatch(/ann +bob +\d+ %/)
  })

  it.each<[string, string, string[]]>([
    ['there is no roster', 'There is no roster', ['nowhere.csv']],
    ['a column is missing', 'has no column "repository"', ['columns.csv']],
    ['an id comes twice', 'has the id "a" twice', ['twice.csv']],
    ['an id could be a path', 'an id has up to 64', ['path.csv']],
    ['a deadline has no zone', 'a time with its zone', ['zone.csv']],
    ['a line is broken', 'can not be read', ['broken.csv']],
    ['a shard has no seed', 'give all of them one --seed', ['good.csv', '--shard', '1/2']],
    ['merge has no folders', 'Usage: npm run cohort merge', ['merge']],
    ['similar has no cohort', 'has no results.json', ['similar', '.']],
    ['merge has other folders', 'has no results.json', ['merge', '.', '--out', 'x']],
  ])('says in one line that %s', async (_, says, args) => {
    const files = {
      'columns.csv': 'id,address\na,b\n',
      'twice.csv': 'id,repository\na,./a\na,./b\n',
      'path.csv': 'id,repository\n../a,./a\n',
      'zone.csv': 'id,repository,deadline\na,./a,2026-01-01\n',
      'broken.csv': 'id,repository\na,"./a\n',
      'good.csv': 'id,repository\na,./a\n',
    }
    const [name = '', ...rest] = args
    for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, file), text)
    const { status, stderr } = await clone.run(['cohort', name.endsWith('.csv') ? path.join(folder, name) : name, ...rest])
    expect([status, stderr.split('\n').length], stderr).toEqual([2, 1])
    expect(stderr).toContain(says)
  })
})

describe.skipIf(!bubblewrap())('hostile rows of a cohort', () => {
  it('cost themselves their stars, and nobody else anything', { timeout: 240_000 }, async () => {
    const repositories = newFolder('hostile')
    const attacks = GALLERY.map((hostile, n) => ({ hostile, id: `h${n}`, token: String(910_000 + n) }))
    const honest = ['first', 'last']
    const at = '2026-09-30T10:00:00Z'
    for (const { hostile, id, token } of attacks) {
      layOut(hostile, path.join(repositories, id, 'my', PROJECT), token, clone.dir)
      await makeRepository(repositories, { id, commits: [{ at, files: { 'README.md': hostile.name } }] })
    }
    const files = { [`my/${PROJECT}/run.sh`]: '#!/bin/sh\nexec cat "$@"\n' }
    for (const id of honest) await makeRepository(repositories, { id, commits: [{ at, files }] })
    const roster = writeRoster(repositories, ['first', ...attacks.map(({ id }) => id), 'last'])
    const out = newFolder('out')
    const env = { GRADE_PATIENCE: '0.5', GRADE_BUILD_SECONDS: '1' }
    const { status, stderr } = await clone.run(['cohort', roster, '--out', out, '--project', 'cat', '--tier', '1'], env)
    expect(status, stderr).toBe(0)
    const stars = Object.fromEntries(results(out).rows.map(({ id, projects }) => [id, projects[0]?.stars]))
    expect(stars).toEqual({ first: 1, ...Object.fromEntries(attacks.map(({ id }) => [id, 0])), last: 1 })
    for (const row of results(out).rows.slice(1, -1)) {
      const { status: how, note = '', failed } = row.projects[0] ?? {}
      // A folder without a run.sh has no files here, and Git keeps no empty folders.
      expect(how, row.id).toBe(note ? 'unusable' : attacks.find(({ id }) => id === row.id)?.hostile.run ? 'graded' : 'missing')
      if (how === 'graded') expect(failed?.[0]?.message, row.id).toBeTruthy()
    }
    for (const { token, hostile } of attacks) expect(processesWith(token), `${hostile.name} leaves processes`).toEqual([])
    expect(await clone.changes()).toBe('')
  })
})
