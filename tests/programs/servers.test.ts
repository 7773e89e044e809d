import fs from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { Cluster } from '../../grader/programs/cluster.ts'
import { bubblewrap } from '../../grader/programs/containment.ts'
import { leave } from '../../grader/programs/workroom.ts'
import { chunked, encodeRequest, openHttp } from '../../grader/protocols/http.ts'
import { connect, parseReply } from '../../grader/protocols/resp.ts'
import { Connection } from '../../grader/protocols/tcp.ts'
import { failureOf, javascript, withKit } from './kit.ts'

afterAll(leave)

const LISTEN = "server.listen(Number(option('--port')), '127.0.0.1'); process.on('SIGTERM', () => process.exit(0))"
const ECHO = `const server = net.createServer((socket) => socket.on('error', () => {}).pipe(socket)); ${LISTEN}`

describe('a server', () => {
  it('is talked to on its own port, and stops when it is asked to', async () => {
    await withKit(javascript(ECHO), async ({ program, scratch }, transcript) => {
      const server = await program.serve({ data: scratch.folder('data') })
      const client = await Connection.open(server)
      await client.write('hello\r\n')
      expect((await client.take(7, 'The echo')).toString()).toBe('hello\r\n')
      expect((await server.stop()).status).toBe(0)
      expect(transcript().join('\n')).toContain(`$ prog --port ${server.port} --data data`)
      expect(transcript()).toContain('→ hello\\r\\n')
    })
  })

  it('may take its time, write a log and close what is idle', async () => {
    const slow = `setInterval(() => console.log('a line of log'), 1); setTimeout(() => { ${ECHO} }, 3000)`
    await withKit(javascript(slow), async ({ program }) => {
      const client = await Connection.open(await program.serve())
      await client.write('x')
      await client.take(1, 'The echo')
    })
    const impatient = `const server = net.createServer((socket) => socket.setTimeout(50, () => socket.end()).pipe(socket)); ${LISTEN}`
    await withKit(javascript(impatient), async ({ program }) => {
      const client = await Connection.open(await program.serve())
      expect((await client.closes('The end')).length).toBe(0)
    })
  })

  it.skipIf(!bubblewrap())('leaves no child behind', async () => {
    const token = `86${process.pid}`
    await withKit(`setsid sleep ${token} & ${javascript(ECHO)}`, async ({ program }) => {
      await program.serve()
    })
    const alive = fs.readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && readable(`/proc/${pid}/cmdline`).includes(token))
    expect(alive).toEqual([])
  })

  it('that does not come up, or falls, is told of in its own words', async () => {
    const ended = await withKit('echo "port in use" >&2; exit 4', async ({ program }) => failureOf(program.serve()))
    expect(ended).toMatch(/ended before it accepted a connection: `prog --port \d+`, status 4/)
    expect(ended).toContain('port in use')
    const elsewhere = await withKit('exec sleep 100', async ({ program }) => failureOf(program.serve()), 0.02)
    expect(elsewhere).toContain('does not accept connections on 127.0.0.1')
    const falls = `net.createServer((socket) => socket.on('data', () => { console.error('out of ideas'); process.exit(9) })).listen(Number(option('--port')), '127.0.0.1')`
    const fallen = await withKit(javascript(falls), async ({ program }) => {
      const client = await Connection.open(await program.serve())
      await client.write('x')
      return failureOf(client.take(1, 'The echo'))
    })
    expect(fallen).toContain('The echo did not come')
    expect(fallen).toContain('out of ideas')
    const stubborn = await withKit(
      javascript(`${ECHO}; process.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => {})`),
      async ({ program }) => failureOf((await program.serve()).stop()),
    )
    expect(stubborn).toContain('still running 4 s after SIGTERM')
  })
})

