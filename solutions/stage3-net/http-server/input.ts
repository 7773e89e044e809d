import type { Socket } from 'node:net'
import { Broken } from './answer.ts'

const NEWLINE = 0x0a
const CR = 0x0d

/**
 * The bytes that a client sends, fetched from the socket only when somebody wants them: while an answer waits for its reader, so do further requests,
 * in the buffers of the two kernels and not in ours.
 */
export class Input {
  private readonly socket: Socket
  private held = Buffer.alloc(0)
  private ended = false
  private arrived = () => {}
  /** When patience ends, in milliseconds as Date.now() gives them. */
  private deadline = Number.POSITIVE_INFINITY

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes) => {
      socket.pause()
      this.held = Buffer.concat([this.held, bytes])
      this.arrived()
    })
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.ended = true
        this.arrived()
      })
    }
  }

  /** True between two requests, while nothing of the next one has come. */
  get isIdle(): boolean {
    return this.deadline === Number.POSITIVE_INFINITY
  }

  /** Waits for the next request as long as it takes. @returns false if none comes any more. */
  async begins(): Promise<boolean> {
    this.deadline = Number.POSITIVE_INFINITY
    return this.held.length > 0 || this.more()
  }

  /** From now on, what is asked for must be there within this time. */
  hurry(milliseconds: number): void {
    this.deadline = Date.now() + milliseconds
  }

  /**
   * The next line, without its end, which must be CR LF.
   * @param most the length that is too long, and the status that says so.
   */
  async line(most: number, status: number): Promise<string> {
    let end = this.held.indexOf(NEWLINE)
    while (end < 0 && this.held.length <= most) {
      const searched = this.held.length
      if (!(await this.more())) throw new Broken(400)
      end = this.held.indexOf(NEWLINE, searched)
    }
    if (end < 0 || end > most) throw new Broken(status)
    if (this.held[end - 1] !== CR) throw new Broken(400)
    const line = this.held.toString('latin1', 0, end - 1)
    this.held = this.held.subarray(end + 1)
    return line
  }

  /** At most so many of the next bytes, at least one of them. */
  async some(most: number): Promise<Buffer> {
    if (this.held.length === 0 && !(await this.more())) throw new Broken(400)
    const bytes = this.held.subarray(0, most)
    this.held = this.held.subarray(bytes.length)
    return bytes
  }

  /** Lets the client talk on, and listens no more. */
  ignore(): void {
    this.socket.removeAllListeners('data')
    this.socket.resume()
  }

  /** @returns false when there is nothing more. */
  private async more(): Promise<boolean> {
    const before = this.held.length
    if (!this.ended) {
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        this.arrived = resolve
        if (this.deadline < Number.POSITIVE_INFINITY) timer = setTimeout(resolve, this.deadline - Date.now())
        this.socket.resume()
      })
      clearTimeout(timer)
    }
    if (this.held.length === before && !this.ended) throw new Broken(408)
    return this.held.length > before
  }
}
