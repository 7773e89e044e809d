import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { Skipped } from '../engine/failure.ts'
import { which } from './containment.ts'
import { MARK } from './process.ts'

const WITHIN = 8000
const END = '\x1e'

/** A terminal to be given to a program as its standard input or output: `{ stdout: { file: terminal.name } }`. */
export class Terminal {
  /** The device, such as /dev/pts/7. */
  readonly name: string
  private readonly keeper: ChildProcess
  private shown = ''
  private fd: number | undefined
  /** How often it was asked for its output: so many signs must have come. */
  private asked = 0

  constructor(keeper: ChildProcess, name: string) {
    this.keeper = keeper
    this.name = name
    keeper.stdout?.on('data', (piece) => {
      this.shown += piece
    })
  }

  close(): void {
    if (this.fd !== undefined) fs.closeSync(this.fd)
    this.keeper.kill('SIGKILL')
  }

  /** Types, as if on its keyboard. */
  type(text: string): void {
    this.keeper.stdin?.write(text)
  }

  /** For standard input: `{ stdin: terminal.input() }`. It stays open, to be read by one program after the other. */
  input(): { file: string; fd: number } {
    this.fd ??= fs.openSync(this.name, fs.constants.O_RDONLY | fs.constants.O_NOCTTY)
    return { file: this.name, fd: this.fd }
  }

  /** All that was written to it by now. (Of a sign that is written after it everything before has come when it comes.) */
  async output(): Promise<string> {
    const fd = fs.openSync(this.name, fs.constants.O_WRONLY | fs.constants.O_NOCTTY)
    fs.writeSync(fd, END)
    fs.closeSync(fd)
    const deadline = performance.now() + WITHIN
    this.asked += 1
    while (this.shown.split(END).length <= this.asked) {
      if (performance.now() > deadline) throw new Error('the terminal shows nothing')
      await Promise.race([once(this.keeper.stdout as NodeJS.ReadableStream, 'data'), new Promise((done) => setTimeout(done, 50))])
    }
    return this.shown.replaceAll(END, '')
  }
}

/** Lends a terminal of a width, for as long as the work takes. It neither echoes nor translates newlines. */
export async function withTerminal(columns: number, work: (terminal: Terminal) => Promise<void>): Promise<void> {
  if (!which('script')) throw new Skipped('script, which lends terminals (Debian package bsdutils)')
  const command = `stty cols ${columns} rows 24 -onlcr -echo; tty; exec sleep 600`
  const keeper = spawn('script', ['-qec', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, SHELL: '/bin/sh', [MARK]: `${process.pid}-terminal` },
  })
  let greeting = ''
  while (!greeting.includes('\n')) greeting += (await once(keeper.stdout as NodeJS.ReadableStream, 'data'))[0]
  const terminal = new Terminal(keeper, greeting.trim())
  try {
    await work(terminal)
  } finally {
    terminal.close()
  }
}
