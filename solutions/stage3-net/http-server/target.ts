import { Broken, Refusal } from './answer.ts'

/** What a request is about, once all disguises are off. Characters stand for bytes (Latin-1): a name need not be UTF-8. */
export interface Target {
  /** Names, none of which is empty, `.` or `..`, or has a slash in it. */
  names: string[]
  /** True if it ended in a slash. */
  isFolder: boolean
  /** With its question mark; empty if there is none. */
  query: string
}

/**
 * First decode, once, then look at the names: whoever looks first does not see what `%2e%2e%2f` hides. Above the uppermost folder there is nothing, so that
 * `..` leads nowhere from there.
 */
export function parseTarget(text: string): Target {
  const [, raw, query] = /^(?:http:\/\/[^/?]*)?([^?]*)(.*)$/i.exec(text) as RegExpExecArray
  const path = decode(raw as string)
  if (!path.startsWith('/')) throw new Broken(400)
  const names: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') names.pop()
    else if (segment !== '' && segment !== '.') names.push(segment)
  }
  return { names, isFolder: path.endsWith('/'), query: query as string }
}

function decode(text: string): string {
  if (/%(?![0-9a-f]{2})/i.test(text)) throw new Refusal(400)
  const path = text.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
  // To the system a name ends at its first zero byte, and we would have looked at another one than it opens.
  if (path.includes('\0')) throw new Refusal(400)
  return path
}

/** The same, as a file below a folder. */
export function pathOf(folder: Buffer, names: string[]): Buffer {
  return Buffer.concat([folder, ...names.map((name) => Buffer.from(`/${name}`, 'latin1'))])
}

/** The same, as part of an address. It begins with one slash: with two, what follows would be taken for another server. */
export function locationOf(names: string[]): string {
  const encode = (byte: string) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`
  return names.map((name) => `/${name.replace(/[^\w.~-]/g, encode)}`).join('')
}
