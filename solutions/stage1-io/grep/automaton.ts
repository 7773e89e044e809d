import { holds, type MatchStep, type Program, type SetStep, type Step } from './program.ts'
import { type CharSet, codeAt, INVALID, type Side, sideBefore, sideOf, widthOf } from './symbols.ts'

/** So many states are kept; with more, all are forgotten and built again as they are needed: memory stays bounded whatever the input. */
const MOST_STATES = 2000
const EDGE = 0

interface Kind {
  sets: Set<string>
  side: Side
}

/** Characters that no set of the pattern tells apart are one symbol to the automaton. */
class Alphabet {
  private readonly sets: CharSet[]
  private readonly symbols = new Map<string, number>()
  private readonly byCode = new Map<number, number>()
  /** For each symbol: the keys of the sets it is in, and what it is to a word. Symbol 0 is the end of the line. */
  readonly kinds: Kind[] = [{ sets: new Set(), side: 'edge' }]

  constructor(program: Program) {
    const sets = program.steps.flatMap((step) => (step.kind === 'set' ? [[step.set.key, step.set] as const] : []))
    this.sets = [...new Map(sets).values()]
  }

  symbolOf(code: number): number {
    let symbol = this.byCode.get(code)
    if (symbol === undefined) {
      symbol = this.classify(code)
      this.byCode.set(code, symbol)
    }
    return symbol
  }

  private classify(code: number): number {
    const keys = code === INVALID ? [] : this.sets.filter((set) => set.has(code)).map((set) => set.key)
    const side = sideOf(code)
    const name = `${side} ${keys.join(' ')}`
    const known = this.symbols.get(name)
    if (known !== undefined) return known
    this.symbols.set(name, this.kinds.length)
    return this.kinds.push({ sets: new Set(keys), side }) - 1
  }
}

/** All the places in the program where a match may be at once, as one state. */
interface State {
  places: number[]
  before: Side
  /** Whether a match ended just before the last symbol: what comes after a match can decide whether it is one. */
  matched: boolean
  next: (State | undefined)[]
}

/**
 * Runs a program as a deterministic automaton, built while it runs (as egrep does since 1979): every character of the input is looked at
 * once, whatever the pattern.
 */
export class Automaton {
  private readonly program: Program
  private readonly alphabet: Alphabet
  private readonly ascii: number[]
  /** A floating automaton looks for a match that begins anywhere and stops at the first end of one; the other, for the longest from a given place. */
  private readonly floating: boolean
  private readonly states = new Map<string, State>()
  private readonly initial = new Map<Side, State>()

  constructor(program: Program, floating: boolean) {
    this.program = program
    this.floating = floating
    this.alphabet = new Alphabet(program)
    this.ascii = Array.from({ length: 128 }, (_, code) => this.alphabet.symbolOf(code))
  }

  /** Where a match that begins at `from` (or behind it, when floating) ends; -1 if there is none. */
  endOfMatch(line: Buffer, from: number): number {
    let state = this.initialState(sideBefore(line, from))
    let end = -1
    for (let at = from; state.places.length > 0; ) {
      const code = codeAt(line, at)
      const symbol =
        code === undefined ? EDGE : code >= 0 && code < 128 ? (this.ascii[code] as number) : this.alphabet.symbolOf(code)
      state = state.next[symbol] ?? this.step(state, symbol)
      if (state.matched) end = at
      if (code === undefined || (this.floating && state.matched)) return end
      at += widthOf(code)
    }
    return end
  }

  private step(state: State, symbol: number): State {
    const { sets, side } = this.alphabet.kinds[symbol] as Kind
    const places = new Set(this.floating ? [this.program.start] : [])
    let matched = false
    for (const step of this.reachable(state, side)) {
      if (step.kind === 'match') matched = true
      else if (sets.has(step.set.key)) places.add(step.next)
    }
    const next = this.stateOf([...places].sort(ascending), side, matched)
    state.next[symbol] = next
    return next
  }

  /** The steps that wait for a character, and the end, that can be reached without one. */
  private reachable({ places, before }: State, after: Side): (SetStep | MatchStep)[] {
    const seen = new Set(places)
    const found: (SetStep | MatchStep)[] = []
    // A set can grow while it is walked through.
    for (const place of seen) {
      const step = this.program.steps[place] as Step
      if (step.kind === 'fork') for (const way of step.ways) seen.add(way)
      else if (step.kind === 'set' || step.kind === 'match') found.push(step)
      else if (step.kind === 'assertion' && holds(step.assertion, before, after)) seen.add(step.next)
    }
    return found
  }

  private initialState(side: Side): State {
    const known = this.initial.get(side)
    if (known) return known
    const state = this.stateOf([this.program.start], side, false)
    this.initial.set(side, state)
    return state
  }

  private stateOf(places: number[], before: Side, matched: boolean): State {
    const key = `${before} ${matched} ${places.join()}`
    const known = this.states.get(key)
    if (known) return known
    if (this.states.size === MOST_STATES) {
      this.states.clear()
      this.initial.clear()
    }
    const state = { places, before, matched, next: [] }
    this.states.set(key, state)
    return state
  }
}

function ascending(a: number, b: number): number {
  return a - b
}
