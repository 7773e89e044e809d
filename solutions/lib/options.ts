/** A command line that can not be understood; the message is for the user. */
export class UsageError extends Error {}

/** One option as it was given: its short name (or the long name where there is no short one) and its argument. */
export interface Option {
  name: string
  value: string
}

export interface CommandLine {
  options: Option[]
  operands: string[]
}

/**
 * Splits a command line by the rules of POSIX 12.2 (Utility Syntax Guidelines) with GNU's two additions: options may follow
 * operands, and long options may be shortened while they stay unambiguous. `--` ends the options; `-` alone is an operand.
 *
 * @param short letters as in getopt(3): `n:` takes an argument, `n` does not.
 * @param long long names to the short letter they stand for; a name that maps to itself has no short form and takes an argument if it ends in `=`
 *   (`{ lines: 'n', retry: 'retry', pid: 'pid=' }`).
 * @param options.stopAtOperand end the options at the first operand, as POSIX has it and as tools that run other commands need.
 * @throws {UsageError} an unknown or ambiguous option, or a missing or superfluous argument.
 */
export function parseCommandLine(
  args: string[],
  short: string,
  long: Record<string, string> = {},
  { stopAtOperand = false } = {},
): CommandLine {
  const options: Option[] = []
  const operands: string[] = []
  const takesValue = (name: string) => name.endsWith('=') || short.includes(`${name}:`)
  const queue = [...args]
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    if (arg === '--' || (stopAtOperand && !isOption(arg))) {
      if (arg !== '--') operands.push(arg)
      operands.push(...queue)
      break
    }
    if (!isOption(arg)) operands.push(arg)
    else if (arg.startsWith('--')) options.push(longOption(arg, queue))
    else shortOptions(arg, queue)
  }
  return { options, operands }

  function longOption(arg: string, rest: string[]): Option {
    const [given = '', ...tail] = arg.slice(2).split('=')
    const names = Object.keys(long)
    const matches = names.includes(given) ? [given] : names.filter((name) => name.startsWith(given))
    const [match, second] = matches
    if (match === undefined) throw new UsageError(`unrecognized option '--${given}'`)
    if (second !== undefined) throw new UsageError(`option '--${given}' is ambiguous`)
    const target = long[match] as string
    const name = target.replace(/=$/, '')
    if (!takesValue(target)) {
      if (tail.length > 0) throw new UsageError(`option '--${match}' doesn't allow an argument`)
      return { name, value: '' }
    }
    const value = tail.length > 0 ? tail.join('=') : rest.shift()
    if (value === undefined) throw new UsageError(`option '--${match}' requires an argument`)
    return { name, value }
  }

  function shortOptions(arg: string, rest: string[]): void {
    for (let at = 1; at < arg.length; at++) {
      const name = arg[at] as string
      if (name === ':' || !short.includes(name)) throw new UsageError(`invalid option -- '${name}'`)
      if (!takesValue(name)) {
        options.push({ name, value: '' })
        continue
      }
      // What follows the letter in the same word is its argument (-n5); only when nothing does, the next word is.
      const attached = arg.slice(at + 1)
      const value = attached === '' ? rest.shift() : attached
      if (value === undefined) throw new UsageError(`option requires an argument -- '${name}'`)
      options.push({ name, value })
      return
    }
  }
}

function isOption(arg: string): boolean {
  return arg.length > 1 && arg.startsWith('-')
}
