import { holds, type Program, type Step } from './program.ts'
import { codeAt, INVALID, lower, type Side, sideBefore, sideOf, widthOf } from './symbols.ts'

/** One way the match may have gone so far: a place in the program, and what its groups hold. */
interface Thread {
  place: number
  /** Start and end of each group that is referred to; -1 where it has none yet. */
  groups: number[]
  /** While text is compared with that of a group: how many bytes of it were seen. */
  seen: number
}

/**
 * Runs a program that refers back to its groups. All ways are followed side by side, and ways that have come to the same are one: the work can
 * grow with a power of the line's length, but not exponentially.
 */
export class Tracker {
  private readonly program: Program
  private readonly ignoreCase: boolean

  constructor(program: Program, ignoreCase: boolean) {
    this.program = program
    this.ignoreCase = ignoreCase
  }

  /** Where the longest match that begins at `from` ends; -1 if there is none. */
  endOfMatch(line: Buffer, from: number): number {
    let threads: Thread[] = [{ place: this.program.start, groups: Array(2 * this.program.slots).fill(-1), seen: 0 }]
    let before = sideBefore(line, from)
    let end = -1
    for (let at = from; threads.length > 0; ) {
      const code = codeAt(line, at)
      const waiting = this.advance(threads, at, before, sideOf(code))
      if (waiting.some((thread) => this.stepOf(thread).kind === 'match')) end = at
      if (code === undefined) break
      threads = waiting.flatMap((thread) => this.consume(thread, line, code) ?? [])
      before = sideOf(code)
      at += widthOf(code)
    }
    return end
  }

  private stepOf(thread: Thread): Step {
    return this.program.steps[thread.place] as Step
  }

  /** Follows each thread up to where it waits for a character or has matched. */
  private advance(threads: Thread[], at: number, before: Side, after: Side): Thread[] {
    const known = new Map<string, Thread>()
    const add = (thread: Thread) => known.set(`${thread.place} ${thread.seen} ${thread.groups}`, thread)
    const waiting: Thread[] = []
    threads.forEach(add)
    // A map can grow while it is walked through.
    for (const thread of known.values()) {
      const step = this.stepOf(thread)
      if (step.kind === 'fork') for (const place of step.ways) add({ ...thread, place })
      else if (step.kind === 'open') add({ ...thread, place: step.next, groups: thread.groups.with(2 * step.slot, at) })
      else if (step.kind === 'close') add({ ...thread, place: step.next, groups: thread.groups.with(2 * step.slot + 1, at) })
      else if (step.kind === 'assertion') {
        if (holds(step.assertion, before, after)) add({ ...thread, place: step.next })
      } else if (step.kind === 'reference' && this.lengthOf(thread, step.slot) === thread.seen) {
        add({ ...thread, place: step.next, seen: 0 })
      } else waiting.push(thread)
    }
    return waiting
  }

  private lengthOf({ groups }: Thread, slot: number): number {
    const end = groups[2 * slot + 1] as number
    return end < 0 ? Infinity : end - (groups[2 * slot] as number)
  }

  private consume(thread: Thread, line: Buffer, code: number): Thread | undefined {
    const step = this.stepOf(thread)
    if (code === INVALID) return undefined
    if (step.kind === 'set') return step.set.has(code) ? { ...thread, place: step.next } : undefined
    if (step.kind !== 'reference') return undefined
    const wanted = codeAt(line, (thread.groups[2 * step.slot] as number) + thread.seen) as number
    const same = wanted === code || (this.ignoreCase && lower(wanted) === lower(code))
    return same ? { ...thread, seen: thread.seen + widthOf(wanted) } : undefined
  }
}
