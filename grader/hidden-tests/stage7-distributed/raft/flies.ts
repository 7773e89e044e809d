import fs from 'node:fs'
import path from 'node:path'
import type { Nodes } from '../../../models/raft.ts'
import { inPeace } from '../../../models/raft-situations.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { KIB, MIB } from '../../../programs/performance.ts'
import { flood, sentBy } from './logs.ts'
import { holdsAll } from './recovery.ts'

/** Milliseconds that each message takes where the network is slow. */
const SLOW = 20
const MOST_MESSAGES = 40

interface Settled {
  nodes: Nodes
  leader: number
  others: number[]
}

/** Where an election is itself the fault, it may be the machine's fault so often, and no more. */
const RARELY = 3

/** For what is only true of a cluster in which nobody has reason to elect anybody. */
const settled = (kit: Kit, work: (cluster: Settled) => Promise<void>, tries?: number): Promise<void> =>
  inPeace(
    kit,
    async ({ nodes, leader }) => {
      await nodes.converge()
      await work({ nodes, leader, others: nodes.others(leader) })
    },
    tries,
  )

/** All files below a folder, in bytes. */
function sizeOf(folder: string): number {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const sizes = names.map((name) => fs.statSync(path.join(folder, name), { throwIfNoEntry: false }))
  return sizes.reduce((sum, stat) => sum + (stat?.isFile() ? stat.size : 0), 0)
}

