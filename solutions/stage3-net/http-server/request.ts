import { Broken } from './answer.ts'
import type { Input } from './input.ts'

const LONGEST_REQUEST_LINE = 16 * 1024
const LARGEST_HEAD = 64 * 1024
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([^\\x00-\\x20\\x7f]+) HTTP/(\\d)\\.(\\d)$`)
const FIELD = new RegExp(`^(${TOKEN}):[ \\t]*([^\\x00-\\x08\\x0a-\\x1f\\x7f]*)$`)
const HOST = /^[\w.~!$&'()*+,;=%:[\]-]*$/

/** The fields of a request; names are the same in small and in capital letters. */
export class Fields {
  private readonly values = new Map<string, string[]>()

  add(name: string, value: string): void {
    const key = name.toLowerCase()
    this.values.set(key, [...this.all(key), value])
  }

  /** The values of all lines with this name. */
  all(name: string): string[] {
    return this.values.get(name) ?? []
  }

  /** The only value, or several with commas between, which is the same thing. */
  get(name: string): string | undefined {
    return this.values.get(name)?.join(', ')
  }

  /** Whether a word stands in a field that is a list of words. */
  has(name: string, word: string): boolean {
    return (this.get(name) ?? '')
      .toLowerCase()
      .split(/[ \t]*,[ \t]*/)
      .includes(word)
  }
}

export interface Head {
  method: string
  target: string
  /** False for HTTP/1.0. */
  modern: boolean
  fields: Fields
}

/** Reads a request as far as the empty line. */
export async function readHead(input: Input): Promise<Head> {
  let line = ''
  // Old clients sent an empty line too many after a body.
  while (line === '') line = await input.line(LONGEST_REQUEST_LINE, 414)
  const [method, target, major, minor] = parse<[string, string, string, string]>(REQUEST_LINE, line)
  if (major !== '1') throw new Broken(505)
  const head = { method, target, modern: minor !== '0', fields: await readFields(input, LARGEST_HEAD - line.length) }
  const hosts = head.fields.all('host')
  if (hosts.length > 1 || (head.modern && hosts.length === 0) || !hosts.every((host) => HOST.test(host))) throw new Broken(400)
  return head
}

/** Lines up to the empty one: the fields of a head, or those behind a chunked body. A line that begins with a blank, as once was allowed, has no name. */
export async function readFields(input: Input, most = LARGEST_HEAD): Promise<Fields> {
  const fields = new Fields()
  for (let left = most; ; ) {
    const line = await input.line(left, 431)
    if (line === '') return fields
    const [name, value] = parse<[string, string]>(FIELD, line)
    fields.add(name, value.trimEnd())
    left -= line.length
  }
}

/** The parts of a line that a form has in brackets. */
export function parse<Parts extends string[]>(form: RegExp, line: string): Parts {
  const found = form.exec(line)
  if (!found) throw new Broken(400)
  return found.slice(1) as Parts
}
