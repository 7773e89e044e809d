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

  constructor(keeper: ChildProcess, name: string) {
    this.keeper = keeper
    this.name = name
    keeper.stdout?.on('data', (piece) => {
      this.shown += piece
    })
  }

  /** Types, as if on its keyboard. */
  type(text: string): void {
    this.keeper.stdin?.write(text)
  }

  /** All that was written to it by now. (Of a sign that is written after it everything before has come when it comes.) */
  async output(): Promise<string> {
    fs.writeFileSync(this.name, END)
    const deadline = performance.now() + WITHIN
    while (!this.shown.endsWith(END)) {
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
  try {
    let greeting = ''
    while (!greeting.includes('\n')) greeting += (await once(keeper.stdout as NodeJS.ReadableStream, 'data'))[0]
    await work(new Terminal(keeper, greeting.trim()))
  } finally {
    keeper.kill('SIGKILL')
  }
}
