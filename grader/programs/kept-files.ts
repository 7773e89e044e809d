import fs from 'node:fs'
import path from 'node:path'
import { ROOT } from '../engine/projects.ts'

/** No more than this is kept of a check: it is for somebody who looks at it. */
const MOST = { entries: 200, bytes: 16 * 1024 ** 2 }

/**
 * Copies what stands in a folder, so that a learner can look at it and run it by hand. Files and folders only: a program may have put links and devices there.
 * @returns the copy, relative to the repository; nothing if there was nothing.
 */
export function keepFiles(from: string, to: string): string | undefined {
  fs.rmSync(to, { recursive: true, force: true })
  const left = { ...MOST }
  const copy = (source: string, target: string) => {
    fs.mkdirSync(target, { recursive: true })
    for (const name of fs.readdirSync(source)) {
      if (left.entries-- <= 0) return
      try {
        const stat = fs.lstatSync(path.join(source, name))
        if (stat.isDirectory()) copy(path.join(source, name), path.join(target, name))
        if (!stat.isFile() || stat.size > left.bytes) continue
        left.bytes -= stat.size
        fs.copyFileSync(path.join(source, name), path.join(target, name))
        fs.chmodSync(path.join(target, name), 0o644)
      } catch {
        // What can not be read, or has too long a name, is left out.
      }
    }
  }
  if (fs.readdirSync(from).length === 0) return undefined
  copy(from, to)
  return path.relative(ROOT, to)
}
