import fs from 'node:fs'
import path from 'node:path'
import { check } from '../../grader/engine/check.ts'
import { type Kit, openWorkplace } from '../../grader/programs/kit.ts'
import { folderSubmission, type Submission } from '../../grader/programs/submission.ts'
import { makeFolder } from '../../grader/programs/workroom.ts'

/** A submission that is one shell script. */
function script(body: string): Submission {
  const folder = makeFolder('script')
  fs.writeFileSync(path.join(folder, 'run.sh'), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  return folderSubmission('folder', folder)
}

/** The body of a script that is a program in JavaScript; its arguments are `args`. */
export const javascript = (code: string): string =>
  `exec node -e "$(cat <<'END'\nconst args = process.argv.slice(1)\nconst net = require('net')\nconst option = (name) => args[args.indexOf(name) + 1]\n${code}\nEND\n)" -- "$@"`

/** Gives a kit whose program is a shell script, and closes it after. */
export async function withKit<T>(
  body: string,
  work: (kit: Kit, transcript: () => string[]) => Promise<T>,
  patience = 1,
): Promise<T> {
  const session = { name: 'prog', slug: 'stage1-io/x', submission: script(body), seed: 'test', sandbox: false, patience }
  const place = await openWorkplace(
    check<Kit>('test', 'is tested', { spec: 's', hint: 'h' }, async () => {}),
    session,
  )
  try {
    return await work(place.kit, place.transcript)
  } finally {
    await place.close()
  }
}

/** The failure that some work ends in, as text. */
export async function failureOf(work: PromiseLike<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    const { message, evidence } = error as { message: string; evidence?: { expected?: string; actual?: string } }
    return [message, evidence?.expected, evidence?.actual].join('\n')
  }
  throw new Error('nothing failed')
}
