import fs from 'node:fs'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { build } from '../../grader/programs/build.ts'
import { folderSubmission } from '../../grader/programs/submission.ts'
import { leave, makeFolder } from '../../grader/programs/workroom.ts'

afterAll(leave)

const submission = (script: string) => {
  const folder = makeFolder('built')
  fs.writeFileSync(path.join(folder, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 })
  fs.writeFileSync(path.join(folder, 'build.sh'), `#!/bin/sh\ncd "$(dirname "$0")"\n${script}\n`, { mode: 0o755 })
  return folderSubmission('folder', folder)
}

it('builds once for all that ask at the same time', async () => {
  const once = submission('echo built >> log')
  await Promise.all([build(once), build(once), build(once)])
  expect(fs.readFileSync(path.join(once.folder as string, 'log'), 'utf8')).toBe('built\n')
})

it('tells all of them that it failed, and tries again for the next', async () => {
  const failing = submission('echo tried >> log; exit 3')
  const results = await Promise.allSettled([build(failing), build(failing)])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(build(failing)).rejects.toThrow('status 3')
  expect(fs.readFileSync(path.join(failing.folder as string, 'log'), 'utf8')).toBe('tried\ntried\n')
})
