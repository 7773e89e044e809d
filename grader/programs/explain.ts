import os from 'node:os'
import { excerpt } from '../engine/difference.ts'
import { Failure, Stopped } from '../engine/failure.ts'
import type { Exit, Limits } from './process.ts'

const MIB = 1024 ** 2

/** What a program did until it was stopped, for the messages below. */
export interface Story {
  /** The command as in the transcript. */
  command: string
  exit: Exit
  limits: Limits
  written: number
  stderr: Uint8Array
}

/** A program that was stopped for a limit, took down its watcher, or left processes behind: said so, whatever else it did right. */
export function explainMisconduct({ command, exit, limits, written, stderr }: Story): Failure | undefined {
  const said = stderr.length > 0 ? ` On standard error: ${excerpt(stderr)}` : ''
  const fail = (message: string, expected: string, actual: string) => new Failure(message, { expected, actual })
  const stopped = (message: string, expected: string, actual: string) =>
    new Stopped(exit.cut ?? '', message, { expected, actual })
  switch (exit.cut) {
    case 'time':
      return stopped(
        `\`${command}\` was still running after ${limits.time / 1000} s and was stopped; it had written ${written} bytes.${said} ` +
          'Usual reasons: it waits for more input after the end of it, loops without getting further, or run.sh compiles at each start (that belongs in build.sh).',
        `an end within ${limits.time / 1000} s`,
        'still running',
      )
    case 'output':
      return stopped(
        `\`${command}\` wrote more than ${limits.output / MIB} MiB and was stopped. Usual reason: a loop that writes and never ends.`,
        `at most ${limits.output / MIB} MiB`,
        'more, and no end in sight',
      )
    case 'memory':
      return stopped(
        `\`${command}\` used more than ${limits.memory / MIB} MiB of memory and was stopped. Usual reason: it keeps all that it reads.`,
        `at most ${limits.memory / MIB} MiB`,
        `${Math.round(exit.peakMemory / MIB)} MiB`,
      )
    case 'processes':
      return stopped(
        `\`${command}\` had more than ${limits.processes} processes at once, and all of them were stopped. Usual reason: a fork in a loop.`,
        `at most ${limits.processes} processes`,
        'more',
      )
  }
  if (exit.status === undefined) {
    return fail(
      `\`${command}\` killed the shell that had started it. A program may signal only processes that it made itself.`,
      'an exit status',
      'none: the watching process was killed',
    )
  }
  if (exit.leftovers.length === 0) return undefined
  return fail(
    `\`${command}\` ended but left ${exit.leftovers.length === 1 ? 'a process' : `${exit.leftovers.length} processes`} running (now stopped): ` +
      `${exit.leftovers.slice(0, 5).join(', ')}. Wait for your children before you end.`,
    'no process left',
    exit.leftovers.slice(0, 5).join(', '),
  )
}

const SIGNAL_NAMES = new Map(Object.entries(os.constants.signals).map(([name, number]) => [number, name]))

const SHELL_SAYS: Record<number, string> = {
  126: 'a shell says this when a command in run.sh is there but can not be executed',
  127: 'a shell says this when run.sh names a command that is not there, or not installed',
}

/** A status in words: `1`, or `139 (SIGSEGV ended it)`. */
export function describeStatus(status: number): string {
  const signal = status > 128 ? SIGNAL_NAMES.get(status - 128) : undefined
  const why = signal ? `${signal} ended it` : SHELL_SAYS[status]
  return why ? `${status} (${why})` : String(status)
}
