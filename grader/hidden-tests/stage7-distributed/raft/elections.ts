import { Nodes } from '../../../models/raft.ts'
import { untilSeen } from '../../../models/raft-situations.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { encodeCommand, type Resp } from '../../../protocols/resp.ts'
import { fill, holdsAll } from './recovery.ts'

/** Milliseconds that messages are held up where a check must be quicker than they are. */
const SLOW = 150

/**
 * A candidate comes late: in the term for which it asks, its voter has already voted for another one, who has won and is dead now. Two leaders of one term
 * are noticed by whoever looks at them.
 * @returns false when it did not come to that: elections are a matter of luck.
 */
async function asksForASecondVote(nodes: Nodes, { random }: Kit, { forgets }: { forgets: boolean }): Promise<boolean> {
  const { cluster } = nodes
  const first = await nodes.leader()
  await nodes.converge()
  const [late, other] = random.shuffle(nodes.others(first)) as [number, number]
  const { term, log } = await nodes.info(late)
  nodes.pause(late)
  cluster.partition([late], [first, other])
  await nodes.kill(first)
  await nodes.restart(first)
  nodes.pause(first)
  await cluster.settles(`node ${other} asks for votes`, async () => (await nodes.info(other)).term > term || undefined)
  // What the winner sends after its victory must not get through: then the voter would have something that the late one lacks.
  cluster.slow(other, first, [SLOW, SLOW])
  nodes.resume(first)
  const winner = await nodes.someLeader([first, other])
  await nodes.kill(winner.id)
  const voter = winner.id === first ? other : first
  const isSetUp = winner.term === term + 1 && (await nodes.info(voter)).log === log
  if (forgets) {
    await nodes.kill(voter)
    await nodes.restart(voter)
  }
  nodes.pause(voter)
  cluster.heal()
  nodes.resume(late)
  await cluster.settles(`node ${late} goes into a later term`, async () => (await nodes.info(late)).term > term || undefined)
  nodes.resume(voter)
  await nodes.leader([late, voter])
  await nodes.restart(winner.id)
  return isSetUp
}

async function neverVotesTwice(kit: Kit, options: { forgets: boolean }): Promise<void> {
  const nodes = await Nodes.start(kit)
  await untilSeen(kit, 'a second request for a vote in one term', () => asksForASecondVote(nodes, kit, options))
}

/** @returns whether the leader has taken all these commands into its log, before it stepped down. */
export async function takes(nodes: Nodes, id: number, client: Resp, commands: string[][]): Promise<boolean> {
  const { log } = await nodes.info(id)
  await client.connection.write(Buffer.concat(commands.map(encodeCommand)))
  const look = async () => {
    const info = await nodes.info(id)
    const isThere = info.log >= log + commands.length
    return isThere || info.role !== 'leader' ? { isThere } : undefined
  }
  const what = `the leader, node ${id}, has ${commands.length} more entries in its log`
  return (await nodes.cluster.settles(what, look, { state: nodes.state })).isThere
}

/** Cuts the leader off with less than half of the nodes, and has it take commands that it can not commit. The answers come to `client`. */
export async function cutOffLeader(nodes: Nodes, { random }: Kit, friends: number, commands: string[][]) {
  const attempt = async () => {
    const leader = await nodes.leader()
    const client = await nodes.ownClient(leader)
    const others = random.shuffle(nodes.others(leader))
    const side = [leader, ...others.slice(0, friends)]
    const rest = others.slice(friends)
    nodes.cluster.partition(side, rest)
    if (await takes(nodes, leader, client, commands)) return { leader, friends: side.slice(1), rest, client }
    nodes.cluster.heal()
    return undefined
  }
  const what = `a leader without a majority has ${commands.length} commands in its log`
  return nodes.cluster.settles(what, attempt, { state: nodes.state })
}

