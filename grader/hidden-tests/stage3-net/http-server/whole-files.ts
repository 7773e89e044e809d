import {
  describe,
  fieldOf,
  fileName,
  gives,
  halfPut,
  pausedDownload,
  restOf,
  SITE,
  sameNames,
  serveSite,
  statusIs,
} from '../../../models/http-server.ts'
import { check, expect } from '../../../programs/kit.ts'
import { KIB, MIB } from '../../../programs/performance.ts'
import { chunked, type HttpConnection, openHttp } from '../../../protocols/http.ts'

/** Uploads that must be seen whole or not at all. */
export const wholeFiles = [
  check(
    'half-a-file',
    'shows a new file only when all of it is there, and the old one until then',
    {
      spec: 'whole-files',
      hint: 'Write to another name in the same folder, and rename it at the end. Whoever has the old file open keeps it.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [name, fresh, big] = random.distinct(3, () => fileName(random)) as [string, string, string]
      const [old, text] = random.distinct(2, () => random.text(9)) as [string, string]
      const end = random.sentence(9)
      const server = await serveSite(kit, { [name]: old })
      scratch.sparse(`${SITE}/${big}`, 32 * MIB, end)
      const download = await pausedDownload(server, `/${big}`)
      const uploads = [name, fresh, big].map((file) => ({ file, half: halfPut(`/${file}`, text) }))
      const connections = await Promise.all(uploads.map(() => openHttp(server)))
      for (const [n, { half }] of uploads.entries()) await connections[n]?.connection.write(half[0])
      const why = 'A PUT of it has begun, but only half of the body has come.'
      await gives(server, { target: `/${name}` }, { status: 200, body: old, why })
      await gives(server, { target: `/${fresh}` }, { status: 404, why })
      for (const [n, { file, half }] of uploads.entries()) {
        const response = await (connections[n] as HttpConnection).raw(half[1], 'PUT')
        statusIs(response, file === fresh ? 201 : 204, describe({ method: 'PUT', target: `/${file}` }))
        await gives(server, { target: `/${file}` }, { status: 200, body: text, why: 'The PUT of it has been answered.' })
      }
      const body = await restOf(download, server, 32 * MIB)
      const what = `of a download of /${big}, which a PUT replaced while it was under way,`
      const whole = 'A download that has begun goes on with the old file to its end.'
      expect(body.length, `The number of bytes ${what}`, whole).toBe(32 * MIB)
      expect(body.subarray(-end.length).toString(), `The end ${what}`, whole).toBe(end)
      expect(scratch.names(SITE), `What is in ${SITE} after all uploads`).toBe([name, fresh, big].sort())
    },
  ),
  check(
    'broken-off',
    'leaves everything as it was when an upload breaks off',
    {
      spec: 'whole-files',
      hint: 'Whatever ends the body too early, the end of the connection or a bad chunk: remove what you have written.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [name, fresh] = random.distinct(2, () => fileName(random)) as [string, string]
      const [old, text] = random.distinct(2, () => random.text(40)) as [string, string]
      const server = await serveSite(kit, { [name]: old })
      const why = 'Of the uploads of it that have begun none has come to its end: nobody may see anything of them.'
      const breaks: [string, (http: HttpConnection) => void][] = [
        ['the client closed its side', (http) => http.connection.end()],
        ['the client reset the connection', (http) => http.connection.reset()],
        ['the client went away', (http) => http.close()],
      ]
      for (const file of [name, fresh]) {
        for (const [how, breakOff] of breaks) {
          const http = await openHttp(server)
          await http.connection.write(halfPut(`/${file}`, text)[0])
          // Something must have come before it ends, or there is nothing to break off.
          await gives(server, { target: `/${name}` }, { status: 200, body: old, why })
          breakOff(http)
          if (how.endsWith('side')) await http.connection.closes('The end of the connection after half a body')
          await sameNames(kit, server, [name], `after ${how} in the middle of PUT /${file}`)
        }
        const chunks = Buffer.concat([chunked([text]).subarray(0, -5), Buffer.from('zz\r\n')])
        const headers = { 'Transfer-Encoding': 'chunked' }
        await gives(
          server,
          { method: 'PUT', target: `/${file}`, headers, body: chunks },
          { status: 400, why: 'The size of its last chunk is no number.' },
        )
        await sameNames(kit, server, [name], `after a bad chunk in PUT /${file}`)
      }
      expect(
        scratch.read(`${SITE}/${name}`),
        `The content of ${SITE}/${name}`,
        'Several uploads of it have broken off.',
      ).toBeText(old)
    },
  ),
  check(
    'lost-update',
    'PUT replaces a file only if it is still the one that If-Match names',
    {
      spec: 'lost-updates',
      hint: 'Look at the condition when the body has come, right before you put the file in place. And before it comes too: why should it?',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [name, fresh] = random.distinct(2, () => fileName(random)) as [string, string]
      const texts = random.distinct(6, () => random.text(4)) as [string, string, string, string, string, string]
      const server = await serveSite(kit, { [name]: texts[0] })
      const tag = async () =>
        fieldOf(await gives(server, { target: `/${name}` }, { status: 200 }), 'ETag', describe({ target: `/${name}` }))
      const put = (file: string, body: string, headers: Record<string, string>, status: number) =>
        gives(
          server,
          { method: 'PUT', target: `/${file}`, body, headers },
          { status, why: `The request said ${Object.entries(headers).flat().join(': ')}.` },
        )
      const before = await tag()
      await put(name, texts[1], { 'If-Match': `"${random.word()}"` }, 412)
      await put(name, texts[1], { 'If-None-Match': '*' }, 412)
      await put(fresh, texts[1], { 'If-Match': '*' }, 412)
      expect(scratch.read(`${SITE}/${name}`), `The content of ${SITE}/${name} after PUTs that were refused`).toBeText(texts[0])
      expect(scratch.names(SITE), `What is in ${SITE} after PUTs that were refused`).toBe([name])
      await put(fresh, texts[1], { 'If-None-Match': '*' }, 201)
      await put(`${fresh}.txt`, texts[1], { 'If-Unmodified-Since': new Date().toUTCString() }, 201)
      // A date counts for nothing beside a tag.
      await put(
        name,
        texts[2],
        { 'If-Match': before, 'If-Unmodified-Since': new Date(Date.UTC(random.int(1990, 2009), 1)).toUTCString() },
        204,
      )
      await put(name, texts[3], { 'If-Match': before }, 412)
      // There is nothing to save where a body is sent and not fetched.
      await put(fresh, texts[3], { 'If-Modified-Since': new Date().toUTCString() }, 204)

      // Two who have read the same version send theirs at the same time.
      const seen = await tag()
      const pair = [texts[4], texts[5]].map((text) => halfPut(`/${name}`, text, { 'If-Match': seen })) as [Buffer, string][]
      const [one, two] = (await Promise.all(pair.map((_, n) => openHttp(server, { name: 'AB'[n] as string })))) as [
        HttpConnection,
        HttpConnection,
      ]
      await one.connection.write(pair[0]?.[0] as Buffer)
      await two.connection.write(pair[1]?.[0] as Buffer)
      await gives(server, { target: `/${name}` }, { status: 200, body: texts[2] })
      statusIs(await two.raw(pair[1]?.[1] as string, 'PUT'), 204, 'The answer to the first of two PUTs that run side by side')
      statusIs(
        await one.raw(pair[0]?.[1] as string, 'PUT'),
        412,
        'The answer to the second of two PUTs that run side by side',
        'The file has been replaced since, and its tag is another one.',
      )
      await gives(server, { target: `/${name}` }, { status: 200, body: texts[5] })
    },
  ),
  check(
    'full-disk',
    'says so when an upload does not fit on the disk, and leaves nothing of it',
    {
      spec: 'whole-files',
      hint: 'A write that fails (ENOSPC) is a body that broke off: remove what is there of it, and answer 507 or 500.',
    },
    async ({ program, random, scratch }) => {
      scratch.folder(SITE)
      const server = await program.serve({ data: SITE, disk: { folder: SITE, bytes: MIB } })
      const [small, large, other] = random.distinct(3, () => fileName(random)) as [string, string, string]
      const text = random.text(9)
      const put = (name: string, body: string | Buffer, status: number | number[], why: string) =>
        gives(server, { method: 'PUT', target: `/${name}`, body }, { status, why })
      await put(small, text, 201, 'The disk is empty.')
      for (const name of [large, small])
        await put(
          name,
          Buffer.alloc(3 * MIB, random.bytes(99)),
          [507, 500],
          'There is 1 MiB of room on the disk, and the body has 3.',
        )
      await gives(server, { target: `/${large}` }, { status: 404, why: 'It did not fit on the disk.' })
      await gives(
        server,
        { target: `/${small}` },
        { status: 200, body: text, why: 'The one that should have replaced it did not fit on the disk.' },
      )
      await put(
        other,
        Buffer.alloc(800 * KIB, random.bytes(99)),
        201,
        'There is room for it, unless something was left of the uploads that did not fit.',
      )
    },
  ),
]
