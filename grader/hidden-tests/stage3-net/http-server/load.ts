import { describe, fileName, gives, headOf, judge, SITE, SilentClient, serveSite, statusIs } from '../../../models/http-server.ts'
import { descriptorsOf } from '../../../models/open-descriptors.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { growsWithWork, KIB, keepsUpWith, MIB, memoryStaysBounded, settledMemory } from '../../../programs/performance.ts'
import type { Endpoint, Server } from '../../../programs/server.ts'
import { encodeRequest, type HttpConnection, openHttp } from '../../../protocols/http.ts'

/** At once; two of them, held whole, would hardly be more than a program may use. */
const UPLOADS = 3
/** Of an upload, of a mebibyte each. */
const BLOCKS = 60
const CLIENTS = 8
const REQUESTS = 100
const CROWD = 1000
/** A server may have a thread for each client. */
const THREADS = 2500

/** Takes a long body piece by piece, and forgets it. @returns its last bytes. */
async function swallow(http: HttpConnection, length: number, keep: number): Promise<Buffer> {
  for (let left = length - keep; left > 0; ) {
    const piece = Math.min(left, MIB)
    await http.connection.take(piece, `The rest of a body of ${length / MIB} MiB`)
    left -= piece
  }
  return http.connection.take(keep, `The end of a body of ${length / MIB} MiB`)
}

/** @throws {Failure} it is not that block, again and again. */
function wholeUpload(got: Buffer, block: Buffer): void {
  for (let n = 0; n < BLOCKS; n++) {
    if (
      got.length === BLOCKS * block.length &&
      got.compare(block, 0, block.length, n * block.length, (n + 1) * block.length) === 0
    )
      continue
    throw new Failure(`An upload of ${BLOCKS} MiB is not in the file as it was sent.`, {
      expected: `${BLOCKS * block.length} bytes`,
      actual: `${got.length} bytes, wrong from MiB ${n} on`,
    })
  }
}

/** Says goodbye, then stops the server. */
async function finished(http: HttpConnection, server: Server) {
  http.connection.end()
  await http.connection.closes('The end of the connection')
  return server.stop()
}

/** Sends many requests at once on one connection, reads all answers, and stops the server. */
async function conversation(kit: Kit, name: string, text: string, count: number) {
  const server = await kit.program.serve({ data: SITE })
  const http = await openHttp(server, { quiet: true })
  const request = { target: `/${name}` }
  http.connection.push(Buffer.concat(Array(count).fill(encodeRequest(request))))
  for (let n = 0; n < count; n++) {
    const response = await http.response(request)
    if (response.status !== 200 || response.body.toString() !== text) {
      judge(response, request, { status: 200, body: text, why: `It is answer ${n + 1} of ${count}.` })
    }
  }
  return finished(http, server)
}

