import { UsageError } from './options.ts'

const UNITS: Record<string, number> = { '': 1, b: 512, k: 1024, m: 1024 * 1024 }

/** `12`, or `3k`: a number of lines or bytes, with the units that head, tail and their kin have had since the 1980s. */
export function parseSize(text: string, what: string): number {
  const [, digits, unit] = /^(\d+)([bkm]?)$/.exec(text) ?? []
  if (digits === undefined) throw new UsageError(`invalid number of ${what}: '${text}'`)
  return Number(digits) * (UNITS[unit as string] as number)
}

/** A plain number: digits and nothing else. */
export function parseNumber(text: string, what: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`invalid number of ${what}: '${text}'`)
  return Number(text)
}
