import { describe, fileName, judge, SITE, serveSite, statusIs } from '../../../models/http-server.ts'
import { check, expect, Failure } from '../../../programs/kit.ts'
import { chunked, encodeRequest, openHttp, type Request } from '../../../protocols/http.ts'

/** Bodies that nobody waits for, and those that wait to be asked for. */
export const bodies = [
  check(
    'unwanted-bodies',
    'reads a body away that it has no use for',
    { spec: 'bodies', hint: 'Whether there is a body is told by the fields, not by the method. Its bytes are never a request.' },
    async (kit) => {
      const { random } = kit
      const [name, hidden] = random.distinct(2, () => fileName(random)) as [string, string]
      const [text, secret] = random.distinct(2, () => random.text(3)) as [string, string]
      const server = await serveSite(kit, { [name]: text, [hidden]: secret })
      // What is in the body looks like a request.
      const body = encodeRequest({ target: `/${hidden}` })
      const target = `/${name}`
      const bodiesOf: [string, Buffer][] = [
        ['GET with a body', encodeRequest({ target, body })],
        [
          'GET with a body in chunks',
          encodeRequest({ target, headers: { 'Transfer-Encoding': 'chunked' }, body: chunked([body, body]) }),
        ],
        ['POST to a file', encodeRequest({ method: 'POST', target, body })],
        ['GET of what is not there, with a body,', encodeRequest({ target: `/no-${name}`, body })],
      ]
      for (const [what, request] of bodiesOf) {
        const http = await openHttp(server)
        await http.connection.write(Buffer.concat([request, encodeRequest({ target })]))
        const first = await http.response({ target })
        if (what.startsWith('GET with')) judge(first, { target }, { status: 200, body: text })
        // It may close rather than read on.
        if (!/close/i.test(first.headers.connection ?? '')) {
          judge(await http.response({ target }), { target }, { status: 200, body: text, why: `It came behind ${what}.` })
        } else {
          const rest = await http.connection.closes('The end of the connection after Connection: close')
          if (rest.length > 0)
            throw new Failure(`The body of ${what} was answered as if it were a request.`, {
              expected: 'the end',
              actual: rest.toString('latin1', 0, 200),
            })
        }
        http.close()
      }
    },
  ),
  check(
    'continue',
    'tells a client that asks whether its body is wanted',
    {
      spec: 'continue',
      hint: 'Before you read the body: HTTP/1.1 100 Continue and an empty line. The answer proper comes as ever.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const server = await serveSite(kit)
      const [name, body] = [fileName(random), random.text(3)]
      const request: Request = {
        method: 'PUT',
        target: `/${name}`,
        headers: { Expect: '100-continue', 'Content-Length': `${body.length}` },
      }
      const http = await openHttp(server)
      const invitation = await http.request(request)
      statusIs(
        invitation,
        100,
        `${describe(request)} with Expect: 100-continue`,
        'The client has not sent the body yet: it waits to be told.',
      )
      statusIs(await http.raw(body, 'PUT'), 201, `${describe(request)}, whose body has come,`)
      expect(scratch.read(`${SITE}/${name}`), `The content of ${SITE}/${name}`).toBeText(body)
      judge(
        await http.request({ target: `/${name}` }),
        { target: `/${name}` },
        { status: 200, body, why: 'It came on the same connection behind a body that had been asked for.' },
      )
      // The most that must be taken, and one byte more.
      const most = 64 * 1024 * 1024
      for (const [length, status] of [
        [most, 100],
        [most + 1, 413],
      ] as const) {
        const large = { ...request, headers: { ...request.headers, 'Content-Length': `${length}` } }
        const other = await openHttp(server)
        statusIs(await other.request(large), status, `${describe(large)} with Content-Length: ${length}`)
        other.close()
      }
    },
  ),
]
