import { once } from 'node:events'
import net from 'node:net'
import type { Random } from '../engine/random.ts'
import { freePort } from './server.ts'

/** How the bytes from one node to another fare. */
interface Way {
  readonly ends: [from: number, to: number]
  cut: boolean
  /** Milliseconds that each piece is held up, from and to. */
  delay: [number, number]
  /** Bytes that get through in a millisecond. */
  rate: number
  /** One piece in so many breaks its connection; 0 for none. */
  breaks: number
  /** Pieces are kept here until they are released, and so is what follows them on the same connections. */
  held: boolean
}

const FREE: Omit<Way, 'ends'> = { cut: false, delay: [0, 0], rate: Number.POSITIVE_INFINITY, breaks: 0, held: false }
/** Bytes that may wait for a slow receiver before its sender is held up. */
const HIGH_WATER = 4 * 1024 ** 2

/** How much later than it should be what was on its way in a connection that breaks is, in milliseconds. */
const LATE: [number, number] = [100, 400]

/** Both ends of a connection. */
interface Pair {
  /** The sender sees it broken, the receiver does not yet. */
  isTorn: boolean
  close: () => void
}

/** One direction of a connection that holds something back. */
interface Held {
  way: Way
  bytes: () => number
  /** The sender sees its connection end. */
  tear: () => void
  release: () => void
}

/** What went over all links. */
export interface Traffic {
  /** Pieces as they came from the sockets: a lower bound of messages, since several may come in one. */
  pieces: number
  bytes: number
  connections: number
}

/**
 * The network between the nodes of a cluster: a proxy for each ordered pair. What is cut is swallowed in silence, as by a firewall: nobody is told, and whoever
 * connects hears nothing. It is cut for one direction at a time, on connections of either side.
 */
export class Links {
  readonly traffic: Traffic = { pieces: 0, bytes: 0, connections: 0 }
  private readonly ways = new Map<string, Way>()
  private readonly proxies = new Map<string, { server: net.Server; port: number }>()
  private readonly targets = new Map<number, number>()
  private readonly sockets = new Set<net.Socket>()
  private readonly timers = new Set<NodeJS.Timeout>()
  /** Connections that lost something in a cut, or one of their ends. */
  private readonly whenHealed = new Set<() => void>()
  private readonly held = new Set<Held>()
  private readonly random: Random

  private constructor(random: Random) {
    this.random = random
  }

  static async between(ids: number[], random: Random): Promise<Links> {
    const links = new Links(random)
    for (const from of ids)
      for (const to of ids) {
        if (from === to) continue
        links.ways.set(`${from}>${to}`, { ...FREE, ends: [from, to] })
        await links.open(from, to)
      }
    return links
  }

  /** Where a node listens for the others; a new place each time it is started. */
  async listensAnew(id: number): Promise<number> {
    const port = await freePort()
    this.targets.set(id, port)
    return port
  }

  /** The address at which one node reaches another. */
  port(from: number, to: number): number {
    return this.proxies.get(`${from}>${to}`)?.port as number
  }

  /** Where a node really listens for the others. */
  target(id: number): number {
    return this.targets.get(id) as number
  }

  private async open(from: number, to: number): Promise<void> {
    const server = net.createServer({ allowHalfOpen: false }, (near) => this.join(near, from, to))
    const port = await freePort()
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    this.proxies.set(`${from}>${to}`, { server, port })
  }

