import fs from 'node:fs'
import { promisify } from 'node:util'
import { reason, STDIN, STDOUT } from '#lib/io.ts'
import { builtins } from './builtins.ts'
import { Expansion } from './expansion.ts'
import { makePipes } from './pipes.ts'
import { type Started, start, startSubshell } from './processes.ts'
import { RedirectionFailure, redirect } from './redirections.ts'
import { type Descriptors, Exit, type Shell } from './shell.ts'
import type { AndOr, Command, List, Pipeline, Redirection } from './syntax.ts'
import { literal } from './words.ts'

const FAILED = 1
const INTERRUPTED = 130
const BLOCK = 64 * 1024
const NEWLINE = 10

const readAsync = promisify(fs.read)

/** Ctrl-C ended a command at a terminal: what follows it in the line is not run. */
export class Interrupted extends Error {}

type Simple = Command & { kind: 'simple' }

/** Runs what the parser understood. */
export class Interpreter {
  private readonly shell: Shell
  /** The status of the last `$(…)`. */
  private substituted = 0

  constructor(shell: Shell) {
    this.shell = shell
  }

  async run(list: List, descriptors: Descriptors): Promise<void> {
    for (const andOr of list) {
      if (andOr.background) await this.background({ ...andOr, background: false }, descriptors)
      else await this.andOr(andOr, descriptors)
    }
  }

  private async andOr({ first, rest }: AndOr, descriptors: Descriptors): Promise<void> {
    await this.pipeline(first, descriptors)
    for (const { operator, pipeline } of rest) {
      if ((this.shell.status === 0) === (operator === '&&')) await this.pipeline(pipeline, descriptors)
    }
  }

  private async pipeline({ negated, commands }: Pipeline, descriptors: Descriptors): Promise<void> {
    const [only, ...others] = commands as [Command]
    const status = others.length === 0 ? (await this.command(only, descriptors)).status : this.connected(commands, descriptors)
    this.shell.status = await status
    if (this.shell.interactive && this.shell.status === INTERRUPTED) throw new Interrupted()
    if (negated) this.shell.status = this.shell.status === 0 ? 1 : 0
  }

  /** All commands of a pipeline run at the same time. The shell closes its ends of the pipes at once: a reader waits until the last writer has gone. */
  private async connected(commands: Command[], descriptors: Descriptors): Promise<number> {
    const pipes = makePipes(commands.length - 1)
    const started: Promise<number>[] = []
    for (const [n, command] of commands.entries()) {
      const ends = [
        [STDIN, pipes[n - 1]?.read],
        [STDOUT, pipes[n]?.write],
      ].filter((end): end is [number, number] => end[1] !== undefined)
      const { status } = await this.apart(command, new Map([...descriptors, ...ends]))
      started.push(status)
      for (const [, fd] of ends) fs.closeSync(fd)
    }
    return (await Promise.all(started)).at(-1) as number
  }

  /** The list goes on without the shell, which keeps the number of its process. Only at a terminal does it share the shell's input. */
  private async background(andOr: AndOr, descriptors: Descriptors): Promise<void> {
    const nothing = fs.openSync('/dev/null', 'r')
    const own = this.shell.interactive ? descriptors : new Map([...descriptors, [STDIN, nothing]])
    const { pid, status } = await this.list([andOr], own, true)
    fs.closeSync(nothing)
    this.shell.lastBackground = String(pid)
    this.shell.jobs.set(String(pid), status)
    this.shell.status = 0
  }

  /** What a list writes, without the newlines at its end. */
  private async substitute(list: List, descriptors: Descriptors): Promise<string> {
    const [{ read, write }] = makePipes(1) as [{ read: number; write: number }]
    const { status } = await this.list(list, new Map([...descriptors, [STDOUT, write]]))
    fs.closeSync(write)
    const pieces: Buffer[] = []
    for (;;) {
      const { bytesRead, buffer } = await readAsync(read, Buffer.allocUnsafe(BLOCK), 0, BLOCK, null)
      if (bytesRead === 0) break
      pieces.push(buffer.subarray(0, bytesRead))
    }
    fs.closeSync(read)
    this.substituted = await status
    const output = Buffer.concat(pieces)
    let end = output.length
    while (output[end - 1] === NEWLINE) end -= 1
    return output.toString('utf8', 0, end)
  }

