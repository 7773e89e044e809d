import { check, type Kit } from '../programs/kit.ts'
import type { Server } from '../programs/server.ts'

/** What is asked of every server that is told to listen on 127.0.0.1. */
export const ownAddress = (serve: (kit: Kit) => Promise<Server>) =>
  check(
    'own-address',
    'accepts on 127.0.0.1, and on no other address of the machine',
    {
      spec: 'the-interface',
      hint: 'Name the address when you bind the socket; without one, or with 0.0.0.0, it is all of them.',
    },
    async (kit) => (await serve(kit)).isPrivate(),
  )
