import { Nodes } from '../../../models/raft.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'

/** Keys and values, all acknowledged. */
export async function fill(nodes: Nodes, { random }: Kit, count: number, ids = nodes.awake): Promise<Map<string, string>> {
  const words = random.distinct(2 * count, random.word)
  const values = new Map(Array.from({ length: count }, (_, n) => [`${words[2 * n]}`, `${words[2 * n + 1]}`]))
  for (const [key, value] of values) await nodes.set(key, value, ids)
  return values
}

/** Everything that was acknowledged is there, as the leader among these nodes has it. */
export async function holdsAll(nodes: Nodes, values: Map<string, string | null>, when: string, ids = nodes.awake): Promise<void> {
  for (const [key, value] of values) {
    const reply = await nodes.call(['GET', key], ids)
    expect(reply, `The value of ${key} ${when}`, 'It had been acknowledged before.').toBe(value)
  }
}

/** A write to a node that has no majority: whatever it answers, it must not be OK. */
async function refusesToWrite(nodes: Nodes, id: number, why: string): Promise<void> {
  const client = await nodes.ownClient(id)
  const reply = await client.call('SET', 'lonely', 'x')
  if (typeof reply === 'string' && /^-(TIMEOUT|MOVED)/.test(reply)) return
  throw new Failure(`The reply of node ${id} to SET is wrong. ${why}`, {
    expected: '-TIMEOUT, or -MOVED 0',
    actual: JSON.stringify(reply),
  })
}

/** Nodes that end and come back, one after the other. */
export const recovery = [
  check(
    'replicates',
    'brings every command to every node',
    {
      spec: 'replication',
      hint: 'Followers learn from the next message how far the leader has committed, and apply that far.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      await nodes.leader()
      const count = kit.random.int(20, 30)
      await fill(nodes, kit, count)
      const why = `${count} writes were acknowledged.`
      expect(await nodes.converge(nodes.ids, why), 'The last index that all have committed', why).toBeAtLeast(count)
      for (const { id, log } of await nodes.infos())
        expect(log, `The number of entries in the log of node ${id}`, why).toBeAtLeast(count)
    },
  ),
  check(
    'new-leader',
    'elects another leader when the first one dies, and keeps what was acknowledged',
    {
      spec: 'a-new-leader',
      hint: 'An answer OK means that a majority has the entry. Whoever is elected has it too, and commits it with the first entry of its own term.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const first = await nodes.leader()
      const { term } = await nodes.info(first)
      const values = await fill(nodes, kit, 10)
      // So much that it takes a moment to get to the others: whoever acknowledges it before dies with it.
      const burst = kit.random.distinct(40, kit.random.word).map((key) => [`burst-${key}`, key.repeat(10_000)] as const)
      const client = await nodes.client(first)
      const replies = await client.pipeline(burst.map(([key, value]) => ['SET', key, value]))
      await nodes.kill(first)
      for (const [n, [key, value]] of burst.entries()) if (replies[n] === '+OK') values.set(key, value)
      const second = await nodes.leader()
      expect((await nodes.info(second)).term, `The term of the new leader`, `That of the old one was ${term}.`).toBeAtLeast(
        term + 1,
      )
      await holdsAll(nodes, values, 'after the death of the leader')
    },
  ),
  check(
    'majority',
    'goes on without one of three, acknowledges nothing without two, and goes on when they are back',
    {
      spec: 'majority',
      hint: 'Count yourself: two of three. What the leader can not commit it must give up some time, with -TIMEOUT.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const leader = await nodes.leader()
      const [one, two] = nodes.others(leader) as [number, number]
      await nodes.kill(one)
      const values = await fill(nodes, kit, 5)
      await nodes.kill(two)
      await refusesToWrite(nodes, leader, 'It is alone: one of three.')
      await nodes.restart(one, two)
      await holdsAll(nodes, values, 'after two of three nodes were away')
      await nodes.set('more', 'x')
    },
  ),
  check(
    'five',
    'with five nodes, goes on without two, and acknowledges nothing without three',
    { spec: 'majority', hint: 'The majority of five is three. Count nodes of the cluster, not those that answer.', alone: true },
    async (kit) => {
      const nodes = await Nodes.start(kit, 5)
      const values = await fill(nodes, kit, 5)
      const first = await nodes.leader()
      await nodes.kill(first, kit.random.pick(nodes.others(first)))
      await holdsAll(nodes, values, 'after the death of two of five')
      const second = await nodes.leader()
      await nodes.kill(kit.random.pick(nodes.awake.filter((id) => id !== second)))
      await refusesToWrite(nodes, second, 'Two of five are left.')
    },
  ),
  check(
    'returns',
    'brings a node that was away up to date, and it can lead',
    {
      spec: 'nodes-that-return',
      hint: 'The leader sends each follower what it lacks: it goes back until the logs fit, and sends from there. The node itself reads its log from the disk.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const before = await fill(nodes, kit, 5)
      const leader = await nodes.leader()
      const [away, other] = kit.random.shuffle(nodes.others(leader)) as [number, number]
      await nodes.kill(away)
      const meanwhile = await fill(nodes, kit, 10)
      await nodes.restart(away)
      await nodes.converge(nodes.ids, `Node ${away} was away for ${meanwhile.size} writes.`)
      await nodes.kill(leader)
      await nodes.leads(away, [other], `Node ${away} has all that node ${other} has.`)
      await holdsAll(nodes, new Map([...before, ...meanwhile]), `with node ${away} as leader, which was away`)
    },
  ),
  check(
    'stop-and-start',
    'ends on SIGTERM, and has everything once, when all are started again',
    {
      spec: 'stop-and-start',
      hint: 'Read the log from the disk. Nothing in it is applied before you know that it is committed, and nothing twice.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const key = kit.random.word()
      const leader = await nodes.leader()
      const parts = kit.random.distinct(8, kit.random.word)
      for (const part of parts) await nodes.ask(leader, 'APPEND', key, part)
      const { term } = await nodes.info(leader)
      for (let round = 0; round < 2; round++) {
        for (const { id } of nodes.cluster.nodes) {
          await nodes.cluster.server(id).stop()
          await nodes.kill(id)
        }
        await nodes.restart(...nodes.ids)
        expect(await nodes.call(['GET', key]), 'The value that 8 APPENDs have made, after all were stopped and started,').toBe(
          parts.join(''),
        )
      }
      expect((await nodes.info(await nodes.leader())).term, 'The term', `It was ${term} before.`).toBeAtLeast(term + 1)
    },
  ),
]
