import { randomBytes } from 'node:crypto'
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

/** The seed that was given, or a new one. @throws {Unusable} it has other characters than a replay can hold. */
export function seedFrom(given: string | undefined): string {
  if (given === undefined) return randomBytes(4).toString('hex')
  if (/^[\w.-]{1,64}$/.test(given)) return given
  throw new Unusable('--seed takes up to 64 letters, digits, dots and dashes.')
}

/** Every Nth of some things, from the Ith on: `I/N`. Without it all of them. @throws {Unusable} it is not of that form. */
export function shardOf<T>(things: T[], text: string | undefined): T[] {
  if (text === undefined) return things
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  if (!index || Number(index) < 1 || Number(index) > Number(count))
    throw new Unusable(`--shard takes I/N with I from 1 to N, not "${text}".`)
  return things.filter((_, at) => at % Number(count) === Number(index) - 1)
}
