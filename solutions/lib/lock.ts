import { spawnSync } from 'node:child_process'
import fs from 'node:fs'

/**
 * Takes a folder for this process alone. The lock belongs to the open folder, which flock(1) gets as its descriptor 3 and shares with us; Node has no
 * flock(2) of its own. The kernel lets go of it when we end, however we end.
 * @returns whether the folder is ours.
 */
export function lock(folder: string): boolean {
  const fd = fs.openSync(folder, 'r')
  const { status, error } = spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] })
  if (error) throw error
  return status === 0
}
