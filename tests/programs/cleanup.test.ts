import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bubblewrap } from '../../grader/programs/containment.ts'
import { groupsOf } from '../../grader/programs/process-limit.ts'
import { Clone } from '../clone.ts'

const MODES: { mode: string; env: Record<string, string>; missing: string }[] = [
  { mode: 'in a namespace', env: {}, missing: bubblewrap() ? '' : 'bubblewrap' },
  { mode: 'without bubblewrap', env: { GRADE_WITHOUT_BWRAP: '1' }, missing: '' },
]

let clone: Clone
let number = 800_000

beforeAll(async () => {
  clone = await Clone.make()
})

afterAll(() => clone.remove())

const running = (token: string): boolean =>
  fs.readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(token)
    } catch {
      return false
    }
  })

const groupsLeft = (grader: number): string[] =>
  groupsOf(grader).flatMap((pattern) => {
    const { dir, base } = path.parse(pattern)
    return fs.existsSync(dir) ? fs.readdirSync(dir).filter((name) => name.startsWith(base.slice(0, -1))) : []
  })

/** Grades a submission that starts a daemon and hangs; ends the grader by a signal as soon as that runs; tells when all of it is gone. */
async function interrupt(signal: NodeJS.Signals, env: Record<string, string>) {
  const token = String(++number)
  clone.write(`hang-${token}/run.sh`, `#!/bin/sh\nsetsid sleep ${token} &\ntrap '' TERM INT HUP\nexec sleep ${token}\n`, 0o755)
  const folders = path.join(clone.dir, `tmp-${token}`)
  fs.mkdirSync(folders)
  const child = spawn('node', ['grader/main.js', 'grade', 'cat', '--dir', `hang-${token}`, '--only', 'one-file'], {
    cwd: clone.dir,
    env: { ...process.env, ...env, TMPDIR: folders },
    stdio: 'ignore',
  })
  await expect.poll(() => running(`sleep\0${token}`), { timeout: 30_000, interval: 50 }).toBe(true)
  const ended = new Promise((resolve) => child.once('exit', (code, by) => resolve(code ?? by)))
  child.kill(signal)
  const status = await ended
  await expect.poll(() => running(token), { timeout: 10_000, message: 'processes are left' }).toBe(false)
  const left = () => fs.readdirSync(folders).filter((name) => name.startsWith('grade-'))
  await expect.poll(left, { timeout: 10_000, message: 'scratch folders are left' }).toEqual([])
  await expect.poll(() => groupsLeft(child.pid as number), { timeout: 10_000, message: 'groups are left' }).toEqual([])
  return status
}

describe.each(MODES)('when the grader ends in the middle, $mode', ({ env, missing }) => {
  it.skipIf(missing)('by Ctrl-C, all that it started is gone', async () => {
    expect(await interrupt('SIGINT', env)).toBe(130)
  })

  it.skipIf(missing)('by SIGTERM, likewise', async () => {
    expect(await interrupt('SIGTERM', env)).toBe(143)
  })

  it.skipIf(missing)('by a crash (kill -9), likewise', async () => {
    expect(await interrupt('SIGKILL', env)).toBe('SIGKILL')
  })
})