/** Processor time that all nodes have used so far, in milliseconds. */
function cpuOf(nodes: Nodes): number {
  const ticks = nodes.ids.map((id) => {
    const stat = fs.readFileSync(`/proc/${nodes.cluster.server(id).live.process.program()}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(fields[11]) + Number(fields[12])
  })
  return ticks.reduce((sum, n) => sum + n, 0) * 10
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Clients that write at the same time, each one after the other. */
async function writeTogether(nodes: Nodes, leader: number, clients: number, each: number, value: () => string): Promise<void> {
  const work = Array.from({ length: clients }, async (_, n) => {
    const client = await nodes.ownQuietClient(leader)
    for (let i = 0; i < each; i++) {
      const reply = await client.call('SET', `k${n}`, value())
      expect(reply, `The reply to SET k${n}, while nothing fails,`).toBe('+OK')
    }
    client.close()
  })
  await Promise.all(work)
}

/** What it costs. */
export const flies = [
  check(
    'silence',
    'sends no more than heartbeats when nothing happens, and elects nobody',
    {
      spec: 'silence',
      hint: 'One heartbeat every 100 ms to each follower and one answer are enough: no message because of a message.',
    },
    (kit) =>
      settled(
        kit,
        async ({ nodes, leader }) => {
          const before = await nodes.infos()
          const pieces = nodes.cluster.links.traffic.pieces
          const seconds = (await milliseconds(() => nodes.pass(3000))) / 1000
          const after = await nodes.infos()
          const sum = (all: typeof after) => all.reduce((total, { sent }) => total + sent, 0)
          const sent = sum(after) - sum(before)
          for (const [n, { id, sent, term }] of after.entries()) {
            const { sent: first, term: old } = before[n] as (typeof before)[number]
            expect((sent - first) / seconds, `What node ${id} sent a second while nothing happened`).toBeAtMost(
              MOST_MESSAGES,
              'messages',
            )
            expect(term, `The term of node ${id}`, 'Nothing happened.').toBe(old)
          }
          kit.measure({ name: 'messages a second of three nodes at rest', value: Math.round(sent / seconds), unit: 'messages' })
          const came = nodes.cluster.links.traffic.pieces - pieces
          expect(
            3 * sent + 30,
            `What \`sent\` says of ${came} pieces that came over the links`,
            `It was ${sent}, all nodes together; a message may take a few pieces.`,
          ).toBeAtLeast(came)
          expect(await nodes.leader(), 'The leader').toBe(leader)
        },
        RARELY,
      ),
  ),
  check(
    'together',
    'does not make one write wait for the other',
    { spec: 'together', hint: 'While a message is on its way, what comes in gathers; the next message takes it all.' },
    (kit) =>
      settled(kit, async ({ nodes, leader }) => {
        const client = await nodes.quietClient(leader)
        nodes.cluster.unreliable([SLOW, SLOW], 0)
        const few = 20
        const many = 100
        const write = (n: number) => ['SET', `k${n}`, 'x']
        const alone = await milliseconds(async () => {
          for (let n = 0; n < few; n++) expect(await client.call(...write(n)), 'The reply to a SET').toBe('+OK')
        })
        const together = await milliseconds(async () => {
          const replies = await client.pipeline(Array.from({ length: many }, (_, n) => write(n)))
          expect(
            replies.every((reply) => reply === '+OK'),
            `That all of ${many} writes at once are acknowledged`,
          ).toBe(true)
        })
        const ratio = ((alone / few) * many) / together
        kit.measure({ name: `${many} writes one after the other, to ${many} at once`, value: Math.round(ratio), unit: 'times' })
        expect(
          ratio,
          `How many times longer ${many} writes take one after the other than all at once`,
          `Each message takes ${SLOW} ms. One alone took ${(alone / few).toFixed(0)} ms, ${many} at once ${together.toFixed(0)} ms.`,
        ).toBeAtLeast(10, 'times')
      }),
  ),
  check(
    'few-messages',
    'needs few messages for writes that come at the same moment',
    {
      spec: 'together',
      hint: 'Let commands that arrive together gather (to the end of this turn of the event loop, say), and send each follower one message for all of them.',
    },
    (kit) =>
      settled(kit, async ({ nodes, leader }) => {
        const clients = await Promise.all(Array.from({ length: 20 }, () => nodes.ownQuietClient(leader)))
        const before = await sentBy(nodes, nodes.ids)
        const work = clients.map((client, n) => client.pipeline(Array.from({ length: 5 }, (_, i) => ['SET', `k${n}-${i}`, 'x'])))
        const seconds = (await milliseconds(() => Promise.all(work))) / 1000
        const sent = (await sentBy(nodes, nodes.ids)) - before
        const allowed = 200 + Math.round(3 * MOST_MESSAGES * Math.min(seconds, 1))
        kit.measure({ name: 'messages for 100 writes at once', value: sent, unit: 'messages' })
        expect(
          sent,
          'The number of messages for 100 writes that came at the same moment',
          'Heartbeats meanwhile are allowed for.',
        ).toBeAtMost(allowed, 'messages')
      }),
  ),
  check(
    'once',
    'sends each entry to each follower once',
    {
      spec: 'once',
      hint: 'Remember what is on its way to each follower, and do not send it again before you know that it was lost.',
    },
    (kit) =>
      settled(kit, async ({ nodes, leader, others }) => {
        nodes.cluster.unreliable([SLOW, SLOW], 0)
        const value = kit.random.word().padEnd(8 * KIB, 'x')
        const before = nodes.cluster.links.traffic.bytes
        const [clients, each] = [10, 10]
        const seconds = (await milliseconds(() => writeTogether(nodes, leader, clients, each, () => value))) / 1000
        await nodes.converge()
        const bytes = nodes.cluster.links.traffic.bytes - before
        const needed = clients * each * value.length * others.length
        kit.measure({
          name: 'bytes on the links for each byte that must cross them',
          value: Number((bytes / needed).toFixed(2)),
          unit: 'bytes',
        })
        const why = `${clients * each} values of ${value.length} bytes were written in ${seconds.toFixed(1)} s, and must get to ${others.length} followers: ${needed} bytes.`
        expect(bytes, 'The number of bytes on all links', why).toBeAtMost(3 * needed, 'bytes')
      }),
  ),
  check(
    'bounded-log',
    'keeps the log and its files small, however much is written',
    {
      spec: 'a-bounded-log',
      hint: 'A snapshot replaces the entries on the disk, too: write the new file beside the old one, fsync it, and rename it.',
    },
    (kit) =>
      settled(kit, async ({ nodes }) => {
        const value = kit.random.word().padEnd(KIB, 'x')
        const count = 8000
        await flood(nodes, count, (n) => ['SET', `k${n % 100}`, value])
        await nodes.converge()
        for (const { id, log } of await nodes.infos()) {
          const why = `${count} values of ${value.length} bytes were written, to 100 keys.`
          const size = sizeOf(kit.scratch.path(nodes.cluster.node(id).data))
          expect(log, `The number of entries in the log of node ${id}`, why).toBeAtMost(2000)
          expect(size / MIB, `The size of all files of node ${id}`, why).toBeAtMost(6, 'MiB')
        }
      }),
  ),
  check(
    'far-behind',
    'brings a node that is far behind up to date with few messages',
    { spec: 'far-behind', hint: 'Put as many entries as there are into one message, up to some hundred kilobytes.' },
    (kit) =>
      settled(kit, async ({ nodes, leader, others }) => {
        const [away, other] = others as [number, number]
        const value = kit.random.word().padEnd(KIB, 'x')
        await nodes.kill(away)
        const write = (n: number) => ['SET', `k${n % 20}`, value]
        await flood(nodes, 6000, write, [leader, other])
        // Many entries behind the snapshot, so that these must be sent, too.
        const entries = async () => {
          const { commit, snapshot } = await nodes.info(leader)
          const count = commit - snapshot
          if (count < 500 || count > 850) await flood(nodes, 100, write, [leader, other])
          return count >= 500 && count <= 850 ? count : undefined
        }
        const count = await nodes.cluster.settles('there are 500 to 850 entries behind the snapshot of the leader', entries, {
          state: nodes.state,
        })
        const before = { sent: await sentBy(nodes, [leader, other]), bytes: nodes.cluster.links.traffic.bytes }
        const seconds =
          (await milliseconds(async () => {
            await nodes.restart(away)
            await nodes.converge()
          })) / 1000
        const sent = (await sentBy(nodes, nodes.ids)) - before.sent
        const bytes = nodes.cluster.links.traffic.bytes - before.bytes
        kit.measure({ name: 'messages to catch up with more than 6000 writes', value: sent, unit: 'messages' })
        const why = `Node ${away} has missed more than 6000 writes, ${count} of them behind the snapshot. It took ${seconds.toFixed(1)} s.`
        expect(sent, 'The number of messages until it had caught up', why).toBeAtMost(
          Math.round(300 + 3 * MOST_MESSAGES * seconds),
          'messages',
        )
        expect(bytes / MIB, 'The bytes on all links until then', why).toBeAtMost(4, 'MiB')
        await holdsAll(nodes, new Map([['k3', value]]), 'after all')
      }),
  ),
  check(
    'load',
    'keeps its leader under load',
    {
      spec: 'load',
      hint: 'Everything that the leader sends shows that it is alive. What takes long must not keep it from sending.',
    },
    (kit) =>
      settled(
        kit,
        async ({ nodes, leader }) => {
          const { term } = await nodes.info(leader)
          nodes.cluster.unreliable([5, 5], 0)
          let isOver = false
          const busy = Array.from({ length: 10 }, async (_, n) => {
            const client = await nodes.ownQuietClient(leader)
            while (!isOver) if ((await client.call('SET', `k${n}`, kit.random.word())) !== '+OK') return
          })
          await nodes.pass(2500)
          isOver = true
          await Promise.all(busy)
          for (const { id, term: now } of await nodes.infos())
            expect(now, `The term of node ${id}`, 'Ten clients were writing, and nothing failed.').toBe(term)
        },
        RARELY,
      ),
  ),
  check(
    'growth',
    'writes as quickly when there are many keys and many entries behind it',
    {
      spec: 'growth',
      hint: 'A snapshot is for a thousand entries, not for one. Nothing that a write does may go through all keys, or all entries.',
    },
    (kit) =>
      settled(kit, async ({ nodes, leader }) => {
        const client = await nodes.quietClient(leader)
        const cost = async () => {
          const before = cpuOf(nodes)
          for (let n = 0; n < 150; n++) {
            const reply = await client.call('SET', `k${n}`, 'y')
            if (reply !== '+OK')
              throw new Failure('A write is refused, while nothing fails.', { expected: '+OK', actual: JSON.stringify(reply) })
          }
          return Math.max(cpuOf(nodes) - before, 100)
        }
        await flood(nodes, 500, (n) => ['SET', `k${n}`, 'x'])
        await cost()
        const few = await cost()
        await flood(nodes, 12_000, (n) => ['SET', `k${n}`, 'x'])
        const many = Math.min(await cost(), await cost())
        kit.measure({ name: 'processor time for 150 writes with 12,000 keys', value: many, unit: 'ms', yardstick: few })
        expect(
          many / few,
          'How many times the processor time a write takes when there are 12,000 keys instead of 500',
          `${few} ms and ${many} ms for 150 writes.`,
        ).toBeAtMost(4, 'times')
      }),
  ),
]
