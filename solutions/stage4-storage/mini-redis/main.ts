import net from 'node:net'
import { parseArgs } from 'node:util'
import { FatalError, runProgram } from '#lib/program.ts'
import { Log } from './log.ts'
import { Server } from './server.ts'

const USAGE =
  'usage: mini-redis --port N --data DIR [--appendonly yes|no] [--maxmemory BYTES] [--maxmemory-policy noeviction|allkeys-lru]'
const UNITS: Record<string, number> = { '': 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }

function bytes(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([kmg]b)?$/i.exec(text) ?? []
  if (digits === undefined) throw new FatalError(`--maxmemory: not a number of bytes: ${text} (${USAGE})`)
  return Number(digits) * (UNITS[unit.toLowerCase()] as number)
}

function readOptions(args: string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args,
      options: {
        port: text,
        data: text,
        appendonly: text,
        appendfsync: text,
        maxmemory: text,
        'maxmemory-policy': text,
      },
    }).values
  } catch (error) {
    throw new FatalError(`${(error as Error).message.split('\n')[0]} (${USAGE})`)
  }
}

function main(args: string[]): Promise<number> {
  const options = readOptions(args)
  if (!options.port || !options.data) throw new FatalError(`--port and --data are needed (${USAGE})`)
  const log = options.appendonly === 'no' ? undefined : new Log(options.data)
  const server = new Server(log, {
    maxmemory: bytes(options.maxmemory ?? '0'),
    policy: options['maxmemory-policy'] ?? 'noeviction',
  })
  const listener = net.createServer((socket) => server.accept(socket))
  listener.listen({ port: Number(options.port), host: '127.0.0.1', backlog: 1024 })
  return new Promise((resolve, reject) => {
    listener.on('error', reject)
    process.on('SIGTERM', () => {
      resolve(0)
      setImmediate(() => process.exit())
    })
  })
}

runProgram('mini-redis', USAGE, main, { usageStatus: 2 })
