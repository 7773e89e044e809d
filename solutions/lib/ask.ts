import { read, STDERR, STDIN, writeAll } from './io.ts'

const NEWLINE = 10

/** Asks on standard error and reads one line from standard input, no further: the next question needs the next line. Only y or Y is yes. */
export function confirm(question: string): boolean {
  writeAll(STDERR, Buffer.from(question))
  const byte = Buffer.alloc(1)
  let answer = ''
  while (read(STDIN, byte) > 0 && byte[0] !== NEWLINE) answer += byte.toString('latin1')
  return /^y/i.test(answer)
}
