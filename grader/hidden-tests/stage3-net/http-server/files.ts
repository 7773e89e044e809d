import { answers, describe, fieldOf, fileName, gives, landing, SITE, serveSite } from '../../../models/http-server.ts'
import { check, expect, Failure } from '../../../programs/kit.ts'
import { openHttp } from '../../../protocols/http.ts'

const TYPES: Record<string, string[]> = {
  '.html': ['text/html'],
  '.css': ['text/css'],
  '.js': ['text/javascript', 'application/javascript'],
  '.json': ['application/json'],
  '.txt': ['text/plain'],
  '.png': ['image/png'],
  '.jpg': ['image/jpeg'],
  '.gif': ['image/gif'],
  '.svg': ['image/svg+xml'],
  '.pdf': ['application/pdf'],
  '.wasm': ['application/wasm'],
  '.qqx': ['application/octet-stream'],
  '': ['application/octet-stream'],
}

/** How a target becomes a file. */
export const files = [
  check(
    'types',
    'says what kind of file it is by the ending of its name',
    { spec: 'types', hint: 'Look up what follows the last dot. What you do not know is application/octet-stream.' },
    async (kit) => {
      const names = Object.keys(TYPES).map(
        (ending) => `${kit.random.word()}${ending && kit.random.oneIn(2) ? '.min' : ''}${ending}`,
      )
      const server = await serveSite(kit, Object.fromEntries(names.map((name) => [name, kit.random.sentence()])))
      for (const [n, right] of Object.values(TYPES).entries()) {
        const request = { target: `/${names[n]}` }
        const response = await gives(server, request, { status: 200 })
        const [type = ''] = fieldOf(response, 'Content-Type', describe(request)).toLowerCase().split(/[ ;]/)
        if (!right.includes(type))
          throw new Failure(`Content-Type of /${names[n]} is wrong.`, { expected: right.join(' or '), actual: type })
      }
    },
  ),
  check(
    'head',
    'answers HEAD like GET, without the body',
    {
      spec: 'head',
      hint: 'The same head to the letter, with the Content-Length that GET would have, and then nothing. A 404 does not close the connection.',
    },
    async (kit) => {
      const [name, text] = [fileName(kit.random), kit.random.text(8)]
      const server = await serveSite(kit, { [name]: text })
      const http = await openHttp(server)
      const get = await answers(http, { target: `/${name}` }, { status: 200, body: text })
      const request = { method: 'HEAD', target: `/${name}` }
      const head = await answers(http, request, { status: 200 })
      for (const field of ['Content-Length', 'Content-Type']) {
        const want = fieldOf(get, field, describe({ target: `/${name}` }))
        expect(fieldOf(head, field, describe(request)), `${field} in the answer to HEAD`, 'GET has said another one.').toBe(want)
      }
      await answers(http, { method: 'HEAD', target: `/no-${name}` }, { status: 404 })
      await answers(
        http,
        { target: `/${name}` },
        { status: 200, body: text, why: 'It came behind HEAD, whose answers have no bodies.' },
      )
    },
  ),
  check(
    'names',
    'decodes percent signs once, leaves the query out, and takes whole addresses',
    {
      spec: 'names',
      hint: 'Cut the target at the question mark, then decode it, once. A name may be any bytes: UTF-8 is two or three of them a letter.',
    },
    async (kit) => {
      const { random } = kit
      const [a, b] = random.distinct(2, random.word) as [string, string]
      const names = [`${a} ${b}.txt`, `${a}%20${b}.txt`, `${a}+${b}.txt`, `${a}-ü-€.txt`, `${a}?${b}.txt`, `${b}.txt`]
      const texts = random.distinct(names.length, () => random.text(2))
      const server = await serveSite(kit, Object.fromEntries(names.map((name, n) => [name, texts[n] as string])))
      const everyByte = Array.from(Buffer.from(`${b}.txt`), (byte) => `%${byte.toString(16)}`).join('')
      const targets: [string, number][] = [
        [`/${a}%20${b}.txt`, 0],
        [`/${a}%2520${b}.txt`, 1],
        [`/${a}+${b}.txt`, 2],
        [`/${a}%2B${b}.txt`, 2],
        [`/${a}-%c3%BC-%E2%82%aC.txt`, 3],
        [`/${a}%3F${b}.txt`, 4],
        [`/${everyByte}`, 5],
        [`/${b}.txt?`, 5],
        [`/${b}.txt?${a}=%20/../${random.word()}?`, 5],
        [`http://localhost/${b}.txt`, 5],
      ]
      for (const [target, n] of targets) {
        const why = `It is the file that is called ${names[n]}.`
        await gives(server, { target }, { status: 200, body: texts[n] as string, why })
      }
    },
  ),
  check(
    'index',
    'gives index.html for a folder, and nothing for a folder without one',
    { spec: 'folders', hint: 'If the target ends in a slash, add index.html. What is in a folder is not to be listed.' },
    async (kit) => {
      const [folder, bare] = kit.random.distinct(2, kit.random.word) as [string, string]
      const [text, top] = kit.random.distinct(2, () => `<p>${kit.random.text(2)}</p>\n`) as [string, string]
      const hidden = fileName(kit.random)
      const server = await serveSite(kit, { 'index.html': top, [`${folder}/index.html`]: text, [`${bare}/${hidden}`]: text })
      const first = await gives(server, { target: '/' }, { status: 200, body: top })
      expect(fieldOf(first, 'Content-Type', describe({})), 'Content-Type of a folder with index.html').toInclude('text/html')
      await gives(server, { target: `/${folder}/` }, { status: 200, body: text })
      const empty = await gives(server, { target: `/${bare}/` }, { status: [403, 404], why: 'This folder has no index.html.' })
      if (empty.body.includes(hidden)) {
        throw new Failure('The answer tells what is in the folder.', {
          expected: 'no names of files',
          actual: empty.body.toString().slice(0, 300),
        })
      }
      await gives(server, { target: `/no-${folder}/` }, { status: 404 })
    },
  ),
  check(
    'redirect',
    'sends clients that leave out the slash behind a folder to the right address',
    {
      spec: 'folders',
      hint: 'Status 301, and in Location the same target with a slash behind the name, before the query. Encode what you have decoded.',
    },
    async (kit) => {
      const { random } = kit
      const [folder, query, strange] = random.distinct(3, random.word) as [string, string, string]
      const text = random.text(2)
      const odd = `${strange}\t %41`
      const server = await serveSite(kit, { [`${folder}/index.html`]: text, [`${odd}/index.html`]: text })
      const cases: [string, string][] = [
        [`/${folder}?${query}=1`, `/${folder}/?${query}=1`],
        [`/${strange}%09%20%2541`, `/${strange}%09%20%2541/`],
        [`//${folder}`, `/${folder}/`],
      ]
      for (const [target, wanted] of cases) {
        const response = await gives(server, { target }, { status: 301, why: 'It is a folder, and has no slash behind it.' })
        const to = landing(response, server.port, describe({ target }))
        const location = response.headers.location
        const why = `It answers GET ${target}.`
        expect(to.hostname, `The host that \`Location: ${location}\` leads to`, why).toBe('localhost')
        expect(to.pathname + to.search, `Where \`Location: ${location}\` leads to`, why).toBe(wanted)
        await gives(server, { target: to.pathname }, { status: 200, body: text, why: `A Location has led there.` })
      }
    },
  ),
  check(
    'validators',
    'says the date, when the file was changed, and a tag that changes with it',
    { spec: 'validators', hint: 'Date, Last-Modified, ETag. Dates are in GMT, in one form and always in English.' },
    async (kit) => {
      const { random, scratch } = kit
      const [name, text] = [fileName(random), random.text(3)]
      const server = await serveSite(kit, { [name]: text })
      const changed = new Date(
        Date.UTC(random.int(1996, 2019), random.int(0, 11), random.int(1, 28), random.int(0, 23), 5, random.int(0, 59)),
      )
      scratch.touch(`${SITE}/${name}`, changed)
      const request = { target: `/${name}` }
      const what = describe(request)
      const before = Date.now()
      const first = await gives(server, request, { status: 200, body: text })
      const date = fieldOf(first, 'Date', what)
      expect(date, 'Date').toMatch(
        /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/,
      )
      expect(Date.parse(date), 'Date, in milliseconds,', 'It is not now.').toBeAtLeast(before - 3000)
      expect(Date.parse(date), 'Date, in milliseconds,', 'It is not now.').toBeAtMost(Date.now() + 3000)
      expect(fieldOf(first, 'Last-Modified', what), 'Last-Modified').toBe(changed.toUTCString())
      const tag = fieldOf(first, 'ETag', what)
      expect(tag, 'ETag').toMatch(/^(W\/)?"[^"]+"$/)
      expect(fieldOf(await gives(server, request, { status: 200 }), 'ETag', what), 'ETag of the same file, asked again,').toBe(
        tag,
      )

      scratch.file(`${SITE}/${name}`, random.text(5))
      const second = fieldOf(await gives(server, request, { status: 200 }), 'ETag', what)
      if (second === tag)
        throw new Failure('The file was changed, but its ETag was not.', { expected: `another one than ${tag}`, actual: second })
    },
  ),
  check(
    'ranges',
    'gives parts of a file',
    {
      spec: 'ranges',
      hint: 'First and last byte are counted from 0, and both belong to it. 206, and Content-Range says what it is a part of.',
    },
    async (kit) => {
      const { random } = kit
      const [name, bytes] = [fileName(random), random.bytes(random.int(300, 900))]
      const server = await serveSite(kit, { [name]: bytes })
      const [all, from, to, count] = [bytes.length, random.int(1, 99), random.int(100, 250), random.int(3, 99)]
      const cases: [string, number, number][] = [
        [`${from}-${to}`, from, to],
        [`${to}-`, to, all - 1],
        [`-${count}`, all - count, all - 1],
        [`${from}-${all + random.int(1, 999)}`, from, all - 1],
        [`-${all + random.int(1, 999)}`, 0, all - 1],
        ['0-0', 0, 0],
      ]
      const http = await openHttp(server)
      for (const [range, first, last] of cases) {
        const request = { target: `/${name}`, headers: { Range: `bytes=${range}` } }
        const why = `The file has ${all} bytes, and the request asks for bytes=${range}.`
        const response = await answers(http, request, { status: 206, body: bytes.subarray(first, last + 1), why })
        const where = fieldOf(response, 'Content-Range', describe(request))
        expect(where, 'Content-Range', why).toBe(`bytes ${first}-${last}/${all}`)
      }
    },
  ),
  check(
    'range-beyond',
    'answers 416 if no byte is in the range, and leaves out of account what is not in bytes',
    { spec: 'ranges', hint: 'The first byte must be less than the size. Tell the size in Content-Range: bytes */SIZE.' },
    async (kit) => {
      const { random } = kit
      const [name, text] = [fileName(random), random.text(4)]
      const server = await serveSite(kit, { [name]: text })
      for (const range of [`${text.length}-`, `${text.length + 5}-${text.length + 9}`, '-0']) {
        const request = { target: `/${name}`, headers: { Range: `bytes=${range}` } }
        const response = await gives(server, request, {
          status: 416,
          why: `The file has ${text.length} bytes, and the request asks for bytes=${range}.`,
        })
        expect(fieldOf(response, 'Content-Range', describe(request)), 'Content-Range').toBe(`bytes */${text.length}`)
      }
      const backwards = { target: `/${name}`, headers: { Range: 'bytes=7-3' } }
      await gives(server, backwards, { status: [416, 200, 400], why: 'The last byte comes before the first one.' })
      const lines = { target: `/${name}`, headers: { Range: 'lines=1-2' } }
      await gives(server, lines, { status: 200, body: text, why: 'It asks for lines, a unit that is unknown.' })
    },
  ),
]
