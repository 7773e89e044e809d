import fs from 'node:fs'
import { type Complaints, chunks, Output, reason, STDIN } from '#lib/io.ts'
import { parseCommandLine } from '#lib/options.ts'
import { runProgram } from '#lib/program.ts'

const USAGE = 'usage: cat [-AbEnsTv] [FILE]...'
const LONG = {
  'show-all': 'A',
  'number-nonblank': 'b',
  'show-ends': 'E',
  number: 'n',
  'squeeze-blank': 's',
  'show-tabs': 'T',
  'show-nonprinting': 'v',
}
const NEWLINE = 10
const TAB = 9

/** What the options ask for; all off means that bytes are copied as they are. */
interface Format {
  number: 'all' | 'nonblank' | 'none'
  squeeze: boolean
  ends: boolean
  tabs: boolean
  nonprinting: boolean
}

function formatOf(letters: Set<string>): Format {
  const all = letters.has('A')
  // -b wins over -n wherever it stands.
  const number = letters.has('b') ? 'nonblank' : letters.has('n') ? 'all' : 'none'
  return {
    number,
    squeeze: letters.has('s'),
    ends: all || letters.has('E'),
    tabs: all || letters.has('T'),
    nonprinting: all || letters.has('v'),
  }
}

/** The spelling of each byte but newline, worked out once: the inner loop is then a table look-up. */
function spellings(format: Format): Buffer[] {
  return Array.from({ length: 256 }, (_, byte) => {
    if (byte === TAB) return Buffer.from(format.tabs ? '^I' : '\t')
    return format.nonprinting ? Buffer.from(caret(byte)) : Buffer.from([byte])
  })
}

/** `^C` for a control character, `M-x` for a byte with the high bit set, as cat -v has it since 4BSD. */
function caret(byte: number): string {
  if (byte >= 128) return `M-${caret(byte - 128)}`
  if (byte === 127) return '^?'
  return byte < 32 ? `^${String.fromCharCode(byte + 64)}` : String.fromCharCode(byte)
}

/** Rewrites a stream byte by byte. The line number, and what the last line was, live on from one file to the next. */
class Formatter {
  private readonly format: Format
  private readonly out: Output
  private readonly spelling: Buffer[]
  private line = 0
  private atLineStart = true
  private blankLines = 0

  constructor(format: Format, out: Output) {
    this.format = format
    this.out = out
    this.spelling = spellings(format)
  }

  write(chunk: Buffer): void {
    for (const byte of chunk) {
      if (byte === NEWLINE) this.newline()
      else this.character(byte)
    }
  }

  private character(byte: number): void {
    if (this.atLineStart && this.format.number !== 'none') this.putNumber()
    this.atLineStart = false
    this.blankLines = 0
    this.out.write(this.spelling[byte] as Buffer)
  }

  private newline(): void {
    if (this.atLineStart) {
      this.blankLines += 1
      if (this.format.squeeze && this.blankLines > 1) return
      if (this.format.number === 'all') this.putNumber()
    }
    this.out.write(this.format.ends ? '$\n' : '\n')
    this.atLineStart = true
  }

  private putNumber(): void {
    this.line += 1
    this.out.write(`${String(this.line).padStart(6)}\t`)
  }
}

/** Copying a file onto itself would never end: each byte written is one more to read. */
function isOutput(stat: fs.Stats, output: fs.Stats): boolean {
  return output.isFile() && stat.ino === output.ino && stat.dev === output.dev && stat.size > 0
}

function main(args: string[], complaints: Complaints): number {
  const { options, operands } = parseCommandLine(args, 'AbeEnstTuv', LONG)
  const letters = new Set(options.map((option) => option.name))
  if (letters.has('e')) for (const letter of 'vE') letters.add(letter)
  if (letters.has('t')) for (const letter of 'vT') letters.add(letter)

  const format = formatOf(letters)
  const plain = format.number === 'none' && !format.squeeze && !format.ends && !format.tabs && !format.nonprinting
  const out = new Output()
  const formatter = new Formatter(format, out)
  const output = fs.fstatSync(out.fd)

  for (const name of operands.length > 0 ? operands : ['-']) {
    let fd: number | undefined
    try {
      fd = name === '-' ? STDIN : fs.openSync(name, 'r')
      if (isOutput(fs.fstatSync(fd), output)) {
        complaints.add(`${name}: input file is output file`)
        continue
      }
      for (const chunk of chunks(fd)) {
        if (plain) out.write(chunk)
        else formatter.write(chunk)
        // Whoever feeds a pipe slowly wants to see each piece now, not when a block is full.
        out.flush()
      }
    } catch (error) {
      complaints.add(`${name}: ${reason(error)}`)
    } finally {
      if (fd !== undefined && fd !== STDIN) fs.closeSync(fd)
    }
  }
  return complaints.status
}

runProgram('cat', USAGE, main)
