import { setTimeout as sleep } from 'node:timers/promises'
import { type Evidence, Failure, Stopped } from '../engine/failure.ts'
import type { Kit } from './kit.ts'
import type { Live } from './live.ts'
import { atWork } from './process-table.ts'
import type { Run } from './run.ts'
import type { Endpoint, Server } from './server.ts'
import { withYardstick } from './yardstick.ts'

export const KIB = 1024
export const MIB = 1024 ** 2

/** Work that is over sooner than this, in milliseconds, is too short to be judged by its growth, and too quick to need it. */
const NEGLIGIBLE = 300
/** The finest step that a figure of processor time can have, twice over. */
const GRAIN = 20
const TRIES = 3
/** What is so many times worse than it may be is not tried again: no busy machine does that to processor time. */
const HOPELESS = 4
/** The larger amount of work is stopped after this, in milliseconds of wall-clock time. */
const LONGEST = 80_000
/** What any language may take to start, in milliseconds. */
const START_UP = 1000

export interface Growth {
  /** The smaller amount of work; the larger is four times that. */
  size: number
  /** Does the given amount of work with the program. */
  work: (size: number) => PromiseLike<Run>
  /** How much more processor time four times the work may take; n log n stays below 6, n² is 16. */
  atMost?: number
  /** What is growing, for the learner: `lines`. */
  unit: string
}

/**
 * Processor time must grow with the work, not with its square. Start-up is taken off; of several tries the best counts, since a busy machine only
 * ever makes a program look slower.
 */
export async function growsWithWork(kit: Kit, { size, work, atMost = 9, unit }: Growth): Promise<void> {
  const cost = async (n: number) => (await work(n)).exit.cpu
  let best = Number.POSITIVE_INFINITY
  let figures = { small: 0, large: 0 }
  for (let n = 0; n < TRIES && best > atMost && (n === 0 || best < HOPELESS * atMost); n++) {
    const start = Math.min(await cost(1), await cost(1))
    const once = async () => Math.max((await cost(size)) - start, GRAIN)
    // A single slow run of the smaller amount would let a square pass.
    const small = async () => Math.min(await once(), await once())
    const large = (await costOfMore(kit, () => cost(4 * size), { size, once, unit })) - start
    const few = large < NEGLIGIBLE ? large / 4 : await small()
    const ratio = large < NEGLIGIBLE ? 1 : large / few
    if (ratio < best) {
      best = ratio
      figures = { small: few, large }
    }
  }
  kit.measure({ name: `processor time for ${4 * size} ${unit}`, value: figures.large, unit: 'ms' })
  if (best <= atMost) return
  throw new Failure(
    `Four times the ${unit} took ${best.toFixed(1)} times the processor time (${figures.small} ms for ${size}, ${figures.large} ms for ${4 * size}). ` +
      'Somewhere all that came before is gone through again for each new piece.',
    { expected: `at most ${atMost} times`, actual: `${best.toFixed(1)} times` },
  )
}

/**
 * A program that had to be stopped at the larger amount of work has failed by its growth, if the smaller amount was no trouble. One that answers request after
 * request in time, but takes hopelessly long for all of them, is stopped here.
 */
async function costOfMore(
  { program }: Kit,
  work: () => Promise<number>,
  { size, once, unit }: { size: number; once: () => Promise<number>; unit: string },
): Promise<number> {
  const tooMuch = async (evidence: Evidence = {}) =>
    new Failure(
      `Four times the ${unit} were too much: ${size} took ${await once()} ms of processor time, but with ${4 * size} it was still running when it was stopped. ` +
        'Somewhere all that came before is gone through again for each new piece.',
      evidence,
    )
  const whole = work()
  const isDone = whole.then(
    () => true,
    () => true,
  )
  if (!(await Promise.race([isDone, sleep(LONGEST, false, { ref: false })]))) {
    await program.stop()
    throw await tooMuch()
  }
  try {
    return await whole
  } catch (error) {
    throw error instanceof Stopped && error.limit === 'time' ? await tooMuch(error.evidence) : error
  }
}

/** Memory that a program has when it has only just begun: its language's own. It is measured while it waits for input. */
export async function idleMemory({ program }: Kit, args: string[]): Promise<number> {
  const live = program.start(args, { stdin: 'open' })
  await live.write('x\n')
  const peak = await settledMemory(live)
  await live.stop()
  return peak
}

/** How often to look at most whether memory has settled: a program that never sleeps can not be waited for. */
const LOOKS = 150

