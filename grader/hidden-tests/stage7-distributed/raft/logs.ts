import { type Info, Nodes } from '../../../models/raft.ts'
import { onNewNodes, untilSeen } from '../../../models/raft-situations.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { cutOffLeader, takes } from './elections.ts'
import { fill, holdsAll } from './recovery.ts'

const SLOW = 220
/** So much, and through such a link, that an entry of the present term, behind all of them, is long in coming. */
const MANY = 14
const LARGE = 350_000
const BYTES_A_MILLISECOND = 16_000

/** Writes in batches, through whoever leads. */
export async function flood(nodes: Nodes, count: number, command: (n: number) => string[], ids = nodes.awake): Promise<void> {
  const BATCH = 100
  for (let from = 0; from < count; from += BATCH) {
    const commands = Array.from({ length: Math.min(BATCH, count - from) }, (_, n) => command(from + n))
    const batch = async () => {
      const replies = await (await nodes.quietClient(await nodes.leader(ids))).pipeline(commands)
      return replies.every((reply) => reply === '+OK') || undefined
    }
    await nodes.cluster.settles(`${commands.length} writes at once are acknowledged`, batch, { state: nodes.state })
  }
}

/** Appends part by part, each once. */
async function append(nodes: Nodes, kit: Kit, parts: string[]): Promise<{ key: string; value: string }> {
  const attempt = async () => {
    const key = kit.random.word()
    for (const part of parts)
      if (typeof (await nodes.ask(await nodes.leader(), 'APPEND', key, part)) !== 'number') return undefined
    return { key, value: parts.join('') }
  }
  return nodes.cluster.settles('a few APPENDs are acknowledged', attempt, { state: nodes.state })
}

/**
 * Figure 8 of the paper, up to (d), and then the first node leads once more: had it applied its entry of the earlier term when that was on a majority, it would still have what came of it.
 * @returns false when it did not come to that.
 */
async function figure8(nodes: Nodes, kit: Kit): Promise<boolean> {
  const { cluster } = nodes
  await nodes.leader()
  await nodes.converge()
  const [{ log }] = (await nodes.infos()) as [Info]
  // (a) Entries that only the first one has. They are too large to travel in one message.
  const [key] = kit.random.distinct(1, kit.random.sentence) as [string]
  const old = Array.from({ length: MANY }, () => ['SET', key, kit.random.word().padEnd(LARGE, '.')])
  const { leader: first, rest } = await cutOffLeader(nodes, kit, 0, old)
  const [last, ...voters] = rest as [number, ...number[]]
  const [two, three, four] = voters as [number, number, number]
  // (b) The last one leads, and nobody gets to know its entry.
  await standsSlowly(nodes, last, voters)
  cluster.partition([first], voters, [last])
  const isElected = (await nodes.info(last)).role === 'leader'
  if (isElected) await takes(nodes, last, await nodes.ownClient(last), [['SET', 'of-the-last', 'x']])
  // (c) The first one leads again, and some of its entries get to the voters, but none of its present term.
  cluster.heal()
  cluster.partition([first, ...voters], [last])
  await nodes.asksForVotes(first, voters)
  for (const voter of voters) cluster.narrow(first, voter, BYTES_A_MILLISECOND)
  nodes.resume(...voters)
  await nodes.someLeader([first, ...voters])
  const haveSome = async () => (await nodes.infos(voters)).filter((info) => info.log > log).length
  const arrives = async () => ((await haveSome()) >= 2 ? true : undefined)
  await cluster.settles('the first of many entries of the first node is on most nodes', arrives, { state: nodes.state })
  // It must also have been told.
  await nodes.pass(SLOW / 6)
  cluster.partition([first], voters, [last])
  const now = await nodes.info(first)
  const isSetUp = isElected && now.role === 'leader' && (await nodes.infos(voters)).every((info) => info.log <= log + MANY)
  if (isSetUp && now.commit > log)
    throw new Failure(
      `Node ${first}, the leader of term ${now.term}, says that index ${now.commit} is committed. What is there was of an earlier term, and it is on most of the nodes; but nothing of term ${now.term} is on any other node yet. So node ${last}, with its entry of a term between, can still be elected and replace it.`,
      { expected: `commit ${log}, as before`, actual: `commit ${now.commit}` },
    )
  cluster.heal()
  if (!isSetUp) return false
  // (d) The last one leads, and replaces it.
  cluster.partition([first], nodes.others(first))
  await nodes.leads(last, voters, `Node ${last} has an entry of a later term than the others.`)
  await nodes.set('after', 'x', nodes.others(first))
  // On a busy machine it can lose its place before anybody has its entry; a voter that follows may commit the one of the first node, and rightly so.
  if ((await nodes.call(['GET', key], nodes.others(first))) !== null) return false
  cluster.heal()
  await nodes.converge()
  await nodes.kill(last, four)
  await nodes.leads(first, [two, three])
  const value = await nodes.call(['GET', key])
  if (value === null) return true
  throw new Failure(
    `Node ${first} has applied an entry that was replaced later: it was of an earlier term, and on most of the nodes, when node ${last} was elected, as in figure 8 of the paper. Node ${first} must have taken it for committed.`,
    { expected: '(nil), as on the other nodes', actual: `the ${String(value).length} bytes of the entry` },
  )
}

/** An election after which the winner is not heard for a moment. @returns as soon as somebody has won it. */
async function standsSlowly(nodes: Nodes, id: number, voters: number[]): Promise<void> {
  await nodes.asksForVotes(id, voters)
  for (const voter of voters) nodes.cluster.slow(id, voter, [SLOW, SLOW])
  nodes.resume(...voters)
  await nodes.someLeader([id, ...voters])
}