export const load = [
  check(
    'throughput',
    'answers small requests not many times slower than a bare server',
    {
      spec: 'throughput',
      hint: 'Do not search what has come from its start for each new byte; send head and body together; never sleep.',
    },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(20)]
      const server = await serveSite(kit, { [name]: text })
      const request = { target: `/${name}` }
      const client = async (endpoint: Endpoint) => {
        const http = await openHttp(endpoint, { quiet: true })
        for (let n = 0; n < REQUESTS; n++) statusIs(await http.request(request), 200, describe(request))
        http.close()
      }
      const work = async (endpoint: Endpoint) => {
        await Promise.all(Array.from({ length: CLIENTS }, () => client(endpoint)))
      }
      await keepsUpWith(kit, 'http', {
        name: `${CLIENTS * REQUESTS} requests over ${CLIENTS} connections`,
        server,
        work,
        atMost: 40,
      })
    },
  ),
  check(
    'thousand-clients',
    'serves one client as fast as ever while a thousand are connected, and then all of them',
    {
      spec: 'many-connections',
      hint: 'Wait for all of them at once (epoll, an event loop), or give each a thread that costs little. A connection that is silent stays open for 5 s at least.',
    },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(20)]
      kit.scratch.file(`${SITE}/${name}`, text)
      const server = await kit.program.serve({ data: SITE, limits: { processes: THREADS } })
      const request = { target: `/${name}` }
      const work = async (endpoint: Endpoint) => {
        const crowd: SilentClient[] = []
        endpoint.transcript.note(`${CROWD} clients connect, and say nothing`)
        for (let n = 0; n < CROWD; n++) crowd.push(await SilentClient.open(endpoint, { quiet: true }))
        endpoint.transcript.note('another one asks 100 times')
        const one = await openHttp(endpoint, { quiet: true })
        for (let n = 0; n < 100; n++)
          statusIs(await one.request(request), 200, describe(request), 'A thousand others were connected, and silent.')
        endpoint.transcript.note(`all ${CROWD} ask for the same`)
        for (const client of crowd) await client.ask(request)
        for (const [n, client] of crowd.entries())
          statusIs(await client.answer(request), 200, describe(request), `It is that to client ${n + 1} of ${CROWD}.`)
        for (const { http } of [{ http: one }, ...crowd]) http.close()
      }
      await keepsUpWith(kit, 'http', { name: `${CROWD} clients`, server, work, atMost: 40 })
      await gives(server, request, { status: 200, body: text })
    },
  ),
  check(
    'long-conversation',
    'takes about four times as long for four times the requests on one connection',
    {
      spec: 'long-conversations',
      hint: 'Cutting each request off the front of all that has come moves the rest each time: keep an index.',
    },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(3)]
      kit.scratch.file(`${SITE}/${name}`, text)
      await growsWithWork(kit, { size: 4000, work: (count) => conversation(kit, name, text, count), unit: 'requests' })
    },
  ),
  check(
    'large-download',
    'sends a large file in little memory, however slowly it is read',
    { spec: 'large-files', hint: 'Read a block, send it, wait until there is room for the next one.' },
    async (kit) => {
      const { random, scratch } = kit
      const [name, size, end] = [fileName(random), 256 * MIB, random.sentence(9)]
      const server = await serveSite(kit)
      scratch.sparse(`${SITE}/${name}`, size, end)
      const idle = await settledMemory(server.live)
      const http = await openHttp(server, { quiet: true, within: 60_000 })
      await http.connection.write(encodeRequest({ target: `/${name}` }))
      await server.live.until(() => http.connection.waiting > 0)
      http.connection.pause()
      await settledMemory(server.live)
      http.connection.resume()
      await headOf(http)
      const last = await swallow(http, size, end.length)
      expect(last.toString(), `The end of a download of ${size / MIB} MiB`).toBe(end)
      memoryStaysBounded(kit, await finished(http, server), idle, `a download of ${size / MIB} MiB`)
    },
  ),
  check(
    'large-upload',
    'takes large uploads in little memory',
    { spec: 'large-files', hint: 'Write each piece to the file as it comes.' },
    async (kit) => {
      const names = kit.random.distinct(UPLOADS, () => fileName(kit.random))
      const server = await serveSite(kit)
      const idle = await settledMemory(server.live)
      const block = Buffer.concat(Array(16).fill(kit.random.bytes(64 * KIB)))
      const size = BLOCKS * block.length
      const uploads = await Promise.all(
        names.map(async (name) => {
          const http = await openHttp(server, { quiet: true, within: 60_000 })
          const request = { method: 'PUT', target: `/${name}`, headers: { 'Content-Length': `${size}` } }
          http.connection.push(encodeRequest(request))
          return { name, http, request }
        }),
      )
      for (let n = 0; n < BLOCKS; n++) await Promise.all(uploads.map(({ http }) => http.connection.write(block)))
      for (const { http, request } of uploads) statusIs(await http.response(request), 201, describe(request))
      for (const { http } of uploads.slice(1)) http.close()
      const run = await finished((uploads[0] as { http: HttpConnection }).http, server)
      for (const name of names) wholeUpload(kit.scratch.read(`${SITE}/${name}`), block)
      memoryStaysBounded(kit, run, idle, `${UPLOADS} uploads of ${size / MIB} MiB at once`)
    },
  ),
  check(
    'no-reader',
    'makes a client wait that sends requests and reads no answers',
    {
      spec: 'readers-that-do-not-read',
      hint: 'As long as an answer does not fit into the socket, make no further one, and read no further request.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [name, small] = random.distinct(2, () => fileName(random)) as [string, string]
      const text = random.text(2)
      const server = await serveSite(kit, { [small]: text })
      scratch.sparse(`${SITE}/${name}`, MIB, random.sentence(5))
      const idle = await settledMemory(server.live)
      const before = descriptorsOf(server.live)
      const http = await openHttp(server, { quiet: true, within: 60_000 })
      server.transcript.note('a client sends 2,000 requests for 1 MiB each, and reads nothing')
      http.connection.pause()
      http.connection.push(Buffer.concat(Array(2000).fill(encodeRequest({ target: `/${name}` }))))
      await settledMemory(server.live)
      await gives(
        server,
        { target: `/${small}` },
        { status: 200, body: text, why: 'Another client does not read its answers; that is no reason for this one to wait.' },
      )
      http.connection.resume()
      for (let n = 0; n < 20; n++) {
        const { status, body } = await http.response({ target: `/${name}` })
        expect([status, body.length], `Status and length of answer ${n + 1}, read late,`).toBe([200, MIB])
      }
      http.close()
      await server.live.until(() => descriptorsOf(server.live) <= before)
      memoryStaysBounded(kit, await server.stop(), idle, '2,000 answers that nobody reads')
    },
  ),
]
