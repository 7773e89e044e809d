import { answers, bodyIs, describe, fileName, gives, hasWord, judge, serveSite, statusIs } from '../../../models/http-server.ts'
import { check, expect, Failure } from '../../../programs/kit.ts'
import { encodeRequest, openHttp, type Request } from '../../../protocols/http.ts'

/** Where requests begin and end, and connections with them. */
export const connections = [
  check(
    'pieces',
    'understands a request that comes in pieces, and serves others meanwhile',
    {
      spec: 'pieces',
      hint: 'What one read returns is no message. Keep what has come until the empty line is there; and do not wait for it with everybody else waiting too.',
    },
    async (kit) => {
      const [name, other] = kit.random.distinct(2, () => fileName(kit.random)) as [string, string]
      const [text, otherText] = kit.random.distinct(2, () => kit.random.text(3)) as [string, string]
      const server = await serveSite(kit, { [name]: text, [other]: otherText })
      const request = { target: `/${name}`, headers: { 'X-Note': kit.random.sentence(3) } }
      const bytes = encodeRequest(request)
      // In the middle of the first line, of the CR LF behind it, of a field, and of the empty line.
      const line = bytes.indexOf('\r')
      const cuts = [
        kit.random.int(1, line - 1),
        line + 1,
        kit.random.int(line + 3, bytes.length - 5),
        bytes.length - 3,
        bytes.length - 1,
      ]
      const http = await openHttp(server, { name: 'A' })
      let from = 0
      for (const to of cuts) {
        await http.connection.write(bytes.subarray(from, to))
        await gives(
          server,
          { target: `/${other}` },
          { status: 200, body: otherText, why: 'Another client was in the middle of its request.' },
        )
        from = to
      }
      judge(await http.raw(bytes.subarray(from)), request, {
        status: 200,
        body: text,
        why: `It had come in ${cuts.length + 1} pieces.`,
      })
    },
  ),
  check(
    'half-close',
    'answers a client that has shut its sending side',
    { spec: 'pieces', hint: 'When read returns 0 the client sends nothing more. It may still be reading.' },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(40)]
      const server = await serveSite(kit, { [name]: text })
      const http = await openHttp(server)
      const request = { target: `/${name}` }
      await http.connection.write(encodeRequest(request))
      http.connection.end()
      judge(await http.response(request), request, { status: 200, body: text })
      await http.connection.closes('The end of the connection, on which no request can come any more,')
    },
  ),
  check(
    'keep-alive',
    'keeps the connection open for the next request',
    {
      spec: 'connections',
      hint: 'In HTTP/1.1 that is so unless one of the two says Connection: close. A loop for each connection.',
    },
    async (kit) => {
      const names = kit.random.distinct(4, () => fileName(kit.random))
      const texts = kit.random.distinct(4, () => kit.random.text(3))
      const server = await serveSite(kit, Object.fromEntries(names.map((name, n) => [name, texts[n] as string])))
      const http = await openHttp(server)
      for (const [n, name] of names.entries()) {
        await answers(
          http,
          { target: `/${name}` },
          { status: 200, body: texts[n] as string, why: `It is request ${n + 1} on this connection.` },
        )
      }
      const missing = { target: `/no-${names[0]}` }
      const { headers } = await answers(http, missing, { status: 404 })
      if (/close/i.test(headers.connection ?? ''))
        throw new Failure(
          `${describe(missing)}, a file that is not there, closes the connection: the next request would need a new one.`,
          { expected: 'a 404 after which the connection stays open', actual: `Connection: ${headers.connection}` },
        )
      await answers(
        http,
        { target: `/${names[1]}` },
        { status: 200, body: texts[1] as string, why: 'It came after a 404 on the same connection.' },
      )
    },
  ),
  check(
    'close',
    'closes after Connection: close',
    {
      spec: 'connections',
      hint: 'Connection is a list of words; look for close in it, in small and capital letters. Say it in the answer too.',
    },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(3)]
      const server = await serveSite(kit, { [name]: text })
      const headers = [
        { connection: 'Close \t' },
        { Connection: `${kit.random.word()} ,\t close,${kit.random.word()}` },
      ] as Record<string, string>[]
      for (const header of headers) {
        const request = { target: `/${name}`, headers: header }
        const http = await openHttp(server)
        // What comes behind is not answered any more.
        const response = await http.raw(Buffer.concat([encodeRequest(request), encodeRequest({ target: `/${name}` })]))
        const what = `The answer to GET /${name} with ${Object.entries(header).flat().join(': ')}`
        statusIs(response, 200, what)
        bodyIs(response, text, what)
        hasWord(response, 'Connection', 'close', what)
        const rest = await http.connection.closes('The end of the connection after Connection: close')
        expect(rest.length, 'The number of bytes after the last answer').toBe(0)
      }
    },
  ),
  check(
    'old-version',
    'closes after a request of HTTP/1.0, unless that asks for the contrary',
    {
      spec: 'connections',
      hint: 'Before 1.1 a connection was for one request. Connection: keep-alive changes that, and is repeated in the answer.',
    },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(3)]
      const server = await serveSite(kit, { [name]: text })
      const old = { target: `/${name}`, version: 'HTTP/1.0', headers: { Host: '' } }
      const first = await openHttp(server)
      await answers(first, old, { status: 200, body: text })
      await first.connection.closes('The end of the connection after a request of HTTP/1.0')

      const second = await openHttp(server)
      const asking = { ...old, headers: { Host: '', Connection: 'Keep-Alive' } }
      const response = await answers(second, asking, { status: 200, body: text })
      const what = 'The answer to a request of HTTP/1.0 with Connection: keep-alive'
      hasWord(response, 'Connection', 'keep-alive', what)
      await answers(second, asking, {
        status: 200,
        body: text,
        why: 'It is the second one on a connection of HTTP/1.0 that asked to stay open.',
      })
    },
  ),
  check(
    'pipelining',
    'answers requests that are sent all at once, in their order',
    {
      spec: 'pipelining',
      hint: 'Behind the empty line there may be the next request already: keep those bytes. A 404 does not close the connection.',
    },
    async (kit) => {
      const names = kit.random.distinct(5, () => fileName(kit.random))
      const texts = kit.random.distinct(5, () => kit.random.text(kit.random.int(1, 30)))
      const server = await serveSite(kit, Object.fromEntries(names.map((name, n) => [name, texts[n] as string])))
      const wanted: [Request, number, string?][] = [
        ...names.map((name, n): [Request, number, string] => [{ target: `/${name}` }, 200, texts[n] as string]),
        [{ method: 'HEAD', target: `/${names[2]}` }, 200, ''],
        [{ target: `/no-${names[0]}` }, 404],
      ]
      const order = [...kit.random.shuffle(wanted), wanted[0] as (typeof wanted)[0]]
      const http = await openHttp(server)
      await http.connection.write(Buffer.concat(order.map(([request]) => encodeRequest(request))))
      for (const [n, [request, status, body]] of order.entries()) {
        const why = `It is the one to request ${n + 1} of ${order.length} that were sent at once.`
        judge(await http.response(request), request, { status, ...(body !== undefined && { body }), why })
      }
    },
  ),
  check(
    'host',
    'wants exactly one Host, except from HTTP/1.0',
    { spec: 'host', hint: 'Count the lines with this name. A name of a host has no blank in it.' },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(3)]
      const server = await serveSite(kit, { [name]: text })
      const get = (fields: string, version = '1.1') => `GET /${name} HTTP/${version}\r\n${fields}\r\n`
      const [one, two] = kit.random.distinct(2, kit.random.word)
      const bad = [
        ['no Host', get('')],
        ['two lines with Host', get(`Host: ${one}\r\nHost: ${two}\r\n`)],
        ['a Host with a blank in it', get(`Host: ${one} ${two}\r\n`)],
      ]
      for (const [what, request] of bad as [string, string][]) {
        const http = await openHttp(server)
        statusIs(await http.raw(request), 400, `The answer to a request with ${what}`)
        http.close()
      }
      for (const request of [get(`hOST:${one}:8080\r\n`), get('', '1.0')]) {
        const http = await openHttp(server)
        const response = await http.raw(request)
        statusIs(response, 200, `The answer to ${describe({ target: `/${name}` }).slice(14)}`, 'Its Host was in order.')
        bodyIs(response, text, 'the answer')
        http.close()
      }
    },
  ),
]