const readable = (file: string) => {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

describe('the clients', () => {
  it('read RESP, in pieces too', () => {
    const wire = '*3\r\n$2\r\nab\r\n:7\r\n*2\r\n$-1\r\n+OK\r\n'
    const want = ['ab', 7, [null, '+OK']]
    expect(parseReply(Buffer.from(wire))).toEqual({ value: want, length: wire.length })
    for (let cut = 0; cut < wire.length; cut++) expect(parseReply(Buffer.from(wire.slice(0, cut)))).toBeUndefined()
    expect(parseReply(Buffer.from('-ERR no\r\n'))?.value).toBe('-ERR no')
    expect(() => parseReply(Buffer.from('HTTP/1.1 200 OK\r\n'))).toThrow('no RESP')
    expect(() => parseReply(Buffer.from('$3\r\nabcd\r\n'))).toThrow('no RESP')
  })

  it('speak RESP and HTTP', async () => {
    const resp = `const server = net.createServer((socket) => socket.on('data', (data) => socket.write('$' + data.length + '\\r\\n' + data + '\\r\\n'))); ${LISTEN}`
    await withKit(javascript(resp), async ({ program }) => {
      const redis = await connect(await program.serve())
      expect(await redis.call('SET', 'k', 5)).toBe('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\n5\r\n')
    })
    const http = `const server = require('http').createServer((req, res) => { if (req.url === '/chunks') { res.write('ab'); res.end('cd') } else { req.pipe(res.writeHead(201, { 'X-A': '1' })) } }); ${LISTEN}`
    await withKit(javascript(http), async ({ program }) => {
      const client = await openHttp(await program.serve())
      expect((await client.request({ target: '/chunks' })).body.toString()).toBe('abcd')
      const put = await client.request({ method: 'PUT', body: 'xyz' })
      expect([put.status, put.headers['x-a'], put.body.toString()]).toEqual([201, '1', 'xyz'])
      const head = encodeRequest({ method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } })
      const echoed = await client.raw(Buffer.concat([head, chunked(['one', 'two'])]), 'POST')
      expect(echoed.body.toString()).toBe('onetwo')
      expect((await client.request({ method: 'HEAD', target: '/chunks' })).body.length).toBe(0)
    })
  })
})

describe('a cluster', () => {
  /** Each node sends its id to all others every 20 ms, and tells a client from whom it has heard since the client's last question. */
  const GOSSIP = `
    const id = option('--id')
    const peers = option('--peers').split(',').map((entry) => entry.split('='))
    let heard = new Set()
    net.createServer((socket) => socket.on('error', () => {}).on('data', (data) => heard.add(String(data)[0]))).listen(Number(peers.find(([other]) => other === id)[1].split(':')[1]), '127.0.0.1')
    const say = (port) => {
      const socket = net.connect(port, '127.0.0.1')
      const timer = setInterval(() => socket.write(id), 20)
      socket.on('error', () => {}).on('close', () => { clearInterval(timer); setTimeout(() => say(port), 20) })
    }
    for (const [other, address] of peers) if (other !== id) say(Number(address.split(':')[1]))
    const server = net.createServer((socket) => socket.on('error', () => {}).on('data', () => { socket.write('+' + [...heard].sort().join('') + '\\r\\n'); heard = new Set() })); ${LISTEN}`

  it('hears what its links let through, each way by itself, and comes back on its data', async () => {
    await withKit(javascript(GOSSIP), async (kit) => {
      const cluster = await Cluster.start(kit, 3)
      const ask = async (id: number) => {
        const client = await connect(cluster.server(id), { quiet: true })
        const reply = await client.call('HEARD')
        client.close()
        return reply
      }
      /** Waits until a node hears from exactly these, after what was on its way has come. */
      const hears = (id: number, from: string) =>
        cluster.settles(`node ${id} hears from ${from}`, async () => ((await ask(id)) === `+${from}` ? true : undefined))
      await hears(1, '23')
      cluster.cut(2, 1)
      await hears(1, '3')
      await hears(2, '13')
      cluster.partition([1, 2], [3])
      await hears(3, '')
      cluster.heal()
      await hears(1, '23')
      await hears(3, '12')
      await cluster.kill(2)
      await hears(1, '3')
      await cluster.restart(2)
      await hears(1, '23')
      cluster.pause(3)
      await hears(1, '2')
      cluster.resume(3)
      await hears(1, '23')
      expect(cluster.links.traffic.pieces).toBeGreaterThan(10)
    })
  })
})
