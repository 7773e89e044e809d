import { Broken } from './answer.ts'
import type { Input } from './input.ts'
import { type Head, parse, readFields } from './request.ts'

const LARGEST_BODY = 64 * 1024 * 1024
const LONGEST_SIZE_LINE = 1024
const CHUNK_SIZE = /^([0-9a-f]+)[ \t]*(?:;.*)?$/i
/** How long a client may send nothing in the middle of a body. */
const PATIENCE_MS = 10_000

/** How the end of a body is known: its length was said, or it comes in chunks, of which the last is empty. */
type Framing = number | 'chunked'

/**
 * Whatever can be understood in two ways is refused: if a proxy before us understood it in the other way, it would take the end of this body for a request of
 * somebody else.
 */
function framingOf({ fields, modern }: Head): Framing {
  const lengths = fields.all('content-length')
  const coding = fields.get('transfer-encoding')?.toLowerCase()
  if (coding !== undefined) {
    if (lengths.length > 0 || !modern) throw new Broken(400)
    if (coding !== 'chunked') throw new Broken(501)
    return 'chunked'
  }
  if (lengths.length > 1 || !/^\d+$/.test(lengths[0] ?? '0')) throw new Broken(400)
  const length = Number(lengths[0] ?? 0)
  if (length > LARGEST_BODY) throw new Broken(413)
  return length
}

/** What follows a head. Read it once, to its end, or the next request begins in the middle of it. */
export class Body {
  private readonly input: Input
  private readonly framing: Framing
  /** Called before the first byte is waited for: the client may have asked whether it is wanted. */
  private invite: () => void
  private done = false

  constructor(input: Input, head: Head, invite: () => void) {
    this.input = input
    this.framing = framingOf(head)
    this.invite = invite
    this.done = this.framing === 0
  }

  async *blocks(): AsyncGenerator<Buffer> {
    if (this.done) return
    this.invite()
    yield* this.framing === 'chunked' ? this.chunks() : this.take(this.framing)
    this.done = true
  }

  /** Reads what nobody has read. */
  async skip(): Promise<void> {
    for await (const _ of this.blocks());
  }

  private async *chunks(): AsyncGenerator<Buffer> {
    let left = LARGEST_BODY
    for (;;) {
      this.input.hurry(PATIENCE_MS)
      const [digits] = parse<[string]>(CHUNK_SIZE, await this.input.line(LONGEST_SIZE_LINE, 400))
      const size = Number.parseInt(digits, 16)
      left -= size
      if (left < 0) throw new Broken(413)
      if (size === 0) break
      yield* this.take(size)
      if ((await this.input.line(LONGEST_SIZE_LINE, 400)) !== '') throw new Broken(400)
    }
    await readFields(this.input)
  }

  private async *take(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      this.input.hurry(PATIENCE_MS)
      const bytes = await this.input.some(left)
      left -= bytes.length
      yield bytes
    }
  }
}
