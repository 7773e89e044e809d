import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { difference, excerpt, type Text } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import type { Random } from '../engine/random.ts'
import { which } from '../programs/containment.ts'
import type { Kit } from '../programs/kit.ts'
import type { Live } from '../programs/live.ts'
import type { Endpoint } from '../programs/server.ts'
import { Connection, type ConnectOptions } from '../protocols/tcp.ts'

/** @throws {Failure} what has come back is not what was sent. */
export function cameBack(sent: Text, got: Buffer, what: string, why = ''): void {
  const bytes = Buffer.from(sent)
  if (bytes.equals(got)) return
  const found = difference(bytes, got) ?? { where: '', expected: '', actual: '' }
  throw new Failure(`${what} is not what was sent: ${found.where}. ${why}`.trim(), found)
}

/** Sends, waits for as many bytes, and compares. */
export async function echoes(connection: Connection, data: Text, what: string, why = ''): Promise<void> {
  await connection.write(data)
  const length = Buffer.byteLength(data)
  cameBack(data, await connection.take(length, what), what, why)
}

/** One message on a connection of its own. */
export async function echoesOnce(server: Endpoint, data: Text, what: string, options: ConnectOptions = {}): Promise<void> {
  const connection = await Connection.open(server, options)
  await echoes(connection, data, what)
  connection.close()
}

/** Takes a long answer piece by piece, and compares each with the block that was sent again and again. */
export async function takesBlocks(connection: Connection, block: Buffer, count: number, what: string): Promise<void> {
  for (let n = 0; n < count; n++) {
    const got = await connection.take(block.length, `Block ${n + 1} of ${count} of ${what}`)
    if (!got.equals(block)) cameBack(block, got, `Block ${n + 1} of ${count} of ${what}`)
  }
}

/** Nothing more comes, and the server has ended its side. */
export async function endsHere(connection: Connection, what: string): Promise<void> {
  const rest = await connection.closes(`The end of the connection ${what}`)
  if (rest.length === 0) return
  throw new Failure(`More came back than was sent ${what}.`, { expected: 'the end of the connection', actual: excerpt(rest) })
}

/** Bytes of all kinds, too many to be drawn one by one. */
export function bulk(random: Random, length: number): Buffer {
  const seed = random.bytes(4099)
  const bytes = Buffer.alloc(length, seed)
  // No two pieces of it are the same, so that it is seen if they change places.
  for (let at = 0; at + 8 <= length; at += 4096) bytes.writeUInt32BE(at ^ 0x5bd1e995, at)
  return bytes
}

/**
 * Leaves a running program this many more descriptors than it has.
 * @throws {Skipped} where there is no prlimit(1).
 */
export function limitDescriptors(kit: Kit, live: Live, more: number): void {
  const prlimit = which('prlimit')
  const pid = live.process.program()
  if (!prlimit || pid === undefined) kit.skip('prlimit, which limits descriptors (Debian package util-linux)')
  const used = new Set(fs.readdirSync(`/proc/${pid}/fd`).map(Number))
  // The limit is one of numbers: there may be gaps below it that can be filled, and a high one that was inherited.
  let limit = 0
  for (let free = 0; free < more; limit++) if (!used.has(limit)) free++
  const set = spawnSync(prlimit, ['--pid', String(pid), `--nofile=${limit}:${limit}`])
  if (set.status !== 0) kit.skip(`leave to limit the descriptors of a running program (${set.stderr})`)
}
