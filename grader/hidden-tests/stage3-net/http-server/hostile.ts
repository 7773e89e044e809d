import { excerpt } from '../../../engine/difference.ts'
import {
  type Bad,
  describe,
  fileName,
  gives,
  judge,
  refusesAndCloses,
  SITE,
  serveSite,
  statusIs,
} from '../../../models/http-server.ts'
import { check, Failure } from '../../../programs/kit.ts'
import { MIB } from '../../../programs/performance.ts'
import { chunked, encodeRequest, fetchOnce, openHttp } from '../../../protocols/http.ts'

const HOST = 'Host: localhost\r\n'

/** Requests that nobody means well with. */
export const hostile = [
  check(
    'traversal',
    'gives nothing of what is outside of its folder, whatever it is called',
    {
      spec: 'traversal',
      hint: 'Decode, split at slashes, go through the names: .. takes the last one away, and there must be one. Zero bytes end names for the system.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [name, folder] = [fileName(random), random.word()]
      const [text, secret] = random.distinct(2, () => random.sentence(6)) as [string, string]
      scratch.file('secret.txt', secret)
      scratch.file(`${SITE}-private/secret.txt`, secret)
      const server = await serveSite(kit, { [name]: text, [`${folder}/${name}`]: text, [`..${name}`]: text })
      const targets = [
        ...['..', '%2e%2e', '.%2E', '..%2f.', '../.', '..%5c..', '%252e%252e', '..%00', '%c0%ae%c0%ae', '...', '..\\..', './..'],
        ...[`${folder}/../..`, `${folder}/..%2f..`, `${folder}%2f..%2f..`, `../${SITE}-private`, `/..`, `..//`, `..;`],
      ].map((way) => `/${way}/secret.txt`)
      const absolute = [
        scratch.path('secret.txt'),
        `/${scratch.path('secret.txt')}`,
        `http://localhost/../secret.txt`,
        '/..\\secret.txt',
      ]
      const noNames = [`/${name}%00`, `/${name}%00.png`, `/%zz${name}`, `/${name}%`, `/${name}%4`]
      for (const target of [...targets, ...absolute, ...noNames]) {
        const response = await fetchOnce(server, { target })
        if (response.body.includes(secret)) {
          throw new Failure(`GET ${target} gets a file that is outside of ${SITE}: anybody could read everything.`, {
            expected: '400, 403 or 404',
            actual: `${response.status}, and the file`,
          })
        }
        statusIs(response, [400, 403, 404], describe({ target }))
      }
      for (const target of [`/${folder}/../${name}`, `/${folder}/./${name}`, `/./${folder}/./%2e%2e/${name}`, `/..${name}`]) {
        await gives(server, { target }, { status: 200, body: text, why: 'This way does not leave the folder.' })
      }
    },
  ),
  check(
    'not-a-file',
    'refuses what is no file, or is not to be read',
    {
      spec: 'not-a-file',
      hint: 'Opening a named pipe waits for a writer, unless you say O_NONBLOCK, or look before you open it. Then look what it is.',
    },
    async (kit) => {
      const { random, scratch, program } = kit
      const [name, pipe, locked] = random.distinct(3, () => fileName(random)) as [string, string, string]
      const text = random.text(2)
      const server = await serveSite(kit, { [name]: text, [locked]: random.text(2) })
      scratch.fifo(`${SITE}/${pipe}`).close()
      scratch.forbid(`${SITE}/${locked}`, program.contained)
      await gives(server, { target: `/${pipe}` }, { status: [403, 404], why: 'It is a named pipe, to which nobody writes.' })
      await gives(server, { target: `/${locked}` }, { status: 403, why: 'Nobody may read this file.' })
      await gives(server, { target: `/${name}/` }, { status: [403, 404], why: 'It is a file, and there is a slash behind it.' })
      kit.scratch.link('round', `${SITE}/about`)
      kit.scratch.link('about', `${SITE}/round`)
      await gives(server, { target: '/about' }, { status: [403, 404], why: 'It is a link that leads to itself.' })
      await gives(
        server,
        { target: `/${locked.repeat(60)}` },
        { status: [403, 404], why: 'No name of a file is as long as this.' },
      )
      await gives(server, { target: `/${name}` }, { status: 200, body: text })
    },
  ),
  check(
    'bad-requests',
    'refuses requests that are none, and closes the connection',
    {
      spec: 'bad-requests',
      hint: 'A first line is three words. A name of a field is letters, digits and a few signs up to the colon, and nothing else.',
    },
    async (kit) => {
      const name = fileName(kit.random)
      const server = await serveSite(kit, { [name]: kit.random.text(2) })
      const lines: [string, string, number[]][] = [
        ['a line of one word', kit.random.word().toUpperCase(), [400]],
        ['a first line with the version HTTX/1.1', `GET /${name} HTTX/1.1`, [400, 505]],
        ['a first line with the version http/1.1', `GET /${name} http/1.1`, [400, 505]],
        ['a first line of four words', `GET /${name} HTTP/1.1 ${kit.random.word()}`, [400]],
        ['a target without a slash', `GET ${name} HTTP/1.1`, [400]],
        ['a first line with the version HTTP/2.0', `GET /${name} HTTP/2.0`, [505]],
      ]
      const fields: [string, string][] = [
        ['a blank before the colon', 'Content-Length : 0'],
        ['a field without a name', `: ${kit.random.word()}`],
        ['a zero byte in a field', `X-Note: ${kit.random.word()}\0${kit.random.word()}`],
        ['a CR in a field', `X-Note: ${kit.random.word()}\rX-Other: 1`],
      ]
      const bad: Bad[] = [
        ...lines.map(([what, line, statuses]): Bad => ({ what, request: `${line}\r\n${HOST}\r\n`, statuses })),
        ...fields.map(
          ([what, field]): Bad => ({ what, request: `GET /${name} HTTP/1.1\r\n${HOST}${field}\r\n\r\n`, statuses: [400] }),
        ),
      ]
      for (const one of bad) await refusesAndCloses(server, `/${name}`, one)
    },
  ),
  check(
    'empty-lines',
    'skips empty lines before a request',
    { spec: 'empty-lines', hint: 'If the first line is empty, read another one.' },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(2)]
      const server = await serveSite(kit, { [name]: text })
      const http = await openHttp(server)
      const get = encodeRequest({ target: `/${name}` })
      await http.connection.write(Buffer.concat([Buffer.from('\r\n'), get, Buffer.from('\r\n\r\n'), get]))
      for (const why of ['There was an empty line before it.', 'There were two empty lines before it.'])
        judge(await http.response(), { target: `/${name}` }, { status: 200, body: text, why })
    },
  ),
  check(
    'long-line',
    'answers 414 to a first line that is too long',
    { spec: 'limits', hint: 'Do not wait for the end of a line that is longer than you want it to be.' },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(2)]
      const server = await serveSite(kit, { [name]: text })
      const long = `/${name}?${'q'.repeat(7900 - name.length)}`
      await gives(server, { target: long }, { status: 200, body: text, why: 'A first line of 8,000 bytes must be understood.' })
      const endless = {
        what: 'a first line of more than 64 KiB',
        request: `GET /${name}?${'q'.repeat(70_000)} HTTP/1.1\r\n${HOST}\r\n`,
        statuses: [414],
      }
      await refusesAndCloses(server, `/${name}`, endless)
      const http = await openHttp(server)
      await http.connection.write(`GET /${name}?${'q'.repeat(150_000)}`)
      statusIs(await http.response(), 414, 'The answer to a first line of 150,000 bytes, whose end has not come yet,')
    },
  ),
  check(
    'long-head',
    'refuses a head that does not come to an end',
    { spec: 'limits', hint: 'Count the bytes of all fields, and stop at some number: a client could go on for ever.' },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(2)]
      const server = await serveSite(kit, { [name]: text })
      const fields = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, n) => [`X-${n}`, kit.random.word().repeat(200).slice(0, 990)]))
      await gives(
        server,
        { target: `/${name}`, headers: fields(15) },
        { status: 200, body: text, why: 'A head of 16,000 bytes must be understood.' },
      )
      const request = encodeRequest({ target: `/${name}`, headers: fields(140) })
      await refusesAndCloses(server, `/${name}`, { what: 'a head of 140 KB', request, statuses: [431, 400, 413] })
    },
  ),
  check(
    'large-body',
    'refuses a body that is too large as soon as that is known',
    { spec: 'limits', hint: 'Compare the length with 64 MiB before you read the body. A chunk has a length too.' },
    async (kit) => {
      const server = await serveSite(kit)
      const name = fileName(kit.random)
      const put = (headers: Record<string, string>) => encodeRequest({ method: 'PUT', target: `/${name}`, headers })
      const bodies: [string, Buffer][] = [
        ['a Content-Length of more than 64 MiB', put({ 'Content-Length': `${64 * MIB + kit.random.int(1, 99)}` })],
        [
          'a chunk of more than 64 MiB',
          Buffer.concat([put({ 'Transfer-Encoding': 'chunked' }), Buffer.from(`${(64 * MIB + 1).toString(16)}\r\nabc`)]),
        ],
      ]
      for (const [what, request] of bodies) {
        const http = await openHttp(server)
        statusIs(await http.raw(request, 'PUT'), 413, `The answer to ${what}`)
        await http.connection.closes(`The end of the connection after ${what}`)
        http.close()
      }
    },
  ),
  check(
    'last-answer',
    'lets its last answer arrive, though the client is still sending',
    {
      spec: 'the-last-answer',
      hint: 'shutdown(SHUT_WR), then read and throw away until the client has closed, or for a few seconds; then close.',
    },
    async (kit) => {
      const server = await serveSite(kit)
      const http = await openHttp(server)
      http.connection.pause()
      const request = { method: 'PUT', target: `/${fileName(kit.random)}`, headers: { 'Content-Length': `${200 * MIB}` } }
      const head = encodeRequest(request)
      const { connection } = http
      server.transcript.sent('', head)
      server.transcript.note('the client goes on with the body, as fast as it is taken, up to 40 of its 200 MiB')
      connection.push(head)
      // More than the systems of both sides hold: the client is in the middle of sending when the answer is there.
      const block = Buffer.alloc(MIB, kit.random.bytes(1000))
      let sent = 0
      while (sent < 40 && (await connection.write(block, true)) && connection.socket.writableLength === 0) sent++
      server.transcript.note(`it has sent ${sent} MiB, and begins to read`)
      connection.resume()
      await server.live.until(() => connection.waiting > 0 || connection.ended)
      if (connection.ended && connection.waiting === 0) {
        throw new Failure(
          `${describe(request)} was lost: the server has broken the connection while the client was still sending, with ${sent} of 200 MiB sent.${await server.obituary()}`,
          { expected: '413, and then the end of the connection', actual: 'the end of the connection alone' },
        )
      }
      statusIs(await http.response(request), 413, 'The answer to a body of 200 MiB, of which 40 were to be sent,')
    },
  ),
  check(
    'smuggling',
    'refuses requests whose end can be understood in two ways',
    {
      spec: 'smuggling',
      hint: 'Collect all values of Content-Length and Transfer-Encoding before you believe any. If in doubt: 400, and close.',
    },
    async (kit) => {
      const [name, other] = kit.random.distinct(2, () => fileName(kit.random)) as [string, string]
      const server = await serveSite(kit, { [name]: kit.random.text(2) })
      const put = (fields: string, body: string, version = '1.1') =>
        `PUT /${other} HTTP/${version}\r\n${HOST}${fields}\r\n${body}`
      const chunks = chunked([kit.random.word()]).toString()
      const bad: [string, string, number[]?][] = [
        ['Content-Length beside Transfer-Encoding', put('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', chunks)],
        [
          'Transfer-Encoding beside Content-Length',
          put(`Transfer-Encoding: chunked\r\nContent-Length: ${chunks.length}\r\n`, chunks),
        ],
        ['two lines with Content-Length', put('Content-Length: 3\r\nContent-Length: 4\r\n', 'abcd')],
        ['two lengths in Content-Length', put('Content-Length: 3, 4\r\n', 'abcd')],
        ['Transfer-Encoding in HTTP/1.0', put('Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n', chunks, '1.0')],
        ['Transfer-Encoding: gzip, chunked', put('Transfer-Encoding: gzip, chunked\r\n', chunks), [501, 400]],
        ['Transfer-Encoding: xchunked', put('Transfer-Encoding: xchunked\r\n', chunks), [501, 400]],
        [
          'Transfer-Encoding: identity beside Content-Length',
          put('Transfer-Encoding: identity\r\nContent-Length: 5\r\n', 'abcde'),
          [501, 400],
        ],
      ]
      for (const [what, request, statuses = [400]] of bad) await refusesAndCloses(server, `/${name}`, { what, request, statuses })
      if (kit.scratch.exists(`${SITE}/${other}`))
        throw new Failure(`A PUT that was refused has made its file.`, { expected: `no ${other}`, actual: other })
    },
  ),
  check(
    'bad-lengths',
    'refuses lengths that are none, and chunks that are not as long as they say',
    {
      spec: 'smuggling',
      hint: 'A length is decimal digits and nothing else; a size of a chunk is hexadecimal digits up to a semicolon or the end of the line. Behind the bytes of a chunk there must be CR LF.',
    },
    async (kit) => {
      const [name, other] = kit.random.distinct(2, () => fileName(kit.random)) as [string, string]
      const server = await serveSite(kit, { [name]: kit.random.text(2) })
      const put = (fields: string) => `PUT /${other} HTTP/1.1\r\n${HOST}${fields}\r\n\r\n`
      const lengths = ['+5', '0x5', '-5', ''].map((length): [string, string] => [
        `a Content-Length of ${length || 'nothing'}`,
        `${put(`Content-Length: ${length}`)}abcde`,
      ])
      const chunks = (
        [
          ['a chunk that is longer than it says', '3\r\nabcde\r\n0\r\n\r\n'],
          ['a size that is no number', `${kit.random.pick(['xyz', 'g', '-3'])}\r\nabc\r\n0\r\n\r\n`],
          ['a size with something behind it', '3z\r\nabc\r\n0\r\n\r\n'],
          ['a size of 0x3', '0x3\r\nabc\r\n0\r\n\r\n'],
          ['a chunk without a size', '\r\nabc\r\n0\r\n\r\n'],
        ] as const
      ).map(([what, body]): [string, string] => [what, put('Transfer-Encoding: chunked') + body])
      for (const [what, request] of [...lengths, ...chunks])
        await refusesAndCloses(server, `/${name}`, { what, request, statuses: [400] })
      if (kit.scratch.exists(`${SITE}/${other}`))
        throw new Failure(`A PUT that was refused has made its file.`, { expected: `no ${other}`, actual: other })
    },
  ),
  check(
    'folded-lines',
    'does not take a line that begins with a blank for a field',
    {
      spec: 'smuggling',
      hint: 'Refuse it, or take it for the rest of the line before. Do not trim lines before you look at them.',
    },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(2)]
      const server = await serveSite(kit, { [name]: text })
      const get = encodeRequest({ target: `/${name}` })
      for (const blank of [' ', '\t']) {
        const http = await openHttp(server, { within: 3000 })
        const request = `GET /${name} HTTP/1.1\r\n${HOST}X-Note: ${kit.random.word()}\r\n${blank}Content-Length: ${get.length}\r\n\r\n`
        await http.connection.write(Buffer.concat([Buffer.from(request), get]))
        const first = await http.response()
        statusIs(first, [200, 400], 'The answer to a request with a folded line')
        if (first.status === 400) {
          const rest = await http.connection.closes('The end of the connection after a folded line')
          if (rest.length > 0)
            throw new Failure('After a folded line the server went on.', {
              expected: 'the end of the connection',
              actual: excerpt(rest),
            })
        } else
          judge(
            await http.response(),
            { target: `/${name}` },
            { status: 200, body: text, why: 'It must not be swallowed: the folded line before is no Content-Length.' },
          )
        http.close()
      }
    },
  ),
]
