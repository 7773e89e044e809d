import { parseSize } from '#lib/counts.ts'
import { Headers, modernise, type Unit, wantsHeaders } from '#lib/ends.ts'
import { type Complaints, Output, sleep } from '#lib/io.ts'
import { parseCommandLine } from '#lib/options.ts'
import { runProgram } from '#lib/program.ts'
import { Source } from './source.ts'

const USAGE = 'usage: tail [-fFqv] [-n [+]COUNT | -c [+]COUNT] [FILE]...'
const POLL_MS = 100

/** Which part to print: the last `count` units, or everything from unit number `count` on. */
interface Part {
  unit: Unit
  count: number
  fromStart: boolean
}

function partOf(unit: Unit, text: string): Part {
  const fromStart = text.startsWith('+')
  return { unit, count: parseSize(text.replace(/^[+-]/, ''), unit), fromStart }
}

function main(args: string[], complaints: Complaints): number {
  const { options, operands } = parseCommandLine(modernise(args), 'c:fFn:qv')
  let part: Part = { unit: 'lines', count: 10, fromStart: false }
  for (const { name, value } of options) {
    if (name === 'n') part = partOf('lines', value)
    if (name === 'c') part = partOf('bytes', value)
  }
  const letters = options.map((option) => option.name)
  const files = operands.length > 0 ? operands : ['-']
  const out = new Output()
  const headers = new Headers(out, wantsHeaders(letters, files.length))
  const sources = files.map((name) => new Source(name, complaints))

  for (const source of sources) {
    try {
      source.open()
      headers.put(source.name)
      const wanted = part.fromStart ? source.from(part.unit, part.count) : source.last(part.unit, part.count)
      for (const bytes of wanted) out.write(bytes)
    } catch (error) {
      source.fail(error)
    }
    out.flush()
  }
  const byName = letters.includes('F')
  if (byName || letters.includes('f')) follow(sources, byName, out, headers)
  return complaints.status
}

/** Prints what is added to the files, for ever; without -F, only as long as there is a file to watch. */
function follow(sources: Source[], byName: boolean, out: Output, headers: Headers): void {
  const watched = sources.filter((source) => byName || source.canGrow)
  let last = sources.at(-1)
  while (watched.length > 0) {
    for (const source of watched) {
      for (const bytes of source.news(byName)) {
        if (source !== last) headers.put(source.name)
        last = source
        out.write(bytes)
      }
      out.flush()
    }
    sleep(POLL_MS)
  }
}

runProgram('tail', USAGE, main)
