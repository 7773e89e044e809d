import { bulk, cameBack, echoes, echoesOnce, endsHere } from '../../models/echo-server.ts'
import { descriptorsOf } from '../../models/open-descriptors.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { Connection, openMany } from '../../protocols/tcp.ts'
import { clients } from './echo-server/clients.ts'
import { load } from './echo-server/load.ts'

export default hiddenTests('stage3-net/echo-server', [
  tier('runs', [
    check(
      'echo',
      'sends back what it is sent',
      { spec: 'echo', hint: 'socket, bind, listen, accept; then read from the connection, and write the same bytes to it.' },
      async ({ program, random }) => {
        const server = await program.serve()
        await echoesOnce(server, `${random.sentence()}\n`, 'What came back')
      },
    ),
    check(
      'conversation',
      'sends back one message after the other',
      { spec: 'echo', hint: 'Read again when you have written.' },
      async ({ program, random }) => {
        const server = await program.serve()
        const connection = await Connection.open(server)
        for (let n = 1; n <= 5; n++) await echoes(connection, `${random.sentence()}\n`, `What came back for message ${n}`)
      },
    ),
    check(
      'next-client',
      'serves the next client when one has gone',
      { spec: 'the-next-one', hint: 'read returns 0 at the end of a connection: close it, and accept again.' },
      async ({ program, random }) => {
        const server = await program.serve()
        for (const name of ['A', 'B', 'C'])
          await echoesOnce(server, `${random.sentence()}\n`, `What came back to client ${name}`, { name })
      },
    ),
  ]),

  tier('works', [
    check(
      'at-once',
      'sends back a byte as soon as it has come',
      { spec: 'at-once', hint: 'Use read or recv, not a function that reads lines or fills a buffer. And flush what you write.' },
      async ({ program, random }) => {
        const server = await program.serve()
        const connection = await Connection.open(server)
        for (const byte of random.word()) await echoes(connection, byte, 'The byte that came back')
        await echoes(connection, random.sentence(4), 'What came back for a line without a newline')
      },
    ),
    check(
      'any-byte',
      'sends back all bytes as they are, in their order',
      {
        spec: 'any-byte',
        hint: 'Bytes, not text: no decoding, no strings that end at a zero. Write as many as you have read, no more.',
      },
      async ({ program, random }) => {
        const server = await program.serve()
        const connection = await Connection.open(server)
        await echoes(connection, Buffer.from([0]), 'What came back for a zero byte')
        const all = Buffer.from(random.shuffle(Array.from({ length: 256 }, (_, n) => n)))
        await echoes(connection, all, 'What came back for each byte that there is')
        for (let n = 0; n < 30; n++)
          await echoes(connection, random.bytes(random.int(1, 4000)), `What came back for piece ${n + 1}`)
        await echoes(connection, bulk(random, 100_000), 'What came back for 100,000 bytes')
      },
    ),
    check(
      'silent-client',
      'serves others while a client says nothing',
      {
        spec: 'several-clients',
        hint: 'Ask the kernel which of the sockets are ready (poll, epoll, an event loop), or give each client a thread.',
      },
      async ({ program, random }) => {
        const server = await program.serve()
        const [one, two] = [await Connection.open(server, { name: 'A' }), await Connection.open(server, { name: 'B' })]
        await echoes(two, random.sentence(), 'What came back to B, while A was connected and silent,')
        await echoes(one, random.sentence(), 'What came back to A')
        const three = await Connection.open(server, { name: 'C' })
        await echoes(three, random.sentence(), 'What came back to C, while A and B were connected and silent,')
        await echoes(two, random.sentence(), 'What came back to B')
      },
    ),
    check(
      'several-clients',
      'gives each client what it has sent itself',
      {
        spec: 'several-clients',
        hint: 'Whatever you keep for a client, keep it for that client alone: also the buffer that you read into.',
      },
      async ({ program, random }) => {
        const server = await program.serve()
        const connections = await openMany(server, 30)
        const texts = random.distinct(30, () => random.text(40))
        for (let round = 1; round <= 5; round++) {
          for (const [n, connection] of connections.entries()) await connection.write(texts[n] as string)
          for (const [n, connection] of connections.entries()) {
            const text = texts[n] as string
            const what = `What came back to client ${n + 1} of ${connections.length}`
            cameBack(text, await connection.take(text.length, what), what, 'Several clients had sent something at the same time.')
          }
        }
      },
    ),
    check(
      'half-close',
      'sends back everything to a client that has ended its side, then ends its own',
      {
        spec: 'half-close',
        hint: 'read returns 0: nothing more comes. Send what is left, then shutdown or close. A close alone may throw away what is unsent.',
      },
      async ({ program, random }) => {
        const server = await program.serve()
        for (const bytes of [Buffer.from(random.sentence()), bulk(random, random.int(30_000, 50_000)), Buffer.alloc(0)]) {
          const connection = await Connection.open(server)
          await connection.write(bytes)
          connection.end()
          const what = 'What came back to a client that has ended its side'
          cameBack(bytes, await connection.take(bytes.length, what), what)
          await endsHere(connection, 'after the client has ended its side')
        }
      },
    ),
    check(
      'silence',
      'keeps a connection open on which nobody says anything, and says nothing itself',
      { spec: 'silence', hint: 'No time-out, no greeting.' },
      async ({ program, random }) => {
        const server = await program.serve()
        const [one, two] = [await Connection.open(server, { name: 'A' }), await Connection.open(server, { name: 'B' })]
        await echoes(two, random.word(), 'What came back to B')
        server.transcript.note('nobody says anything for 3 s')
        await server.live.until(() => one.ended || two.ended || one.total > 0, 3000)
        for (const connection of [one, two]) {
          await echoes(connection, random.sentence(), `What came back to ${connection.name} after 3 s of silence`)
          connection.end()
          await endsHere(connection, `of ${connection.name}`)
        }
      },
    ),
    check(
      'goodbye',
      'keeps nothing of a connection that has ended',
      { spec: 'goodbye', hint: 'Close the descriptor when both directions have ended, or when either has failed.' },
      async ({ program, random }) => {
        const server = await program.serve()
        await echoesOnce(server, random.word(), 'What came back')
        const before = descriptorsOf(server.live)
        server.transcript.note('60 clients connect, say a word, get it back, and leave')
        for (let n = 0; n < 60; n++) {
          const connection = await Connection.open(server, { quiet: true })
          await echoes(connection, random.word(), `What came back to client ${n + 1}`)
          if (n % 2 === 0) connection.end()
          else connection.close()
          if (n % 2 === 0) await endsHere(connection, `of client ${n + 1}`)
        }
        // A few may be there for reasons of the language; not one for each client that has left.
        const most = before + 5
        await server.live.until(() => descriptorsOf(server.live) <= most)
        expect(
          descriptorsOf(server.live),
          'The number of descriptors that are open when 60 clients have left',
          `It was ${before} before.`,
        ).toBeAtMost(most)
      },
    ),
  ]),

  tier('holds', clients),
  tier('flies', load),
])
