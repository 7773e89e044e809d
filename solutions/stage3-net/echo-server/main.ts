import net, { type Socket } from 'node:net'
import { parseArgs } from 'node:util'
import { FatalError, runProgram } from '#lib/program.ts'

const USAGE = 'usage: echo-server --port N'
const BACKLOG = 2048

/**
 * One thread waits for all sockets at once (the event loop of Node, which is epoll(7) below) and does what can be done without waiting: a client that is
 * silent, or slow, or gone costs the others nothing.
 */
function main(args: string[]): Promise<number> {
  const port = portOf(args)
  // Half-open: a client that sends no more still wants what is on its way back.
  const server = net.createServer({ allowHalfOpen: true }, echo)
  // Nothing has to be put in order: the kernel closes what a process leaves open.
  process.on('SIGTERM', () => process.exit(0))
  return new Promise((_, reject) => {
    server.on('error', reject)
    server.listen({ port, host: '127.0.0.1', backlog: BACKLOG })
  })
}

function echo(socket: Socket): void {
  socket.setNoDelay(true)
  socket.on('data', (bytes) => {
    // What the client does not read it may not send either: the rest waits in the two kernels, until those are full and it has to stop.
    if (!socket.write(bytes)) socket.pause()
  })
  socket.on('drain', () => socket.resume())
  socket.on('end', () => socket.end())
  // A reset is how some clients say goodbye; the socket closes by itself.
  socket.on('error', () => {})
}

function portOf(args: string[]): number {
  const { port } = parseArgs({ args, options: { port: { type: 'string' } } }).values
  if (port === undefined || !/^\d+$/.test(port)) throw new FatalError(USAGE)
  return Number(port)
}

runProgram('echo-server', USAGE, main, { usageStatus: 2 })
