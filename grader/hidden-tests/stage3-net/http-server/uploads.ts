import { describe, fieldOf, fileName, gives, landing, SITE, serveSite, statusIs } from '../../../models/http-server.ts'
import { check, expect, Failure } from '../../../programs/kit.ts'
import { chunked, encodeRequest, openHttp } from '../../../protocols/http.ts'

const NOT_HERE = [405, 501]

/** Methods, and those that change something. */
export const uploads = [
  check(
    'methods',
    'refuses methods that there are not, and does nothing',
    { spec: 'methods', hint: '405 or 501. Methods are in capital letters: get is another one than GET.' },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(3)]
      const server = await serveSite(kit, { [name]: text })
      for (const method of ['DELETE', 'PATCH', kit.random.word().toUpperCase()])
        await gives(server, { method, target: `/${name}` }, { status: NOT_HERE })
      const small = { method: 'get', target: `/${name}` }
      await gives(server, small, { status: [400, ...NOT_HERE], why: 'Capital and small letters are different in a method.' })
      await gives(
        server,
        { target: `/${name}` },
        { status: 200, body: text, why: 'Nothing of what was asked for before may have been done.' },
      )
    },
  ),
  check(
    'allow',
    'lists in Allow what can be done, where it answers 405',
    { spec: 'methods', hint: 'RFC 9110, 15.5.6: an answer with 405 must have the field Allow.' },
    async (kit) => {
      const [name, folder] = [fileName(kit.random), kit.random.word()]
      const server = await serveSite(kit, { [`${folder}/${name}`]: kit.random.text(3) })
      for (const [target, writes] of [
        [`/${folder}/${name}`, 'PUT'],
        [`/${folder}/`, 'POST'],
      ] as const) {
        const request = { method: 'DELETE', target }
        const response = await gives(server, request, { status: NOT_HERE })
        if (response.status !== 405) continue
        const methods = fieldOf(response, 'Allow', describe(request)).split(/\s*,\s*/)
        const why = `It is the answer to DELETE ${target}.`
        for (const method of ['GET', 'HEAD', writes])
          expect(methods.includes(method), `Whether Allow: ${methods.join(', ')} has ${method}`, why).toBe(true)
        expect(methods.includes('DELETE'), `Whether Allow: ${methods.join(', ')} has DELETE, which was refused`).toBe(false)
      }
    },
  ),
  check(
    'put',
    'PUT creates a file, and replaces it',
    { spec: 'put', hint: 'Content-Length says how many bytes belong to the body. 201 if the file is new, 204 if it was there.' },
    async (kit) => {
      const { random, scratch } = kit
      const folder = random.word()
      const server = await serveSite(kit, { [`${folder}/${fileName(random)}`]: random.text(2) })
      const name = `${folder}/${random.word()} ${random.word()}.txt`
      const target = `/${name.replace(' ', '%20')}`
      const [one, two] = random.distinct(2, () => random.bytes(random.int(2000, 5000))) as [Buffer, Buffer]
      const short = random.bytes(7)
      const http = await openHttp(server)
      for (const [n, body] of [one, two, short, Buffer.alloc(0)].entries()) {
        const request = { method: 'PUT', target, body, headers: { 'Content-Length': `${body.length}` } }
        const why = n === 0 ? 'There was no such file.' : 'There was such a file already.'
        statusIs(await http.request(request), n === 0 ? 201 : 204, describe(request), why)
        expect(scratch.read(`${SITE}/${name}`), `The content of ${SITE}/${name} after PUT`).toBeText(body)
        await gives(server, { target }, { status: 200, body })
      }
    },
  ),
  check(
    'put-nowhere',
    'PUT refuses a target that is a folder, or whose folder is not there',
    { spec: 'put', hint: 'Nothing is created on the way. A folder can not be replaced by a file.' },
    async (kit) => {
      const { random, scratch } = kit
      const [folder, missing] = random.distinct(2, random.word) as [string, string]
      const name = fileName(random)
      const server = await serveSite(kit, { [`${folder}/${name}`]: random.text(2) })
      for (const target of [`/${folder}`, `/${folder}/`, `/${missing}/${name}`, `/${folder}/${name}/${missing}`]) {
        await gives(server, { method: 'PUT', target, body: random.text(2) }, { status: [409, 404, 405] })
      }
      expect(scratch.names(SITE), `What is in ${SITE}`).toBe([folder])
      expect(scratch.names(`${SITE}/${folder}`), `What is in ${SITE}/${folder}`).toBe([name])
    },
  ),
  check(
    'put-part',
    'PUT does not take a part of a file for the whole',
    { spec: 'put', hint: 'If a PUT has Content-Range, refuse it.' },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(4)]
      const server = await serveSite(kit, { [name]: text })
      const request = { method: 'PUT', target: `/${name}`, body: kit.random.word(), headers: { 'Content-Range': 'bytes 0-3/40' } }
      await gives(server, request, { status: [400, ...NOT_HERE] })
      await gives(server, { target: `/${name}` }, { status: 200, body: text, why: 'A PUT with Content-Range had been refused.' })
    },
  ),
  check(
    'post',
    'POST to a folder makes a new file in it, and says where',
    { spec: 'post', hint: '201, and in Location the address of the new file. Each POST makes another one.' },
    async (kit) => {
      const { random, scratch } = kit
      const [folder, missing] = random.distinct(2, random.word) as [string, string]
      const name = fileName(random)
      const odd = `${folder} %`
      const server = await serveSite(kit, { [`${odd}/${name}`]: random.text(2) })
      const target = `/${folder}%20%25/`
      const texts = random.distinct(3, () => random.text(2))
      const places = new Set<string>()
      for (const body of texts) {
        const request = { method: 'POST', target, body }
        const response = await gives(server, request, { status: 201 })
        const place = landing(response, server.port, describe(request)).pathname
        if (!place.startsWith(target) || places.has(place)) {
          throw new Failure(
            `Location of a file that POST made is wrong: ${places.has(place) ? 'it was given before.' : 'it is not in the folder.'}`,
            {
              expected: `${target} and a new name behind it`,
              actual: place,
            },
          )
        }
        places.add(place)
        await gives(
          server,
          { target: place },
          { status: 200, body, why: 'That is where the answer to POST has said that the file is.' },
        )
      }
      expect(
        scratch.names(`${SITE}/${odd}`).length,
        `The number of files in ${SITE}/${odd}, of which one was there before,`,
      ).toBe(texts.length + 1)
      const elsewhere = [405, 501]
      await gives(
        server,
        { method: 'POST', target: `${target}${name}`, body: texts[0] as string },
        { status: elsewhere, why: 'It is a file.' },
      )
      await gives(
        server,
        { method: 'POST', target: `/${missing}/`, body: texts[0] as string },
        { status: [404, ...elsewhere], why: 'There is no such folder.' },
      )
    },
  ),
  check(
    'chunked',
    'takes a body in chunks, and finds the end of it',
    {
      spec: 'bodies',
      hint: 'A size in hexadecimal, perhaps something behind a semicolon, CR LF, the bytes, CR LF. After size 0 come lines up to the empty one.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const server = await serveSite(kit)
      const http = await openHttp(server)
      const pieces = [random.bytes(1), random.bytes(300), random.bytes(random.int(16, 250)), random.bytes(70_000)]
      const plain = chunked(random.shuffle(pieces))
      const body = random.bytes(171)
      const fancy = Buffer.concat([
        Buffer.from(`00aB;${random.word()}=${random.word()}\r\n`),
        body,
        Buffer.from(`\r\n0;${random.word()}\r\nX-${random.word()}: ${random.sentence()}\r\nX-Check: 7\r\n\r\n`),
      ])
      const [name, other] = random.distinct(2, () => fileName(random)) as [string, string]
      const put = (file: string, bytes: Buffer) =>
        Buffer.concat([encodeRequest({ method: 'PUT', target: `/${file}`, headers: { 'Transfer-Encoding': 'Chunked' } }), bytes])
      await http.connection.write(Buffer.concat([put(name, plain), put(other, fancy), encodeRequest({ target: `/${other}` })]))
      statusIs(await http.response({ method: 'PUT', target: `/${name}` }), 201, 'The answer to PUT with a body in chunks')
      statusIs(
        await http.response({ method: 'PUT', target: `/${other}` }),
        201,
        'The answer to PUT with an extension of a chunk and with trailers',
      )
      statusIs(
        await http.response({ target: `/${other}` }),
        200,
        'The answer to GET behind a body in chunks',
        'It comes behind the empty line that ends the trailers.',
      )
      const size = scratch.read(`${SITE}/${name}`).length
      expect(size, `The size of ${SITE}/${name}`).toBe(pieces.reduce((sum, piece) => sum + piece.length, 0))
      expect(scratch.read(`${SITE}/${other}`), `The content of ${SITE}/${other}`).toBeText(body)
    },
  ),
]
