import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../grader/engine/report.ts'
import { readReport } from '../../grader/reports/schemas.ts'
import { Clone } from '../clone.ts'

let course: Clone
let folder: string
let students: Clone

beforeAll(async () => {
  course = await Clone.make()
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'classroom-')))
  students = new Clone(path.join(folder, 'copy'))
  const { status, stderr } = await course.run(['classroom', students.dir, '--reveal', 'title'])
  expect(status, stderr).toBe(0)
  fs.symlinkSync(path.join(course.dir, 'node_modules'), path.join(students.dir, 'node_modules'))
})

afterAll(() => {
  course.remove()
  fs.rmSync(folder, { recursive: true, force: true })
})

const work = (body: string) => students.write('my/stage1-io/cat/run.sh', `#!/bin/sh\n${body}\n`, 0o755)

async function graded(args: string[] = [], env: Record<string, string> = {}): Promise<Report> {
  const { stdout } = await students.run(['grade', 'cat', '--report', 'json', '--tier', '1', ...args], env)
  return readReport(stdout, 'the report')
}

const failedIn = (report: Report) => report.tiers.flatMap(({ checks }) => checks).filter(({ verdict }) => verdict === 'fail')

describe("a classroom's copy", () => {
  it('has no references and no proofs, also not in its history', async () => {
    const everything = await students.git('log', '--all', '--name-only', '--format=')
    const revealing = everything.split('\n').filter((name) => /solutions\/|impostor|^tests\/|proofs\//.test(name))
    expect(revealing).toEqual([])
    const { status, stderr } = await students.run(['grade', 'cat', '--solution'])
    expect([status, stderr]).toEqual([2, "This is a classroom's copy of the course: it has no references."])
    expect((await students.run(['prove', 'cat'])).status).toBe(2)
    expect((await students.run(['help'])).stdout).not.toContain('npm run cohort')
  })

  it('grades what students have made', async () => {
    work('exec cat "$@"')
    const { status, stdout } = await students.run(['grade', 'cat'])
    expect([status, stdout]).toEqual([0, expect.stringContaining('★★★★')])
  })

  it('shows of what failed as much as was settled', async () => {
    work('echo wrong')
    const [first] = failedIn(await graded())
    expect(first).toMatchObject({ id: 'one-file', message: 'More than its title is not shown here.' })
    expect(Object.keys(first ?? {}).sort()).toEqual(['id', 'message', 'ms', 'spec', 'title', 'verdict'])
    expect(failedIn(await graded(['--reveal', 'none']))[0]).toMatchObject({ id: 'hidden-1', title: 'a hidden check' })
    expect(failedIn(await graded(['--reveal', 'full']))[0]).toMatchObject({ actual: expect.stringContaining('wrong') })
    const { stdout } = await students.run(['grade', 'cat', '--reveal', 'none', '--tier', '1'])
    expect(stdout).not.toMatch(/one-file|wrong|\$ cat/)
  })

  it('draws other inputs with a sealed seed, the same for who knows it', async () => {
    work('echo wrong')
    const inputs = async (env: Record<string, string>) => {
      const report = await graded(['--reveal', 'full', '--seed', 'a'], env)
      return { sealed: report.sealed, input: failedIn(report).map(({ expected }) => expected) }
    }
    const [plain, one, other, again] = [
      await inputs({}),
      await inputs({ GRADE_SEED: 'secret' }),
      await inputs({ GRADE_SEED: 'other' }),
      await inputs({ GRADE_SEED: 'secret' }),
    ]
    expect([plain.sealed, one.sealed]).toEqual([undefined, true])
    expect(one).toEqual(again)
    expect(new Set([plain, one, other].map(({ input }) => JSON.stringify(input))).size).toBe(3)
    const { stdout } = await students.run(['grade', 'cat', '--seed', 'a', '--tier', '1'], { GRADE_SEED: 'secret' })
    expect(stdout).toContain('seed a, sealed')
    expect(stdout).not.toContain('secret')
  })

  it('is brought up to date, and what students have made stays', async () => {
    await students.commit('work')
    expect((await course.run(['classroom', students.dir, '--reveal', 'title'])).stdout).toContain('is up to date')
    course.write('stages/stage1-io/README.md', `${course.read('stages/stage1-io/README.md')}\nMore.\n`)
    const early = await course.run(['classroom', students.dir, '--reveal', 'title'])
    expect([early.status, early.stderr]).toEqual([2, expect.stringContaining('not committed')])
    await course.commit('more')
    expect((await course.run(['classroom', students.dir, '--reveal', 'title'])).status).toBe(0)
    expect(students.read('stages/stage1-io/README.md')).toContain('More.')
    expect(students.read('my/stage1-io/cat/run.sh')).toContain('wrong')
    expect(await students.changes()).toBe('')
  })

  it('is not made where something else is', async () => {
    fs.writeFileSync(path.join(folder, 'file'), '')
    const { status, stderr } = await course.run(['classroom', folder])
    expect([status, stderr]).toEqual([2, expect.stringContaining('is not empty')])
    expect((await course.run(['classroom', folder, '--reveal', 'all'])).stderr).toContain('--reveal knows full, title, none')
  })

  it('can be installed as it is', async () => {
    const { exitCode, stderr } = await execa('npm', ['ls', '--package-lock-only', '--omit=optional'], {
      cwd: students.dir,
      reject: false,
    })
    expect(exitCode, stderr).toBe(0)
  })
})
