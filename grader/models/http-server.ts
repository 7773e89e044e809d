import type { Text } from '../engine/difference.ts'
import { difference, excerpt } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import type { Random } from '../engine/random.ts'
import { expect, type Kit } from '../programs/kit.ts'
import type { Endpoint, Server } from '../programs/server.ts'
import { encodeRequest, type HttpConnection, openHttp, type Request, type Response } from '../protocols/http.ts'
import type { ConnectOptions } from '../protocols/tcp.ts'

/** The folder that is served, in the scratch folder. */
export const SITE = 'www'

/** Fills the folder that is served and starts the server. */
export async function serveSite({ program, scratch }: Kit, files: Record<string, Text> = {}): Promise<Server> {
  scratch.folder(SITE)
  for (const [name, content] of Object.entries(files)) scratch.file(`${SITE}/${name}`, content)
  return program.serve({ data: SITE })
}

/** Names of files with ordinary endings. */
export const fileName = (random: Random): string => `${random.word()}.txt`

/** @throws {Failure} the status is none of these. */
export function statusIs(response: Response, statuses: number | number[], what: string, why = ''): void {
  const right = [statuses].flat()
  if (right.includes(response.status)) return
  throw new Failure(`${what} has the wrong status. ${why}`.trim(), {
    expected: right.join(' or '),
    actual: `${response.status} ${response.reason}`.trim(),
  })
}

/** @throws {Failure} the body is another one. */
export function bodyIs(response: Response, body: Text, what: string, why = ''): void {
  const found = difference(body, response.body)
  if (found) throw new Failure(`The body of ${what} is wrong: ${found.where}. ${why}`.trim(), found)
}

/** A field of the answer; its absence is a failure. */
export function fieldOf(response: Response, name: string, what: string): string {
  const value = response.headers[name.toLowerCase()]
  if (value !== undefined) return value
  throw new Failure(`${what} has no ${name}.`, {
    expected: `${name}: …`,
    actual: `${response.status} with ${Object.keys(response.headers).join(', ') || 'no fields at all'}`,
  })
}

/** @throws {Failure} the answer does not say this word in that field. */
export function hasWord(response: Response, name: string, word: string, what: string): void {
  const value = fieldOf(response, name, what)
  if (value.toLowerCase().includes(word)) return
  throw new Failure(`${what} lacks ${name}: ${word}.`, { expected: `${name}: ${word}`, actual: `${name}: ${value}` })
}

export const describe = ({ method = 'GET', target = '/' }: Request): string => `The answer to ${method} ${excerpt(target, 80)}`

/** What an answer must be. */
export interface Wanted {
  status: number | number[]
  body?: Text
  why?: string
}

/** Sends a request on an open connection and judges the answer. */
export async function answers(http: HttpConnection, request: Request, { status, body, why }: Wanted): Promise<Response> {
  const response = await http.request(request)
  judge(response, request, { status, ...(body !== undefined && { body }), ...(why && { why }) })
  return response
}

export function judge(response: Response, request: Request, { status, body, why = '' }: Wanted): void {
  statusIs(response, status, describe(request), why)
  if (body !== undefined) bodyIs(response, body, describe(request).replace('The', 'the'), why)
}

/** The same on a connection of its own. */
export async function gives(server: Server, request: Request, wanted: Wanted): Promise<Response> {
  const http = await openHttp(server)
  const response = await answers(http, request, wanted)
  http.close()
  return response
}

/** Where Location leads, seen from a page of this server. */
export function landing(response: Response, port: number, what: string): URL {
  const location = fieldOf(response, 'Location', what)
  try {
    return new URL(location, `http://localhost:${port}`)
  } catch {
    throw new Failure(`${what} has a Location that leads nowhere.`, { expected: 'a path, or a whole address', actual: location })
  }
}

/** An ordinary request for a file, sent behind one that must be refused. */
const behind = (target: string): Buffer => encodeRequest({ target })

/** What makes a request so bad that nothing behind it may be trusted. */
export interface Bad {
  request: Text
  /** Named in failures: `a Content-Length of +5`. */
  what: string
  statuses: number[]
}

/**
 * Sends a bad request with a good one right behind it. The bad one must be refused, and the good one, which may be a part of it, must not be answered.
 * @param target of the good one; a file that exists.
 */
export async function refusesAndCloses(server: Server, target: string, { request, what, statuses }: Bad): Promise<void> {
  const http = await openHttp(server)
  await http.connection.write(Buffer.concat([Buffer.from(request), behind(target)]))
  const response = await http.response()
  const answer = `The answer to ${what}`
  statusIs(response, statuses, answer)
  const rest = await http.connection.closes(`The end of the connection after ${what}`)
  http.close()
  if (rest.length === 0) return
  throw new Failure(
    `After ${what} the server went on: it took what came behind for another request. Nobody knows where the bad one ended, so the connection must end with its answer.`,
    { expected: 'the end of the connection', actual: excerpt(rest, 120) },
  )
}

