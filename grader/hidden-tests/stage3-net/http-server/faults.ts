import { bulkBytes } from '../../../models/bulk.ts'
import {
  bodyIs,
  describe,
  fieldOf,
  fileName,
  gives,
  halfPut,
  isOfOldVersion,
  judge,
  pausedDownload,
  restOf,
  SITE,
  SilentClient,
  sameNames,
  serveSite,
  statusIs,
} from '../../../models/http-server.ts'
import { descriptorsOf } from '../../../models/open-descriptors.ts'
import { ownAddress } from '../../../models/servers.ts'
import { check, expect, Failure } from '../../../programs/kit.ts'
import { MIB } from '../../../programs/performance.ts'
import type { Server } from '../../../programs/server.ts'
import { encodeRequest, openHttp } from '../../../protocols/http.ts'

/** Milliseconds between two bytes of a client that drips, and how long it goes on. */
const DRIP = 400
const AT_MOST = 20_000

/** Sends a byte of a head now and then, until the server has had enough. */
async function drips(server: Server, target: string): Promise<void> {
  const http = await openHttp(server, { name: 'A', quiet: true })
  server.transcript.note(`client A sends a head, a byte every ${DRIP} ms`)
  const { connection } = http
  const started = performance.now()
  const elapsed = () => performance.now() - started
  const bytes = Buffer.concat([encodeRequest({ target }).subarray(0, -2), Buffer.from(`X-Note: ${'z'.repeat(500)}`)])
  for (const byte of bytes) {
    if (connection.ended || connection.waiting > 0 || elapsed() > AT_MOST) break
    await connection.write(Buffer.of(byte))
    await server.live.until(() => connection.ended || connection.waiting > 0, DRIP)
  }
  if (elapsed() > AT_MOST) {
    throw new Failure(
      `A client has sent its head for ${AT_MOST / 1000} s, byte by byte, and is still listened to. A thousand of them cost nothing and hold a thousand connections.`,
      {
        expected: '408, or the end of the connection, 10 s after the first byte',
        actual: 'nothing',
      },
    )
  }
  if (connection.waiting > 0)
    statusIs(await http.response({ target }), 408, 'The answer to a head that has not come to its end within 10 s')
  await connection.closes('The end of the connection after a head that was too slow')
}

/** Sends half of a body and then nothing. */
async function stalls(server: Server, target: string): Promise<void> {
  const http = await openHttp(server, { name: 'B', within: 2 * AT_MOST })
  await http.connection.write(encodeRequest({ method: 'PUT', target, headers: { 'Content-Length': '5000' } }))
  await http.connection.write(Buffer.alloc(1000, 'b'))
  const answer = await http.connection.closes('The end of a connection on which a body stands still')
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(answer.toString('latin1')) ?? []
  if (answer.length > 0) expect(status, 'The status for a body that stands still').toBe('408')
}

/** Says nothing for a while, then asks. */
async function thinks(server: Server, target: string, body: string): Promise<void> {
  const client = await SilentClient.open(server, { name: 'C' })
  server.transcript.note('client C is silent for 5 s')
  await server.live.until(() => client.http.connection.ended, 4900)
  await client.ask({ target })
  const why = 'The client had been silent for 5 s, which is no reason to close.'
  judge(await client.answer({ target }), { target }, { status: 200, body, why })
}

