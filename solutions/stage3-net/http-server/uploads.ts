import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { writeAll } from '#lib/io.ts'
import { type Answer, Refusal } from './answer.ts'
import type { Body } from './body.ts'
import { precondition } from './conditions.ts'
import { refusalOf, versionOf } from './files.ts'
import type { Fields, Head } from './request.ts'
import { locationOf, pathOf, type Target } from './target.ts'

/** PUT: the body becomes the file of this name. */
export async function put(data: Buffer, target: Target, { fields }: Head, body: Body): Promise<Answer> {
  if (fields.get('content-range') !== undefined) throw new Refusal(400)
  const path = pathOf(data, target.names)
  mayReplace(path, target, fields)
  const folder = pathOf(data, target.names.slice(0, -1))
  let existed = false
  await receive(folder, body, (finished) => {
    // While the body came another request may have been quicker.
    existed = mayReplace(path, target, fields)
    fs.renameSync(finished, path)
  })
  return existed ? { status: 204, fields: {}, body: [] } : { status: 201, fields: { 'Content-Length': '0' }, body: [] }
}

/** POST: the body becomes a new file in this folder. */
export async function post(data: Buffer, target: Target, body: Body): Promise<Answer> {
  const folder = pathOf(data, target.names)
  const name = randomUUID()
  await receive(folder, body, (finished) => fs.renameSync(finished, pathOf(folder, [name])))
  return { status: 201, fields: { Location: locationOf([...target.names, name]), 'Content-Length': '0' }, body: [] }
}

/** @returns whether there is such a file; throws if it may not be written. */
function mayReplace(path: Buffer, target: Target, fields: Fields): boolean {
  const stat = stating(() => fs.statSync(path, { bigint: true, throwIfNoEntry: false }))
  if (target.isFolder || (stat && !stat.isFile())) throw new Refusal(409)
  const status = precondition(fields, stat && versionOf(stat), false)
  if (status !== undefined) throw new Refusal(status)
  return stat !== undefined
}

/** Only what is complete gets its name, and gets it at once. */
async function receive(folder: Buffer, body: Body, finish: (path: Buffer) => void): Promise<void> {
  // Until then it has a name that nobody can guess.
  const path = pathOf(folder, [`.${randomUUID()}`])
  const fd = stating(() => fs.openSync(path, 'wx'))
  try {
    for await (const block of body.blocks()) writeAll(fd, block)
    finish(path)
  } catch (error) {
    fs.unlinkSync(path)
    throw error
  } finally {
    fs.closeSync(fd)
  }
}

function stating<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw refusalOf(error)
  }
}
