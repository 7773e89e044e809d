/** An answer as it goes over the wire. All text is latin1: one character is one byte, whatever the bytes mean. */
export type Answer = string

export const simple = (text: string): Answer => `+${text}\r\n`
export const failure = (text: string): Answer => `-${text}\r\n`
export const integer = (value: number): Answer => `:${value}\r\n`
export const bulk = (value: string | undefined): Answer => (value === undefined ? '$-1\r\n' : `$${value.length}\r\n${value}\r\n`)

export class ProtocolError extends Error {}

/** Takes bytes as they come, and gives out whole commands. */
export class CommandReader {
  private buffer = Buffer.alloc(0)
  private at = 0

  add(bytes: Buffer): void {
    this.buffer = Buffer.concat([this.buffer.subarray(this.at), bytes])
    this.at = 0
  }

  /**
   * The next command, if it is there as a whole; otherwise the place stays where it is.
   * @throws {ProtocolError} these are no arrays of bulk strings.
   */
  next(): string[] | undefined {
    const start = this.at
    const words = this.size('*')
    const command: string[] = []
    while (words !== undefined && command.length < words) {
      const length = this.size('$')
      if (length === undefined || this.at + length + 2 > this.buffer.length) break
      command.push(this.buffer.toString('latin1', this.at, this.at + length))
      this.at += length + 2
    }
    if (command.length === words) return command
    this.at = start
    return undefined
  }

  private size(type: string): number | undefined {
    const end = this.buffer.indexOf('\r\n', this.at)
    if (end < 0) return undefined
    const line = this.buffer.toString('latin1', this.at, end)
    this.at = end + 2
    if (!/^.\d{1,9}$/.test(line) || line[0] !== type) throw new ProtocolError(`expected ${type} and a number`)
    return Number(line.slice(1))
  }
}
