const REASONS: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  304: 'Not Modified',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  416: 'Range Not Satisfiable',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  505: 'HTTP Version Not Supported',
}

/** What is sent back: a status, fields, and perhaps some blocks of bytes, whose number `Content-Length` says. */
export interface Answer {
  status: number
  fields: Record<string, string>
  body: Iterable<Buffer>
}

/** A request that is not answered as its sender hoped. */
export class Refusal extends Error {
  readonly status: number
  readonly fields: Record<string, string>

  constructor(status: number, fields: Record<string, string> = {}) {
    super(REASONS[status])
    this.status = status
    this.fields = fields
  }

  get answer(): Answer {
    const text = Buffer.from(`${this.status} ${this.message}\n`)
    const fields = { ...this.fields, 'Content-Type': 'text/plain', 'Content-Length': `${text.length}` }
    return { status: this.status, fields, body: [text] }
  }
}

/** A request after which nobody can say where the next one begins: the connection must end with its answer. */
export class Broken extends Refusal {}

export function headOf({ status, fields }: Omit<Answer, 'body'>): Buffer {
  const all = Object.entries({ Date: new Date().toUTCString(), ...fields })
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines}\r\n`, 'latin1')
}
