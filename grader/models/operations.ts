import { excerpt } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import type { Session } from '../programs/session.ts'
import type { Transcript } from '../programs/transcript.ts'

/** What a model expects: the very answer, or a judgement of it (what is wrong with it, or undefined when it is right). */
export type Expected = string | ((answer: string) => string | undefined)

/** A model of right behaviour: it answers requests as the program must. */
export interface Model {
  answer(request: string): Expected
}

/** Whatever takes requests and answers each with a line: a session, or a client of a server. */
export interface Conversation {
  transcript: Transcript
  /** The line of the transcript that begins it; its last one if it is left out. */
  begins?: number
  askAll(requests: string[]): Promise<string[]>
  end(): Promise<unknown>
  kill(): Promise<unknown>
}

export interface Agreement<C extends Conversation = Session> {
  /** A fresh conversation with an empty program. Called again for each attempt to shorten a failure. */
  open(): C | Promise<C>
  /** A fresh model, as empty. */
  model(): Model
  requests: string[]
  /** How many requests are sent without waiting in between. */
  batch?: number
  /** Called before the session ends, after the last request, for what else must be true. */
  finally?(session: C): Promise<void>
}

const BATCH = 64
/** Attempts to shorten a failure, and the milliseconds after which none is begun. */
const ATTEMPTS = 150
const SHRINK_FOR = 8000

interface Mismatch {
  /** The requests up to the one that was answered wrongly, or not at all. */
  requests: string[]
  /** Why there was no answer. */
  silence?: Failure
  answers: string[]
  expected: string
  transcript: Transcript
  /** What the transcript says of it. */
  lines: string[]
}

/**
 * Sends requests to the program and to a model, and compares each answer. When one differs, looks for the shortest part of the requests that goes wrong too.
 * @throws {Failure} with the shortest sequence that was found.
 */
export async function agreesWithModel<C extends Conversation>(agreement: Agreement<C>): Promise<void> {
  const { requests } = agreement
  const started = performance.now()
  const first = await attempt(agreement, requests)
  if (!first) return
  if (first.silence && performance.now() - started > SHRINK_FOR) throw first.silence
  // Of many requests that come together any may have been the last one for the program; one at a time, it is seen.
  const found = first.silence ? await attempt(agreement, first.requests, 1) : first
  if (!found) throw first.silence
  const { transcript } = found
  const before = transcript.lines.length - found.lines.length
  const shortest = await shorten(agreement, found)
  // The attempts on the way to it would only confuse.
  transcript.lines.splice(before, transcript.lines.length, ...shortest.lines)
  const shown = shortest.requests.map((request, n) => `${excerpt(request, 80)}   ← ${excerpt(shortest.answers[n] ?? '', 80)}`)
  const last = excerpt(shortest.requests.at(-1) ?? '', 60)
  const count = shortest.requests.length
  const { silence, expected } = shortest
  const after =
    count > 1
      ? `, after ${count - 1} other ${count === 2 ? 'request' : 'requests'} from the start (the fewest that were found to show it)`
      : ''
  const story = `${after}:\n${cut(shown).join('\n')}`
  if (silence) throw new Failure(`There is no answer to \`${last}\`${story}\n${silence.message}`, silence.evidence)
  throw new Failure(`The answer to \`${last}\` is wrong${story}`, {
    expected,
    actual: excerpt(shortest.answers.at(-1) ?? '', 200),
  })
}

const LINES = 24
const cut = (lines: string[]) =>
  lines.length <= LINES ? lines : [...lines.slice(0, LINES / 2), `… ${lines.length - LINES} more …`, ...lines.slice(-LINES / 2)]

async function attempt<C extends Conversation>(
  agreement: Agreement<C>,
  requests: string[],
  batch = agreement.batch ?? BATCH,
): Promise<Mismatch | undefined> {
  const session = await agreement.open()
  const { transcript, begins = transcript.lines.length - 1 } = session
  const model = agreement.model()
  const answers: string[] = []
  for (let from = 0; from < requests.length; from += batch) {
    const part = requests.slice(from, from + batch)
    const got = await session.askAll(part).catch((error: unknown) => {
      if (error instanceof Failure) return error
      throw error
    })
    if (got instanceof Failure) {
      await session.kill()
      const lines = transcript.lines.slice(begins)
      return { requests: requests.slice(0, from + part.length), silence: got, answers, expected: '', transcript, lines }
    }
    for (const [n, request] of part.entries()) {
      const answer = got[n] as string
      answers.push(answer)
      const expected = model.answer(request)
      const wrong = typeof expected === 'string' ? (expected === answer ? undefined : excerpt(expected, 200)) : expected(answer)
      if (wrong === undefined) continue
      await session.kill()
      return {
        requests: requests.slice(0, from + n + 1),
        answers,
        expected: wrong,
        transcript,
        lines: transcript.lines.slice(begins),
      }
    }
  }
  await agreement.finally?.(session)
  await session.end()
  return undefined
}

/** Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input"): leaves out ever smaller parts as long as it still goes wrong. */
async function shorten<C extends Conversation>(agreement: Agreement<C>, found: Mismatch): Promise<Mismatch> {
  let best = found
  const deadline = performance.now() + SHRINK_FOR
  let attempts = 0
  for (let size = Math.ceil(best.requests.length / 2); size >= 1; ) {
    let shrunk = false
    for (let from = 0; from < best.requests.length - 1; ) {
      if (++attempts > ATTEMPTS || performance.now() > deadline) return best
      const candidate = [...best.requests.slice(0, from), ...best.requests.slice(from + size)]
      const again =
        candidate.length > 0
          ? await attempt(agreement, candidate, best.silence ? 1 : agreement.batch).catch(() => undefined)
          : undefined
      // A program that gives no answer, where it gave a wrong one, fails otherwise: that is another story, and not told here.
      if (again && !again.silence === !best.silence) {
        best = again
        shrunk = true
      } else from += size
    }
    if (size === 1 && !shrunk) break
    size = size === 1 ? 1 : Math.ceil(size / 2)
  }
  return best
}
