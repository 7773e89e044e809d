import fs from 'node:fs'
import path from 'node:path'
import { isRoot } from './containment.ts'

/** Where the pids controller of cgroups may be: alone (version 1), or with all others (version 2). */
const CONTROLLERS = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup']

/** The groups of one grader, as patterns of a shell: what is left of them when it is gone, its warden removes. */
export const groupsOf = (grader: number | string) => CONTROLLERS.map((controller) => `${controller}/grade-${grader}-*`)

/**
 * A limit that the kernel itself keeps on the number of processes of one run. Looking at /proc every so often is too slow for a fork bomb: it takes all
 * process numbers of the machine within a second. Root needs a cgroup for that (RLIMIT_NPROC does not bind it); others get by with the
 * limit that the watcher sets (see process.ts).
 */
export interface ProcessLimit {
  /** Words to put before a command, so that it begins inside. */
  enter: string[]
  /** True when a fork was refused. */
  wasHit(): boolean
  remove(): void
}

/** @param most processes at a time; one more fork fails with EAGAIN. @returns undefined where the kernel lends no group. */
export function limitProcesses(most: number): ProcessLimit | undefined {
  if (!isRoot()) return undefined
  for (const controller of CONTROLLERS) {
    let dir: string
    try {
      dir = fs.mkdtempSync(path.join(controller, `grade-${process.pid}-`))
    } catch {
      continue
    }
    // The folder of a group is full of files from the first; where there is no such controller, it is a folder like any other.
    if (fs.existsSync(path.join(dir, 'pids.max'))) {
      fs.writeFileSync(path.join(dir, 'pids.max'), String(most))
      const enter = ['/bin/sh', '-c', `echo $$ >"$0" && exec "$@"`, path.join(dir, 'cgroup.procs')]
      const wasHit = () => /^max [1-9]/m.test(fs.readFileSync(path.join(dir, 'pids.events'), 'utf8'))
      return { enter, wasHit, remove: () => removeGroup(dir) }
    }
    removeGroup(dir)
  }
  return undefined
}

/** A group can be removed when its last process is gone; the last ones may be just going. */
function removeGroup(dir: string, tries = 20): void {
  try {
    fs.rmdirSync(dir)
  } catch {
    if (tries > 0) setTimeout(() => removeGroup(dir, tries - 1), 50)
  }
}
