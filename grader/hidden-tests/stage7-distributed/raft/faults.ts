import { Nodes } from '../../../models/raft.ts'
import { Clients } from '../../../models/raft-clients.ts'
import { faults as randomFaults } from '../../../models/raft-faults.ts'
import { onNewNodes, untilSeen } from '../../../models/raft-situations.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { Connection } from '../../../protocols/tcp.ts'
import { fill, holdsAll } from './recovery.ts'

const HINTS = [
  'Look at the picture: what did the last operation see that it should not, or not see that it should? Then at the faults before it in the transcript.',
  'Believe every word of figure 2 of the paper. Take one rule after the other, and find its line in your program.',
]

async function survives(kit: Kit, size: number, count: number): Promise<void> {
  const nodes = await Nodes.start(kit, size)
  await nodes.leader()
  const clients = new Clients(nodes, kit.random.fork('clients'))
  clients.start(6)
  await randomFaults(nodes, clients, kit.random.fork('faults'), count)
  await clients.judge()
  kit.measure({ name: `operations answered by ${size} nodes during faults`, value: clients.answered, unit: 'operations' })
}

/** Longer than any heartbeat. */
const LARGE = 4000

/**
 * One follower is absent. The first of several entries is on its way to the other one when the connection breaks; all of them get there over the next. Then the old message
 * arrives, and the leader is no more: what it had acknowledged is on the follower alone.
 * @returns false when it did not come to that: there was an election on the way.
 */
async function aMessageComesLate(nodes: Nodes, kit: Kit): Promise<boolean> {
  const { cluster } = nodes
  const leader = await nodes.leader()
  await nodes.converge()
  const { term } = await nodes.info(leader)
  const [receiver = 0, absent = 0] = nodes.others(leader)
  cluster.partition([absent], [leader, receiver])
  cluster.hold(leader, receiver)
  const key = kit.random.word()
  const values = kit.random.distinct(5, kit.random.word)
  const client = await nodes.client(leader)
  const first = client.call('SET', key, kit.random.word().repeat(LARGE))
  const isUnderWay = async () =>
    cluster.held(leader, receiver) > LARGE || ((await nodes.info(leader)).role === 'leader' ? undefined : false)
  if (!(await cluster.settles(`node ${leader} sends its entry to node ${receiver}`, isUnderWay, { state: nodes.state })))
    return false
  cluster.tear(leader, receiver)
  const replies = [await first]
  for (const value of values) replies.push(await client.call('SET', key, value))
  cluster.partition([leader], [receiver], [absent])
  const { term: now, role } = await nodes.info(receiver)
  if (replies.some((reply) => reply !== '+OK') || now !== term || role !== 'follower') return false
  cluster.release(leader, receiver)
  await nodes.info(receiver)
  await nodes.kill(leader)
  cluster.heal()
  const story = `Node ${leader} had acknowledged a SET of ${key} to ${values.at(-1)}, which was on node ${receiver}, too. Then a message arrived there that node ${leader} had sent before, with an older entry; and when node ${leader} was gone, the newer entries were, too. Node ${receiver} must have cut its log behind the older entry.`
  const expected = `${values.at(-1)}, as it was acknowledged`
  const value = await nodes.call(['GET', key], [receiver, absent]).catch((error) => {
    throw error instanceof Failure ? new Failure(`${story} ${error.message}`, { ...error.evidence, expected }) : error
  })
  if (value === values.at(-1)) return true
  throw new Failure(story, { expected, actual: String(value).slice(0, 60) })
}

/** Everything at once. */
export const faults = [
  check(
    'kill-them-all',
    'loses nothing when all nodes are killed with kill -9 in the middle of work',
    {
      spec: 'kill-them-all',
      hint: 'Write and fsync what changed (term, vote, entries) before any answer leaves, to clients and to nodes.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      await nodes.leader()
      const clients = new Clients(nodes, kit.random.fork('clients'), 6)
      clients.start(8)
      for (let n = 0; n < 3; n++) {
        await clients.goOn(kit.random.int(40, 150), 'All nodes run, and the network is well.')
        await nodes.kill(...nodes.ids)
        await nodes.restart(...nodes.ids)
      }
      await clients.goOn(20, 'All nodes have been killed and started again.')
      await clients.judge()
    },
  ),
  check(
    'unreliable',
    'gets along with a network that holds messages up and breaks connections',
    {
      spec: 'unreliable-links',
      hint: 'Connect again, and again. Half a message at the end of a connection is none.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      await nodes.leader()
      const clients = new Clients(nodes, kit.random.fork('clients'))
      nodes.cluster.unreliable([0, 40], 20)
      clients.start(6)
      await clients.goOn(200, 'Messages are held up for 40 ms at most, and one in 20 breaks its connection.')
      nodes.cluster.heal()
      await clients.goOn(50, 'The network is well again.')
      await clients.judge()
      await nodes.converge()
    },
  ),
  check(
    'late-message',
    'does not let a message that comes late undo what newer ones have brought',
    {
      spec: 'unreliable-links',
      hint: 'An AppendEntries that comes late must not shorten the log: compare entry by entry, and cut only where one contradicts.',
      alone: true,
    },
    (kit) =>
      untilSeen(kit, 'a message that is late within one term', () =>
        onNewNodes(kit, 3, (nodes) => aMessageComesLate(nodes, kit)),
      ),
  ),
  check(
    'random-faults',
    'is linearizable with three nodes, whatever happens',
    { spec: 'random-faults', hint: HINTS, alone: true },
    (kit) => survives(kit, 3, 12),
  ),
  check(
    'random-faults-of-five',
    'is linearizable with five nodes, whatever happens',
    { spec: 'random-faults', hint: HINTS, alone: true },
    (kit) => survives(kit, 5, 12),
  ),
  check(
    'strangers',
    'closes connections that talk nonsense, and loses nothing else',
    { spec: 'strangers', hint: 'A message that makes no sense ends its connection, not the program.', alone: true },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const values = await fill(nodes, kit, 3)
      const leader = await nodes.leader()
      const line = `${kit.random.sentence()}\r\n`
      for (const id of nodes.ids) {
        const server = nodes.cluster.server(id)
        const client = await Connection.open(server, { name: 'a stranger' })
        await client.write(`*2\r\n$3\r\nGET\r\n:${line}`)
        expect(
          (await client.closes('The end of a connection that does not speak RESP')).toString(),
          'What a client that speaks no RESP gets',
        ).toMatch(/^-/)
        const { transcript, patience, over } = server
        const own = { transcript, patience, over, port: nodes.cluster.links.target(id), obituary: () => server.obituary() }
        for (const nonsense of [
          line,
          `GET / HTTP/1.1\r\n\r\n`,
          '\0\0\0\x05{}{}{',
          kit.random.bytes(3000),
          '{"term":"x"}\n[]\nnull\n',
          '\xff\xff\xff\xff',
        ]) {
          const stranger = await Connection.open(own, { name: `a stranger, to where node ${id} listens for nodes` })
          await stranger.write(nonsense)
          stranger.close()
        }
      }
      await holdsAll(nodes, values, 'after strangers have knocked')
      expect(await nodes.leader(), 'The leader, after strangers have knocked').toBe(leader)
    },
  ),
]
