import type { Commands } from './command.ts'
import { array, bulk, bulks, failure, OK, simple } from './protocol.ts'

/** What concerns the connection or the server as a whole; much of it is there because clients ask for it when they begin. */
export const connection: Commands = {
  PING: {
    arity: -1,
    run: ({ client, args }) => {
      if (args.length > 1) return failure("ERR wrong number of arguments for 'ping' command")
      if (client.subscriptions > 0) return bulks(['pong', args[0] ?? ''])
      return args[0] === undefined ? simple('PONG') : bulk(args[0])
    },
  },
  ECHO: { arity: 2, run: ({ args: [text] }) => bulk(text) },
  SELECT: { arity: 2, run: ({ args: [index] }) => (index === '0' ? OK : failure('ERR DB index is out of range')) },
  CLIENT: { arity: -2, run: () => OK },
  COMMAND: { arity: -1, run: () => array([]) },
  CONFIG: { arity: -2, run: ({ args: [verb, name = ''] }) => (verb?.toUpperCase() === 'GET' ? bulks([name, '']) : OK) },
  QUIT: {
    arity: 1,
    run: ({ client }) => {
      client.leaving = true
      return OK
    },
  },
  INFO: { arity: -1, run: ({ server }) => bulk(server.info()) },
  REPLICAOF: {
    arity: 3,
    run: ({ server, args: [host = '', port = ''] }) => {
      server.follow(host.toUpperCase() === 'NO' ? undefined : { host, port: Number(port) })
      return OK
    },
  },
  /** What a follower begins with: the answer is all there is, as commands, and after that comes every change. */
  SYNC: {
    arity: 1,
    run: ({ client, server }) => {
      server.followers.add(client)
      return bulk(server.snapshot())
    },
  },
}
