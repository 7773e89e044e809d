import fs from 'node:fs'
import path from 'node:path'

/** Where the pids controller of cgroups may be: alone (version 1), or with all others (version 2). */
const CONTROLLERS = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup']

let number = 0

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

const NONE: ProcessLimit = { enter: [], wasHit: () => false, remove: () => {} }

/** @param most processes at a time; one more fork fails with EAGAIN. */
export function limitProcesses(most: number): ProcessLimit {
  if (process.getuid?.() !== 0) return NONE
  for (const controller of CONTROLLERS) {
    const dir = path.join(controller, `grade-${process.pid}-${++number}`)
    try {
      fs.mkdirSync(dir)
    } catch {
      continue
    }
    try {
      fs.writeFileSync(path.join(dir, 'pids.max'), String(most))
      const enter = ['/bin/sh', '-c', `echo $$ >"$0" && exec "$@"`, path.join(dir, 'cgroup.procs')]
      const wasHit = () => /^max [1-9]/m.test(readIfThere(path.join(dir, 'pids.events')))
      return { enter, wasHit, remove: () => removeGroup(dir) }
    } catch {
      removeGroup(dir)
    }
  }
  return NONE
}

/** The system's own housekeeping may have removed a group whose processes were all killed. */
function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** A group can be removed when its last process is gone; the last ones may be just going. */
function removeGroup(dir: string, tries = 20): void {
  try {
    fs.rmdirSync(dir)
  } catch {
    if (tries > 0) setTimeout(() => removeGroup(dir, tries - 1), 50)
  }
}