/** The three forms of a date, from that of today to that of asctime(3). */
export function dateForms(date: Date): [today: string, rfc850: string, asctime: string] {
  const today = date.toUTCString()
  const [, , day = '', month = '', year = '', time = ''] = /^(\w+), (\d\d) (\w+) (\d+) (\S+) GMT$/.exec(today) ?? []
  const weekday = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'][date.getUTCDay()] as string
  return [
    today,
    `${weekday}, ${day}-${month}-${year.slice(2)} ${time} GMT`,
    `${weekday.slice(0, 3)} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`,
  ]
}

/** A download that has begun and that nobody reads on. */
export async function pausedDownload(server: Server, target: string): Promise<HttpConnection> {
  const http = await openHttp(server, { name: 'reader', quiet: true })
  server.transcript.note(`a client asks for ${target}, and stops reading when the answer has begun`)
  await http.connection.write(encodeRequest({ target }))
  await server.live.until(() => http.connection.waiting > 0)
  http.connection.pause()
  return http
}

/** The head of an answer, without its body. */
export function headOf(http: HttpConnection): Promise<string> {
  return http.connection.read((bytes) => {
    const end = bytes.indexOf('\r\n\r\n')
    return end < 0 ? undefined : { value: bytes.toString('latin1', 0, end), length: end + 4 }
  }, 'The head of the answer')
}

/** Milliseconds that a large body may take to come. */
const LONG = 30_000

/** The client of a paused download reads on. @returns what comes of the body: all of it, or as much as there was when the connection ended. */
export async function restOf(http: HttpConnection, server: Server, size: number): Promise<Buffer> {
  const { connection } = http
  server.transcript.note('the client of the download reads on')
  connection.resume()
  await headOf(http)
  await server.live.until(() => connection.ended || connection.waiting >= size, LONG)
  return connection.take(Math.min(size, connection.waiting), 'The body of a download')
}

/** @throws {Failure} what came of a download is not the beginning of what was in the file when it began. */
export function isOfOldVersion(body: Buffer, old: Buffer, what: string): void {
  if (body.equals(old.subarray(0, body.length))) return
  const at = body.findIndex((byte, n) => byte !== old[n])
  throw new Failure(`From byte ${at + 1} on, ${what} has bytes that were not in the file when it began. The rest was made up.`, {
    expected: `${excerpt(old.subarray(at, at + 12))} …, or the end of the connection`,
    actual: `${excerpt(body.subarray(at, at + 12))} …`,
  })
}

/** Milliseconds of silence in which a server may not close a connection. */
const SILENCE = 5000

/**
 * A client that is silent for a while before its request. On a slow machine that may be so long that a server may close the connection; then the client connects
 * anew, as browsers do.
 */
export class SilentClient {
  readonly http: HttpConnection
  private readonly server: Endpoint
  private readonly options: ConnectOptions
  private readonly closed: Promise<void>
  /** How long it had been silent when the server closed, in milliseconds. */
  private silence = Number.NaN

  private constructor(server: Endpoint, options: ConnectOptions, http: HttpConnection, since: number) {
    this.server = server
    this.options = options
    this.http = http
    this.closed = new Promise((resolve) => {
      for (const event of ['end', 'close']) {
        http.connection.socket.once(event, () => {
          if (Number.isNaN(this.silence)) this.silence = performance.now() - since
          resolve()
        })
      }
    })
  }

  static async open(server: Endpoint, options: ConnectOptions = {}): Promise<SilentClient> {
    // The server may count from the moment at which its system accepts, of which we hear later.
    const since = performance.now()
    return new SilentClient(server, options, await openHttp(server, options), since)
  }

  /** Sends its first request, if it is still connected. @throws {Failure} the server has closed too soon. */
  async ask(request: Request): Promise<void> {
    if (this.silence <= SILENCE) {
      const seconds = `${(this.silence / 1000).toFixed(1)} s`
      throw new Failure(
        `The server closed a connection on which no request had begun, after ${seconds} of silence.${await this.server.obituary()}`,
        { expected: `an open connection, for ${SILENCE / 1000} s at least`, actual: `closed after ${seconds}` },
      )
    }
    await this.http.connection.write(encodeRequest(request))
  }

  /** Waits for the answer; on a new connection, if the silence was so long that the server could close the old one. */
  async answer(request: Request): Promise<Response> {
    const response = this.http.response(request)
    // Who looks at it, if anybody does, is decided below.
    response.catch(() => {})
    await Promise.race([response, this.closed])
    const { connection } = this.http
    if (!(this.silence > SILENCE) || connection.total > 0) return response
    const http = await openHttp(this.server, this.options)
    const anew = await http.request(request)
    http.close()
    return anew
  }
}

/** Waits until the folder that is served has these names and no others. */
export async function sameNames({ scratch }: Kit, server: Server, names: string[], when: string): Promise<void> {
  await server.live.until(() => scratch.names(SITE).length === names.length)
  expect(scratch.names(SITE), `What is in ${SITE} ${when}`).toBe(names)
}

/** A PUT of which half of the body is sent, and the other half of it. */
export const halfPut = (target: string, body: string, headers: Record<string, string> = {}): [Buffer, string] => [
  Buffer.concat([
    encodeRequest({ method: 'PUT', target, headers: { 'Content-Length': `${body.length}`, ...headers } }),
    Buffer.from(body.slice(0, body.length / 2)),
  ]),
  body.slice(body.length / 2),
]
