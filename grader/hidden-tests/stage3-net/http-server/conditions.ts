import { dateForms, describe, fieldOf, fileName, gives, SITE, serveSite } from '../../../models/http-server.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import type { Server } from '../../../programs/server.ts'

interface Known {
  server: Server
  name: string
  text: string
  tag: string
  changed: Date
}

const DAY = 24 * 3600 * 1000

/** A file of which the client knows the tag and the date. */
async function knownFile(kit: Kit): Promise<Known> {
  const { random, scratch } = kit
  const [name, text] = [fileName(random), random.text(4)]
  const server = await serveSite(kit, { [name]: text })
  const day = random.int(1, 28)
  const changed = new Date(Date.UTC(random.int(1991, 1999), random.int(0, 11), day, random.int(0, 23), random.int(0, 59), 30))
  scratch.touch(`${SITE}/${name}`, changed)
  const request = { target: `/${name}` }
  const tag = fieldOf(await gives(server, request, { status: 200, body: text }), 'ETag', describe(request))
  return { server, name, text, tag: tag.replace(/^W\//, ''), changed }
}

/** Asks for the file with these fields. */
function asks({ server, name, text }: Known, headers: Record<string, string>, status: 200 | 206 | 304 | 412, why: string) {
  const said = Object.entries(headers).map(([field, value]) => `${field}: ${value}`)
  const full = `The request said ${said.join(' and ')}. ${why}`
  return gives(server, { target: `/${name}`, headers }, { status, ...(status === 200 && { body: text }), why: full })
}

/** Who has seen a file before need not get it again. */
export const conditions = [
  check(
    'if-none-match',
    'answers 304 to a client that has the file already, by its tag',
    {
      spec: 'conditional-requests',
      hint: 'Compare with each tag of the list; W/ in front makes no difference. A 304 has no body.',
    },
    async (kit) => {
      const file = await knownFile(kit)
      const { tag } = file
      const [one, two] = kit.random.distinct(2, kit.random.word)
      for (const list of [tag, `W/${tag}`, `"${one}", ${tag},"${two}, ${one}"`, `"${two}" , W/${tag}`, '*']) {
        const response = await asks(file, { 'If-None-Match': list }, 304, `The file's tag is ${tag}.`)
        expect(
          fieldOf(response, 'ETag', 'The answer with status 304').replace(/^W\//, ''),
          'ETag in the answer with status 304',
        ).toBe(tag)
      }
      await asks(file, { 'If-None-Match': `"${one}", "${two}"` }, 200, `The file's tag is ${tag}, which is none of these.`)
      await asks(file, { 'If-None-Match': `"${tag.slice(1, -2)}"` }, 200, `The file's tag is ${tag}, not a part of that.`)
    },
  ),
  check(
    'if-modified-since',
    'answers 304 to a client that has the file already, by its date',
    {
      spec: 'conditional-requests',
      hint: 'Parse the date in all three forms of RFC 9110, 5.6.7, as GMT. What can not be parsed was not said.',
    },
    async (kit) => {
      const file = await knownFile(kit)
      const { changed } = file
      const last = `The file was changed on ${changed.toUTCString()}.`
      const later = new Date(changed.getTime() + kit.random.int(1, 40) * DAY)
      const months = Array.from({ length: 12 }, (_, month) => dateForms(new Date(Date.UTC(2001, month, 7)))[month % 3] as string)
      for (const date of [...dateForms(changed), ...dateForms(later), ...dateForms(new Date()), ...months])
        await asks(file, { 'If-Modified-Since': date }, 304, last)
      const earlier = [new Date(changed.getTime() - 1000), new Date(changed.getTime() - kit.random.int(1, 40) * DAY)]
      for (const date of earlier.flatMap(dateForms)) await asks(file, { 'If-Modified-Since': date }, 200, last)
      for (const date of ['yesterday', '6 November 2033'])
        await asks(file, { 'If-Modified-Since': date }, 200, 'That is no date.')
      const both = { 'If-Modified-Since': later.toUTCString(), 'If-None-Match': `"${kit.random.word()}"` }
      await asks(file, both, 200, 'The date counts for nothing beside a tag, and that is another one.')
    },
  ),
  check(
    'preconditions',
    'answers 412 when If-Match or If-Unmodified-Since do not hold',
    {
      spec: 'conditional-requests',
      hint: 'The opposite of the two others; look at these first. A date counts only where no tag was given.',
    },
    async (kit) => {
      const file = await knownFile(kit)
      const { tag, changed } = file
      const other = `"${kit.random.word()}"`
      const earlier = new Date(changed.getTime() - kit.random.int(1, 40) * DAY).toUTCString()
      const is = `The file's tag is ${tag}, and it was changed on ${changed.toUTCString()}.`
      await asks(file, { 'If-Match': other }, 412, is)
      await asks(file, { 'If-Unmodified-Since': earlier }, 412, is)
      await asks(file, { 'If-Match': `${other}, ${tag}` }, 200, is)
      await asks(file, { 'If-Match': '*' }, 200, is)
      await asks(file, { 'If-Unmodified-Since': changed.toUTCString() }, 200, is)
    },
  ),
  check(
    'if-range',
    'gives the whole file when If-Range says that the client has parts of another one',
    {
      spec: 'ranges',
      hint: "If-Range has one tag, or one date. Only if it is the file's own does Range count. A weak tag is never good enough.",
    },
    async (kit) => {
      const file = await knownFile(kit)
      const { tag, changed } = file
      const is = `The file's tag is ${tag}, and it was changed on ${changed.toUTCString()}.`
      const Range = `bytes=${kit.random.int(1, 5)}-`
      await asks(file, { Range, 'If-Range': tag }, 206, is)
      await asks(file, { Range, 'If-Range': changed.toUTCString() }, 206, is)
      for (const other of [`"${kit.random.word()}"`, new Date(changed.getTime() - DAY).toUTCString(), `W/${tag}`]) {
        await asks(file, { Range, 'If-Range': other }, 200, is)
      }
    },
  ),
]
