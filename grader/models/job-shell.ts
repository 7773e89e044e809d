import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { Failure, type Kit } from '../programs/kit.ts'
import { descendants, send, usageOf } from '../programs/process-table.ts'
import type { RunOptions } from '../programs/program.ts'
import type { Size, TerminalSession } from '../programs/pty.ts'
import type { Run } from '../programs/run.ts'
import type { Scratch } from '../programs/scratch.ts'

/** What the kernel knows of a process, as /proc/PID/stat tells it. */
export interface Facts {
  pid: number
  /** `R`, `S`, `T` (stopped), `Z` (a zombie) … */
  state: string
  parent: number
  group: number
  session: number
  /** The group that has the terminal of this process. */
  foreground: number
}

function factsOf(pid: number): Facts | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state = '', ...numbers] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [parent = 0, group = 0, session = 0, , foreground = 0] = numbers.map(Number)
    return { pid, state, parent, group, session, foreground }
  } catch {
    return undefined
  }
}

/** What stands in a file of /proc/PID, where zeros divide it. */
function partsOf(pid: number, file: string): string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, 'latin1').split('\0')
  } catch {
    return []
  }
}

const commandOf = (pid: number) => partsOf(pid, 'cmdline').join(' ').trim()

/** Its id as it is seen where it runs, which may be a namespace of its own. */
export function pidWithin(process: Facts | undefined): number | undefined {
  const ids = process && /^NSpid:\s*(.*)$/m.exec(fs.readFileSync(`/proc/${process.pid}/status`, 'latin1'))?.[1]
  return ids === undefined ? process?.pid : Number(ids.split(/\s+/).at(-1))
}

/** Descriptors up to this one the watcher keeps for itself. */
const WATCHERS = 4
const PRIME = 7919
const LATE = 1000
const OWN_PROMPT = '$ '
const WITHIN = 20_000
/** Wide enough for every line that is typed to stay on one row. */
const WIDE: Size = { columns: 160, rows: 40 }

export interface ShellOptions extends RunOptions {
  size?: Size
}

/** The submission as a shell on a terminal, with a prompt that nobody could guess. */
export class Shell {
  readonly terminal: TerminalSession
  prompt: string

  private constructor(terminal: TerminalSession, prompt: string) {
    this.terminal = terminal
    this.prompt = prompt
  }

  /** Starts it and waits for its prompt. */
  static async open({ program, random }: Kit, { env, ...options }: ShellOptions = {}): Promise<Shell> {
    // The # is for mksh, which gives root no prompt without one.
    const prompt = `${random.word()}# `
    const shell = new Shell(await program.terminal([], { size: WIDE, ...options, env: { PS1: prompt, ...env } }), prompt)
    await shell.terminal.until(() => shell.ready(1) || shell.showsOwnPrompt(), WITHIN)
    if (shell.showsOwnPrompt()) shell.prompt = OWN_PROMPT
    await shell.isReady('It starts, shows the value of PS1, and waits for a line.')
    return shell
  }

  /** The prompt of a shell that was given none: a run.sh that bash runs, or a launcher of the language, may have lost PS1 on the way. */
  private showsOwnPrompt(): boolean {
    const lost = () => !partsOf(this.pid, 'environ').some((setting) => setting.startsWith('PS1='))
    return this.lastLine() === OWN_PROMPT.trimEnd() && lost()
  }

  private lastLine(): string | undefined {
    return this.terminal.text().split('\n').at(-1)
  }

  /** Its own process. */
  get pid(): number {
    return this.terminal.program()
  }

  /** Waits until the last line of the screen is the bare prompt. */
  async isReady(why = '', prompts = 1): Promise<void> {
    if (await this.terminal.until(() => this.ready(prompts), WITHIN)) return
    throw this.terminal.notShown(`${this.prompt} at the end, with nothing behind it`, why)
  }

  private ready(prompts: number): boolean {
    return this.lastLine() === this.prompt.trimEnd() && this.countPrompts() >= prompts
  }

  private countPrompts(): number {
    return this.terminal
      .text()
      .split('\n')
      .filter((line) => line.startsWith(this.prompt.trimEnd())).length
  }

