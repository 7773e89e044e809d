import { STDERR, writeAll } from '#lib/io.ts'
import { NAME } from './syntax.ts'

/** What a shell calls its descriptors, and which ones of the process these are. A redirection makes another map; nothing has to be undone. */
export type Descriptors = ReadonlyMap<number, number>

/** All that a subshell gets a copy of. */
export interface State {
  variables: [string, string][]
  exported: string[]
  /** `$0`, and then `$1` and so on. */
  args: string[]
  status: number
  pid: number
  lastBackground: string
}

/** `exit` was called. */
export class Exit extends Error {
  readonly status: number

  constructor(status: number) {
    super()
    this.status = status
  }
}

/** What a shell knows between two commands. */
export class Shell {
  readonly variables: Map<string, string>
  readonly exported: Set<string>
  readonly args: string[]
  /** The status of the last pipeline: `$?`. */
  status: number
  /** `$$`, which is the same in subshells. */
  readonly pid: number
  lastBackground: string
  /** Background lists by the number of their process, with the status to come. */
  readonly jobs = new Map<string, Promise<number>>()
  interactive = false

  constructor(state: State) {
    this.variables = new Map(state.variables)
    this.exported = new Set(state.exported)
    this.args = state.args
    this.status = state.status
    this.pid = state.pid
    this.lastBackground = state.lastBackground
  }

  get state(): State {
    const { args, status, pid, lastBackground } = this
    return { variables: [...this.variables], exported: [...this.exported], args, status, pid, lastBackground }
  }

  /** The value of a parameter; nothing if it is not set. `$@` and `$*` have several, and are not asked for here. */
  value(name: string): string | undefined {
    if (name === '?') return String(this.status)
    if (name === '$') return String(this.pid)
    if (name === '#') return String(this.args.length - 1)
    if (name === '!') return this.lastBackground
    return /^\d/.test(name) ? this.args[Number(name)] : this.variables.get(name)
  }

  /** Sets a variable, or with no value takes it away. */
  set(name: string, value: string | undefined): void {
    if (value === undefined) this.variables.delete(name)
    else this.variables.set(name, value)
  }

  /** What a program is given as its environment: what is exported, and what was set for it alone. */
  environment(own: string[]): Record<string, string> {
    return Object.fromEntries([...this.variables].filter(([name]) => this.exported.has(name) || own.includes(name)))
  }

  /** A complaint goes where standard error leads at that place of the script. */
  complain(descriptors: Descriptors, text: string): void {
    writeAll(descriptors.get(STDERR) ?? STDERR, Buffer.from(`shell: ${text}\n`))
  }
}

/** A shell that begins: what it was given as environment are its exported variables. */
export function beginning(args: string[]): State {
  const variables = Object.entries(process.env).filter(([name]) => NAME.exec(name)?.[0] === name) as [string, string][]
  const exported = variables.map(([name]) => name)
  return { variables, exported, args, status: 0, pid: process.pid, lastBackground: '' }
}
