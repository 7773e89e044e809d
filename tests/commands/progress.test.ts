import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Clone } from '../clone.ts'
import { SAMPLE } from '../reports/sample.ts'

let clone: Clone
let folder: string

beforeAll(async () => {
  clone = await Clone.make()
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'progress-'))
  await clone.publish(path.join(folder, 'remote.git'))
})

afterAll(() => {
  clone.remove()
  fs.rmSync(folder, { recursive: true, force: true })
})

function report(name: string, change: object): string {
  const file = path.join(folder, `${name}.json`)
  fs.writeFileSync(file, JSON.stringify({ ...SAMPLE, ...change }))
  return file
}

describe('recording progress', () => {
  it('loses nothing when several record at the same time', async () => {
    const names = ['cat', 'wc', 'head', 'tail', 'tee']
    const files = names.map((name) => report(name, { project: `stage1-io/${name}`, stars: 3 }))
    const outcomes = await Promise.all(files.map((file) => clone.run(['progress', 'record', file])))
    expect(outcomes.map(({ status, stderr }) => [status, stderr])).toEqual(names.map(() => [0, '']))
    const { stdout } = await execa('git', ['show', 'progress:progress.json'], { cwd: path.join(folder, 'remote.git') })
    expect(Object.keys(JSON.parse(stdout).projects)).toEqual(names.map((name) => `stage1-io/${name}`).sort())
    expect(await clone.changes()).toBe('')
  })

  it('says in one line what it can not use', async () => {
    const said = async (...args: string[]) => {
      const { status, stderr } = await clone.run(['progress', ...args])
      expect([status, stderr.trim().split('\n').length]).toEqual([2, 1])
      return stderr
    }
    expect(await said()).toContain('Usage: npm run progress -- record REPORT')
    expect(await said('record', 'none.json')).toContain('There is no report none.json')
    expect(await said('record', report('odd', { stars: 7 }))).toContain('is not as it must be: /stars must be <= 4')
    expect(await said('record', report('strange', { project: 'stage1-io/dog' }))).toContain(
      'The course has no project "stage1-io/dog"',
    )
    const reference = report('reference', { submission: { kind: 'solution' } })
    expect(await said('record', reference)).toContain('Only gradings of your own work are recorded')
    const good = report('good', {})
    expect(await said('record', good, '--at', 'noon')).toContain('--at takes a time in UTC')
    expect(await said('record', good, '--commit', 'none')).toContain('Git knows no commit "none"')
    expect(await said('record', good, '--remote', 'none')).toContain('"none" can not be reached')
  })
})

describe('an update of the course', () => {
  it('leaves work and progress as they are, and says which finished projects have new checks', async () => {
    const learner = new Clone(path.join(folder, 'learner'))
    await execa('git', ['clone', '--quiet', path.join(folder, 'remote.git'), learner.dir])
    fs.symlinkSync(path.join(clone.dir, 'node_modules'), path.join(learner.dir, 'node_modules'))
    await execa('node', ['node_modules/husky/bin.js'], { cwd: learner.dir })
    learner.write('my/stage1-io/uniq/run.sh', '#!/bin/sh\nexec uniq "$@"\n', 0o755)
    await learner.commit('work')
    await learner.run(['progress', 'record', report('uniq', { project: 'stage1-io/uniq', stars: 4 })])
    await learner.git('fetch', '--quiet', 'origin', 'progress:refs/remotes/origin/progress')
    const before = await learner.git('rev-parse', 'HEAD:my', 'origin/progress')

    clone.write('stages/stage1-io/README.md', `${clone.read('stages/stage1-io/README.md')}\nMore.\n`)
    await clone.commit('course')
    await clone.git('push', '--quiet', 'origin', 'main')
    const names = ['-c', 'user.name=test', '-c', 'user.email=test@localhost']
    const { all } = await execa('git', [...names, 'pull', '--quiet', '--no-rebase', '--no-edit'], { cwd: learner.dir, all: true })
    expect(all).toMatch(/stage1-io\/uniq was finished, and has \d+ new: .*memory/)
    expect(learner.read('stages/stage1-io/README.md')).toContain('More.')
    expect(await learner.git('rev-parse', 'HEAD:my', 'origin/progress')).toBe(before)
  })
})
