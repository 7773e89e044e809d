import { type ChildProcess, spawn } from 'node:child_process'
import { once, setMaxListeners } from 'node:events'
import type { Readable } from 'node:stream'
import { MARK } from './process.ts'
import type { Endpoint } from './server.ts'
import { Transcript } from './transcript.ts'

/** Servers that do next to nothing: what a submission's figures are compared with, on the same machine at the same moment. */
const SCRIPTS = {
  /** Sends every byte back. */
  echo: `socket.pipe(socket)`,
  /** Answers every request without a body with the same 1,000 bytes. */
  http: `
    const body = Buffer.alloc(1000, 'x')
    const response = Buffer.concat([Buffer.from('HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Length: 1000\\r\\n\\r\\n'), body])
    let rest = ''
    socket.on('data', (data) => {
      const requests = (rest + data.toString('latin1')).split('\\r\\n\\r\\n')
      rest = requests.pop()
      for (const _ of requests) socket.write(response)
    })
    socket.on('end', () => socket.end())`,
  /** Answers every command of RESP2 with +OK. */
  resp: `
    let rest = ''
    socket.on('data', (data) => {
      rest += data.toString('latin1')
      let answers = ''
      for (let found = /^\\*(\\d+)\\r\\n/.exec(rest); found; found = /^\\*(\\d+)\\r\\n/.exec(rest)) {
        let at = found[0].length
        for (let n = 0; n < Number(found[1]) && at > 0; n++) {
          const line = rest.indexOf('\\r\\n', at)
          at = line < 0 ? -1 : line + 2 + Number(rest.slice(at + 1, line)) + 2
        }
        if (at < 0 || at > rest.length) break
        answers += '+OK\\r\\n'
        rest = rest.slice(at)
      }
      if (answers) socket.write(answers)
    })
    socket.on('end', () => socket.end())`,
}

const serve = (onSocket: string) => `
  const server = require('net').createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {})
    socket.setNoDelay(true)
    ${onSocket}
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => console.log(server.address().port))
  process.stdin.resume().on('end', () => process.exit())`

/** Lends a bare server for as long as the work takes. */
export async function withYardstick<T>(kind: keyof typeof SCRIPTS, work: (server: Endpoint) => Promise<T>): Promise<T> {
  const child: ChildProcess = spawn(process.execPath, ['-e', serve(SCRIPTS[kind])], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, [MARK]: `${process.pid}-yardstick` },
  })
  const over = new AbortController()
  setMaxListeners(0, over.signal)
  try {
    const [line] = await once(child.stdout as Readable, 'data')
    return await work({
      port: Number(line),
      transcript: new Transcript(),
      patience: 1,
      over: over.signal,
      obituary: async () => '',
    })
  } finally {
    over.abort()
    child.kill('SIGKILL')
  }
}
