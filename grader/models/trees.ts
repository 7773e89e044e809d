import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect } from '../engine/expect.ts'
import type { Random } from '../engine/random.ts'
import { readRegular, type Scratch } from '../programs/scratch.ts'

const ROOT_LAST = (a: string, b: string) => (a < b ? 1 : -1)

/** A tree of everything that a folder may hold, at paths below `top`: files, empty ones, folders, links that lead somewhere and nowhere, a pipe. */
export function makeTree(scratch: Scratch, random: Random, top: string): void {
  const [folder, deep, file, twin] = random.distinct(4, random.word) as [string, string, string, string]
  scratch.file(`${top}/${file}`, random.text(2), { mode: 0o640 })
  scratch.file(`${top}/${folder}/${deep}/program`, random.bytes(70_000), { mode: 0o755 })
  scratch.file(`${top}/${folder}/empty`, '')
  scratch.folder(`${top}/${folder}/void`)
  scratch.hardLink(`${top}/${file}`, `${top}/${folder}/${twin}`)
  scratch.link(`../${file}`, `${top}/${folder}/link`)
  scratch.link('nowhere', `${top}/dangling`)
  scratch.link(folder, `${top}/to-folder`)
  spawnSync('mkfifo', [scratch.path(`${top}/pipe`)])
  // From the bottom up, for each of these changes the time of the folder above.
  for (const [n, name] of namesBelow(scratch.path(top)).sort(ROOT_LAST).entries()) {
    const time = 1e9 + n * 1000 + random.int(1, 900)
    fs.lutimesSync(scratch.path(`${top}/${name}`), time, time)
  }
  scratch.touch(top, new Date(1.1e12))
}

/** All paths below a folder, relative to it, in order; the folder itself is `.`. Links are not followed. */
function namesBelow(top: string, below = '.'): string[] {
  const here = fs.lstatSync(path.join(top, below))
  const inside = here.isDirectory() ? fs.readdirSync(path.join(top, below)).sort() : []
  return [below, ...inside.flatMap((name) => namesBelow(top, path.join(below, name)))]
}

/** What to tell besides types and contents: modes and times (but not of links), and which names are of the same file. */
export interface Detail {
  mode?: boolean
  times?: boolean
  names?: boolean
}

/** One line for each name below a folder: type, contents or target, and what else is asked for. Two trees are the same when these are. */
export function describeTree(top: string, { mode, times, names }: Detail = {}): string {
  const first = new Map<string, string>()
  const lines = namesBelow(top).map((name) => {
    const file = path.join(top, name)
    const stat = fs.lstatSync(file)
    const id = `${stat.dev}:${stat.ino}`
    const words = [name, contentsOf(file, stat)]
    if (mode && !stat.isSymbolicLink()) words.push((stat.mode & 0o7777).toString(8))
    if (times && !stat.isSymbolicLink()) words.push(stat.mtime.toISOString())
    if (names && first.has(id)) words.push(`the same file as ${first.get(id)}`)
    first.set(id, name)
    return `${words.join('  ')}\n`
  })
  return lines.join('')
}

/** Two folders have the same in them, as far as it is asked for. */
export function sameTrees(scratch: Scratch, copy: string, original: string, detail: Detail = {}): void {
  scratch.stat(copy)
  expect(describeTree(scratch.path(copy), detail), `What is in ${copy}`).toBeText(describeTree(scratch.path(original), detail))
}

function contentsOf(file: string, stat: fs.Stats): string {
  if (stat.isDirectory()) return 'folder'
  if (stat.isSymbolicLink()) return `-> ${fs.readlinkSync(file)}`
  if (stat.isFIFO()) return 'pipe'
  const bytes = readRegular(file, file)
  return bytes.length < 60 ? JSON.stringify(bytes.toString()) : `${bytes.length} bytes, ${hash(bytes)}`
}

function hash(bytes: Buffer): string {
  let value = 0
  for (const byte of bytes) value = (Math.imul(value, 31) + byte) | 0
  return (value >>> 0).toString(16)
}
