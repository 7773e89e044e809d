/**
 * RESP2, the protocol of Redis. Bytes are characters of latin1 throughout the program: a string of n characters is n bytes, and none is changed on its way.
 */
const CRLF = '\r\n'
const LONGEST_BULK = 512 * 1024 * 1024
const MOST_WORDS = 1024 * 1024
const LONGEST_LINE = 64 * 1024

/** What came is no command; the connection can not go on, since nobody knows where the next one begins. */
export class ProtocolError extends Error {}

export const OK = '+OK\r\n'
export const NIL = '$-1\r\n'
export const NIL_ARRAY = '*-1\r\n'

export const simple = (text: string): string => `+${text}${CRLF}`
export const failure = (text: string): string => `-${text}${CRLF}`
export const integer = (number: number | bigint): string => `:${number}${CRLF}`
export const bulk = (text: string | undefined): string => (text === undefined ? NIL : `$${text.length}${CRLF}${text}${CRLF}`)
/** An array of replies that are encoded already. */
export const array = (replies: string[]): string => `*${replies.length}${CRLF}${replies.join('')}`
export const bulks = (texts: Iterable<string | undefined>): string => array(Array.from(texts, bulk))

/** Takes bytes as they come, and gives the commands that are complete. */
export class CommandReader {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0

  push(chunk: Buffer): void {
    this.bytes = this.at === this.bytes.length ? chunk : Buffer.concat([this.bytes.subarray(this.at), chunk])
    this.at = 0
  }

  /** How many of the bytes that were pushed last have been read. */
  get position(): number {
    return this.at
  }

  /** @returns the words of the next command; undefined while it is not complete. @throws {ProtocolError} */
  next(): string[] | undefined {
    while (this.at < this.bytes.length) {
      const start = this.at
      const words = this.bytes[start] === 0x2a ? this.readArray() : this.readInline()
      if (!words) this.at = start
      // An empty line is no command, and gets no answer.
      if (words?.length !== 0) return words
    }
    return undefined
  }

  private readArray(): string[] | undefined {
    const count = this.readNumber('*', MOST_WORDS, 'invalid multibulk length')
    if (count === undefined) return undefined
    const words: string[] = []
    for (let n = 0; n < count; n++) {
      if (this.at >= this.bytes.length) return undefined
      const length = this.readNumber('$', LONGEST_BULK, 'invalid bulk length')
      if (length === undefined || this.bytes.length < this.at + length + CRLF.length) return undefined
      words.push(this.bytes.toString('latin1', this.at, this.at + length))
      this.at += length + CRLF.length
    }
    return words
  }

  private readNumber(sign: string, most: number, complaint: string): number | undefined {
    const line = this.readLine()
    if (line === undefined) return undefined
    if (line[0] !== sign) throw new ProtocolError(`expected '${sign}', got '${line[0] ?? ''}'`)
    if (!/^-?\d+$/.test(line.slice(1))) throw new ProtocolError(complaint)
    const number = Number(line.slice(1))
    // An array may have fewer than no words (then it is no command), but no string fewer than no bytes.
    if (number > most || (number < 0 && sign === '$')) throw new ProtocolError(complaint)
    return number
  }

  /** What somebody types into a raw connection: words with blanks between them, in one line. */
  private readInline(): string[] | undefined {
    const line = this.readLine()
    return line?.split(/\s/).filter(Boolean)
  }

  private readLine(): string | undefined {
    const end = this.bytes.indexOf(0x0a, this.at)
    if (end < 0) {
      if (this.bytes.length - this.at > LONGEST_LINE) throw new ProtocolError('too big inline request')
      return undefined
    }
    const line = this.bytes.toString('latin1', this.at, end).replace(/\r$/, '')
    this.at = end + 1
    return line
  }
}

/** A command as it is sent: to a follower, or to the log. */
export const encodeCommand = (words: string[]): string => bulks(words)
