import type { Commands } from './command.ts'
import { bulk, bulks, failure, OK, simple } from './protocol.ts'

/** What concerns the connection or the server as a whole. */
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
  /** Clients tell their names when they begin; nobody asks for them. */
  CLIENT: { arity: -2, run: () => OK },
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
    run: ({ server, args: [host, port] }) => {
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
