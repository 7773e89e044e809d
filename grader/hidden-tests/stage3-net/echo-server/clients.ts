import { bulk, cameBack, echoes, echoesOnce, endsHere, limitDescriptors, takesBlocks } from '../../../models/echo-server.ts'
import { descriptorsOf } from '../../../models/open-descriptors.ts'
import { ownAddress } from '../../../models/servers.ts'
import { check, expect, Failure } from '../../../programs/kit.ts'
import { looksAtWork, MIB, settledMemory } from '../../../programs/performance.ts'
import { Connection, openMany } from '../../../protocols/tcp.ts'

const CROWD = 1000
/** A server may have a thread for each client, or two; that is judged elsewhere. */
const THREADS = 2500
/** How often somebody looks whether a server that can accept nobody is at work. */
const LOOKS = 40
/** What a server may hold of a client that does not read, beyond what it has when idle. */
const ALLOWANCE = 48 * MIB

/** Clients that are not as one would wish them. */
export const clients = [
  check(
    'byte-by-byte',
    'sends back bytes that come one by one',
    { spec: 'any-byte', hint: 'A read may return one byte, and the next one another. The order of writes is that of the reads.' },
    async ({ program, random }) => {
      const server = await program.serve()
      const connection = await Connection.open(server, { quiet: true })
      server.transcript.note(
        'the client sends each byte that there is and waits for it to come back; then 2,000 bytes, each by itself, without waiting',
      )
      for (const byte of random.shuffle(Array.from({ length: 256 }, (_, n) => n))) {
        await echoes(connection, Buffer.of(byte), `The byte that came back for ${byte}`)
      }
      const bytes = random.bytes(2000)
      for (const byte of bytes) await connection.write(Buffer.of(byte))
      const what = 'What came back for 2,000 bytes, each sent by itself,'
      cameBack(bytes, await connection.take(bytes.length, what), what)
    },
  ),
  check(
    'burst',
    'sends back tens of megabytes, complete and in order',
    { spec: 'bursts', hint: 'write may take fewer bytes than you give it. The rest comes first when there is room again.' },
    async ({ program, random }) => {
      const server = await program.serve()
      const connection = await Connection.open(server, { quiet: true, within: 15_000 })
      const block = bulk(random, MIB)
      server.transcript.note('the client sends 32 MiB, and reads at the same time')
      connection.push(Buffer.concat(Array(32).fill(block)))
      connection.socket.end()
      await takesBlocks(connection, block, 32, 'a burst of 32 MiB')
      await endsHere(connection, 'after 32 MiB')
    },
  ),
  check(
    'late-reader',
    'sends back everything to a client that begins to read late',
    {
      spec: 'bursts',
      hint: 'When the client has ended its side there may still be much to send: wait until there is room, send, and close only then.',
    },
    async ({ program, random }) => {
      const server = await program.serve()
      const connection = await Connection.open(server, { quiet: true, within: 15_000 })
      const block = bulk(random, MIB)
      connection.pause()
      server.transcript.note('a client sends 24 MiB, ends its side, and begins to read when its sending has come to a halt')
      connection.push(Buffer.concat(Array(24).fill(block)))
      connection.socket.end()
      await settledMemory(server.live)
      await echoesOnce(server, random.sentence(), 'What came back to another client meanwhile')
      connection.resume()
      await takesBlocks(connection, block, 24, '24 MiB that were read late')
      await endsHere(connection, 'after 24 MiB')
    },
  ),
  check(
    'never-reads',
    'lets nobody wait for a client that does not read',
    {
      spec: 'clients-that-do-not-read',
      hint: 'A write that waits for one client keeps all waiting. Set sockets to non-blocking, and write when there is room.',
    },
    async ({ program, random }) => {
      const server = await program.serve()
      const mute = await openMany(server, 5)
      server.transcript.note('they send 32 MiB each, and read nothing')
      const block = bulk(random, 32 * MIB)
      for (const connection of mute) {
        connection.pause()
        connection.push(block)
      }
      const other = await Connection.open(server, { name: 'reader' })
      for (let n = 0; n < 20; n++) await echoes(other, random.text(20), 'What came back to another client')
      await settledMemory(server.live)
      for (let n = 0; n < 20; n++) await echoes(other, random.text(20), 'What came back to another client, later,')
      await echoesOnce(server, random.sentence(), 'What came back to a new client')
    },
  ),
  check(
    'bounded-memory',
    'holds little of what a client does not read',
    {
      spec: 'clients-that-do-not-read',
      hint: 'As long as there is something that a client has not taken, do not read from it. Then the kernel stops it for you.',
      alone: true,
    },
    async ({ program, random, measure }) => {
      const server = await program.serve()
      await echoesOnce(server, random.sentence(), 'What came back')
      const idle = await settledMemory(server.live)
      const connection = await Connection.open(server, { quiet: true, within: 15_000 })
      connection.pause()
      const block = bulk(random, MIB)
      const count = 192
      server.transcript.note(`a client sends ${count} MiB and reads nothing`)
      for (let n = 0; n < count; n++) connection.push(block)
      const taken = () => count * MIB - connection.socket.writableLength
      // It has come to a halt when nothing more is taken for a while.
      for (let before = -1; before < taken() && taken() < count * MIB; ) {
        before = taken()
        await server.live.until(() => taken() > before + MIB, 400)
      }
      const full = await settledMemory(server.live)
      measure({ name: 'taken of a client that does not read', value: Math.round(taken() / MIB), unit: 'MiB' })
      measure({
        name: 'memory with a client that does not read',
        value: Math.round(full / MIB),
        unit: 'MiB',
        yardstick: Math.max(1, Math.round(idle / MIB)),
      })
      if (full > idle + ALLOWANCE) {
        throw new Failure(
          `The memory of \`${server.live.command}\` grows by what a client sends and does not read: ${Math.round(full / MIB)} MiB, and ${Math.round(idle / MIB)} MiB before. Of ${count} MiB it has taken ${Math.round(taken() / MIB)}.`,
          {
            expected: `at most ${ALLOWANCE / MIB} MiB more than when idle`,
            actual: `${Math.round((full - idle) / MIB)} MiB more`,
          },
        )
      }
      connection.resume()
      await takesBlocks(connection, block, count, `${count} MiB that were read late`)
    },
  ),
  check(
    'resets',
    'survives clients that vanish',
    { spec: 'clients-that-vanish', hint: 'ECONNRESET and EPIPE end one connection. Ignore SIGPIPE (or send with MSG_NOSIGNAL).' },
    async ({ program, random }) => {
      const server = await program.serve()
      const friend = await Connection.open(server, { name: 'friend' })
      await echoes(friend, random.sentence(), 'What came back to a client that stays')
      const before = descriptorsOf(server.live)
      server.transcript.note(
        '80 clients connect, send something, and vanish: some reset the connection, some close it with data unread, some at once',
      )
      const block = bulk(random, 300_000)
      for (let n = 0; n < 80; n++) {
        const connection = await Connection.open(server, { quiet: true })
        const how = n % 4
        if (how !== 0) connection.push(how === 1 ? random.sentence() : block)
        if (how === 2) await server.live.until(() => connection.waiting > 0)
        if (how === 3) connection.pause()
        if (random.oneIn(3)) connection.close()
        else connection.reset()
      }
      await echoes(friend, random.sentence(), 'What came back to a client that has been there all the time')
      await echoesOnce(server, random.sentence(), 'What came back to a new client')
      const most = before + 5
      await server.live.until(() => descriptorsOf(server.live) <= most)
      expect(
        descriptorsOf(server.live),
        'The number of descriptors that are open when 80 clients have vanished',
        `It was ${before} before.`,
      ).toBeAtMost(most)
    },
  ),
  check(
    'thousand-clients',
    'serves a thousand clients at the same time',
    {
      spec: 'a-thousand-clients',
      hint: 'select looks at descriptors up to 1023 only; poll and epoll at any. Raise the limit of descriptors as far as you may.',
      alone: true,
    },
    async ({ program, random }) => {
      const server = await program.serve({ limits: { processes: THREADS, memory: 16 * 1024 * MIB } })
      const connections = await openMany(server, CROWD)
      const word = random.word()
      const message = (n: number, round: number) => `${word} ${round} ${n}\n`
      for (let round = 1; round <= 3; round++) {
        for (const [n, connection] of connections.entries()) await connection.write(message(n, round))
        for (const [n, connection] of connections.entries()) {
          const text = message(n, round)
          const what = `What came back to client ${n + 1} of ${CROWD}`
          cameBack(text, await connection.take(text.length, what), what)
        }
      }
    },
  ),
  check(
    'flood',
    'lets everybody have a turn while one client floods',
    {
      spec: 'floods',
      hint: 'One read for each socket that is ready, then the next socket: not until there is nothing left to read.',
    },
    async ({ program, random }) => {
      const server = await program.serve()
      const others = await openMany(server, 20)
      const flood = await Connection.open(server, { quiet: true, name: 'flood' })
      server.transcript.note('one client sends and reads all the time')
      const block = bulk(random, 256 * 1024)
      let flooding = true
      const flow = (async () => {
        while (flooding && (await flood.write(block))) await flood.take(flood.waiting, 'the flood')
      })()
      flow.catch(() => {})
      for (let round = 1; round <= 10; round++) {
        for (const [n, other] of others.entries())
          await echoes(other, random.sentence(), `What came back to client ${n + 1}, during a flood,`)
        const before = flood.total
        await server.live.until(() => flood.total > before + MIB)
        if (flood.total <= before)
          throw new Failure('The flood has come to a halt: nothing more comes back to the client that sends most.', {
            expected: 'everybody has a turn',
            actual: `${flood.total} bytes, and no more`,
          })
      }
      flooding = false
      await flow
    },
  ),
  check(
    'out-of-descriptors',
    'goes on when it runs out of descriptors, and when there are some again',
    {
      spec: 'out-of-descriptors',
      hint: 'accept fails with EMFILE. Do not end, and do not try again at once: wait until somebody leaves, or a moment.',
      alone: true,
    },
    async (kit) => {
      const { program, random } = kit
      const server = await program.serve()
      const friend = await Connection.open(server, { name: 'friend' })
      await echoes(friend, random.sentence(), 'What came back to the first client')
      const room = 15
      const open = descriptorsOf(server.live)
      limitDescriptors(kit, server.live, room)
      server.transcript.note(`the limit of descriptors (ulimit -n) is now ${room} more than it has`)
      const crowd = await openMany(server, 3 * room)
      for (const connection of crowd) connection.push('x')
      // Some languages need a few for themselves.
      const served = () => crowd.filter(({ total }) => total > 0).length
      await server.live.until(() => served() >= 5)
      expect(
        served(),
        `The number of clients that are served, of ${crowd.length} that came when there was room for ${room},`,
        (await server.obituary()).trim(),
      ).toBeAtLeast(5)
      const busy = await looksAtWork(server.live, LOOKS)
      expect(
        busy,
        `How often, of ${LOOKS} looks, it was running while clients waited for whom it has no descriptor`,
        'It must not spin: a program that waits is asleep whenever somebody looks.',
      ).toBeAtMost(LOOKS / 2)
      await echoes(friend, random.sentence(), 'What came back to the first client, while there was no descriptor left,')
      server.transcript.note('all of the crowd leave')
      for (const connection of crowd) connection.close()
      await server.live.until(() => descriptorsOf(server.live) <= open + 2)
      for (let n = 0; n < 5; n++)
        await echoesOnce(server, random.sentence(), 'What came back to a new client, when there were descriptors again,')
    },
  ),
  check(
    'stopping',
    'ends soon after SIGTERM, whatever its clients are doing',
    {
      spec: 'starting-and-stopping',
      hint: 'Close the listening socket and all others. Do not wait for a client to say goodbye.',
    },
    async ({ program, random }) => {
      const server = await program.serve()
      const idle = await Connection.open(server, { name: 'A' })
      await echoes(idle, random.sentence(), 'What came back')
      const mute = await Connection.open(server, { name: 'B', quiet: true })
      mute.pause()
      mute.push(Buffer.alloc(16 * MIB, random.word()))
      await echoes(idle, random.sentence(), 'What came back')
      await server.stop()
      await endsHere(idle, 'after SIGTERM')
    },
  ),
  ownAddress(({ program }) => program.serve()),
  check(
    'bad-start',
    'says what is wrong when it can not start',
    { spec: 'starting-and-stopping', hint: 'bind fails with EADDRINUSE: a line on standard error, and a status that is not 0.' },
    async ({ program, random }) => {
      const server = await program.serve()
      await program.run(['--port', `${server.port}`]).fails({ why: 'The port is taken.', lines: 3 })
      await program.run(['--port', random.word()]).fails({ why: 'That is no port.' })
    },
  ),
]
