import { problem, type Raised } from './errors.ts'
import type { Func, Value } from './values.ts'

/** What a statement came to: on with the next, or out of the loop, or out of the function. */
export const NORMAL = 0
export const BREAK = 1
export const CONTINUE = 2
export const RETURN = 3

/** The variables of one call. */
export class Frame {
  readonly slots: (Value | undefined)[]
  readonly outer: Frame | undefined
  readonly func: Func | undefined
  /** What `return` gave. */
  result: Value = null

  constructor(outer: Frame | undefined, func: Func | undefined, size: number) {
    this.outer = outer
    this.func = func
    this.slots = new Array(size)
  }

  /** The frame so many functions further out. */
  up(hops: number): Frame {
    let frame: Frame = this
    for (let n = 0; n < hops; n++) frame = frame.outer as Frame
    return frame
  }
}

export type Code = (frame: Frame) => Value
export type Step = (frame: Frame) => number
export type Assign = (frame: Frame, value: Value) => void

const DEEPEST = 1000
let depth = 0

/** Does something one call deeper. @throws {Raised} there were too many. */
export function oneDeeper<T>(what: () => T): T {
  if (depth >= DEEPEST) throw problem('RecursionError', 'maximum recursion depth exceeded')
  depth++
  try {
    return what()
  } finally {
    depth--
  }
}

/** The exceptions that handlers are busy with, the innermost last: what `raise` alone raises again. */
export const handling: Raised[] = []
