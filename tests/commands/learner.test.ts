import fs from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../../grader/engine/projects.ts'
import { Clone } from '../clone.ts'

const schema = JSON.parse(fs.readFileSync(path.join(ROOT, 'grader/reports/report.schema.json'), 'utf8'))
const valid = new Ajv({ allErrors: true }).compile(schema)

let clone: Clone

beforeAll(async () => {
  clone = await Clone.make()
})

afterAll(() => clone.remove())

const CAT = '#!/bin/sh\nexec cat "$@"\n'

describe('the way of a learner', () => {
  it('goes from start to grade to hint to next', async () => {
    const started = await clone.run(['start', 'wc', '--lang', 'c'])
    expect(started).toMatchObject({ status: 0, stderr: '' })
    expect(started.stdout).toContain('Made my/stage1-io/wc: build.sh, main.c, run.sh')

    const graded = await clone.run(['grade', 'wc'])
    expect(graded.status).toBe(1)
    expect(graded.stdout).toContain('not written yet')
    expect(graded.stdout).toMatch(/hint .*\n/)
    expect(graded.stdout).toContain('☆☆☆☆')

    const hint = await clone.run(['hint', 'wc'])
    expect(hint).toMatchObject({ status: 0, stdout: expect.stringContaining('  1. ') })
    expect((await clone.run(['next'])).stdout).toMatch(/stage1-io\/wc[\s\S]*Failing: /)
    expect((await clone.run(['status'])).stdout).toMatch(/wc +☆☆☆☆/)
  })

  it('begins where nothing is begun, and goes on to the next when all stars are there', async () => {
    expect((await clone.run(['start', '--lang', 'python'])).stdout).toContain('Made my/stage1-io/cat')
    clone.write('my/stage1-io/cat/run.sh', CAT, 0o755)
    const graded = await clone.run(['grade', 'cat'])
    expect(graded, graded.stdout).toMatchObject({ status: 0 })
    expect((await clone.run(['status'])).stdout).toMatch(/cat +★★★★[\s\S]*4 of \d+ stars/)
    expect((await clone.run(['hint', 'cat'])).stdout).toContain('Nothing failed')
  })

  it('never loses what it has written', async () => {
    await clone.run(['start', 'head', '--lang', 'python'])
    clone.write('my/stage1-io/head/main.py', 'print("mine")\n')
    expect((await clone.run(['start', 'head', '--lang', 'python'])).stdout).toContain('Left as they are: main.py, run.sh')
    expect(clone.read('my/stage1-io/head/main.py')).toBe('print("mine")\n')
    const other = await clone.run(['start', 'head', '--lang', 'go'])
    expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('holds work in another language') })
    expect(clone.read('my/stage1-io/head/main.py')).toBe('print("mine")\n')
  })

  it('may change its mind about the language while nothing is written', async () => {
    await clone.run(['start', 'tee', '--lang', 'python'])
    expect((await clone.run(['start', 'tee', '--lang', 'c'])).stdout).toContain('build.sh, main.c, run.sh')
    expect(fs.existsSync(path.join(clone.dir, 'my/stage1-io/tee/main.py'))).toBe(false)
  })
})