  /** Types a line and waits until the prompt has come back. @returns what came in between. */
  async run(line: string, why = 'The prompt has to come back when the command is over.'): Promise<string> {
    const had = this.countPrompts()
    const lines = this.terminal.text().split('\n').length
    this.terminal.enter(line)
    await this.isReady(why, had + 1)
    return this.terminal.text().split('\n').slice(lines, -1).join('\n')
  }

  /** Presses keys, and waits for a prompt that was not there before. */
  async pressAndReady(keys: string[], why: string): Promise<void> {
    const had = this.countPrompts()
    this.terminal.press(...keys)
    await this.isReady(why, had + 1)
  }

  /** Types a line that starts a program in the foreground, and waits until that (by its command line) is at work. */
  async starts(line: string, ...commands: string[]): Promise<Facts[]> {
    this.terminal.enter(line)
    const job = await this.processes(...commands)
    // Whoever hands the terminal over late may still be about to do it.
    await this.terminal.until(() => this.foreground() === job[0]?.group, LATE)
    return job
  }

  /** Runs a line whose output must be this, a line of its own. */
  async prints(line: string, expected: string | RegExp, why = ''): Promise<void> {
    const output = await this.run(line)
    const lines = output.split('\n').map((one) => one.trimEnd())
    const right = typeof expected === 'string' ? lines.join('\n') === expected : expected.test(output)
    if (right) return
    throw new Failure(`What came of \`${line}\` on the terminal is wrong. ${why}`.trim(), {
      expected: typeof expected === 'string' ? expected : `something that matches ${expected}`,
      actual: output || '(nothing)',
    })
  }

  /** All processes below the shell, by their command line. */
  private below(command: string): Facts | undefined {
    const pid = descendants(this.pid).find((one) => commandOf(one).endsWith(command) && one !== this.pid)
    return pid === undefined ? undefined : factsOf(pid)
  }

  /** Waits until these programs run below the shell. */
  async processes(...commands: string[]): Promise<Facts[]> {
    const all = () => commands.map((command) => this.below(command))
    await this.becomes(
      () => all().every(Boolean),
      () => `\`${commands.join('`, `')}\` should be running by now.`,
      () => `running: ${descendants(this.pid).map(commandOf).join(', ') || '(nothing)'}`,
    )
    return all().filter((one) => one !== undefined)
  }

  /** Waits for a condition that is not about the screen. */
  async becomes(condition: () => boolean, message: () => string, actual: () => string = () => ''): Promise<void> {
    if (await this.terminal.until(condition)) return
    throw new Failure(`${message()} ${this.terminal.live.process.ended ? 'The shell has ended.' : ''}`.trim(), {
      actual: `${actual()}\non the terminal:\n${this.terminal.text().split('\n').slice(-8).join('\n')}`.trim(),
    })
  }

  /** Waits until all of these are in a state (`T`: stopped), or, with `gone`, no longer there or no more than a zombie. */
  async become(wanted: 'stopped' | 'running' | 'gone', those: Facts[], why: string): Promise<void> {
    const is = ({ pid }: Facts) => {
      const ended = Shell.hasEnded(pid)
      return wanted === 'gone' ? ended : !ended && (factsOf(pid)?.state === 'T') === (wanted === 'stopped')
    }
    await this.becomes(
      () => those.every(is),
      () => `The job should be ${wanted} now: ${those.length} ${those.length === 1 ? 'process' : 'processes'}. ${why}`,
      () => those.map(({ pid }) => `${commandOf(pid) || `process ${pid}`}: state ${factsOf(pid)?.state ?? 'gone'}`).join('\n'),
    )
  }

  /** The group that has the terminal. */
  foreground(): number {
    return factsOf(this.pid)?.foreground ?? 0
  }

  /** Waits until the terminal belongs to a group. */
  async terminalBelongsTo(group: number, whose: string, why: string): Promise<void> {
    await this.becomes(
      () => this.foreground() === group,
      () => `The terminal does not belong to ${whose}. ${why}`,
      () =>
        `the terminal belongs to group ${this.foreground()}; ${whose} is in group ${group}, the shell in ${this.facts().group}`,
    )
  }

