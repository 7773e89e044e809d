import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { places } from '../engine/projects.ts'
import { which } from './containment.ts'
import type { Kit } from './kit.ts'

/**
 * Compiles a C program of `grader/programs/drivers`, once for all checks, and puts it into the scratch folder: what uses a library under test.
 * @returns its name there.
 */
export function driver(kit: Kit, name: string): string {
  const source = path.join(fileURLToPath(new URL('.', import.meta.url)), 'drivers', `${name}.c`)
  const cc = which('cc')
  if (!cc) kit.skip('a C compiler (cc), to build the program that uses the library')
  const digest = createHash('sha256').update(fs.readFileSync(source)).digest('hex').slice(0, 16)
  const built = path.join(places.state(), 'drivers', `${name}-${digest}`)
  if (!fs.existsSync(built)) {
    fs.mkdirSync(path.dirname(built), { recursive: true })
    // Without -fno-builtin the compiler leaves out an allocation that nobody looks at. Built beside, then renamed: checks run side by side.
    const fresh = `${built}.${process.pid}`
    const done = spawnSync(cc, ['-std=c11', '-O1', '-fno-builtin', '-o', fresh, source, '-lpthread', '-ldl'], {
      encoding: 'utf8',
    })
    if (done.status !== 0) throw new Error(`${source} does not compile: ${done.stderr}`)
    fs.renameSync(fresh, built)
  }
  const own = `./${name}-driver`
  if (!kit.scratch.exists(own)) fs.copyFileSync(built, kit.scratch.path(own))
  return own
}
