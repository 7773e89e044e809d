import net from 'node:net'
import { parseArgs } from 'node:util'
import { isFolder } from '#lib/destination.ts'
import { FatalError, runProgram } from '#lib/program.ts'
import { Connection } from './connection.ts'

const USAGE = 'usage: http-server --port N --data DIR'
const BACKLOG = 2048
/** How long answers that are on their way may take after SIGTERM. */
const GRACE_MS = 1500

function main(args: string[]): Promise<number> {
  const { port, data } = settingsOf(args)
  const connections = new Set<Connection>()
  const server = net.createServer((socket) => {
    const connection = new Connection(socket, data)
    connections.add(connection)
    connection.serve().finally(() => connections.delete(connection))
  })
  process.on('SIGTERM', () => {
    server.close()
    for (const connection of connections) connection.finish()
    setTimeout(() => {
      for (const connection of connections) connection.abort()
    }, GRACE_MS).unref()
  })
  // It ends, with status 0, when there is nothing left to wait for.
  return new Promise((_, reject) => {
    server.on('error', reject)
    server.listen({ port, host: '127.0.0.1', backlog: BACKLOG })
  })
}

function settingsOf(args: string[]): { port: number; data: Buffer } {
  const { port = '', data } = parseArgs({ args, options: { port: { type: 'string' }, data: { type: 'string' } } }).values
  if (!/^\d+$/.test(port) || data === undefined) throw new FatalError(USAGE)
  const folder = Buffer.from(data)
  if (!isFolder(folder)) throw new FatalError(`${data}: there is no such folder`)
  return { port: Number(port), data: folder }
}

runProgram('http-server', USAGE, main, { usageStatus: 2 })
