import type { Kit } from '../../../programs/kit.ts'
import { check } from '../../../programs/kit.ts'
import { growsWithWork, keepsUpWith } from '../../../programs/performance.ts'
import type { Run } from '../../../programs/run.ts'
import type { Endpoint } from '../../../programs/server.ts'
import { connect } from '../../../protocols/resp.ts'
import { DATA } from './open.ts'

type Commands = (string | number)[][]

/** Starts a server, has it do the commands of one phase after the other, a thousand at a time unless the phase says otherwise, and stops it. */
async function doAll({ program, scratch }: Kit, ...phases: (Commands | { oneByOne: Commands })[]): Promise<Run> {
  scratch.remove(DATA)
  const server = await program.serve({ data: scratch.folder(DATA), args: ['--appendonly', 'no'] })
  const redis = await connect(server, { quiet: true, within: 60_000 })
  for (const phase of phases) {
    const [commands, atATime] = 'oneByOne' in phase ? [phase.oneByOne, 1] : [phase, 1000]
    const [first, last] = [commands[0], commands.at(-1)].map((command) => command?.join(' '))
    server.transcript.note(`${commands.length} commands, ${atATime} at a time: ${first} … ${last}`)
    const started = performance.now()
    for (let from = 0; from < commands.length; from += atATime) await redis.pipeline(commands.slice(from, from + atATime))
    server.transcript.note(`they took ${Math.round(performance.now() - started)} ms`)
  }
  return server.stop()
}

const many = (length: number, command: (n: number) => (string | number)[]) => Array.from({ length }, (_, n) => command(n))

export const flies = [
  check(
    'throughput',
    'is not much slower than a server that answers everything with +OK',
    {
      spec: 'throughput',
      hint: 'One write for all replies to what one read has brought. Do not copy what is left over again and again.',
    },
    async (kit) => {
      const server = await kit.program.serve({ data: kit.scratch.folder(DATA), args: ['--appendonly', 'no'] })
      const work = async (endpoint: Endpoint) => {
        const all = await Promise.all(Array.from({ length: 20 }, () => connect(endpoint, { quiet: true, within: 60_000 })))
        await Promise.all(
          all.map(async (client, n) => {
            for (let round = 0; round < 10; round++)
              await client.pipeline(many(100, (m) => ['SET', `key${n}-${m}`, `value${round}`]))
            client.close()
          }),
        )
      }
      await keepsUpWith(kit, 'resp', { name: '20,000 SET from 20 clients', server, work, atMost: 15 })
    },
  ),
  check(
    'lists-scale',
    'takes as long for an end of a long list as for one of a short list',
    { spec: 'growth', hint: 'Taking the first item of an array moves all others.' },
    async (kit) => {
      const work = (n: number) =>
        doAll(
          kit,
          many(n, (m) => ['RPUSH', 'l', `item${m}`]),
          many(n, () => ['LPOP', 'l']),
        )
      await growsWithWork(kit, { size: 25_000, work, unit: 'items' })
    },
  ),
  check(
    'sorted-sets-scale',
    'finds places and ranks in a large sorted set without going through it',
    { spec: 'growth', hint: 'A skip list whose links know how many members they pass, or a tree that knows how many are below.' },
    async (kit) => {
      const scores = (n: number) => ((n * 7919) % 1_000_003) / 8
      const work = (n: number) =>
        doAll(
          kit,
          many(n, (m) => ['ZADD', 'z', scores(m), `m${m}`]),
          many(n, (m) => ['ZRANK', 'z', `m${m}`]),
        )
      await growsWithWork(kit, { size: 12_000, work, unit: 'members' })
    },
  ),
  check(
    'keys-scale',
    'takes as long for a key among many as for one among few, when they expire too',
    { spec: 'growth', hint: 'Removing what has expired must not go through all keys again and again.' },
    async (kit) => {
      const work = (n: number) =>
        doAll(
          kit,
          many(n, (m) => ['SET', `key${m}`, m, 'EX', 1000 + m]),
          many(n, (m) => ['GET', `key${m}`]),
          // What each turn of the event loop costs shows when it brings a single command.
          { oneByOne: many(Math.ceil(n / 20), (m) => ['GET', `key${m}`]) },
        )
      await growsWithWork(kit, { size: 20_000, work, unit: 'keys' })
    },
  ),
]
