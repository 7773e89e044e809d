import { spawnSync } from 'node:child_process'
import type { Terminal } from '@xterm/headless'
import { visible } from '../engine/difference.ts'
import { Failure, Skipped } from '../engine/failure.ts'
import { which } from './containment.ts'
import { describeStatus } from './explain.ts'
import type { Live } from './live.ts'
import { descendants } from './process-table.ts'
import type { Run } from './run.ts'
import { commandLine, type Transcript } from './transcript.ts'

export interface Size {
  columns: number
  rows: number
}

const WITHIN = 15_000
const USUAL: Size = { columns: 80, rows: 24 }

/** Keys by name, as a terminal sends them (xterm's control sequences). Others are typed as they are. */
const KEYS: Record<string, string> = {
  Enter: '\r',
  Tab: '\t',
  Backspace: '\x7f',
  Escape: '\x1b',
  Up: '\x1b[A',
  Down: '\x1b[B',
  Right: '\x1b[C',
  Left: '\x1b[D',
  Home: '\x1b[H',
  End: '\x1b[F',
  Delete: '\x1b[3~',
}

/** The words that run a command on a pseudo-terminal of its own, as leader of its session (with script(1), which loses nothing of the output's end). */
export function onTerminal(command: string[], { columns, rows }: Size = USUAL): string[] {
  const script = which('script')
  if (!script) throw new Skipped('script, which lends terminals (Debian package bsdutils)')
  return [script, '-qec', `stty rows ${rows} cols ${columns}; exec ${commandLine(command)}`, '/dev/null']
}

/** A program on a terminal: what is typed goes in, what it shows is a screen. */
export class TerminalSession {
  readonly live: Live
  private readonly transcript: Transcript
  private readonly screen: Terminal
  private parsed: Promise<void> = Promise.resolve()
  /** All that was written to the terminal, control sequences included. */
  output = ''

  constructor(live: Live, transcript: Transcript, screen: Terminal) {
    this.live = live
    this.transcript = transcript
    this.screen = screen
  }

  /** Takes in a piece of its output. */
  take(piece: Buffer): void {
    this.output += piece.toString('latin1')
    this.parsed = new Promise((resolve) => this.screen.write(piece, resolve))
  }

  /** Types text, as if on the keyboard. */
  type(text: string): void {
    this.transcript.note(`typed: ${visible(text)}`)
    this.live.process.write(text)
  }

  /** Types a line and Enter. */
  enter(line: string): void {
    this.type(`${line}\r`)
  }

  /** Presses keys: `Enter`, `Up`, `C-c` for Ctrl-C, `M-b` for Alt-B. */
  press(...names: string[]): void {
    this.transcript.note(`pressed: ${names.join(' ')}`)
    for (const name of names) {
      const [, kind, letter = ''] = /^([CM])-(.)$/.exec(name) ?? []
      const bytes =
        kind === 'C' ? String.fromCharCode(letter.toUpperCase().charCodeAt(0) & 31) : kind === 'M' ? `\x1b${letter}` : KEYS[name]
      if (bytes === undefined) throw new Error(`there is no key ${name}`)
      this.live.process.write(bytes)
    }
  }

  /** The lines of the screen, without the blanks at their ends. */
  lines(): string[] {
    const { active } = this.screen.buffer
    return Array.from({ length: this.screen.rows }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '')
  }

  /** All that is on the screen and was scrolled out of it, lines that were wrapped put together again. */
  text(): string {
    const { active } = this.screen.buffer
    let text = ''
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row)
      text += `${line?.isWrapped || row === 0 ? '' : '\n'}${line?.translateToString(true) ?? ''}`
    }
    return text.trimEnd()
  }

  /** Where the cursor is, both from 0. */
  cursor(): { row: number; column: number } {
    const { cursorX, cursorY } = this.screen.buffer.active
    return { row: cursorY, column: cursorX }
  }

  /** Waits until a condition is true of the screen. @returns false when the program ended or the time ran out first. */
  async until(condition: () => boolean, within = WITHIN): Promise<boolean> {
    const deadline = performance.now() + within * this.live.patience
    for (;;) {
      await this.parsed
      if (condition()) return true
      const left = deadline - performance.now()
      if (left <= 0) return false
      const size = this.output.length
      await this.live.until(() => this.output.length > size, Math.min(left, 50) / this.live.patience)
      if (this.live.process.ended && this.output.length === size) return condition()
    }
  }

  /**
   * Waits until this stands somewhere in what the terminal shows or has shown. (Blanks at the end of a line can not be seen.)
   * @throws {Failure} it does not come.
   */
  async shows(expected: string | RegExp, why = ''): Promise<void> {
    const found = await this.until(() =>
      typeof expected === 'string' ? this.text().includes(expected.trimEnd()) : expected.test(this.text()),
    )
    if (!found) throw this.notShown(typeof expected === 'string' ? expected : `something that matches ${expected}`, why)
  }

  /** A failure that shows the screen. */
  notShown(expected: string, why = ''): Failure {
    const state = this.live.process.ended ? 'The program has ended.' : 'It is still running.'
    const lines = this.text().split('\n').slice(-12)
    return new Failure(`The terminal does not show what it must. ${state} ${why}`.trim(), {
      expected,
      actual: lines.join('\n') || '(an empty screen)',
    })
  }

  /** Makes the window larger or smaller; the program gets SIGWINCH. */
  resize({ columns, rows }: Size): void {
    this.transcript.note(`the window becomes ${columns} columns wide and ${rows} rows high`)
    this.screen.resize(columns, rows)
    const done = spawnSync('stty', ['-F', `/proc/${this.program()}/fd/0`, 'rows', String(rows), 'cols', String(columns)])
    if (done.status !== 0) throw new Error(`stty failed: ${done.stderr}`)
  }

  /** The program's own process: what `script` runs. */
  program(): number {
    const script = this.live.process.program()
    const [program] = script === undefined ? [] : descendants(script)
    if (program === undefined)
      throw new Failure('The program has ended, but the terminal is still needed.', { actual: this.text() })
    return program
  }

  /** The terminal goes away, as when its window is closed: SIGHUP. */
  hangUp(): void {
    this.transcript.note('the window is closed (SIGHUP)')
    this.live.signal('SIGKILL')
  }

  /** Waits for its end. */
  async end(): Promise<Run> {
    const ended = await this.until(() => this.live.process.ended)
    if (!ended) throw this.notShown('the program ends')
    return this.live.end()
  }

  /** Waits for its end, with this status. */
  async endsWith(status: number, why = ''): Promise<Run> {
    const run = await this.end()
    if (run.status === status) return run
    throw new Failure(`It ended with another status than it must. ${why}`.trim(), {
      expected: `status ${describeStatus(status)}`,
      actual: `status ${describeStatus(run.status)}\n${this.text().split('\n').slice(-6).join('\n')}`,
    })
  }
}

/** The model of a screen: xterm without a window. */
export async function openScreen({ columns, rows }: Size = USUAL): Promise<Terminal> {
  const xterm = await import('@xterm/headless')
  // Node names what a CommonJS module exports `default`, tsx does not.
  const { Terminal } = xterm.default ?? xterm
  return new Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true })
}
