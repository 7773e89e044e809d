import { Glob } from '#lib/glob.ts'
import type { Client } from './client.ts'
import type { Command, Commands } from './command.ts'
import { array, bulk, bulks, integer } from './protocol.ts'

type Kind = 'channels' | 'patterns'

const told = (what: string, name: string | undefined, client: Client) =>
  array([bulk(what), bulk(name), integer(client.subscriptions)])

function subscribe(what: string, kind: Kind): Command {
  return {
    arity: -2,
    run: ({ client, args }) =>
      args
        .map((name) => {
          client[kind].add(name)
          return told(what, name, client)
        })
        .join(''),
  }
}

/** Without names from all; there is always at least one answer. */
function unsubscribe(what: string, kind: Kind): Command {
  return {
    arity: -1,
    run: ({ client, args }) => {
      const names = args.length > 0 ? args : [...client[kind]]
      if (names.length === 0) return told(what, undefined, client)
      return names
        .map((name) => {
          client[kind].delete(name)
          return told(what, name, client)
        })
        .join('')
    },
  }
}

/** Sends a message to all who want it. @returns to how many: who has a channel twice, by name and by pattern, gets it twice. */
export function publish(clients: Iterable<Client>, channel: string, message: string): number {
  let count = 0
  for (const client of clients) {
    const patterns = [...client.patterns].filter((pattern) => new Glob(pattern).matches(channel))
    const messages = [
      ...(client.channels.has(channel) ? [bulks(['message', channel, message])] : []),
      ...patterns.map((pattern) => bulks(['pmessage', pattern, channel, message])),
    ]
    for (const text of messages) client.reply(text)
    count += messages.length
  }
  return count
}

export const publishing: Commands = {
  SUBSCRIBE: subscribe('subscribe', 'channels'),
  PSUBSCRIBE: subscribe('psubscribe', 'patterns'),
  UNSUBSCRIBE: unsubscribe('unsubscribe', 'channels'),
  PUNSUBSCRIBE: unsubscribe('punsubscribe', 'patterns'),
  PUBLISH: {
    arity: 3,
    run: ({ server, args: [channel, message] }) => integer(publish(server.clients, channel, message)),
  },
}
