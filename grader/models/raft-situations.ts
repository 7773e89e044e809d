import type { Kit } from '../programs/kit.ts'
import type { Resp } from '../protocols/resp.ts'
import { Nodes } from './raft.ts'

/** A cluster that has elected a leader. */
interface Calm {
  nodes: Nodes
  leader: number
  client: Resp
}

const TRIES = 6

/**
 * For checks in which nobody disturbs the nodes. A busy machine can: a node that gets no processor for longer than an election takes will see one. So what
 * failed while there was an election is tried once more, with new nodes.
 */
export async function inPeace(kit: Kit, work: (calm: Calm) => Promise<void>, tries = TRIES): Promise<void> {
  for (let n = 1; ; n++) {
    const nodes = await Nodes.start(kit)
    const leader = await nodes.leader()
    const { term } = await nodes.info(leader)
    try {
      return await work({ nodes, leader, client: await nodes.client(leader) })
    } catch (error) {
      // An election that has only begun shows in no term yet.
      await nodes.leader().catch(() => {})
      const terms = (await nodes.infos(nodes.awake)).map((info) => info.term)
      if (n === tries || Math.max(...terms) === term) throw error
      await nodes.kill(...nodes.awake)
    }
  }
}

/** After so many milliseconds no further attempt is begun: a check has three minutes. */
const SITUATION_WITHIN = 75_000

/**
 * For checks of what can only be seen in a certain situation, which a busy machine may prevent: tries until it comes about.
 * @param situation the subject of "did not come about". @param attempt says whether it did.
 */
export async function untilSeen(kit: Kit, situation: string, attempt: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + SITUATION_WITHIN
  let tries = 0
  do {
    tries += 1
    if (await attempt()) return
  } while (performance.now() < deadline)
  kit.skip(`a machine that is less busy: ${situation} did not come about in ${tries} tries`)
}

/** An attempt on new nodes, which have to go when it has come to nothing. */
export async function onNewNodes(kit: Kit, size: number, attempt: (nodes: Nodes) => Promise<boolean>): Promise<boolean> {
  const nodes = await Nodes.start(kit, size)
  const isSeen = await attempt(nodes)
  if (!isSeen) await nodes.kill(...nodes.ids)
  return isSeen
}