/** Clients and files that do not stay as they are. */
export const faults = [
  check(
    'slow-clients',
    'waits 10 seconds for a head or for progress in a body, and longer for a client that is silent',
    {
      spec: 'slow-clients',
      hint: 'Note when the first byte of a head came. A timer that each byte sets back is no help here; for a body it is the right one. Before the first byte no time is up.',
    },
    async (kit) => {
      const [name, other] = kit.random.distinct(2, () => fileName(kit.random)) as [string, string]
      const text = kit.random.text(2)
      const server = await serveSite(kit, { [name]: text })
      const slow = [drips(server, `/${name}`), stalls(server, `/${other}`), thinks(server, `/${name}`, text)]
      const outcomes = await Promise.allSettled(slow)
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
      await sameNames(kit, server, [name], 'after an upload that stood still')
    },
  ),
  check(
    'clients-leave',
    'is not harmed by clients that go away in the middle of an answer',
    {
      spec: 'clients-that-leave',
      hint: 'A write that fails (EPIPE, ECONNRESET) ends this connection and nothing else. Close the file too, and remove what has come of an upload (Whole files).',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [name, big] = random.distinct(2, () => fileName(random)) as [string, string]
      const text = random.text(2)
      const server = await serveSite(kit, { [name]: text })
      scratch.sparse(`${SITE}/${big}`, 32 * MIB)
      await gives(server, { target: `/${name}` }, { status: 200, body: text })
      const before = descriptorsOf(server.live)
      for (let n = 0; n < 40; n++) {
        const http = await openHttp(server, { quiet: true })
        const what = random.pick(['download', 'upload', 'head'])
        if (what === 'download') http.connection.push(encodeRequest({ target: `/${big}` }))
        if (what === 'upload') http.connection.push(halfPut(`/up-${n}`, 'x'.repeat(9000))[0])
        if (what === 'head') http.connection.push(`GET /${name} HT`)
        if (what === 'download') await server.live.until(() => http.connection.waiting > 0)
        if (random.oneIn(2)) http.connection.reset()
        else http.close()
      }
      server.transcript.note('40 clients connect, each sends something and goes away in the middle of it')
      const http = await openHttp(server, { quiet: true })
      for (let n = 0; n < 30; n++)
        statusIs(
          await http.request({ method: 'HEAD', target: `/${name}` }),
          200,
          describe({ method: 'HEAD', target: `/${name}` }),
        )
      await gives(
        server,
        { target: `/${name}` },
        { status: 200, body: text, why: '40 clients had gone away in the middle of something.' },
      )
      // A few more may be there for reasons of the language; not one for each client that has left.
      const most = before + 5
      await server.live.until(() => descriptorsOf(server.live) <= most)
      expect(
        descriptorsOf(server.live),
        'The number of descriptors that are open after 40 clients have left',
        `It was ${before} before.`,
      ).toBeAtMost(most)
      await sameNames(kit, server, [name, big].sort(), 'after uploads that broke off')
    },
  ),
  check(
    'file-changes',
    'keeps to the length that it has said, or breaks off, when a file changes in mid-download',
    {
      spec: 'files-that-change',
      hint: 'Ask for the size once. Send that many bytes of the file, and nothing else; if read gives 0 before, close the connection.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [log, cut] = random.distinct(2, () => fileName(random)) as [string, string]
      const server = await serveSite(kit)
      const size = 32 * MIB
      const old = Buffer.concat([...bulkBytes(random, size)])
      for (const name of [log, cut]) scratch.file(`${SITE}/${name}`, old)
      const growing = await pausedDownload(server, `/${log}`)
      scratch.append(`${SITE}/${log}`, random.text(2000))
      const longer = await restOf(growing, server, size)
      expect(longer.length, 'The length of a download of a file that became longer meanwhile').toBe(size)
      isOfOldVersion(longer, old, 'a download of a file that became longer meanwhile')
      const again = { target: `/${log}`, method: 'HEAD' }
      const length = fieldOf(await growing.request(again), 'Content-Length', describe(again))
      expect(Number(length), 'Content-Length, asked for again on the same connection,').toBeAtLeast(size + 1)

      const shrinking = await pausedDownload(server, `/${cut}`)
      scratch.truncate(`${SITE}/${cut}`, MIB)
      const shorter = await restOf(shrinking, server, size)
      isOfOldVersion(shorter, old, 'a download of a file that was cut short to 1 MiB')
      // Who had read all of it before it was cut can keep the promise.
      if (shorter.length < size)
        await shrinking.connection.closes('The end of the connection, after the file was cut short in mid-download,')
      await gives(server, { target: `/${cut}`, method: 'HEAD' }, { status: 200 })
    },
  ),
  check(
    'same-second',
    'gives a file another tag even if it changes within a second and keeps its size',
    { spec: 'files-that-change', hint: 'stat has nanoseconds. Or make the tag from the content.' },
    async (kit) => {
      const { random, scratch } = kit
      const name = fileName(random)
      const bytes = random.bytes(400)
      const server = await serveSite(kit, { [name]: bytes })
      const second = Date.UTC(random.int(2001, 2019), random.int(0, 11), random.int(1, 28))
      const tags: string[] = []
      for (const part of [random.int(1, 300), random.int(400, 900)]) {
        bytes[part % 400] = (bytes[part % 400] as number) ^ 1
        scratch.file(`${SITE}/${name}`, bytes)
        scratch.touch(`${SITE}/${name}`, new Date(second + part))
        const request = { target: `/${name}` }
        const response = await gives(server, request, { status: 200 })
        bodyIs(response, bytes, 'the file')
        tags.push(fieldOf(response, 'ETag', describe(request)))
      }
      if (tags[0] === tags[1])
        throw new Failure('The file has changed within a second, with the same size, and has the same ETag as before.', {
          expected: 'another tag',
          actual: tags[0],
        })
    },
  ),
  check(
    'stopping',
    'ends soon after SIGTERM, whatever its clients are doing, and leaves no half of an upload',
    {
      spec: 'starting-and-stopping',
      hint: 'Stop accepting, close what is idle, give the others a second, then close them too, and remove what is unfinished.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [name, big, fresh] = random.distinct(3, () => fileName(random)) as [string, string, string]
      const server = await serveSite(kit, { [name]: random.text(2) })
      scratch.sparse(`${SITE}/${big}`, 32 * MIB)
      const idle = await openHttp(server)
      judge(await idle.request({ target: `/${name}` }), { target: `/${name}` }, { status: 200 })
      await pausedDownload(server, `/${big}`)
      const upload = await openHttp(server)
      await upload.connection.write(halfPut(`/${fresh}`, random.text(40))[0])
      await gives(server, { target: `/${name}` }, { status: 200 })
      await server.stop()
      await idle.connection.closes('The end of a connection without a request, after SIGTERM,')
      expect(scratch.names(SITE), `What is in ${SITE} after SIGTERM in the middle of an upload`).toBe([name, big].sort())
    },
  ),
  ownAddress((kit) => serveSite(kit)),
  check(
    'bad-start',
    'says what is wrong when it can not start',
    { spec: 'starting-and-stopping', hint: 'bind fails with EADDRINUSE: a line on standard error, and a status that is not 0.' },
    async (kit) => {
      const server = await serveSite(kit, { [fileName(kit.random)]: kit.random.text(2) })
      await kit.program.run(['--port', `${server.port}`, '--data', SITE]).fails({ why: 'The port is taken.', lines: 3 })
      const missing = `no-${kit.random.word()}`
      await kit.program.run(['--port', '1', '--data', missing]).fails({ why: 'There is no such folder.' })
      await kit.program.run(['--port', kit.random.word(), '--data', SITE]).fails({ why: 'That is no port.' })
    },
  ),
]
