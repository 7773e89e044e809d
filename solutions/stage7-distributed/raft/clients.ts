import net from 'node:net'
import type { Replica } from './replica.ts'
import { type Answer, bulk, CommandReader, failure, simple } from './resp.ts'
import { WRITES } from './store.ts'

/** Serves clients. The answers on a connection come in the order of its commands, which do not wait for each other. */
export function serveClients(port: number, replica: Replica): net.Server {
  const server = net.createServer({ noDelay: true }, (socket) => {
    const reader = new CommandReader()
    const waiting: { answer?: Answer }[] = []
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      try {
        reader.add(bytes)
        for (let command = reader.next(); command; command = reader.next()) {
          const place: { answer?: Answer } = {}
          waiting.push(place)
          execute(replica, command, (answer) => {
            place.answer = answer
            flush(socket, waiting)
          })
        }
      } catch (error) {
        // Where the next command begins is anybody's guess now.
        waiting.push({ answer: failure(`ERR Protocol error: ${(error as Error).message}`) })
        flush(socket, waiting)
        socket.end()
      }
    })
  })
  return server.listen(port, '127.0.0.1')
}

function flush(socket: net.Socket, waiting: { answer?: Answer }[]): void {
  const ready = waiting.findIndex(({ answer }) => answer === undefined)
  const answers = waiting.splice(0, ready < 0 ? waiting.length : ready)
  // Answers that are ready in the same moment leave in one write.
  socket.cork()
  socket.write(answers.map(({ answer }) => answer).join(''), 'latin1')
  process.nextTick(() => socket.uncork())
}

function execute(replica: Replica, [word = '', ...args]: string[], reply: (answer: Answer) => void): void {
  const name = word.toUpperCase()
  const words = { GET: 2, PING: 1, INFO: 1, ...WRITES }[name]
  if (words === undefined) reply(failure(`ERR unknown command '${word.replace(/[\r\n]/g, ' ')}'`))
  else if (words !== args.length + 1) reply(failure(`ERR wrong number of arguments for '${name}'`))
  else if (name === 'PING') reply(simple('PONG'))
  else if (name === 'INFO') reply(bulk(replica.info))
  else if (name === 'GET') replica.read(args[0] as string, reply)
  else replica.write([name, ...args], reply)
}
