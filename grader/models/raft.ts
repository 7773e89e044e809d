import { Failure } from '../engine/failure.ts'
import { Cluster } from '../programs/cluster.ts'
import type { Kit } from '../programs/kit.ts'
import type { Server } from '../programs/server.ts'
import { connect, type Reply, type Resp } from '../protocols/resp.ts'

/** What a node tells of itself. */
export interface Info {
  id: number
  role: string
  term: number
  leader: number
  commit: number
  applied: number
  log: number
  snapshot: number
  sent: number
}

const NUMBERS = ['id', 'term', 'leader', 'commit', 'applied', 'log', 'snapshot', 'sent'] as const
const ROLES = ['leader', 'follower', 'candidate']

type Words = (string | number | Uint8Array)[]

/** A cluster under test, with clients that find its leader. Whatever else a check asks: it sees that no two nodes lead in the same term. */
export class Nodes {
  readonly cluster: Cluster
  readonly ids: number[]
  private readonly observers = new Map<Server, Promise<Resp>>()
  private readonly clients = new Map<Server, Promise<Resp>>()
  private readonly quiet = new Map<Server, Promise<Resp>>()
  /** Who led in which term. */
  private readonly leaders = new Map<number, number>()
  private readonly paused = new Set<number>()

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.ids = cluster.nodes.map(({ id }) => id)
  }

  static async start(kit: Kit, size = 3): Promise<Nodes> {
    return new Nodes(await Cluster.start(kit, size))
  }

  /** Nodes that run and do not stand still. */
  get awake(): number[] {
    return this.cluster.running.filter((id) => !this.paused.has(id))
  }

  others(...ids: number[]): number[] {
    return this.ids.filter((id) => !ids.includes(id))
  }

  pause(...ids: number[]): void {
    this.cluster.pause(...ids)
    for (const id of ids) this.paused.add(id)
  }

  resume(...ids: number[]): void {
    this.cluster.resume(...ids)
    for (const id of ids) this.paused.delete(id)
  }

  async kill(...ids: number[]): Promise<void> {
    for (const id of ids) this.paused.delete(id)
    await this.cluster.kill(...ids)
  }

  async restart(...ids: number[]): Promise<void> {
    await this.cluster.restart(...ids)
  }

  /** A client's connection to a node, the same one each time. */
  client(id: number): Promise<Resp> {
    return remembered(this.clients, this.cluster.server(id), (server) => connect(server, { name: `node ${id}` }))
  }

  /** One of whose many commands the transcript tells nothing. */
  quietClient(id: number): Promise<Resp> {
    return remembered(this.quiet, this.cluster.server(id), (server) => connect(server, { quiet: true }))
  }

  /** One that nobody else uses: it may have to wait. */
  ownClient(id: number): Promise<Resp> {
    return connect(this.cluster.server(id), { name: `node ${id}` })
  }

  ownQuietClient(id: number): Promise<Resp> {
    return connect(this.cluster.server(id), { quiet: true })
  }

  /** Asks this very node. */
  async ask(id: number, ...words: Words): Promise<Reply> {
    return (await this.client(id)).call(...words)
  }

  /** @throws {Failure} it is not as the spec has it, or two nodes have led in one term. */
  async info(id: number): Promise<Info> {
    const server = this.cluster.server(id)
    const client = await remembered(this.observers, server, () => connect(server, { quiet: true }))
    const info = parseInfo(id, await client.call('INFO'))
    if (info.role !== 'leader') return info
    const first = this.leaders.get(info.term) ?? id
    this.leaders.set(info.term, first)
    if (first === id) return info
    throw new Failure(
      `Two nodes have led in term ${info.term}: node ${first}, and now node ${id}. Then two logs grow with entries of the same index and term, and what one of them has acknowledged will be lost.`,
      { expected: `one leader in term ${info.term}`, actual: `node ${first} and node ${id}` },
    )
  }

  async infos(ids = this.awake): Promise<Info[]> {
    return Promise.all(ids.map((id) => this.info(id)))
  }

  /** What all these nodes say, for a failure. */
  state = async (): Promise<string> => {
    const infos = await this.infos()
    return infos
      .map(({ id, role, term, leader, commit, applied, log, snapshot }) =>
        [
          `node ${id}: ${role} of term ${term}, leader ${leader}`,
          `commit ${commit}, applied ${applied}, log ${log}, snapshot ${snapshot}`,
        ].join(', '),
      )
      .join('\n')
  }

  /** Waits until all of these agree on a leader, which is one of them. @returns its id. */
  async leader(ids = this.awake, why = ''): Promise<number> {
    const what = `nodes ${ids.join(', ')} agree on a leader among them`
    return this.cluster.settles(what, async () => agreed(await this.infos(ids)), { why, state: this.state })
  }

  /** Waits until some node leads that is one of these, whatever the others believe. */
  async someLeader(ids: number[], why = ''): Promise<Info> {
    const what = `one of the nodes ${ids.join(', ')} leads`
    const look = async () => (await this.infos(ids)).find(({ role }) => role === 'leader')
    return this.cluster.settles(what, look, { why, state: this.state })
  }

  /**
   * Has a command carried out: asks for the leader until one answers with something else than MOVED or TIMEOUT. Only for commands that may be repeated.
   * @param ids the nodes that can reach each other.
   */
  async call(words: Words, ids = this.awake): Promise<Reply> {
    const what = `a leader among nodes ${ids.join(', ')} carries out ${words.slice(0, 2).join(' ')}`
    const look = async () => {
      const reply = await this.ask(await this.leader(ids), ...words)
      return isRefusal(reply) ? undefined : { reply }
    }
    return (await this.cluster.settles(what, look, { state: this.state })).reply
  }

  /** Sets a key, and sees to it that this was acknowledged. */
  async set(key: string, value: string, ids = this.awake): Promise<void> {
    const reply = await this.call(['SET', key, value], ids)
    if (reply !== '+OK')
      throw new Failure(`The reply to SET ${key} is wrong.`, { expected: '+OK', actual: JSON.stringify(reply) })
  }

  /** Waits until all of these have applied the same, and nothing is under way. @returns the last index. */
  async converge(ids = this.awake, why = ''): Promise<number> {
    const look = async () => {
      const infos = await this.infos(ids)
      const [first] = infos as [Info, ...Info[]]
      const same = infos.every(
        ({ term, commit, applied }) => term === first.term && commit === first.commit && applied === commit,
      )
      return same && agreed(infos) ? first.commit : undefined
    }
    return this.cluster.settles(`nodes ${ids.join(', ')} have committed and applied the same`, look, { why, state: this.state })
  }

  /**
   * Lets a node stand for election: its voters sleep until it has asked for votes, and have forgotten any leader by then. All others must be out of the way.
   * @returns who leads in the end.
   */
  async stands(id: number, voters: number[], why = ''): Promise<number> {
    await this.asksForVotes(id, voters)
    this.resume(...voters)
    return this.leader([id, ...voters], why)
  }

  /** @returns when the voters, who are asleep then, have been asked by this node. */
  async asksForVotes(id: number, voters: number[]): Promise<void> {
    await this.kill(...voters)
    await this.restart(...voters)
    this.pause(...voters)
    const { term } = await this.info(id)
    // What it has asked at first may have been lost, if it was not connected again yet.
    const asks = async () => {
      const now = await this.info(id)
      return now.term > term + 1 || now.role === 'leader' || undefined
    }
    await this.cluster.settles(`node ${id} asks for votes in one term after the other`, asks, { state: this.state })
  }

  /** Makes a node the leader, if its log lets it. */
  async leads(id: number, voters: number[], why = ''): Promise<void> {
    const what = `node ${id} becomes the leader, with the votes of nodes ${voters.join(', ')}`
    const attempt = async () => (await this.stands(id, voters, why)) === id || undefined
    await this.cluster.settles(what, attempt, { why, state: this.state })
  }

  /** Lets some time pass, in milliseconds, in which things may go wrong. */
  async pass(ms: number): Promise<void> {
    const end = performance.now() + ms
    await this.cluster.settles('some time passes', async () => performance.now() > end || undefined)
  }
}

