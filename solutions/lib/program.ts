import { BROKEN_PIPE, Complaints, codeOf, reason } from './io.ts'
import { UsageError } from './options.ts'

/** A failure that ends the program; the message is for the user, and names what failed. */
export class FatalError extends Error {}

/**
 * Runs a command-line program: its status becomes the process's, a wrong call is answered with the usage line, and whatever else goes wrong
 * is one line on standard error.
 *
 * @param main gets the arguments and the place for complaints that do not end the program; returns the exit status, or promises it if it must wait for several things at once.
 * @param options.usageStatus the status after a wrong call or a failure of the whole program (grep and sort keep 1 for other news).
 */
export function runProgram(
  name: string,
  usage: string,
  main: (args: string[], complaints: Complaints) => number | Promise<number>,
  { usageStatus = 1 } = {},
): void {
  const complaints = new Complaints(name)
  try {
    const status = main(process.argv.slice(2), complaints)
    if (typeof status === 'number') end(status)
    else status.then(end, fail)
  } catch (error) {
    fail(error)
  }

  function end(status: number): void {
    process.exitCode = status
  }

  function fail(error: unknown): void {
    if (codeOf(error) === 'EPIPE') process.exit(BROKEN_PIPE)
    const told =
      error instanceof UsageError ? `${error.message}\n${usage}` : error instanceof FatalError ? error.message : undefined
    if (told === undefined && codeOf(error) === undefined) throw error
    complaints.add(told ?? reason(error), usageStatus)
    end(usageStatus)
  }
}
