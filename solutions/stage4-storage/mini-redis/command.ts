import type { Client } from './client.ts'
import type { Database } from './database.ts'
import type { Server } from './server.ts'

/**
 * The words after a command's name. How many there are has been checked (see {@link Command.arity}) before anybody looks at them; what may be left out has to be
 * compared with undefined.
 */
export type Words = [string, string, string, ...string[]]

/** What a command has to work with. */
export interface Call {
  db: Database
  client: Client
  server: Server
  args: Words
  /**
   * What goes to the log and to the followers in place of the command itself: for commands that would do something else when they are done again, since they
   * depend on the time or on chance, or wait. No command at all if it is empty.
   */
  effect?: string[][]
}

export interface Command {
  /** How many words it has, its name counted; negative for "at least so many" (the convention of COMMAND INFO). */
  arity: number
  writes?: boolean
  /** @returns the reply, encoded; undefined when it comes later. @throws {CommandError} */
  run(call: Call): string | undefined
}

export type Commands = Record<string, Command>

/** A command can not be carried out; the message is the reply, without its sign. */
export class CommandError extends Error {}

export const SYNTAX = 'ERR syntax error'
const NOT_INTEGER = 'ERR value is not an integer or out of range'
const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n - 1n]

/** A whole number of 64 bits. */
export function wholeNumber(text: string): bigint {
  if (!/^(0|-?[1-9]\d*)$/.test(text)) throw new CommandError(NOT_INTEGER)
  return inRange(BigInt(text), NOT_INTEGER)
}

export function inRange(number: bigint, message: string): bigint {
  if (number < LEAST || number > MOST) throw new CommandError(message)
  return number
}

/** A whole number that counts or points. */
export const count = (text: string): number => Number(wholeNumber(text))

/** A score: a number, or an infinity. */
export function score(text: string, message = 'ERR value is not a valid float'): number {
  // JavaScript takes blanks and the empty text for 0.
  const number = /\s|^$/.test(text) ? Number.NaN : Number(text.replace(/inf(inity)?/i, 'Infinity'))
  if (Number.isNaN(number)) throw new CommandError(message)
  return number
}

/** A score as Redis writes it. */
export const scoreText = (number: number): string => String(number).replace('Infinity', 'inf')

/** From and to, where negative ones count from the end; `to` is included in what is given, and not in what comes out. */
export function span(from: string, to: string, length: number): [number, number] {
  const place = (index: number) => (index < 0 ? Math.max(0, length + index) : index)
  const end = count(to)
  return [place(count(from)), Math.min(length, end < 0 ? length + end + 1 : end + 1)]
}
