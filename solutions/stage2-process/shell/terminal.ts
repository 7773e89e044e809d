import { STDERR, STDIN, writeAll } from '#lib/io.ts'
import { readLine } from './input.ts'
import { Interpreter, Interrupted } from './interpreter.ts'
import { Parser } from './parser.ts'
import type { Descriptors, Shell } from './shell.ts'
import { SyntaxFailure, Unfinished } from './syntax.ts'

const WRONG_SYNTAX = 2
const INTERRUPTED = 130

/** Talks with somebody at a terminal: a prompt, a line, what comes of it, and so on until there are no more lines. */
export async function converse(shell: Shell, descriptors: Descriptors): Promise<void> {
  const interpreter = new Interpreter(shell)
  const keyboard = new Keyboard()
  shell.interactive = true
  let text = ''
  for (;;) {
    const prompt = text === '' ? (shell.value('PS1') ?? '$ ') : (shell.value('PS2') ?? '> ')
    writeAll(STDERR, Buffer.from(prompt))
    try {
      const line = await keyboard.line()
      if (line === '') return
      text += line
      for (const list of understand(text)) await interpreter.run(list, descriptors)
    } catch (error) {
      if (error instanceof Unfinished) continue
      if (error instanceof SyntaxFailure) {
        shell.complain(descriptors, `syntax error: ${error.message}`)
        shell.status = WRONG_SYNTAX
      } else if (error instanceof Interrupted) {
        writeAll(STDERR, Buffer.from('\n'))
        shell.status = INTERRUPTED
      } else throw error
    }
    text = ''
  }
}

function* understand(text: string) {
  const parser = new Parser(text)
  for (let list = parser.line(); list; list = parser.line()) yield list
}

/** The lines that are typed. Ctrl-C does not end the shell: it throws away what was typed so far. */
class Keyboard {
  private reading: Promise<string> | undefined
  private interrupt = () => {}

  constructor() {
    process.on('SIGINT', () => this.interrupt())
  }

  /** @throws {Interrupted} Ctrl-C was pressed. The line that is being read then is the next one. */
  async line(): Promise<string> {
    const interrupted = new Promise<never>((_, reject) => {
      this.interrupt = () => reject(new Interrupted())
    })
    this.reading ??= readLine(STDIN)
    const line = await Promise.race([this.reading, interrupted]).finally(() => {
      this.interrupt = () => {}
    })
    this.reading = undefined
    return line
  }
}
