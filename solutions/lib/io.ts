import fs from 'node:fs'
import util from 'node:util'

export const STDIN = 0
export const STDOUT = 1
export const STDERR = 2
const BLOCK = 64 * 1024
const NEWLINE = 10

/** The status of a program that SIGPIPE ended, as a shell reports it: 128 + 13. */
export const BROKEN_PIPE = 141

/** What the system says of a failed call, in the words of strerror(3): `No such file or directory`. */
export function reason(error: unknown): string {
  if (codeOf(error) === 'EISDIR') return 'Is a directory'
  const errno = (error as NodeJS.ErrnoException).errno
  const text = errno === undefined ? undefined : util.getSystemErrorMap().get(errno)?.[1]
  if (text === undefined) return error instanceof Error ? error.message : String(error)
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

/**
 * read(2) that waits: standard input may be a descriptor that another program set to non-blocking.
 * @returns the number of bytes read, 0 at the end of the file.
 */
export function read(fd: number, buffer: Uint8Array, offset = 0, length = buffer.length - offset): number {
  for (;;) {
    try {
      return fs.readSync(fd, buffer, offset, length, null)
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error
      sleep(1)
    }
  }
}

/** write(2) until all of it is written, at a position of the file or where the descriptor stands. A reader that has gone ends the program, as SIGPIPE would (Node ignores that signal). */
export function writeAll(fd: number, data: Uint8Array, position?: number): void {
  for (let done = 0; done < data.length; ) {
    try {
      done += fs.writeSync(fd, data, done, data.length - done, position === undefined ? null : position + done)
    } catch (error) {
      if (codeOf(error) === 'EPIPE') process.exit(BROKEN_PIPE)
      if (codeOf(error) !== 'EAGAIN') throw error
      sleep(1)
    }
  }
}

/** Does nothing for a while, and keeps no processor busy with it. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/** Where the next read of a descriptor begins; programs that start each other share this place. (Node can not ask lseek(2).) */
export function offsetOf(fd: number): number {
  return Number(/^pos:\s*(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1])
}

/** The bytes of a descriptor as they come. Each chunk is overwritten by the next: copy what must last. */
export function* chunks(fd: number, size = BLOCK): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(size)
  for (let got = read(fd, buffer); got > 0; got = read(fd, buffer)) yield buffer.subarray(0, got)
}

/**
 * The lines of a descriptor, each with its end (the last may have none). Holds one line and one block, however long the input.
 * Lines are copies and may be kept.
 */
export function lines(fd: number, end = NEWLINE): Generator<Buffer> {
  return linesOf(chunks(fd), end)
}

/** The same for bytes that come from elsewhere. */
export function* linesOf(source: Iterable<Buffer>, end = NEWLINE): Generator<Buffer> {
  let parts: Buffer[] = []
  for (const chunk of source) {
    let start = 0
    for (let at = chunk.indexOf(end); at >= 0; at = chunk.indexOf(end, start)) {
      parts.push(Buffer.from(chunk.subarray(start, at + 1)))
      yield parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
      parts = []
      start = at + 1
    }
    if (start < chunk.length) parts.push(Buffer.from(chunk.subarray(start)))
  }
  if (parts.length > 0) yield Buffer.concat(parts)
}

/** Output gathered into blocks: one write(2) for many small pieces. Flush before waiting for input, and at the end. */
export class Output {
  readonly fd: number
  private readonly buffer = Buffer.allocUnsafe(BLOCK)
  private used = 0

  constructor(fd = STDOUT) {
    this.fd = fd
  }

  write(data: string | Uint8Array): void {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    if (this.used + bytes.length > BLOCK) this.flush()
    if (bytes.length > BLOCK) {
      writeAll(this.fd, bytes)
      return
    }
    this.buffer.set(bytes, this.used)
    this.used += bytes.length
  }

  flush(): void {
    writeAll(this.fd, this.buffer.subarray(0, this.used))
    this.used = 0
  }
}

/** A program's errors: each is written to standard error under the program's name, and makes its status what it must be. */
export class Complaints {
  readonly program: string
  status = 0

  constructor(program: string) {
    this.program = program
  }

  add(text: string, status = 1): void {
    writeAll(STDERR, Buffer.from(`${this.program}: ${text}\n`))
    this.status = Math.max(this.status, status)
  }
}
