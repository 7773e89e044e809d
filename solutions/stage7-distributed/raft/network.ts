import net from 'node:net'
import type { Message } from './messages.ts'

const RECONNECT_MS = 100
/** What a link has not got rid of, in bytes. Beyond that, messages are dropped: they would be out of date when they arrive. */
const BACKLOG = 1024 * 1024

export interface Address {
  host: string
  port: number
}

/** The links to the other nodes. Each node connects to each, and its connection carries its own messages only: one a line, as JSON. */
export class Network {
  readonly others: number[]
  /** How many messages were sent. */
  sent = 0
  private readonly sockets = new Map<number, net.Socket>()

  constructor(peers: Map<number, Address>) {
    this.others = [...peers.keys()]
    for (const [id, address] of peers) this.connect(id, address)
  }

  /** Or not: no connection, or one that is blocked, loses the message, as the network may. */
  send(to: number, message: Message): void {
    const socket = this.sockets.get(to)
    if (socket?.readyState !== 'open' || socket.writableLength > BACKLOG) return
    socket.write(`${JSON.stringify(message)}\n`)
    this.sent += 1
  }

  private connect(id: number, address: Address): void {
    const socket = net.connect({ ...address, noDelay: true })
    this.sockets.set(id, socket)
    socket.on('error', () => {})
    socket.on('close', () => setTimeout(() => this.connect(id, address), RECONNECT_MS))
    // Nothing comes back on this connection, but only who reads learns of its end.
    socket.resume()
  }
}

/** Hands on what the other nodes say. Who says something else is cut off. */
export function listenToPeers(address: Address, receive: (message: Message) => void): net.Server {
  const server = net.createServer({ noDelay: true }, (socket) => {
    let parts: string[] = []
    socket.setEncoding('utf8')
    socket.on('error', () => {})
    socket.on('data', (text: string) => {
      const [first = '', ...more] = text.split('\n')
      parts.push(first)
      for (const start of more) {
        const message = parse(parts.join(''))
        if (!message) return socket.destroy()
        receive(message)
        parts = [start]
      }
    })
  })
  return server.listen(address.port, address.host)
}

function parse(line: string): Message | undefined {
  try {
    const message = JSON.parse(line)
    return typeof message?.term === 'number' ? message : undefined
  } catch {
    return undefined
  }
}
