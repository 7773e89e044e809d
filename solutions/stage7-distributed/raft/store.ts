import type { Command, Snapshot } from './messages.ts'
import { type Answer, bulk, integer, simple } from './resp.ts'

/** How many words each command has, its name included. */
export const WRITES: Record<string, number> = { SET: 3, DEL: 2, APPEND: 3, CAS: 4 }

/** The replicated state. Every node applies the same commands in the same order, so nothing here may depend on time, chance or the node. */
export class Store {
  private values = new Map<string, string>()

  get(key: string): Answer {
    return bulk(this.values.get(key))
  }

  apply([name, key = '', first = '', second = '']: Command): Answer {
    const old = this.values.get(key)
    switch (name) {
      case 'SET':
        this.values.set(key, first)
        return simple('OK')
      case 'APPEND':
        this.values.set(key, (old ?? '') + first)
        return integer((old ?? '').length + first.length)
      case 'CAS':
        if (old !== first) return integer(0)
        this.values.set(key, second)
        return integer(1)
      case 'DEL':
        return integer(Number(this.values.delete(key)))
      default:
        return ''
    }
  }

  dump(): Snapshot['data'] {
    return [...this.values]
  }

  restore(data: Snapshot['data']): void {
    this.values = new Map(data)
  }
}
