import type { Text } from '../engine/difference.ts'
import { difference, excerpt } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import type { Random } from '../engine/random.ts'
import { expect, type Kit } from '../programs/kit.ts'
import type { Server } from '../programs/server.ts'
import { encodeRequest, type HttpConnection, openHttp, type Request, type Response } from '../protocols/http.ts'

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
  if (body !== undefined) bodyIs(response, body, describe(request).toLowerCase(), why)
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
  await http.connection.write(encodeRequest({ target }))
  await server.live.until(() => http.connection.waiting > 0)
  http.connection.pause()
  return http
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