describe('grade', () => {
  it('gives the same inputs for the same seed, in any choice of checks', async () => {
    const expected = async (...flags: string[]) => {
      const { stdout } = await clone.run(['grade', 'cat', '--command', 'true', '--seed', 's1', ...flags, '--report', 'json'])
      const report = JSON.parse(stdout)
      expect(valid(report), JSON.stringify(valid.errors)).toBe(true)
      return report.tiers[0].checks.find((check: { id: string }) => check.id === 'one-file').expected
    }
    expect(await expected()).toBe(await expected('--only', 'one-file'))
    expect(await expected()).not.toBe(await expected('--seed', 's2'))
  })

  it('prints a command that replays a failure', async () => {
    const { stdout } = await clone.run(['grade', 'cat', '--command', 'true', '--seed', 's1'])
    const [, words = ''] = /replay +npm run grade (.*one-file.*)/.exec(stdout) ?? []
    const again = await clone.run(['grade', ...words.replace('-- ', '').replaceAll('"', '').split(' ')])
    const evidence = (text: string) => /expected[\s\S]*?hint/.exec(text)?.[0]
    expect(evidence(again.stdout)).toBe(evidence(stdout))
  })

  it('keeps its own output apart from reports, and writes several', async () => {
    const flags = ['--command', 'cat', '--tier', '1', '--report', 'junit:out/../junit.xml', '--report', 'markdown:summary.md']
    fs.mkdirSync(path.join(clone.dir, 'out'))
    const graded = await clone.run(['grade', 'cat', ...flags])
    expect(graded).toMatchObject({ status: 0, stderr: '' })
    expect(graded.stdout).toContain('★☆☆☆')
    expect(clone.read('junit.xml')).toContain('<testsuites>')
    expect(clone.read('summary.md')).toContain('★☆☆☆')
    const json = await clone.run(['grade', 'cat', '--command', 'cat', '--tier', '1', '--report', 'json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ schema: 1, stars: 1, verdict: 'pass' })
    expect(json.stderr).toBe('')
  })

  it('grades what changed, and everything that was begun', async () => {
    clone.write('my/stage1-io/cat/run.sh', CAT, 0o755)
    const changed = await clone.run(['grade', '--changed', 'HEAD', '--tier', '1', '--report', 'json'])
    const reports = JSON.parse(changed.stdout)
    expect(valid(reports)).toBe(true)
    expect(reports.reports.map(({ project }: { project: string }) => project)).toContain('stage1-io/cat')
    const every = JSON.parse((await clone.run(['grade', '--every', '--tier', '1', '--report', 'json'])).stdout)
    expect(every.reports.length).toBe(fs.readdirSync(path.join(clone.dir, 'my/stage1-io')).length)
  })

  it('ends quietly when nobody reads its output any more', async () => {
    const { stdout, stderr } = await execa({ cwd: clone.dir, shell: true })`node grader/main.js grade cat --command cat | head -1`
    expect(stdout).toContain('stage1-io/cat')
    expect(stderr).toBe('')
  })

  it('keeps the files of a failed check that is replayed, and nothing that only looks like one', async () => {
    clone.write('leaves/run.sh', '#!/bin/sh\nln -s /etc/passwd stolen\nmkfifo pipe\necho made > own\necho wrong\n', 0o755)
    const grade = (...flags: string[]) => clone.run(['grade', 'cat', '--dir', 'leaves', ...flags])
    expect((await grade()).stdout).not.toContain('.grade/kept')
    expect((await grade('--only', 'one-file')).stdout).toMatch(/files +\.grade\/kept\/stage1-io\/cat\/one-file/)
    const kept = fs.readdirSync(path.join(clone.dir, '.grade/kept/stage1-io/cat/one-file'))
    expect(kept).toContain('own')
    expect(kept).toHaveLength(2)
    expect((await grade('--only', 'one-file', '--reveal', 'none')).stdout).not.toContain('.grade/kept')
  })

  it('builds only when something changed', async () => {
    clone.write('built/run.sh', CAT, 0o755)
    clone.write('built/build.sh', '#!/bin/sh\ncd "$(dirname "$0")" && echo x >> builds\n', 0o755)
    const grade = () => clone.run(['grade', 'cat', '--dir', 'built', '--only', 'one-file'])
    await grade()
    await grade()
    expect(clone.read('built/builds')).toBe('x\n')
    clone.write('built/main.c', 'new')
    await grade()
    expect(clone.read('built/builds')).toBe('x\nx\n')
  })
})

describe('a call that can not be carried out', () => {
  const CALLS: [string[], RegExp][] = [
    [['grade', 'ctt'], /There is no project "ctt"\. Did you mean stage1-io\/cat\?/],
    [['grade', 'sort'], /no folder my\/stage1-io\/sort yet\. `npm start stage1-io\/sort/],
    [['grade', 'cat', '--command', 'no-such-program'], /no program "no-such-program"/],
    [['grade', 'cat', '--dir', 'nowhere'], /There is no folder nowhere/],
    [['grade', 'cat', '--solution', '--dir', '.'], /name two submissions/],
    [['grade', 'cat', '--solution', '--tier', '5'], /whole number from 1 to 4/],
    [['grade', 'cat', '--solution', '--only', 'one-fil'], /no check "one-fil"\. Did you mean one-file\?/],
    [['grade', 'cat', '--solution', '--report', 'yaml'], /--report knows json, junit/],
    [['grade', 'cat', '--solution', '--seed', 'a b'], /--seed takes/],
    [['grade', 'cat', 'sort'], /"sort" is one name too many/],
    [['grade', 'cat', '--frob'], /Unknown option '--frob'/],
    [['grade', '--changed', 'no-such-commit'], /Git knows no commit/],
    [['start', 'cat'], /Which language\?/],
    [['start', 'cat', '--lang', 'pyton'], /Did you mean python\?/],
    [['hint', 'sort'], /has not been graded yet/],
    [['prove', 'cat', '--part', 'all'], /--part knows reference/],
    [['prove', '--shard', '3/2'], /--shard takes I\/N/],
    [['new', 'Foo'], /in lower case/],
    [['new', 'stage1/cat'], /is there already/],
    [['new', 'stage77/foo'], /There is no stage "stage77"/],
  ]

  it.each(CALLS)('%j is answered in one line', async (args, says) => {
    const { status, stdout, stderr } = await clone.run(args)
    expect(stderr).toMatch(says)
    expect(stderr.split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
    expect(status).toBe(2)
  })

  it('lists the commands when it names none', async () => {
    const { status, stdout } = await clone.run(['frobnicate'])
    expect(status).toBe(2)
    for (const name of ['grade', 'start', 'next', 'status', 'hint', 'prove', 'new', 'curriculum'])
      expect(stdout).toContain(`npm run ${name}`)
    expect((await clone.run(['grade', '--help'])).stdout).toContain('--all-tiers')
  })
})
