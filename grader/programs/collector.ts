import type { Readable } from 'node:stream'

/** Collects one stream up to a limit, and tells listeners of each piece. */
export class Collector {
  size = 0
  private readonly kept: Buffer[] = []

  constructor(stream: Readable | undefined, keep: boolean, limit: number, onData: (chunk: Buffer) => void, onFlood: () => void) {
    stream?.on('error', () => {})
    stream?.on('data', (chunk: Buffer) => {
      this.size += chunk.length
      if (keep) this.kept.push(chunk)
      onData(chunk)
      if (this.size > limit) onFlood()
    })
  }

  /** What was kept of it: all, or nothing. */
  get bytes(): Buffer {
    if (this.kept.length > 1) this.kept.splice(0, this.kept.length, Buffer.concat(this.kept))
    return this.kept[0] ?? Buffer.alloc(0)
  }
}
