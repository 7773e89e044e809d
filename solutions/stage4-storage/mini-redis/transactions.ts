import type { Commands } from './command.ts'
import { array, failure, NIL_ARRAY, OK } from './protocol.ts'

export const transactions: Commands = {
  MULTI: {
    arity: 1,
    run: ({ client }) => {
      if (client.queue) return failure('ERR MULTI calls can not be nested')
      client.queue = []
      return OK
    },
  },
  DISCARD: {
    arity: 1,
    run: ({ client }) => {
      if (!client.queue) return failure('ERR DISCARD without MULTI')
      client.forgetTransaction()
      return OK
    },
  },
  EXEC: {
    arity: 1,
    run: ({ client, server }) => {
      const { queue, spoiled, watchBroken } = client
      if (!queue) return failure('ERR EXEC without MULTI')
      client.forgetTransaction()
      if (spoiled) return failure('EXECABORT Transaction discarded because of previous errors.')
      if (watchBroken) return NIL_ARRAY
      client.inTransaction = true
      const replies = server.atomically(() => queue.map((words) => server.carryOut(client, words) ?? NIL_ARRAY))
      client.inTransaction = false
      return array(replies)
    },
  },
  WATCH: {
    arity: -2,
    run: ({ client, args }) => {
      if (client.queue) return failure('ERR WATCH inside MULTI is not allowed')
      for (const key of args) client.watched.add(key)
      return OK
    },
  },
  UNWATCH: {
    arity: 1,
    run: ({ client }) => {
      client.watched.clear()
      client.watchBroken = false
      return OK
    },
  },
}
