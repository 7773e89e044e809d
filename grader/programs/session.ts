import { excerpt, lastLines } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import { describeStatus } from './explain.ts'
import type { Live } from './live.ts'
import type { Run } from './run.ts'
import type { Transcript } from './transcript.ts'

const WITHIN = 20_000
const NEWLINE = 10
/** So many requests of a batch stand in the transcript, at either end. */
const SHOWN = 4

/** A program that answers each line of its input with one line of output. */
export class Session {
  readonly live: Live
  readonly transcript: Transcript
  private readonly lines: string[] = []
  private rest: Buffer[] = []
  private asked = 0

  constructor(live: Live, transcript: Transcript) {
    this.live = live
    this.transcript = transcript
  }

  /** Takes in a piece of its output. */
  take(piece: Buffer): void {
    let from = 0
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, from)) {
      this.rest.push(piece.subarray(from, at))
      this.lines.push(this.rest.length === 1 ? (this.rest[0] as Buffer).toString() : Buffer.concat(this.rest).toString())
      this.rest = []
      from = at + 1
    }
    if (from < piece.length) this.rest.push(piece.subarray(from))
  }

  /** How many whole answers have come that nobody took yet. */
  get waiting(): number {
    return this.lines.length
  }

  /** Sends a request and waits for its answer. */
  async ask(request: string): Promise<string> {
    const [answer] = await this.askAll([request])
    return answer as string
  }

  /** Sends requests without waiting in between, and then waits for all the answers. @throws {Failure} one stays out. */
  async askAll(requests: string[]): Promise<string[]> {
    this.send(requests)
    const answers = await this.answers(requests.length, requests)
    if (requests.length === 1) this.transcript.received('', answers[0] as string)
    else this.transcript.note(`${requests.length} answers: ${shorten(answers)}`)
    return answers
  }

  /** Sends requests and waits for nothing. */
  send(requests: string[]): void {
    for (const request of requests.slice(0, SHOWN)) this.transcript.sent('', request)
    if (requests.length > SHOWN)
      this.transcript.note(`and ${requests.length - SHOWN} more, without waiting, up to: ${excerpt(requests.at(-1) ?? '')}`)
    this.asked += requests.length
    this.live.process.write(requests.map((request) => `${request}\n`).join(''))
  }

  /** Waits for so many answers. */
  async answers(count: number, requests: string[] = []): Promise<string[]> {
    // Not one deadline for all: as long as answers come, it is at work.
    let had = -1
    while (this.lines.length < count && this.lines.length > had) {
      had = this.lines.length
      await this.live.until(() => this.lines.length >= Math.min(count, had + 1000), WITHIN)
    }
    if (this.lines.length >= count) return this.lines.splice(0, count)
    const request = requests[this.lines.length]
    throw await this.silence(request)
  }

  private async silence(request: string | undefined): Promise<Failure> {
    const what = request === undefined ? 'An answer' : `The answer to \`${excerpt(request, 60)}\``
    const begun = Buffer.concat(this.rest)
    const run = this.live.process.ended ? await this.live.end().catch((error) => error) : undefined
    if (run instanceof Failure) return run
    const had = begun.length > 0 ? `a line that does not end: ${excerpt(begun)}` : 'nothing'
    const said = this.live.stderr.length > 0 ? `\non standard error:\n${lastLines(this.live.stderr)}` : ''
    const why = run
      ? `The program has ended, with status ${describeStatus(run.status)}.`
      : 'It is still running. Usual reasons: the answer is kept in a buffer (flush after each), or it waits for more input.'
    return new Failure(`${what} did not come. ${why}`, {
      expected: 'one line, ended by a newline, for each request',
      actual: `${had}${said}`,
    })
  }

  /** Asks, and compares. */
  async answersTo(request: string, expected: string | RegExp, why = ''): Promise<void> {
    judge(request, await this.ask(request), expected, why)
  }

  /** Ends its input and waits for its end. @throws {Failure} more answers than requests, or another status than 0. */
  async end(): Promise<Run> {
    this.live.endInput()
    const run = (await this.live.end()).statusIs(0, 'It was the end of its input: nothing went wrong.')
    if (this.lines.length > 0 || this.rest.length > 0) {
      throw new Failure(`There came more than one answer to a request: ${this.asked} requests were made.`, {
        expected: 'one line for each request',
        actual: `besides: ${shorten([...this.lines, Buffer.concat(this.rest).toString()])}`,
      })
    }
    return run
  }

  /** kill -9. @returns the answers that it had given by then and nobody took: they count. */
  async kill(): Promise<string[]> {
    this.transcript.command(`kill -9 ${this.live.command.split(' ')[0]}`)
    await this.live.stop()
    return this.lines.splice(0)
  }
}

/**
 * Sends requests without waiting and kills the program (kill -9) once some have been answered, in the middle of its work.
 * @returns how many were acknowledged by then: those must not be lost. What came after may have been done or not.
 */
export async function killedInTheMiddle(session: Session, requests: string[], after: number): Promise<string[]> {
  session.send(requests)
  await session.live.until(() => session.waiting >= after, WITHIN)
  const answers = await session.kill()
  if (answers.length < after)
    throw new Failure(`Only ${answers.length} of ${requests.length} requests were answered before the program was killed.`, {
      expected: `${after} answers, while it is still at work on the rest`,
      actual: shorten(answers) || 'nothing',
    })
  return answers
}

/** @throws {Failure} the answer is another than expected. */
export function judge(request: string, answer: string, expected: string | RegExp, why = ''): void {
  if (typeof expected === 'string' ? answer === expected : expected.test(answer)) return
  throw new Failure(`The answer to \`${excerpt(request, 60)}\` is wrong. ${why}`.trim(), {
    expected: typeof expected === 'string' ? excerpt(expected, 200) : `something that matches ${expected}`,
    actual: excerpt(answer, 200),
  })
}

const shorten = (lines: string[]) =>
  excerpt(
    lines
      .slice(0, SHOWN)
      .concat(lines.length > SHOWN ? ['…'] : [])
      .join(' | '),
  )
