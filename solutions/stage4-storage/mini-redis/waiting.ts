import type { Client } from './client.ts'
import { NIL_ARRAY } from './protocol.ts'

interface Waiter {
  client: Client
  keys: string[]
  /** Tries again; undefined when there is still nothing to take. */
  attempt: () => { reply: string; effect: string[] } | undefined
  timer: NodeJS.Timeout | undefined
}

/** Clients that wait for something to take from a list, in order of their arrival. */
export class Waiting {
  private readonly waiters = new Set<Waiter>()
  private readonly onServed: (client: Client, effect: string[] | undefined) => void

  /** @param onServed is told of each client that waits no more, and of what was done for it. */
  constructor(onServed: (client: Client, effect: string[] | undefined) => void) {
    this.onServed = onServed
  }

  /** @param ms how long at most; 0 is for ever. */
  add(client: Client, keys: string[], ms: number, attempt: Waiter['attempt']): void {
    const waiter: Waiter = { client, keys, attempt, timer: undefined }
    if (ms > 0) waiter.timer = setTimeout(() => this.finish(waiter, NIL_ARRAY, undefined), ms)
    client.blocked = true
    this.waiters.add(waiter)
  }

  /** Serves those who wait for any of these keys, first come, first served. */
  serve(keys: Set<string>): void {
    for (const waiter of this.waiters) {
      if (!waiter.keys.some((key) => keys.has(key))) continue
      const found = waiter.attempt()
      if (found) this.finish(waiter, found.reply, found.effect)
    }
  }

  drop(client: Client): void {
    for (const waiter of this.waiters) if (waiter.client === client) this.remove(waiter)
  }

  private remove(waiter: Waiter): void {
    clearTimeout(waiter.timer)
    this.waiters.delete(waiter)
    waiter.client.blocked = false
  }

  private finish(waiter: Waiter, reply: string, effect: string[] | undefined): void {
    this.remove(waiter)
    waiter.client.reply(reply)
    this.onServed(waiter.client, effect)
  }
}