async function remembered(
  map: Map<Server, Promise<Resp>>,
  server: Server,
  open: (server: Server) => Promise<Resp>,
): Promise<Resp> {
  const known = await map.get(server)
  if (known && !known.connection.ended) return known
  const opened = open(server)
  map.set(server, opened)
  return opened
}

/** True for the answers that say "not here" and "nobody knows". */
export const isRefusal = (reply: Reply): boolean => typeof reply === 'string' && /^-(MOVED|TIMEOUT)/.test(reply)

/** The leader, if all of them name the same one in the same term, and it says so itself. */
function agreed(infos: Info[]): number | undefined {
  const { term, leader } = infos[0] as Info
  const isSame = infos.every((info) => info.term === term && info.leader === leader)
  return isSame && infos.some(({ id, role }) => id === leader && role === 'leader') ? leader : undefined
}

function parseInfo(id: number, reply: Reply): Info {
  const values = new Map(
    String(reply)
      .split(/\r?\n/)
      .map((line) => line.split(':') as [string, string]),
  )
  const wrong = (what: string) =>
    new Failure(`INFO of node ${id} ${what}.`, { expected: 'the lines that the spec lists', actual: String(reply) })
  for (const name of NUMBERS) if (!/^\d+$/.test(values.get(name) ?? '')) throw wrong(`has no line ${name} with a number`)
  const role = values.get('role') ?? ''
  if (!ROLES.includes(role)) throw wrong('has no line role with leader, follower or candidate')
  const info = { role, ...Object.fromEntries(NUMBERS.map((name) => [name, Number(values.get(name))])) } as unknown as Info
  if (info.id !== id) throw wrong('names another node')
  return info
}