/** Who may lead, and until when. */
export const elections = [
  check(
    'votes-once',
    'gives one vote a term, to whoever asks first',
    {
      spec: 'one-vote-a-term',
      hint: 'Remember for whom you have voted in this term; a new term clears that, and nothing else does.',
      alone: true,
    },
    (kit) => neverVotesTwice(kit, { forgets: false }),
  ),
  check(
    'remembers-its-vote',
    'knows after kill -9 for whom it has voted',
    {
      spec: 'one-vote-a-term',
      hint: 'Term and vote go to the disk (fsync) before the answer to the candidate leaves.',
      alone: true,
    },
    (kit) => neverVotesTwice(kit, { forgets: true }),
  ),
  check(
    'up-to-date',
    'does not elect a node that has missed something',
    {
      spec: 'who-may-lead',
      hint: 'The candidate says the index and the term of its last entry. Vote only if that is not behind your own.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const first = await nodes.leader()
      const [behind, other] = kit.random.shuffle(nodes.others(first)) as [number, number]
      nodes.cluster.partition([behind], [first, other])
      const values = await fill(nodes, kit, 5, [first, other])
      await nodes.kill(first)
      nodes.cluster.heal()
      await nodes.stands(behind, [other])
      await holdsAll(nodes, values, `which node ${behind} has missed, and node ${other} has`)
    },
  ),
  check(
    'longer-log',
    'prefers a later last term to a longer log',
    {
      spec: 'who-may-lead',
      hint: 'Compare the terms of the last entries first. The length counts only when they are the same.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const vain = Array.from({ length: 30 }, (_, n) => ['SET', `vain-${n}`, 'x'])
      const { leader: first, rest } = await cutOffLeader(nodes, kit, 0, vain)
      const [one, two] = rest as [number, number]
      const values = await fill(nodes, kit, 3, [one, two])
      const second = await nodes.leader([one, two])
      const voter = second === one ? two : one
      await nodes.kill(second)
      nodes.cluster.heal()
      await nodes.stands(first, [voter])
      await holdsAll(nodes, values, `which node ${voter} has; node ${first} has a longer log, but of an earlier term`)
    },
  ),
  check(
    'partition',
    'lets the majority go on without a leader that is cut off, and forgets what that one had alone',
    {
      spec: 'partitions',
      hint: 'Entries that contradict those of the leader are removed from the log, with all behind them.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit, 5)
      const before = await fill(nodes, kit, 3)
      const vain = Array.from({ length: 5 }, (_, n) => ['SET', `vain-${n}`, 'x'])
      const { leader: first, friends, rest } = await cutOffLeader(nodes, kit, 1, vain)
      const values = new Map([...before, ...(await fill(nodes, kit, 8, rest))])
      nodes.cluster.heal()
      await nodes.converge()
      const [one, two, ...gone] = rest as [number, number, number]
      await nodes.kill(...friends, ...gone)
      await nodes.leads(first, [one, two], `Node ${first} was the leader once, and has been brought up to date since.`)
      await holdsAll(nodes, values, `with node ${first} as leader, which was cut off`)
      for (const [, key] of vain)
        expect(
          await nodes.call(['GET', key as string]),
          `The value of ${key}`,
          'It was written to a leader without a majority, and replaced.',
        ).toBe(null)
    },
  ),
  check(
    'lost-write',
    'does not answer OK when something else has come in the place of what it was to write',
    {
      spec: 'partitions',
      hint: 'Who waits for an entry waits for that entry, not for whatever comes to stand at its index. When the lead is lost, nobody waits any more.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const vain = Array.from({ length: 5 }, (_, n) => ['SET', `vain-${n}`, 'x'])
      const { leader: first, rest: others, client } = await cutOffLeader(nodes, kit, 0, vain)
      nodes.pause(first)
      await fill(nodes, kit, 8, others)
      nodes.cluster.heal()
      nodes.resume(first)
      await nodes.converge()
      for (const [, key] of vain) {
        const reply = await client.reply(`The reply to SET ${key} x`)
        if (/^-(TIMEOUT|MOVED)/.test(String(reply))) continue
        throw new Failure(
          `Node ${first}, a leader without a majority that stood still for a while, has answered a write that came to nothing.`,
          {
            expected: '-TIMEOUT',
            actual: JSON.stringify(reply),
          },
        )
      }
    },
  ),
  check(
    'stale-read',
    'does not answer reads from old memory when it was replaced in its sleep',
    {
      spec: 'stale-reads',
      hint: 'When a GET comes, begin a new round of heartbeats, and answer when a majority has answered that round. Its answer to an earlier one proves nothing.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const [key, old, now] = kit.random.distinct(3, kit.random.word) as [string, string, string]
      await nodes.set(key, old)
      await nodes.converge()
      const first = await nodes.leader()
      const client = await nodes.ownClient(first)
      expect(await client.call('GET', key), `The reply to GET ${key}`).toBe(old)
      nodes.pause(first)
      nodes.cluster.partition([first], nodes.others(first))
      await nodes.set(key, now)
      const reply = client.call('GET', key)
      nodes.resume(first)
      const answer = await reply
      if (answer === now || /^-(TIMEOUT|MOVED)/.test(String(answer))) return
      throw new Failure(
        `Node ${first} led, was stopped, and goes on. Meanwhile another leader has acknowledged SET ${key} ${now}. After that came GET ${key} to node ${first}, and its answer is of the past.`,
        { expected: '-TIMEOUT, or -MOVED', actual: JSON.stringify(answer) },
      )
    },
  ),
  check(
    'read-after-election',
    'answers reads only when it has committed an entry of its own term',
    {
      spec: 'stale-reads',
      hint: 'A new leader has all entries, but does not know which of them are committed. It learns that with the first entry of its own term.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const [key, ...values] = kit.random.distinct(4, kit.random.word) as [string, ...string[]]
      for (const value of values) {
        await nodes.leader(nodes.ids)
        nodes.cluster.unreliable([60, 60], 0)
        await nodes.set(key, value)
        const old = await nodes.leader()
        await nodes.kill(old)
        const { id } = await nodes.someLeader(nodes.awake)
        const reply = await nodes.ask(id, 'GET', key)
        const why = `SET ${key} ${value} had been acknowledged by node ${old} before that was killed.`
        if (!/^-(TIMEOUT|MOVED)/.test(String(reply)))
          expect(reply, `The reply of node ${id}, the new leader, to GET ${key}`, why).toBe(value)
        nodes.cluster.heal()
        await nodes.restart(old)
      }
    },
  ),
  check(
    'deaf-leader',
    'goes on without a leader that can speak but not hear',
    {
      spec: 'one-way-links',
      hint: 'A leader notes when each follower was last heard. If it is no majority for some time, it steps down and sends no more heartbeats.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const deaf = await nodes.leader()
      const others = nodes.others(deaf)
      for (const id of others) nodes.cluster.cut(id, deaf)
      const why = `Nothing reaches node ${deaf}, which led, but what it says reaches the others.`
      await nodes.leader(others, why)
      const values = await fill(nodes, kit, 5, others)
      nodes.cluster.heal()
      await holdsAll(nodes, values, 'after a leader that could not hear')
    },
  ),
  check(
    'moved-is-final',
    'says MOVED only of commands that never come into effect',
    {
      spec: 'the-interface',
      hint: 'What is in the log of a leader may be in other logs too, and be committed by the next leader. When the lead is lost, the answer to such a command is -TIMEOUT.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const deaf = await nodes.leader()
      const others = nodes.others(deaf)
      await nodes.converge()
      for (const id of others) nodes.cluster.cut(id, deaf)
      const [key, value] = kit.random.distinct(2, kit.random.word) as [string, string]
      const client = await nodes.ownClient(deaf)
      const reply = client.call('SET', key, value)
      await nodes.leader(others, `Nothing reaches node ${deaf}, which led, but what it says reaches the others.`)
      const now = await nodes.call(['GET', key], others)
      nodes.cluster.heal()
      const answer = String(await reply)
      if (now !== value || answer.startsWith('-TIMEOUT') || answer === '+OK') return
      throw new Failure(
        `SET ${key} came to node ${deaf}, the leader, which heard nobody any more. It reached the others, and the next leader has committed it. But the client was told that it has not happened.`,
        { expected: '-TIMEOUT', actual: answer },
      )
    },
  ),
  check(
    'undisturbed',
    'keeps its leader when a single node does not hear it',
    {
      spec: 'one-way-links',
      hint: 'As long as you hear a leader (or are it), ignore candidates, and their terms too. Or ask first, without a new term, who would vote.',
      alone: true,
    },
    async (kit) => {
      const nodes = await Nodes.start(kit)
      const leader = await nodes.leader()
      await nodes.converge()
      const { term } = await nodes.info(leader)
      const deaf = kit.random.pick(nodes.others(leader))
      nodes.cluster.cut(leader, deaf)
      await nodes.pass(2500)
      const now = await nodes.info(leader)
      const why = `Node ${deaf} does not hear node ${leader}, the leader, but all others do.`
      expect(`${now.role} of term ${now.term}`, `What node ${leader} is after a while`, why).toBe(`leader of term ${term}`)
    },
  ),
]