  private join(near: net.Socket, from: number, to: number): void {
    this.traffic.connections += 1
    const far = net.connect(this.target(to), '127.0.0.1')
    const close = () => {
      for (const socket of [near, far]) {
        socket.destroy()
        this.sockets.delete(socket)
      }
    }
    const pair: Pair = { isTorn: false, close }
    for (const socket of [near, far]) {
      this.sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => this.end(pair, from, to))
      socket.on('close', () => this.end(pair, from, to))
    }
    this.carry(near, far, this.way(from, to), pair)
    this.carry(far, near, this.way(to, from), pair)
  }

  /** One side has ended. Within a cut the other does not hear of it until that is over; and what was on its way in a broken connection may still come. */
  private end({ isTorn, close }: Pair, from: number, to: number): void {
    if (isTorn) return
    if (this.way(from, to).cut || this.way(to, from).cut) this.whenHealed.add(close)
    else close()
  }

  private way(from: number, to: number): Way {
    return this.ways.get(`${from}>${to}`) as Way
  }

  private carry(from: net.Socket, to: net.Socket, way: Way, pair: Pair): void {
    /** Pieces that are held up. They stay in order, whatever their delays. */
    const queue: { piece: Buffer; due: number }[] = []
    let hasHole = false
    let isTorn = false
    const deliver = () => {
      if (way.cut && queue.length > 0) lose()
      for (let next = queue[0]; next && next.due <= performance.now(); next = queue[0]) {
        queue.shift()
        if (to.destroyed) return this.end(pair, ...way.ends)
        pass(next.piece)
      }
      if (isTorn && queue.length === 0) pair.close()
    }
    const pass = (piece: Buffer) => {
      if (to.write(piece) || to.writableLength < HIGH_WATER) return
      from.pause()
      to.once('drain', () => from.resume())
    }
    const lose = () => {
      hasHole = true
      queue.length = 0
      this.whenHealed.add(pair.close)
    }
    /** The sender sees its connection end; what was on its way may still come. */
    const tear = () => {
      isTorn = true
      pair.isTorn = true
      from.destroy()
    }
    /** It comes late: behind what is sent over the next connection. */
    const tearLate = () => {
      const late = this.random.int(...LATE)
      for (const item of queue) item.due += late
      this.deliverAt(queue, deliver)
      tear()
    }
    const hold = (piece: Buffer) => {
      if (queue.at(-1)?.due !== Number.POSITIVE_INFINITY) {
        const bytes = () => queue.reduce((sum, item) => sum + item.piece.length, 0)
        const release = () => {
          for (const item of queue.splice(0)) pass(item.piece)
        }
        this.held.add({ way, bytes, tear, release })
      }
      queue.push({ piece, due: Number.POSITIVE_INFINITY })
    }
    from.on('data', (piece: Buffer) => {
      this.traffic.pieces += 1
      this.traffic.bytes += piece.length
      if (way.cut) lose()
      if (hasHole || pair.isTorn) return
      if (way.held || queue.at(-1)?.due === Number.POSITIVE_INFINITY) return hold(piece)
      const isLast = way.breaks > 0 && this.random.oneIn(way.breaks)
      const due = Math.max(queue.at(-1)?.due ?? 0, performance.now() + this.random.int(...way.delay)) + piece.length / way.rate
      const isCut = isLast && this.random.oneIn(2)
      queue.push({ piece: isCut ? piece.subarray(0, this.random.int(0, piece.length - 1)) : piece, due })
      if (isLast) tearLate()
      else this.deliverAt(queue, deliver)
    })
  }

  private deliverAt(queue: { due: number }[], deliver: () => void): void {
    const wait = (queue.at(-1)?.due ?? 0) - performance.now()
    if (wait <= 0) deliver()
    else this.later(Math.ceil(wait) + 1, deliver)
  }

  private later(ms: number, what: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      what()
    }, ms)
    this.timers.add(timer)
  }

  /** Nothing from the one gets to the other any more. */
  cut(from: number, to: number): void {
    Object.assign(this.way(from, to), { cut: true })
  }

  /** Only nodes of the same group reach each other. */
  partition(...groups: number[][]): void {
    const groupOf = (id: number) => groups.findIndex((group) => group.includes(id))
    for (const name of this.ways.keys()) {
      const [from = 0, to = 0] = name.split('>').map(Number)
      if (groupOf(from) !== groupOf(to)) this.cut(from, to)
    }
  }

  /** All links hold pieces up, for a time drawn between two bounds (milliseconds), and one piece in `breaks` breaks its connection: it, or a part of it, and what was on its way, comes late. */
  unreliable(delay: [number, number], breaks: number): void {
    for (const way of this.ways.values()) Object.assign(way, { delay, breaks })
  }

  /** What goes from the one to the other is held up, for a time drawn between two bounds (milliseconds). */
  slow(from: number, to: number, delay: [number, number]): void {
    Object.assign(this.way(from, to), { delay })
  }

  /** What goes from the one to the other is no more than so many bytes in a millisecond. */
  narrow(from: number, to: number, rate: number): void {
    Object.assign(this.way(from, to), { rate })
  }

  /** From now on nothing that the one sends to the other arrives, but it is not lost: it may be released later. */
  hold(from: number, to: number): void {
    Object.assign(this.way(from, to), { held: true })
  }

  /** How many bytes are held back between the two. */
  heldBytes(from: number, to: number): number {
    return this.heldBetween(from, to).reduce((sum, { bytes }) => sum + bytes(), 0)
  }

  /** The sender sees the connections break that hold something back, and may make new ones; the receiver sees nothing yet. */
  tear(from: number, to: number): void {
    Object.assign(this.way(from, to), { held: false })
    for (const { tear } of this.heldBetween(from, to)) tear()
  }

  /** What was held back arrives now, over its old connections, even if the two are cut off from each other. */
  release(from: number, to: number): void {
    for (const held of this.heldBetween(from, to)) {
      held.release()
      this.held.delete(held)
    }
  }

  private heldBetween(from: number, to: number): Held[] {
    return [...this.held].filter(({ way }) => way === this.way(from, to))
  }

  /** All is well again. Connections that lost something are closed: their streams have a hole. */
  heal(): void {
    for (const way of this.ways.values()) Object.assign(way, FREE)
    for (const close of this.whenHealed) close()
    this.whenHealed.clear()
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer)
    for (const { server } of this.proxies.values()) server.close()
    for (const socket of this.sockets) socket.destroy()
  }
}