  /** Starts a list in a process of its own. */
  private async list(list: List, descriptors: Descriptors, background = false): Promise<Started> {
    const [andOr, ...more] = list
    const [command, ...others] = andOr?.first.commands ?? []
    const single = more.length + others.length + (andOr?.rest.length ?? 0) === 0 && !andOr?.first.negated
    if (command && single) return this.apart(command, descriptors, background)
    return startSubshell(this.shell, list, descriptors, background)
  }

  /** Starts a command in a process of its own. A plain program is one by itself; all else needs a shell. */
  private async apart(command: Command, descriptors: Descriptors, background = false): Promise<Started> {
    if (command.kind === 'simple' && isPlainProgram(command)) return this.simple(command, descriptors, background)
    const inside = command.kind === 'simple' ? command : { ...command, kind: 'group' as const }
    const list = [{ first: { negated: false, commands: [inside] }, rest: [], background: false }]
    return startSubshell(this.shell, list, descriptors, background)
  }

  private async command(command: Command, descriptors: Descriptors): Promise<Started> {
    if (command.kind === 'subshell') return this.apart(command, descriptors)
    if (command.kind === 'simple') return this.simple(command, descriptors)
    return this.redirected(command.redirections, descriptors, async (inner) => {
      await this.run(command.list, inner)
      return finished(this.shell.status)
    })
  }

  private async simple(command: Simple, descriptors: Descriptors, background = false): Promise<Started> {
    this.substituted = 0
    const args = await this.expansion(descriptors).all(command.words)
    return this.redirected(command.redirections, descriptors, async (inner) => {
      const { variables } = this.shell
      const before = command.assignments.map(({ name }) => [name, variables.get(name)] as const)
      for (const { name, value } of command.assignments) variables.set(name, await this.expansion(descriptors).text(value))
      const [name] = args
      if (name === undefined) return finished(this.substituted)
      try {
        const builtin = builtins.get(name)
        if (builtin) return finished(await this.builtin(args, inner))
        const names = command.assignments.map((assignment) => assignment.name)
        return start(this.shell, args, inner, this.shell.environment(names), background)
      } finally {
        for (const [assigned, value] of before.reverse()) this.shell.set(assigned, value)
      }
    })
  }

  private async builtin([name = '', ...operands]: string[], descriptors: Descriptors): Promise<number> {
    try {
      return (await builtins.get(name)?.(this.shell, operands, descriptors)) ?? FAILED
    } catch (error) {
      if (error instanceof Exit) throw error
      this.shell.complain(descriptors, `${name}: ${reason(error)}`)
      return FAILED
    }
  }

  private async redirected(
    redirections: Redirection[],
    before: Descriptors,
    work: (descriptors: Descriptors) => Promise<Started>,
  ): Promise<Started> {
    try {
      const { descriptors, close } = await redirect(redirections, before, this.expansion(before))
      return await work(descriptors).finally(close)
    } catch (error) {
      if (!(error instanceof RedirectionFailure)) throw error
      this.shell.complain(before, error.message)
      return finished(FAILED)
    }
  }

  private expansion(descriptors: Descriptors): Expansion {
    return new Expansion(this.shell, (list) => this.substitute(list, descriptors))
  }
}

/** A program's name and words, so that the shell knows before it starts it that nothing of it is its own work. */
function isPlainProgram(command: Simple): boolean {
  if (command.redirections.length > 0) return false
  const name = literal(command.words[0])
  return name !== undefined && !builtins.has(name)
}

const finished = (status: number): Started => ({ pid: undefined, status: Promise.resolve(status) })
