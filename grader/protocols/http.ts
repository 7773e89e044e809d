import { excerpt, type Text } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import type { Endpoint } from '../programs/server.ts'
import { Connection, type ConnectOptions } from './tcp.ts'

/** A request as it goes over the wire; what is not given is as any client would send it. */
export interface Request {
  method?: string
  /** The request target, as it is: nothing is escaped. */
  target?: string
  headers?: Record<string, string>
  body?: Text
  version?: string
}

export interface Response {
  version: string
  status: number
  reason: string
  /** By their names in lower case; several of one name are joined with ", ". */
  headers: Record<string, string>
  body: Buffer
}

const CRLF = '\r\n'

/** The bytes of a request. Host is there, and Content-Length where there is a body, unless `headers` says otherwise (an empty value leaves it out). */
export function encodeRequest({ method = 'GET', target = '/', headers = {}, body, version = 'HTTP/1.1' }: Request): Buffer {
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  const usual: Record<string, string> = {
    Host: 'localhost',
    ...(bytes && !given.has('transfer-encoding') && { 'Content-Length': String(bytes.length) }),
  }
  const all = [
    ...Object.entries(usual).filter(([name]) => !given.has(name.toLowerCase())),
    ...Object.entries(headers).filter(([, value]) => value !== ''),
  ]
  const head = `${method} ${target} ${version}${CRLF}${all.map(([name, value]) => `${name}: ${value}${CRLF}`).join('')}${CRLF}`
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes ?? Buffer.alloc(0)])
}

/** A body in chunks, for `Transfer-Encoding: chunked`. */
export function chunked(pieces: Text[], trailers = ''): Buffer {
  const chunks = pieces.flatMap((piece) => [
    Buffer.from(`${Buffer.byteLength(piece).toString(16)}${CRLF}`),
    Buffer.from(piece),
    Buffer.from(CRLF),
  ])
  return Buffer.concat([...chunks, Buffer.from(`0${CRLF}${trailers}${CRLF}`)])
}

type Head = Omit<Response, 'body'>

/** @throws {Failure} not as RFC 9112 has it. */
function parseHead(bytes: Buffer): { value: Head; length: number } | undefined {
  const end = bytes.indexOf(CRLF + CRLF)
  if (end < 0) {
    if (bytes.length > 65_536 || (bytes.length > 4 && bytes.toString('latin1', 0, 5) !== 'HTTP/'))
      throw wrong('the status line', 'HTTP/1.1 200 OK', bytes)
    return undefined
  }
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split(CRLF)
  const [, version, status, reason = ''] = /^(HTTP\/\d\.\d) (\d{3})(?: (.*))?$/.exec(first) ?? []
  if (version === undefined) throw wrong('the status line', 'HTTP/1.1 200 OK', first)
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    if (name === undefined) throw wrong('a header line', 'Name: value', line)
    const key = name.toLowerCase()
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value
  }
  return { value: { version, status: Number(status), reason, headers }, length: end + 4 }
}

const wrong = (what: string, expected: string, actual: Text) =>
  new Failure(`The server's response is not as HTTP has it: ${what} is wrong.`, { expected, actual: excerpt(actual, 200) })

/** One client connection that speaks HTTP/1.1. */
export class HttpConnection {
  readonly connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  /** Sends a request and waits for the whole response. */
  async request(request: Request): Promise<Response> {
    await this.connection.write(encodeRequest(request))
    return this.response(request)
  }

  /** Sends bytes as they are and waits for a response to them. */
  async raw(bytes: Text, method = 'GET'): Promise<Response> {
    await this.connection.write(bytes)
    return this.response({ method })
  }

  /** Waits for the response to a request that was sent. One of 100 to 199 is a response of its own. */
  async response({ method = 'GET', target = '' }: Request = {}): Promise<Response> {
    const what = `the response to ${method} ${excerpt(target, 60)}`.trim()
    const head = await this.connection.read(parseHead, what.replace('the', 'The'))
    return { ...head, body: await this.body(head, method, what) }
  }

  private async body({ status, headers }: Head, method: string, what: string): Promise<Buffer> {
    if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return Buffer.alloc(0)
    if (headers['transfer-encoding'] !== undefined) return this.chunks(what)
    const length = headers['content-length']
    if (length === undefined) return this.connection.closes(`The end of ${what}, which has neither a length nor chunks`)
    if (!/^\d+$/.test(length)) throw wrong('Content-Length', 'digits', length)
    return this.connection.take(Number(length), `The body of ${what}`)
  }

  private async chunks(what: string): Promise<Buffer> {
    const line = (bytes: Buffer) => {
      const end = bytes.indexOf(CRLF)
      return end < 0 ? undefined : { value: bytes.toString('latin1', 0, end), length: end + 2 }
    }
    const pieces: Buffer[] = []
    for (;;) {
      const text = await this.connection.read(line, `A chunk's size in ${what}`)
      const size = /^([0-9a-fA-F]+)/.exec(text)?.[1]
      if (size === undefined) throw wrong("a chunk's size", 'hexadecimal digits', text)
      if (/^0+$/.test(size)) break
      pieces.push(await this.connection.take(Number.parseInt(size, 16), `A chunk of ${what}`))
      await this.connection.take(2, `The end of a chunk of ${what}`)
    }
    while ((await this.connection.read(line, `The trailers of ${what}`)) !== '');
    return Buffer.concat(pieces)
  }

  close(): void {
    this.connection.close()
  }
}

export async function openHttp(server: Endpoint, options: ConnectOptions = {}): Promise<HttpConnection> {
  return new HttpConnection(await Connection.open(server, options))
}

/** One request on a connection of its own. */
export async function fetchOnce(server: Endpoint, request: Request, options: ConnectOptions = {}): Promise<Response> {
  const http = await openHttp(server, options)
  try {
    return await http.request(request)
  } finally {
    http.close()
  }
}
