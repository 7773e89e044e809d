import fs from 'node:fs'
import readline from 'node:readline'
import { parseArgs } from 'node:util'
import { reason } from '#lib/io.ts'
import { FatalError, runProgram } from '#lib/program.ts'
import { Halt, Machine, MEMORY, PROGRAM_START, QUIRKS, type Quirk } from './machine.ts'
import { answerer } from './session.ts'

const USAGE = 'usage: chip8 [--quirks LIST] [--speed N] [--frames N ROM]'

function readOptions(args: string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({ args, options: { quirks: text, speed: text, frames: text }, allowPositionals: true })
  } catch (error) {
    throw new FatalError(`${(error as Error).message.split('\n')[0]} (${USAGE})`)
  }
}

function quirksIn(list: string): Set<Quirk> {
  const names = list.split(',').filter(Boolean)
  const wrong = names.find((name) => !(QUIRKS as readonly string[]).includes(name))
  if (wrong !== undefined) throw new FatalError(`unknown quirk ${wrong}; there are ${QUIRKS.join(', ')} (${USAGE})`)
  return new Set(names as Quirk[])
}

function count(text: string, name: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new FatalError(`--${name} wants a whole number, 1 or more, not ${text} (${USAGE})`)
  return Number(text)
}

/** Runs a program without anybody at the keys, and prints the screen. */
function show(file: string, quirks: Set<Quirk>, frames: number, speed: number): void {
  const rom = fs.readFileSync(file)
  if (rom.length > MEMORY - PROGRAM_START) throw new FatalError(`${file}: too large for the memory`)
  const machine = new Machine(quirks, rom)
  try {
    for (let frame = 0; frame < frames; frame++) {
      for (let n = 0; n < speed; n++) machine.step()
      machine.tick()
    }
  } catch (error) {
    if (!(error instanceof Halt)) throw error
    throw new FatalError(`${file}: ${error.message} at ${machine.counter.toString(16)}`)
  }
  process.stdout.write(`${machine.screen.rows().join('\n')}\n`)
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readOptions(args)
  const quirks = quirksIn(values.quirks ?? '')
  const speed = count(values.speed ?? '10', 'speed')
  if (values.frames !== undefined) {
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new FatalError(`--frames wants one file (${USAGE})`)
    try {
      show(file, quirks, count(values.frames, 'frames'), speed)
    } catch (error) {
      throw error instanceof FatalError ? error : new FatalError(`${file}: ${reason(error)}`)
    }
    return 0
  }
  if (positionals.length > 0) throw new FatalError(`unexpected argument ${positionals[0]} (${USAGE})`)
  const answer = answerer(quirks, speed)
  for await (const request of readline.createInterface({ input: process.stdin })) process.stdout.write(`${answer(request)}\n`)
  return 0
}

runProgram('chip8', USAGE, main, { usageStatus: 2 })
