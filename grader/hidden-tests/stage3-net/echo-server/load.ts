import { bulk, cameBack, echoes, takesBlocks } from '../../../models/echo-server.ts'
import { calmOf, threadsOf } from '../../../models/open-descriptors.ts'
import { check, expect } from '../../../programs/kit.ts'
import { keepsUpWith, MIB } from '../../../programs/performance.ts'
import type { Endpoint } from '../../../programs/server.ts'
import { Connection, openMany } from '../../../protocols/tcp.ts'

const FEW = 5
const MANY = 300
/** A runtime may start some threads late. */
const SPARE = 16
/** Runtimes have timers: Java 17 alone wakes up 30 times a second. */
const CALM = { share: 0.05, wakes: 60 }
/** A server may have processes for each client; that is judged, and not what they add up to. */
const CROWD = { processes: 2500, memory: 16 * 1024 * MIB }

export const load = [
  check(
    'one-thread',
    'needs no more threads or processes for many clients than for a few',
    { spec: 'one-thread', hint: 'select, poll, epoll, or an event loop that is built on them: one thread waits for all.' },
    async ({ program, random, measure }) => {
      const server = await program.serve({ limits: CROWD })
      const greet = async (connections: Connection[]) => {
        const word = random.word()
        for (const connection of connections) await connection.write(word)
        for (const [n, connection] of connections.entries()) {
          const what = `What came back to client ${n + 1}`
          cameBack(word, await connection.take(word.length, what), what)
        }
      }
      await greet(await openMany(server, FEW))
      const few = threadsOf(server.live)
      const last = await openMany(server, MANY - FEW)
      await greet(last)
      const many = threadsOf(server.live)
      await echoes(last.at(-1) as Connection, random.sentence(), 'What came back to the last client')
      measure({ name: `threads and processes with ${MANY} clients`, value: many, unit: '', yardstick: few })
      expect(many, `The number of threads and processes with ${MANY} clients`, `With ${FEW} clients it was ${few}.`).toBeAtMost(
        few + SPARE,
      )
    },
  ),
  check(
    'idle',
    'uses next to no processor time while its clients are silent',
    {
      spec: 'idle',
      hint: 'Sleep in the kernel until something happens (epoll_wait without a time-out); do not look at each socket in turn, nor wake up to see whether there is something to do.',
    },
    async ({ program, random, measure }) => {
      const server = await program.serve({ limits: CROWD })
      const connections = await openMany(server, MANY)
      for (const connection of connections) await connection.write('x')
      for (const connection of connections) await connection.take(1, 'The byte that was sent')
      server.transcript.note(`${MANY} clients are silent`)
      const { share, wakes } = await calmOf(server.live, CALM)
      measure({ name: `wake-ups a second with ${MANY} silent clients`, value: Math.round(wakes), unit: '' })
      expect(share, `The part of a processor that is used while ${MANY} clients are silent`).toBeAtMost(CALM.share)
      expect(
        wakes,
        `How often the program wakes up in a second while ${MANY} clients are silent`,
        'It looks whether something has come, again and again, where it could sleep until something comes.',
      ).toBeAtMost(CALM.wakes)
      await echoes(connections[random.int(0, MANY - 1)] as Connection, random.sentence(), 'What came back after that')
    },
  ),
  check(
    'latency',
    'answers others in good time while one client floods',
    { spec: 'latency', hint: 'Read a bounded amount from each socket that is ready, then go on to the next.' },
    async (kit) => {
      const server = await kit.program.serve()
      const block = bulk(kit.random, 256 * 1024)
      const words = Array.from({ length: 60 }, () => kit.random.word())
      const work = async (endpoint: Endpoint) => {
        const flood = await Connection.open(endpoint, { quiet: true })
        const other = await Connection.open(endpoint, { quiet: true })
        let flooding = true
        const flow = (async () => {
          while (flooding && (await flood.write(block))) await flood.take(flood.waiting, 'the flood')
        })()
        flow.catch(() => {})
        for (const word of words) await echoes(other, word, 'What came back during a flood')
        flooding = false
        await flow
        for (const connection of [flood, other]) connection.close()
      }
      await keepsUpWith(kit, 'echo', { name: '60 messages during a flood', server, work, atMost: 20 })
    },
  ),
  check(
    'throughput',
    'sends back a large amount not many times slower than a bare server',
    {
      spec: 'throughput',
      hint: 'Read 64 KiB at a time, not a few bytes. What you could not write yet must not be copied again for each write.',
    },
    async (kit) => {
      const server = await kit.program.serve()
      const block = bulk(kit.random, MIB)
      const work = async (endpoint: Endpoint) => {
        const connection = await Connection.open(endpoint, { quiet: true, within: 15_000 })
        for (let n = 0; n < 32; n++) connection.push(block)
        await takesBlocks(connection, block, 32, '32 MiB')
        connection.close()
      }
      await keepsUpWith(kit, 'echo', { name: '32 MiB through one connection', server, work, atMost: 20 })
    },
  ),
  check(
    'small-messages',
    'sends back many small messages not many times slower than a bare server',
    {
      spec: 'throughput',
      hint: 'A message is a few system calls; nothing may be done for all clients when one of them says something. And no Nagle (TCP_NODELAY).',
    },
    async (kit) => {
      const server = await kit.program.serve({ limits: CROWD })
      const [clients, messages] = [20, 250]
      const text = kit.random.sentence(5)
      const client = async (endpoint: Endpoint) => {
        const connection = await Connection.open(endpoint, { quiet: true })
        for (let n = 0; n < messages; n++) {
          await connection.write(text)
          const back = await connection.take(text.length, 'What came back')
          if (back.toString() !== text) cameBack(text, back, 'What came back')
        }
        connection.close()
      }
      const work = async (endpoint: Endpoint) => {
        await Promise.all(Array.from({ length: clients }, () => client(endpoint)))
      }
      await keepsUpWith(kit, 'echo', {
        name: `${clients * messages} messages over ${clients} connections`,
        server,
        work,
        atMost: 20,
      })
    },
  ),
]
