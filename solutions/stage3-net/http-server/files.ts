import fs from 'node:fs'
import path from 'node:path'
import { isFolder } from '#lib/destination.ts'
import { codeOf } from '#lib/io.ts'
import { type Answer, Refusal } from './answer.ts'
import { precondition, rangeHolds, type Version } from './conditions.ts'
import type { Head } from './request.ts'
import { locationOf, pathOf, type Target } from './target.ts'

const BLOCK = 16 * 1024
const INDEX = 'index.html'
const RANGE = /^bytes=(\d*)-(\d*)$/

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
}

/** The statuses that failed system calls come to. */
const STATUSES: Record<string, number> = { ENOENT: 404, ENOTDIR: 404, ENAMETOOLONG: 404, ELOOP: 404, EACCES: 403 }

export function refusalOf(error: unknown): Refusal {
  return new Refusal(STATUSES[String(codeOf(error))] ?? 500)
}

/** Answers GET and HEAD. */
export function answerRead(data: Buffer, target: Target, head: Head): Answer {
  const names = target.isFolder ? [...target.names, INDEX] : target.names
  const fd = open(data, target, names)
  let body: Iterable<Buffer> = []
  try {
    const stat = fs.fstatSync(fd, { bigint: true })
    if (stat.isDirectory() && !target.isFolder) throw new Refusal(301, { Location: `${locationOf(names)}/${target.query}` })
    if (!stat.isFile()) throw new Refusal(404)
    const version = versionOf(stat)
    const known = {
      ETag: version.etag,
      'Last-Modified': new Date(version.modified).toUTCString(),
      'Content-Type': TYPES[path.extname(names.at(-1) ?? '')] ?? 'application/octet-stream',
    }
    const status = precondition(head.fields, version, true)
    if (status === 304) return { status, fields: known, body }
    if (status !== undefined) throw new Refusal(status)

    const part = partOf(head, version, Number(stat.size))
    if (head.method === 'GET') body = blocks(fd, part)
    const fields = { ...known, ...part.fields, 'Content-Length': `${part.length}` }
    return { status: part.status, fields, body }
  } finally {
    // Otherwise it is closed when the last block has been sent.
    if (Array.isArray(body)) fs.closeSync(fd)
  }
}

function open(data: Buffer, target: Target, names: string[]): number {
  try {
    // Whoever opens a named pipe, which is no file to serve, waits for somebody at its other end unless he says that he will not.
    return fs.openSync(pathOf(data, names), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  } catch (error) {
    if (target.isFolder && isFolder(pathOf(data, target.names))) throw new Refusal(403)
    throw refusalOf(error)
  }
}

/** Differs when the file does, even if it was written twice within the same second or has the same size. */
export function versionOf(stat: fs.BigIntStats): Version {
  const tag = [stat.ino, stat.size, stat.mtimeNs].map((value) => value.toString(16)).join('-')
  return { etag: `"${tag}"`, modified: Number(stat.mtimeNs / 1_000_000_000n) * 1000 }
}

interface Part {
  status: 200 | 206
  start: number
  length: number
  fields: Record<string, string>
}

/** The part that is asked for; the whole, if it is not one part of bytes or its condition does not hold. */
function partOf({ method, fields }: Head, version: Version, size: number): Part {
  const whole: Part = { status: 200, start: 0, length: size, fields: {} }
  const found = RANGE.exec(String(fields.get('range')))
  if (method !== 'GET' || !found || !rangeHolds(fields, version)) return whole
  const [first, last] = found.slice(1) as [string, string]
  if (first + last === '') return whole
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size)
  if (start >= end) throw new Refusal(416, { 'Content-Range': `bytes */${size}` })
  return { status: 206, start, length: end - start, fields: { 'Content-Range': `bytes ${start}-${end - 1}/${size}` } }
}

/**
 * The length has been promised. If the file became longer since, that much is sent; if it became shorter, the promise can not be held, and the connection has to
 * break. Reading waits for the disk, as in nginx; what it must not wait for is the client.
 */
function* blocks(fd: number, { start, length }: Part): Generator<Buffer> {
  try {
    for (let sent = 0; sent < length; ) {
      const buffer = Buffer.allocUnsafe(Math.min(BLOCK, length - sent))
      const got = fs.readSync(fd, buffer, 0, buffer.length, start + sent)
      if (got === 0) throw new Error('the file was cut short')
      sent += got
      yield buffer.subarray(0, got)
    }
  } finally {
    fs.closeSync(fd)
  }
}
