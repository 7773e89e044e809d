import type { Fields } from './request.ts'

/** What there is of a file to compare a client's knowledge with. */
export interface Version {
  etag: string
  /** Milliseconds, a whole number of seconds. */
  modified: number
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const CENTURY = 100

/**
 * The preconditions of a request, in the order of RFC 9110, 13.2.2.
 *
 * @param version undefined if there is no such file.
 * @param safe for GET and HEAD, where a client that has the file already need not get it again.
 * @returns the status to answer with instead of doing what was asked, if there is one.
 */
export function precondition(fields: Fields, version: Version | undefined, safe: boolean): 304 | 412 | undefined {
  const match = fields.get('if-match')
  const unmodified = dateOf(fields, 'if-unmodified-since') ?? Number.POSITIVE_INFINITY
  if (match !== undefined) {
    if (!names(match, version, isSame)) return 412
  } else if (version !== undefined && version.modified > unmodified) return 412

  const noneMatch = fields.get('if-none-match')
  const since = dateOf(fields, 'if-modified-since') ?? Number.NEGATIVE_INFINITY
  if (noneMatch !== undefined) {
    if (names(noneMatch, version, isAlike)) return safe ? 304 : 412
  } else if (safe && version !== undefined && version.modified <= since) return 304
  return undefined
}

/** Whether a part of a file can be added to the parts that the client has: they must be of the same version. */
export function rangeHolds(fields: Fields, { etag, modified }: Version): boolean {
  const condition = fields.get('if-range')
  return condition === undefined || isSame(condition, etag) || parseDate(condition) === modified
}

function names(list: string, version: Version | undefined, equal: (one: string, other: string) => boolean): boolean {
  if (version === undefined) return false
  // A tag may contain commas, but no quotation marks.
  return list === '*' || (list.match(/(?:W\/)?"[^"]*"/g) ?? []).some((tag) => equal(tag, version.etag))
}

/** The same to the byte. Our own tags are never weak. */
function isSame(tag: string, etag: string): boolean {
  return tag === etag
}

/** A weak tag says that it comes to the same. */
function isAlike(tag: string, etag: string): boolean {
  return tag.replace(/^W\//, '') === etag
}

/** A date that is none counts as not given. */
function dateOf(fields: Fields, name: string): number | undefined {
  return parseDate(String(fields.get(name)))
}

/** The three forms that a date may have: that of today, that of RFC 850, and that of asctime(3). */
function parseDate(text: string): number | undefined {
  const time = '(?<hours>\\d\\d):(?<minutes>\\d\\d):(?<seconds>\\d\\d)'
  const month = `(?<month>${MONTHS.join('|')})`
  const forms = [
    `^\\w{3}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT$`,
    `^\\w{6,9}, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT$`,
    `^\\w{3} ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`,
  ]
  const found = forms.map((form) => new RegExp(form).exec(text)?.groups).find((groups) => groups !== undefined)
  if (found === undefined) return undefined
  const [day, hours, minutes, seconds] = [found.day, found.hours, found.minutes, found.seconds].map(Number)
  return Date.UTC(fullYear(found.year as string), MONTHS.indexOf(found.month as string), day, hours, minutes, seconds)
}

/** Two digits are a year of this century, or of the last one if that were more than fifty years from now. */
function fullYear(digits: string): number {
  if (digits.length > 2) return Number(digits)
  const now = new Date().getUTCFullYear()
  const year = now - (now % CENTURY) + Number(digits)
  return year > now + 50 ? year - CENTURY : year
}
