import fs from 'node:fs'
import tty from 'node:tty'
import { reason, STDIN } from '#lib/io.ts'
import { readLine } from './input.ts'
import { Interpreter } from './interpreter.ts'
import { Parser } from './parser.ts'
import { receiveMessage } from './processes.ts'
import { beginning, type Descriptors, Exit, Shell } from './shell.ts'
import { SyntaxFailure, Unfinished } from './syntax.ts'
import { converse } from './terminal.ts'

const WRONG_SYNTAX = 2
const NOT_FOUND = 127
const OWN: Descriptors = new Map([0, 1, 2].map((fd) => [fd, fd]))

/** Runs a script that is there as a whole, line by line: a mistake stops it only where it is. */
async function runText(shell: Shell, text: string): Promise<void> {
  const interpreter = new Interpreter(shell)
  const parser = new Parser(text)
  for (let list = parser.line(); list; list = parser.line()) await interpreter.run(list, OWN)
}

/** Runs the script on standard input. What a line has to say is done before the next one is read, for the commands read from there, too. */
async function runInput(shell: Shell): Promise<void> {
  let text = ''
  for (let line = await readLine(STDIN); line !== ''; line = await readLine(STDIN)) {
    text += line
    try {
      await runText(shell, text)
      text = ''
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error
    }
  }
  await runText(shell, text)
}

async function main(args: string[]): Promise<number> {
  const message = receiveMessage()
  if (message) {
    const shell = new Shell(message.state)
    return finish(shell, new Interpreter(shell).run(message.list, new Map(message.descriptors.map((fd) => [fd, fd]))))
  }
  const [first, script = '', ...more] = args
  if (first === '-c') {
    const shell = new Shell(beginning(more.length > 0 ? more : ['shell']))
    return finish(shell, runText(shell, script))
  }
  const shell = new Shell(beginning(first === undefined ? ['shell'] : args))
  if (first !== undefined) {
    try {
      return finish(shell, runText(shell, fs.readFileSync(first, 'utf8')))
    } catch (error) {
      shell.complain(OWN, `${first}: ${reason(error)}`)
      return NOT_FOUND
    }
  }
  return finish(shell, tty.isatty(STDIN) ? converse(shell, OWN) : runInput(shell))
}

/** The status with which a shell ends. */
async function finish(shell: Shell, work: Promise<void>): Promise<number> {
  try {
    await work
    return shell.status
  } catch (error) {
    if (error instanceof Exit) return error.status
    if (!(error instanceof SyntaxFailure)) throw error
    shell.complain(OWN, `syntax error: ${error.message}`)
    return WRONG_SYNTAX
  }
}

process.exit(await main(process.argv.slice(2)))