  /** Of the shell itself. */
  facts(): Facts {
    const facts = factsOf(this.pid)
    if (!facts) throw new Failure('The shell has ended, but it is still needed.', { actual: this.terminal.text() })
    return facts
  }

  /** Descriptors that are not from the shell, but from those that started it. */
  inherited(): string[] {
    const fds = fs.readdirSync(`/proc/${watcherOf(this)}/fd`)
    return fds.filter((fd) => Number(fd) > WATCHERS)
  }

  children(): Facts[] {
    return descendants(this.pid).flatMap((pid) => factsOf(pid) ?? [])
  }

  static hasEnded(pid: number): boolean {
    const state = factsOf(pid)?.state
    return state === undefined || state === 'Z'
  }

  /** Its resident memory, in bytes. */
  memory(): number {
    return usageOf([this.pid]).resident
  }

  /** Children that have ended and that nobody waited for. */
  zombies(): number {
    return this.children().filter(({ state }) => state === 'Z').length
  }

  /** How often this stands in what the terminal shows or has shown. */
  countOf(text: string): number {
    return this.terminal.text().split(text).length - 1
  }

  /** Waits until this stands so many times in what the terminal shows or has shown. */
  async shows(expected: RegExp | string, why: string, times = 1, within = WITHIN): Promise<void> {
    const text = typeof expected === 'string' ? expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : expected.source
    const all = new RegExp(text, `${typeof expected === 'string' ? '' : expected.flags}g`)
    if (await this.terminal.until(() => [...this.terminal.text().matchAll(all)].length >= times, within)) return
    throw this.terminal.notShown(typeof expected === 'string' ? expected : `something that matches ${expected}`, why)
  }

  /** The modes of the terminal, as stty tells them from outside. */
  modes(): string {
    return spawnSync('stty', ['-F', `/proc/${this.pid}/fd/0`, '-a'], { encoding: 'utf8' }).stdout
  }

  /** `exit`, and its end with this status. */
  async exit(status: number, why = ''): Promise<Run> {
    this.terminal.enter(`exit ${status}`)
    return this.terminal.endsWith(status, why)
  }
}

/** A line of `jobs`, in the words of POSIX or in those of bash. */
export function jobLine(
  number: number,
  state: 'Running' | 'Stopped' | 'Done' | 'Terminated',
  command: string,
  mark = '[-+ ]?',
): RegExp {
  const words = { Running: 'Running', Stopped: '(?:Stopped|Suspended)', Done: 'Done', Terminated: 'Terminated' }[state]
  // mksh puts a backslash before the names of programs, and some terminals show the key that stopped the job in the same row.
  const written = command.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/(^|\| )/g, '$1\\\\?')
  return new RegExp(`^(?:\\^Z)?\\[${number}\\] ?${mark} *${words}(?: ?\\([^)]*\\))? +${written}(?: &)?\\s*$`, 'mi')
}

/** A program that sleeps for so long that it can be told from all others. */
export function sleeper({ random }: Kit): string {
  return `sleep ${random.int(3000, 9999)}.${random.int(100, 999)}`
}

/** A folder of empty files: `prefix-0`, `prefix-1` and so on, made in no order. */
export function manyFiles(scratch: Scratch, folder: string, count: number, prefix: string): void {
  scratch.folder(folder)
  for (let n = 0; n < count; n++) fs.writeFileSync(scratch.path(`${folder}/${prefix}-${(n * PRIME) % count}`), '')
}

/** From now on the end of the terminal ends nothing but what it ends by itself, until the check is over: what watches the shell from above is halted. */
export function heldOpen(shell: Shell, { onClose }: Kit): void {
  const watcher = watcherOf(shell)
  send(watcher, 'SIGSTOP')
  onClose(() => {
    send(watcher, 'SIGCONT')
  })
}

/** What started `script`, which lends the terminal. */
function watcherOf(shell: Shell): number {
  return factsOf(shell.facts().parent)?.parent ?? shell.pid
}
