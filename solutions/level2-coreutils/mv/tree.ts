import fs from 'node:fs'
import { copyAroundHoles, copyAttributes, copyBytes, hasHoles, makeFifo } from '#lib/copy.ts'
import { identity } from '#lib/inodes.ts'
import { join } from '#lib/paths.ts'

const OWNER = 0o700

/**
 * Copies a file or a folder with all that is in it and all that is known of it. Throws at the first thing that can not be copied.
 *
 * @param copies where the first copy is of each file that has several names, so that it has as many in the copy.
 */
export function copyTree(source: Buffer, target: Buffer, copies = new Map<string, Buffer>()): void {
  const stat = fs.lstatSync(source, { bigint: true })
  const earlier = copies.get(identity(stat))
  if (earlier) {
    fs.linkSync(earlier, target)
    return
  }
  if (stat.isDirectory()) {
    fs.mkdirSync(target, OWNER)
    for (const name of fs.readdirSync(source, { encoding: 'buffer' })) copyTree(join(source, name), join(target, name), copies)
  } else {
    if (stat.nlink > 1n) copies.set(identity(stat), target)
    if (stat.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(source, { encoding: 'buffer' }), target)
    else if (stat.isFIFO()) makeFifo(target)
    else if (stat.isFile()) copyFile(source, target, hasHoles(stat))
    else throw new Error(`'${source}' is a device or socket`)
  }
  // Last of all, for each file that is made in a folder changes the time of the folder.
  copyAttributes(stat, target)
}

function copyFile(source: Buffer, target: Buffer, holes: boolean): void {
  const from = fs.openSync(source, 'r')
  const to = fs.openSync(target, 'wx', 0o600)
  try {
    if (holes) copyAroundHoles(from, to)
    else copyBytes(from, to)
  } finally {
    fs.closeSync(from)
    fs.closeSync(to)
  }
}