/** Memory that a running program has, in bytes, once it waits and that stays the same for a while. */
export async function settledMemory(live: Live): Promise<number> {
  let peak = 0
  // On a busy machine a slow language has not begun yet when its memory seems to stand still; but then it is not asleep.
  for (let looks = 0, same = 0; looks < LOOKS && same < 5; looks++) {
    await live.until(() => false, 40)
    const now = live.usage().peak
    same = now > peak || live.process.atWork() ? 0 : same + 1
    peak = Math.max(peak, now)
    if (live.process.ended) break
  }
  return peak
}

const BETWEEN_LOOKS = 25

/** Looks so many times whether a program runs or sleeps (on a busy machine, too, it is one of these). @returns how often one of its threads was running. */
export async function looksAtWork(live: Live, looks: number): Promise<number> {
  let busy = 0
  for (let n = 0; n < looks; n++) {
    await live.until(() => false, BETWEEN_LOOKS)
    const program = live.process.program()
    if (program !== undefined && atWork([program])) busy += 1
  }
  return busy
}

/**
 * What it may use beyond its idle memory to work on any amount of input. A program that lets go of each block may still have that much of them in memory: Node from
 * version 24 on collects them late (a plain `createReadStream(file).pipe(socket)` has up to 60 MiB, a sort with runs of 2 MiB up to 106). Inputs are larger than this.
 */
const ALLOWANCE = 120 * MIB

/** @throws {Failure} the run needed memory in proportion to its input. */
export function memoryStaysBounded({ measure }: Kit, run: Run, idle: number, what: string, allowance = ALLOWANCE): void {
  const extra = Math.max(0, run.exit.peakMemory - idle)
  measure({
    name: `memory for ${what}`,
    value: Math.round(run.exit.peakMemory / MIB),
    unit: 'MiB',
    yardstick: Math.max(1, Math.round(idle / MIB)),
  })
  if (extra <= allowance) return
  throw new Failure(
    `\`${run.command}\` used ${Math.round(run.exit.peakMemory / MIB)} MiB of memory for ${what}; waiting for its first byte it has ${Math.round(idle / MIB)} MiB. It seems to keep what it should pass on.`,
    { expected: `at most ${allowance / MIB} MiB more than when idle`, actual: `${Math.round(extra / MIB)} MiB more` },
  )
}

/**
 * Compares the wall-clock time of a run with that of a yardstick measured right beside it; of several tries the best counts.
 * @param atMost how many times as long it may take, once start-up (a second) is forgiven.
 */
export async function comparesWith(
  { measure }: Kit,
  {
    name,
    run,
    yardstick,
    atMost,
  }: { name: string; run: () => PromiseLike<Run>; yardstick: () => PromiseLike<Run>; atMost: number },
): Promise<void> {
  let best = Number.POSITIVE_INFINITY
  let figures = { value: 0, yardstick: 0 }
  for (let n = 0; n < TRIES && best > atMost; n++) {
    const yard = (await yardstick()).exit.ms
    const { ms } = (await run()).exit
    const ratio = Math.max(0, ms - START_UP) / yard
    if (ratio < best) figures = { value: Math.round(ms), yardstick: Math.round(yard) }
    best = Math.min(best, ratio)
  }
  measure({ name, unit: 'ms', ...figures })
  if (best <= atMost) return
  throw new Failure(
    `${name} took ${best.toFixed(0)} times as long as the yardstick, the system's own program. ` +
      'Are you working byte by byte, or line by line where nobody asked for lines?',
    { expected: `at most ${atMost} times as long`, actual: `${best.toFixed(1)} times` },
  )
}

/**
 * Compares how long a server takes for some work with a bare server of the grader's own, which gets the same work at the same moment; of several tries the best counts.
 * @param atMost how many times as long it may take.
 */
export async function keepsUpWith(
  { measure }: Kit,
  kind: Parameters<typeof withYardstick>[0],
  { name, server, work, atMost }: { name: string; server: Server; work: (server: Endpoint) => Promise<void>; atMost: number },
): Promise<void> {
  const time = async (endpoint: Endpoint) => {
    const started = performance.now()
    await work(endpoint)
    return performance.now() - started
  }
  let best = Number.POSITIVE_INFINITY
  let figures = { value: 0, yardstick: 0 }
  for (let n = 0; n < TRIES && best > atMost; n++) {
    const value = Math.round(await time(server))
    const yardstick = Math.max(1, Math.round(await withYardstick(kind, time)))
    if (value / yardstick < best) figures = { value, yardstick }
    best = Math.min(best, value / yardstick)
  }
  measure({ name, unit: 'ms', ...figures })
  if (best <= atMost) return
  throw new Failure(
    `${name} took ${best.toFixed(1)} times as long as with a bare server in the same place (${figures.value} ms to ${figures.yardstick} ms).`,
    {
      expected: `at most ${atMost} times as long`,
      actual: `${best.toFixed(1)} times`,
    },
  )
}