/** What is in the logs, and what is no longer. */
export const logs = [
  check(
    'figure-8',
    'does not take an entry of an earlier term for committed because a majority has it',
    {
      spec: 'entries-of-earlier-terms',
      hint: 'Before you advance the commit index to N by counting, look whether the entry at N is of the current term (the last rule for leaders in figure 2).',
      alone: true,
    },
    (kit) => untilSeen(kit, 'what figure 8 shows', () => onNewNodes(kit, 5, (nodes) => figure8(nodes, kit))),
  ),
  check(
    'backing-up',
    'finds the place where two logs part in a few messages',
    {
      spec: 'backing-up',
      hint: 'The follower answers with the term of its entry at that place, and the first index of that term; where its log ends before, with the end.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      await fill(nodes, kit, 3)
      const [count, missed] = [800, 200]
      const vain = Array.from({ length: count }, (_, n) => ['SET', `vain-${n}`, 'x'])
      const { leader: first, rest: others } = await cutOffLeader(nodes, kit, 0, vain)
      const { sent } = await nodes.info(first)
      nodes.pause(first)
      const values = await fill(nodes, kit, 5, others)
      await flood(nodes, missed, (n) => ['SET', `k${n % 10}`, `${n}`], others)
      // Whoever leads anew begins at the end of its log, far from where the logs part.
      const second = await nodes.leader(others)
      await nodes.kill(second)
      await nodes.restart(second)
      await nodes.leader(others)
      const started = performance.now()
      const before = sent + (await sentBy(nodes, others))
      nodes.cluster.heal()
      nodes.resume(first)
      await nodes.converge()
      const seconds = (performance.now() - started) / 1000
      const messages = (await sentBy(nodes, nodes.ids)) - before
      const allowed = Math.round(100 + 120 * seconds)
      kit.measure({ name: `messages until ${count} wrong entries are replaced`, value: messages, unit: 'messages' })
      const why = `Node ${first} came back with ${count} entries that nobody else has, and without ${missed} that all others have; heartbeats for ${seconds.toFixed(1)} s are allowed for.`
      expect(messages, 'The number of messages until all logs were the same', why).toBeAtMost(allowed, 'messages')
      await holdsAll(nodes, values, 'after the logs were brought together')
    },
  ),
  check(
    'installs-a-snapshot',
    'sends a snapshot to a node that has missed more than the log holds',
    {
      spec: 'snapshots',
      hint: 'What is in the snapshot takes the place of everything that the follower has: keys that are not in it are gone. Then the entries behind it follow.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const leader = await nodes.leader()
      const [away, other] = kit.random.shuffle(nodes.others(leader)) as [number, number]
      const before = await fill(nodes, kit, 4)
      await nodes.converge()
      nodes.cluster.partition([away], [leader, other])
      nodes.pause(away)
      const [gone] = [...before.keys()] as [string]
      expect(await nodes.call(['DEL', gone]), `The reply to DEL ${gone}`).toBe(1)
      const appended = await append(nodes, kit, kit.random.distinct(5, kit.random.word))
      await flood(nodes, 2400, (n) => ['SET', `k${n % 50}`, `${n}`])
      const { snapshot, log } = await nodes.info(leader)
      const why = 'More than 2400 entries have been committed.'
      expect(snapshot, 'The last index in the snapshot of the leader', why).toBeAtLeast(1000)
      expect(log, 'The number of entries in the log of the leader', why).toBeAtMost(2000)
      nodes.resume(away)
      nodes.cluster.heal()
      await nodes.converge(nodes.ids, `Node ${away} was away for more entries than the log holds.`)
      await nodes.kill(leader)
      await nodes.leads(away, [other])
      const when = `with node ${away} as leader, which was brought up to date with a snapshot`
      const last = Array.from({ length: 50 }, (_, n): [string, string] => [`k${n}`, `${2350 + n}`])
      const values = new Map<string, string | null>([...before, [gone, null], [appended.key, appended.value], ...last])
      await holdsAll(nodes, values, when)
    },
  ),
  check(
    'starts-from-a-snapshot',
    'has each command once after a restart from a snapshot and the log behind it',
    {
      spec: 'snapshots',
      hint: 'The snapshot knows the index of its last entry. What is up to there is in it; only what is behind it is applied. Snapshot and log must go together, whenever you are killed.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const parts = kit.random.distinct(12, kit.random.word)
      const before = await append(nodes, kit, parts.slice(0, 6))
      await flood(nodes, 1500, (n) => ['SET', `k${n % 20}`, `${n}`])
      const after = await append(nodes, kit, parts.slice(6))
      for (const { id, snapshot } of await waitForSnapshots(nodes))
        expect(
          snapshot,
          `The last index in the snapshot of node ${id}`,
          'More than 1500 entries have been committed.',
        ).toBeAtLeast(500)
      await nodes.kill(...nodes.ids)
      await nodes.restart(...nodes.ids)
      for (const id of nodes.ids) {
        await nodes.leads(id, nodes.others(id))
        for (const { key, value } of [before, after])
          expect(
            await nodes.call(['GET', key]),
            `The value that 6 APPENDs have made, as node ${id} has it after a restart,`,
          ).toBe(value)
        expect(await nodes.call(['GET', 'k7']), `The value of k7, as node ${id} has it after a restart,`).toBe('1487')
      }
    },
  ),
]

export async function sentBy(nodes: Nodes, ids: number[]): Promise<number> {
  return (await nodes.infos(ids)).reduce((sum, { sent }) => sum + sent, 0)
}

async function waitForSnapshots(nodes: Nodes) {
  await nodes.converge()
  return nodes.infos()
}
