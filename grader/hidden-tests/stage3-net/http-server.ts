import { fieldOf, fileName, gives, serveSite } from '../../models/http-server.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { bodies } from './http-server/bodies.ts'
import { conditions } from './http-server/conditions.ts'
import { connections } from './http-server/connections.ts'
import { faults } from './http-server/faults.ts'
import { files } from './http-server/files.ts'
import { hostile } from './http-server/hostile.ts'
import { load } from './http-server/load.ts'
import { uploads } from './http-server/uploads.ts'
import { wholeFiles } from './http-server/whole-files.ts'

export default hiddenTests('stage3-net/http-server', [
  tier('runs', [
    check(
      'file',
      'gives back a file of its folder',
      {
        spec: 'a-file',
        hint: 'Read as far as the empty line; the target is the second word of the first line. Say Content-Length, send an empty line, then the bytes.',
      },
      async (kit) => {
        const [name, text] = [fileName(kit.random), kit.random.text(5)]
        const server = await serveSite(kit, { [name]: text })
        const request = { target: `/${name}` }
        const response = await gives(server, request, { status: 200, body: text })
        expect(fieldOf(response, 'Content-Length', `The answer to GET /${name}`), 'Content-Length').toBe(`${text.length}`)
      },
    ),
    check(
      'nested-file',
      'gives back a file of a folder in its folder, byte for byte',
      { spec: 'a-file', hint: 'The target is a path below DIR. Send the bytes of the file as they are, not as text.' },
      async (kit) => {
        const [name, bytes] = [`${kit.random.word()}/${kit.random.word()}/${fileName(kit.random)}`, kit.random.bytes(3000)]
        const server = await serveSite(kit, { [name]: bytes })
        await gives(server, { target: `/${name}` }, { status: 200, body: bytes })
      },
    ),
    check(
      'not-found',
      'answers 404 for a file that is not there, and serves the next client',
      { spec: 'what-is-not-there', hint: 'Opening fails: that is an answer too. Go on accepting when a connection has ended.' },
      async (kit) => {
        const [name, other] = kit.random.distinct(2, () => fileName(kit.random)) as [string, string]
        const text = kit.random.text(3)
        const server = await serveSite(kit, { [name]: text })
        await gives(server, { target: `/${other}` }, { status: 404 })
        await gives(
          server,
          { target: `/${name}` },
          { status: 200, body: text, why: 'The client before it had asked for a file that is not there.' },
        )
      },
    ),
  ]),
  tier('works', [...connections, ...files, ...conditions, ...uploads, ...bodies]),
  tier('holds', [...hostile, ...faults, ...wholeFiles]),
  tier('flies', load),
])
