import type { Random } from '../engine/random.ts'
import type { Nodes } from './raft.ts'
import type { Clients } from './raft-clients.ts'

/** How long a fault may last at most, in milliseconds: long enough for an election, or too short for one. */
const LONGEST = 900

/** Random faults, one after the other, while clients go on. In the end all nodes run and the network is well. */
export async function faults(nodes: Nodes, clients: Clients, random: Random, count: number): Promise<void> {
  const { cluster, ids } = nodes
  const minority = Math.floor((ids.length - 1) / 2)
  const some = (most: number) => random.shuffle(ids).slice(0, random.int(1, most))
  const kinds: (() => Promise<void>)[] = [
    async () => {
      const killed = some(random.oneIn(4) ? ids.length : minority)
      await nodes.kill(...killed)
      await nodes.pass(random.int(1, LONGEST))
      await nodes.restart(...killed)
    },
    async () => {
      const paused = some(minority)
      nodes.pause(...paused)
      await nodes.pass(random.int(1, LONGEST))
      nodes.resume(...paused)
    },
    async () => {
      const side = some(ids.length - 1)
      cluster.partition(side, nodes.others(...side))
      await clients.goOn(random.int(1, 30), 'The network is cut in two, and one side has a majority.')
      await nodes.pass(random.int(1, LONGEST))
      cluster.heal()
    },
    async () => {
      const [from, to] = random.shuffle(ids) as [number, number]
      cluster.cut(from, to)
      await nodes.pass(random.int(1, LONGEST))
      if (random.oneIn(2)) cluster.heal()
    },
    async () => {
      cluster.unreliable([0, random.int(10, 60)], random.int(20, 100))
      await nodes.pass(random.int(1, LONGEST))
    },
    async () => {
      cluster.heal()
      const { id } = await nodes.someLeader(nodes.awake)
      // Those who hear nobody go into one term after the other, while they miss what is written.
      const alone = random.shuffle(nodes.others(id)).slice(0, minority)
      cluster.partition(...alone.map((one) => [one]), nodes.others(...alone))
      await clients.goOn(random.int(20, 40), 'Less than half of the nodes are cut off, and the leader is not among them.')
      await nodes.pass(LONGEST)
      cluster.heal()
    },
    async () => {
      // With several links cut there may be nobody who can lead.
      cluster.heal()
      const { id } = await nodes.someLeader(nodes.awake)
      // A leader that wakes up among sleepers, and finds all as it was.
      const asleep = [id, ...random.shuffle(nodes.others(id)).slice(0, minority - 1)]
      nodes.pause(...asleep)
      cluster.partition(asleep, nodes.others(...asleep))
      await clients.goOn(10, 'The leader is asleep and cut off, with less than half of the nodes.')
      nodes.resume(...asleep)
      await nodes.pass(random.int(1, LONGEST / 3))
      cluster.heal()
    },
  ]
  // Every kind once, the worst twice, in any order; then whatever comes.
  const all = random.shuffle([...kinds, ...kinds.slice(-2)])
  const plan = [...all, ...Array.from({ length: count }, () => random.pick(kinds))].slice(0, count)
  for (const fault of plan) await fault()
  cluster.heal()
  await clients.goOn(50, 'All faults are over: every node runs, and the network is well.')
}
