import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { groupsOf } from './process-limit.ts'

/**
 * Outlives the grader, whatever ends it: when the pipe from the grader closes, it ends what was started with the grader's mark and removes its folders,
 * unless it was told that the grader has left in order. What is left of groups it removes when the grader is gone: their last processes may be just ending.
 * (Namespaced processes end with their grader by themselves.)
 */
const WARDEN = `read -r how
if [ "$how" != left ]; then
  for p in /proc/[0-9]*; do grep -qzs "^GRADE_RUN=$0-" $p/environ && kill -9 \${p#/proc/}; done
  for dir in "$@"; do chmod -R u+rwx "$dir"; rm -rf "$dir"; done
fi
n=0
while [ $n -lt 40 ]; do
  left=
  for group in ${groupsOf('$0').join(' ')}; do
    [ ! -d "$group" ] || { ! kill -0 $0 && rmdir "$group"; } || left=1
  done
  [ "$left" ] || exit
  n=$((n + 1)); sleep 0.1
done 2>/dev/null`

interface Room {
  dir: string
  /** A folder on another file system, where the machine has one that may be written. */
  elsewhere: string | undefined
  warden: ChildProcess
}

let room: Room | undefined

/** The one folder that holds all scratch folders of this process; made at first use. */
function enter(): Room {
  if (room) return room
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'grade-')))
  const elsewhere = otherFileSystem(dir)
  const folders = elsewhere ? [dir, elsewhere] : [dir]
  const warden = spawn('/bin/sh', ['-c', WARDEN, String(process.pid), ...folders], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  warden.unref()
  ;(warden.stdin as unknown as { unref(): void }).unref()
  room = { dir, elsewhere, warden }
  return room
}

function otherFileSystem(dir: string): string | undefined {
  const here = fs.statSync(dir).dev
  for (const place of ['/dev/shm', process.env.XDG_RUNTIME_DIR ?? '', os.homedir(), '/var/tmp']) {
    try {
      if (place && fs.statSync(place).dev !== here) return fs.mkdtempSync(path.join(place, 'grade-'))
    } catch {
      // Not there, or not for us: the next.
    }
  }
  return undefined
}

/** A new folder of its own under the workroom. */
export function makeFolder(name: string): string {
  const dir = path.join(enter().dir, name)
  fs.mkdirSync(dir, { recursive: true })
  return fs.mkdtempSync(path.join(dir, 'run-'))
}

export function makeFolderElsewhere(): string | undefined {
  const { elsewhere } = enter()
  return elsewhere && fs.mkdtempSync(path.join(elsewhere, 'run-'))
}

const REMOVE = { recursive: true, force: true, maxRetries: 3 }

/** Removes a folder however its modes were left. */
export async function removeFolder(dir: string): Promise<void> {
  try {
    await fs.promises.rm(dir, REMOVE)
  } catch {
    // Locked, or deeper than a path may be long: these two programs know how.
    for (const command of [
      ['chmod', '-R', 'u+rwx', dir],
      ['rm', '-rf', dir],
    ])
      spawnSync(command[0] as string, command.slice(1), { stdio: 'ignore' })
  }
}

/** Removes the workroom, and tells the warden so: others of this process may have begun anew by the time it looks. */
export async function leave(): Promise<void> {
  if (!room) return
  await removeFolder(room.dir)
  if (room.elsewhere) await removeFolder(room.elsewhere)
  room.warden.stdin?.end('left\n')
  room = undefined
}
