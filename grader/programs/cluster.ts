import { Failure } from '../engine/failure.ts'
import type { Kit } from './kit.ts'
import { Links } from './links.ts'
import type { Server } from './server.ts'

/** One node of a cluster, running or not. Its data outlive it. */
export interface Node {
  readonly id: number
  readonly data: string
  server: Server | undefined
}

/** How long a cluster may take to come to rest after whatever was done to it, in milliseconds: several elections on a busy machine. */
const SETTLES = 20_000
const LOOK_EVERY = 40

/** Several servers whose links run through proxies of the grader's own. */
export class Cluster {
  readonly links: Links
  readonly nodes: Node[]
  private readonly kit: Kit

  private constructor(kit: Kit, nodes: Node[], links: Links) {
    this.kit = kit
    this.nodes = nodes
    this.links = links
  }

  /** Starts so many nodes, with ids from 1 on. */
  static async start(kit: Kit, size: number): Promise<Cluster> {
    const ids = Array.from({ length: size }, (_, n) => n + 1)
    const links = await Links.between(ids, kit.random.fork('links'))
    kit.onClose(() => links.close())
    const nodes = ids.map((id) => ({ id, data: kit.scratch.folder(`node-${id}`), server: undefined }))
    const cluster = new Cluster(kit, nodes, links)
    await cluster.restart(...ids)
    return cluster
  }

  node(id: number): Node {
    return this.nodes[id - 1] as Node
  }

  /** A node that must be running. */
  server(id: number): Server {
    const { server } = this.node(id)
    if (!server) throw new Error(`node ${id} is not running`)
    return server
  }

  get running(): number[] {
    return this.nodes.filter(({ server }) => server).map(({ id }) => id)
  }

  /** Starts nodes that are not running, all at once, on the data that they have. */
  async restart(...ids: number[]): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        const node = this.node(id)
        const own = await this.links.listensAnew(id)
        const peers = this.nodes.map(({ id: other }) => `${other}=127.0.0.1:${other === id ? own : this.links.port(id, other)}`)
        node.server = await this.kit.program.serve({ data: node.data, id, peers: peers.join(',') })
      }),
    )
  }

  /** kill -9. */
  async kill(...ids: number[]): Promise<void> {
    this.note(`node ${ids.join(', ')}: kill -9`)
    await Promise.all(
      ids.map(async (id) => {
        const { server } = this.node(id)
        this.node(id).server = undefined
        await server?.live.stop()
      }),
    )
  }

  /** SIGSTOP: it stands still, and does not know it. */
  pause(...ids: number[]): void {
    this.note(`node ${ids.join(', ')} stands still (SIGSTOP)`)
    for (const id of ids) this.server(id).live.process.signal('SIGSTOP')
  }

  resume(...ids: number[]): void {
    this.note(`node ${ids.join(', ')} goes on (SIGCONT)`)
    for (const id of ids) this.server(id).live.process.signal('SIGCONT')
  }

  partition(...groups: number[][]): void {
    this.note(`the network is cut: ${groups.map((group) => `{${group.join(' ')}}`).join(' | ')}`)
    this.links.partition(...groups)
  }

  cut(from: number, to: number): void {
    this.note(`nothing from node ${from} reaches node ${to} any more`)
    this.links.cut(from, to)
  }

  unreliable(delay: [number, number], breaks: number): void {
    this.note(`the network holds messages up for ${delay.join(' to ')} ms, and one in ${breaks} breaks its connection`)
    this.links.unreliable(delay, breaks)
  }

  /** What the one sends to the other is on its way from now on, until it is released. */
  hold(from: number, to: number): void {
    this.note(`what node ${from} sends to node ${to} is on its way, and does not arrive yet`)
    this.links.hold(from, to)
  }

  /** Bytes on their way. */
  held(from: number, to: number): number {
    return this.links.heldBytes(from, to)
  }

  /** The sender sees its connection break, and can make a new one; what was on its way still is. */
  tear(from: number, to: number): void {
    this.note(`node ${from} sees its connection to node ${to} break`)
    this.links.tear(from, to)
  }

  release(from: number, to: number): void {
    this.note(`what was on its way from node ${from} to node ${to} arrives, late`)
    this.links.release(from, to)
  }

  slow(from: number, to: number, delay: [number, number]): void {
    this.links.slow(from, to, delay)
  }

  narrow(from: number, to: number, rate: number): void {
    this.note(`the link from node ${from} to node ${to} lets ${rate} bytes through in a millisecond`)
    this.links.narrow(from, to, rate)
  }

  heal(): void {
    this.note('the network is well again')
    this.links.heal()
  }

  private note(text: string): void {
    this.nodes.find(({ server }) => server)?.server?.transcript.note(text)
  }

  /**
   * Waits until something is true of the cluster, looking again and again.
   * @param look returns what was waited for, or undefined.
   * @throws {Failure} it does not come to be; `state` tells what was the case at last.
   */
  async settles<T>(
    what: string,
    look: () => Promise<T | undefined>,
    { why = '', state = async () => '', within = SETTLES }: Settling = {},
  ): Promise<T> {
    const patience = this.nodes.find(({ server }) => server)?.server?.patience ?? 1
    const deadline = performance.now() + within * patience
    for (;;) {
      const found = await look()
      if (found !== undefined) return found
      for (const { id, server } of this.nodes) {
        if (server?.live.process.ended)
          throw new Failure(`Node ${id} is gone, while it was waited that ${what}.${await server.obituary()}`, {
            expected: `node ${id} goes on running`,
            actual: 'it has ended',
          })
      }
      if (performance.now() > deadline) {
        throw new Failure(`It was waited ${within / 1000} s that ${what}, in vain. ${why}`.trim(), {
          expected: what,
          actual: await state(),
        })
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
    }
  }
}

export interface Settling {
  why?: string
  /** What is the case now, for the failure. */
  state?: () => Promise<string>
  within?: number
}
