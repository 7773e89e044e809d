import { type ParseArgsConfig, parseArgs } from 'node:util'
import { Unusable } from '../engine/failure.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * Options and operands of a command.
 * @throws {Unusable} an unknown option, a missing value, or more operands than are wanted.
 */
export function readArguments<const O extends Options>(args: string[], options: O, { operands = 1, help = '' } = {}) {
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true })
    if (parsed.positionals.length > operands) throw new Error(`"${parsed.positionals[operands]}" is one name too many`)
    return parsed
  } catch (error) {
    const message = (error as Error).message.split('. To specify')[0]
    const usage = help.split('\n').find((line) => line.includes('npm '))
    throw new Unusable(`${message}.${usage ? ` Usage: ${usage.trim()}` : ''}`.replace('..', '.'))
  }
}

/** @throws {Unusable} not a whole number of that range. */
export function wholeNumber(option: string, text: string, low: number, high: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= low && value <= high) return value
  throw new Unusable(`${option} takes a whole number from ${low} to ${high}, not "${text}".`)
}
