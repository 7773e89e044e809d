import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { FatalError, runProgram } from '#lib/program.ts'
import { serveClients } from './clients.ts'
import { Journal } from './journal.ts'
import { type Address, listenToPeers, Network } from './network.ts'
import { TICK_MS } from './raft.ts'
import { Replica } from './replica.ts'

const USAGE = 'usage: raft --id N --port P --peers ID=HOST:PORT,... --data DIR'

async function main(args: string[]): Promise<number> {
  const { id, port, peers, data } = settingsOf(args)
  const own = peers.get(id) as Address
  peers.delete(id)
  const replica = new Replica(id, new Journal(data), new Network(peers))
  setInterval(() => replica.tick(), TICK_MS)
  const servers = [listenToPeers(own, (message) => replica.receive(message)), serveClients(port, replica)]
  // All that was answered for is on the disk: there is nothing to finish.
  process.on('SIGTERM', () => process.exit(0))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  return 0
}

function settingsOf(args: string[]): { id: number; port: number; peers: Map<number, Address>; data: string } {
  const text = { type: 'string' } as const
  const { id, port, peers, data } = parseArgs({ args, options: { id: text, port: text, peers: text, data: text } }).values
  if (!id || !port || !peers || !data) throw new FatalError(USAGE)
  const addresses = new Map(peers.split(',').map(parsePeer))
  if (!addresses.has(Number(id))) throw new FatalError(`--id: ${id} is not among --peers`)
  return { id: Number(id), port: parsePort(port), peers: addresses, data }
}

function parsePeer(text: string): [number, Address] {
  const [, id, host, port] = /^(\d+)=([^:]+):(\d+)$/.exec(text) ?? []
  if (!id || !host || !port) throw new FatalError(`--peers: not ID=HOST:PORT: '${text}'`)
  return [Number(id), { host, port: parsePort(port) }]
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!(Number.isInteger(port) && port > 0 && port < 65536)) throw new FatalError(`not a port: '${text}'`)
  return port
}

runProgram('raft', USAGE, main, { usageStatus: 2 })
