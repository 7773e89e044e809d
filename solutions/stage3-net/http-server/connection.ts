import { once } from 'node:events'
import type { Socket } from 'node:net'
import { type Answer, Broken, headOf, Refusal } from './answer.ts'
import { Body } from './body.ts'
import { answerRead } from './files.ts'
import { Input } from './input.ts'
import { type Head, readHead } from './request.ts'
import { parseTarget } from './target.ts'
import { post, put } from './uploads.ts'

/** How long a client may take over a request's head, once it has begun it. */
const PATIENCE_MS = 10_000
const LINGER_MS = 3000

/** One client: reads a request, answers it, and only then looks at the next. */
export class Connection {
  private readonly socket: Socket
  private readonly data: Buffer
  private readonly input: Input
  /** True when no request will be read after this one. */
  private isLast = false
  private hasRoom = () => {}

  constructor(socket: Socket, data: Buffer) {
    this.socket = socket
    this.data = data
    this.input = new Input(socket)
    for (const event of ['drain', 'close']) socket.on(event, () => this.hasRoom())
    // What went wrong is found where it matters: at the next read or write.
    socket.on('error', () => {})
  }

  /** Serves the client until one of the two has had enough. */
  async serve(): Promise<void> {
    try {
      while (!this.isLast && (await this.input.begins())) await this.exchange()
      await this.linger()
    } catch {
      // An answer could not be finished. That the connection breaks off is how the client is told.
    }
    this.socket.destroy()
  }

  /** After SIGTERM: what has begun is finished. */
  finish(): void {
    this.isLast = true
    if (this.input.isIdle) this.socket.destroy()
  }

  abort(): void {
    this.socket.destroy()
  }

  private async exchange(): Promise<void> {
    let head: Head | undefined
    let body: Body | undefined
    let invited = false
    let expects = false
    let answer: Answer
    try {
      this.input.hurry(PATIENCE_MS)
      head = await readHead(this.input)
      if (!staysOpen(head)) this.isLast = true
      expects = head.modern && head.fields.has('expect', '100-continue')
      body = new Body(this.input, head, () => {
        invited = true
        if (expects) this.socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      })
      answer = await this.respond(head, body)
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Broken(500)
      if (refusal instanceof Broken) this.isLast = true
      answer = refusal.answer
    }
    // Whether a client that was not invited sends its body nevertheless, nobody knows.
    if (expects && !invited) this.isLast = true
    await this.send(answer, head)
    if (!this.isLast) await body?.skip()
  }

  private async respond(head: Head, body: Body): Promise<Answer> {
    const target = parseTarget(head.target)
    const { method } = head
    if (method === 'GET' || method === 'HEAD') return answerRead(this.data, target, head)
    if (method === 'PUT') return put(this.data, target, head, body)
    if (method === 'POST' && target.isFolder) return post(this.data, target, body)
    throw new Refusal(405, { Allow: target.isFolder ? 'GET, HEAD, POST' : 'GET, HEAD, PUT' })
  }

  /** The head and the first block leave together; each further block when there is room for it. */
  private async send({ status, fields, body }: Answer, head: Head | undefined): Promise<void> {
    const connection: Record<string, string> = this.isLast
      ? { Connection: 'close' }
      : head?.modern
        ? {}
        : { Connection: 'keep-alive' }
    this.socket.cork()
    this.socket.write(headOf({ status, fields: { ...fields, ...connection } }))
    for (const block of head?.method === 'HEAD' ? [] : body) {
      this.socket.write(block)
      this.socket.uncork()
      await this.room()
    }
    this.socket.uncork()
    await this.room()
  }

  private async room(): Promise<void> {
    if (this.socket.writableNeedDrain) await new Promise<void>((resolve) => (this.hasRoom = resolve))
    if (this.socket.destroyed) throw new Error('the client has gone')
  }

  /**
   * If we closed while the client still sends, its system would throw away the answer that it has not read yet. So only our side is closed, and
   * the other when it has done the same (RFC 9112, 9.6).
   */
  private async linger(): Promise<void> {
    if (this.socket.destroyed) return
    this.socket.end()
    this.input.ignore()
    setTimeout(() => this.socket.destroy(), LINGER_MS).unref()
    await once(this.socket, 'close')
  }
}

function staysOpen({ modern, fields }: Head): boolean {
  return modern ? !fields.has('connection', 'close') : fields.has('connection', 'keep-alive')
}
