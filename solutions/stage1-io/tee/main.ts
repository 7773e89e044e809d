import fs from 'node:fs'
import { type Complaints, chunks, reason, STDIN, STDOUT, writeAll } from '#lib/io.ts'
import { parseCommandLine } from '#lib/options.ts'
import { runProgram } from '#lib/program.ts'

const USAGE = 'usage: tee [-ai] [FILE]...'

interface Sink {
  name: string
  fd: number
}

function main(args: string[], complaints: Complaints): number {
  const { options, operands } = parseCommandLine(args, 'ai')
  const letters = new Set(options.map((option) => option.name))
  // A signal that somebody listens to no longer ends the program.
  if (letters.has('i')) process.on('SIGINT', () => {})

  let sinks = [{ name: 'standard output', fd: STDOUT }, ...openAll(operands, letters.has('a') ? 'a' : 'w', complaints)]
  try {
    for (const chunk of chunks(STDIN)) {
      sinks = sinks.filter((sink) => give(sink, chunk, complaints))
      if (sinks.length === 0) break
    }
  } catch (error) {
    complaints.add(`standard input: ${reason(error)}`)
  }
  return complaints.status
}

function openAll(names: string[], flags: string, complaints: Complaints): Sink[] {
  return names.flatMap((name) => {
    try {
      return [{ name, fd: fs.openSync(name, flags) }]
    } catch (error) {
      complaints.add(`${name}: ${reason(error)}`)
      return []
    }
  })
}

/** @returns whether the sink can take more. */
function give(sink: Sink, chunk: Buffer, complaints: Complaints): boolean {
  try {
    writeAll(sink.fd, chunk)
    return true
  } catch (error) {
    complaints.add(`${sink.name}: ${reason(error)}`)
    return false
  }
}

runProgram('tee', USAGE, main)
