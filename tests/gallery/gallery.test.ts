import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../grader/engine/report.ts'
import { bubblewrap } from '../../grader/programs/containment.ts'
import { Clone } from '../clone.ts'
import { GALLERY, layOut, processesWith } from './gallery.ts'

const MODES: { mode: string; env: Record<string, string>; missing: string }[] = [
  { mode: 'in a namespace', env: {}, missing: bubblewrap() ? '' : 'bubblewrap' },
  { mode: 'without bubblewrap', env: { GRADE_WITHOUT_BWRAP: '1' }, missing: '' },
]

let clone: Clone
let number = 900_000

beforeAll(async () => {
  clone = await Clone.make()
})

afterAll(() => clone.remove())

describe.each(MODES)('hostile submissions $mode', ({ env, missing }) => {
  const possible = GALLERY.filter(({ contained }) => !contained || !('GRADE_WITHOUT_BWRAP' in env))
  it.skipIf(missing)('are told apart, and leave nothing behind', { timeout: 240_000 }, async () => {
    const TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), 'gallery-'))
    for (const hostile of possible) {
      const token = String(++number)
      const folder = `hostile/${token}`
      layOut(hostile, path.join(clone.dir, folder), token, clone.dir)
      const report = path.join(clone.dir, '.grade', `${token}.json`)
      fs.mkdirSync(path.dirname(report), { recursive: true })
      const flags = ['--only', hostile.only ?? 'one-file', '--report', `json:${report}`, ...(hostile.flags ?? [])]
      const outcome = await clone.run(['grade', 'cat', '--dir', folder, ...flags], { ...env, ...hostile.env, TMPDIR })
      const said = (outcome.stdout + outcome.stderr).replace(/\s+/g, ' ')
      expect(said, hostile.name).toMatch(hostile.says)
      expect(outcome.status, `${hostile.name}: ${said}`).toBe(hostile.status)
      if (hostile.status === 1) {
        const result: Report = JSON.parse(fs.readFileSync(report, 'utf8'))
        expect([result.verdict, result.stars], hostile.name).toEqual(['fail', 0])
      }
      fs.rmSync(path.join(clone.dir, 'hostile'), { recursive: true })
      expect(processesWith(token), `${hostile.name} leaves processes`).toEqual([])
      expect(await clone.changes(), `${hostile.name} changes the repository`).toBe('')
    }
    await expect
      .poll(() => fs.readdirSync(TMPDIR).filter((name) => name.startsWith('grade-')), {
        timeout: 10_000,
        message: 'scratch folders are left',
      })
      .toEqual([])
    fs.rmSync(TMPDIR, { recursive: true })
  })
})
