import { excerpt } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import type { Endpoint } from '../programs/server.ts'
import { commandLine } from '../programs/transcript.ts'
import { Connection, type ConnectOptions, type Parser } from './tcp.ts'

/**
 * A reply of RESP2 (the Redis serialization protocol): a bulk string is its text, an integer a number, nil is null, an array an array; a simple string
 * and an error keep the sign that they have on the wire (`+OK`, `-ERR …`).
 */
export type Reply = string | number | null | Reply[]

const CRLF = '\r\n'

type Words = (string | number | Uint8Array)[]
const SHOWN = 6

/** A command as clients send it: an array of bulk strings. */
export function encodeCommand(words: Words): Buffer {
  const parts = words.flatMap((word) => {
    const bytes = Buffer.from(typeof word === 'number' ? String(word) : word)
    return [Buffer.from(`$${bytes.length}${CRLF}`), bytes, Buffer.from(CRLF)]
  })
  return Buffer.concat([Buffer.from(`*${words.length}${CRLF}`), ...parts])
}

/** @throws {Failure} what came is no RESP2. */
export const parseReply: Parser<Reply> = (bytes) => {
  const line = bytes.indexOf(CRLF)
  if (line < 0) {
    if (bytes.length > 0 && !'+-:$*'.includes(String.fromCharCode(bytes[0] as number)))
      throw notResp(bytes, 'a reply begins with one of + - : $ *')
    return undefined
  }
  const sign = String.fromCharCode(bytes[0] as number)
  const text = bytes.toString('utf8', 1, line)
  const after = line + 2
  if (sign === '+' || sign === '-') return { value: sign + text, length: after }
  if (!/^-?\d+$/.test(text)) throw notResp(bytes, `after ${sign} comes a whole number, then \\r\\n`)
  const number = Number(text)
  if (sign === ':') return { value: number, length: after }
  if (sign === '$') return number < 0 ? { value: null, length: after } : parseBulk(bytes, after, number)
  if (sign === '*') return number < 0 ? { value: null, length: after } : parseArray(bytes, after, number)
  throw notResp(bytes, 'a reply begins with one of + - : $ *')
}

function parseBulk(bytes: Buffer, from: number, size: number) {
  const end = from + size
  if (bytes.length < end + 2) return undefined
  if (bytes.toString('latin1', end, end + 2) !== CRLF)
    throw notResp(bytes.subarray(0, end + 2), `\\r\\n comes after the ${size} bytes that were announced`)
  return { value: bytes.toString('utf8', from, end), length: end + 2 }
}

function parseArray(bytes: Buffer, from: number, count: number) {
  const items: Reply[] = []
  let at = from
  for (let n = 0; n < count; n++) {
    const item = parseReply(bytes.subarray(at))
    if (!item) return undefined
    items.push(item.value)
    at += item.length
  }
  return { value: items, length: at }
}

const notResp = (bytes: Buffer, rule: string) =>
  new Failure(`What the server sent is no RESP: ${rule}.`, { expected: rule, actual: excerpt(bytes, 120) })

/** A client that speaks RESP2. */
export class Resp {
  readonly connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  /** Sends a command and waits for its reply. */
  async call(...words: Words): Promise<Reply> {
    this.note(words)
    await this.connection.write(encodeCommand(words), true)
    return this.reply(`The reply to ${name(words)}`)
  }

  /** Sends commands all at once, and waits for all replies. */
  async pipeline(commands: Words[]): Promise<Reply[]> {
    for (const words of commands.slice(0, SHOWN)) this.note(words)
    const { server, quiet } = this.connection
    if (commands.length > SHOWN && !quiet) server.transcript.note(`and ${commands.length - SHOWN} more commands, without waiting`)
    await this.connection.write(Buffer.concat(commands.map(encodeCommand)), true)
    const replies: Reply[] = []
    for (const words of commands) replies.push(await this.reply(`The reply to ${name(words)}`))
    return replies
  }

  private note(words: Words): void {
    const { server, quiet, name: who } = this.connection
    if (!quiet) server.transcript.command(`redis-cli -p ${server.port} ${name(words)}${who ? `   # ${who}` : ''}`)
  }

  /** Waits for whatever comes next: a message to a subscriber, or what a blocking command waited for. */
  reply(what = 'The next reply'): Promise<Reply> {
    return this.connection.read(parseReply, what)
  }

  close(): void {
    this.connection.close()
  }
}

const name = (words: Words) => excerpt(commandLine(words.map(String)), 60)

/** Connects a client. */
export async function connect(server: Endpoint, options: ConnectOptions = {}): Promise<Resp> {
  return new Resp(await Connection.open(server, options))
}
