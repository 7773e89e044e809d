import { Skipped } from '../engine/failure.ts'
import { which } from './containment.ts'

/**
 * The words that run a command under strace(1), which notes some of its system calls in a file.
 * @throws {Skipped} where there is no strace.
 */
export function traced(command: string[], file: string, calls: string[]): string[] {
  const strace = which('strace')
  if (!strace) throw new Skipped('strace, which shows system calls (Debian package strace)')
  return [strace, '-f', '-qq', '-y', '-s', '64', '-o', file, '-e', `trace=${calls.join(',')}`, '-e', 'signal=none', ...command]
}

export interface SystemCall {
  /** The thread that made it. */
  thread: number
  name: string
  /** Its arguments as strace writes them: `3</data/log>, "abc", 3`. */
  args: string
  /** What it returned; negative for an error. */
  result: number
}

/** Reads what strace noted, in the order in which the calls returned. */
export function readTrace(text: string): SystemCall[] {
  const begun = new Map<string, { name: string; args: string }>()
  const calls: SystemCall[] = []
  for (const line of text.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    const unfinished = /^(\w+)\((.*) <unfinished \.\.\.>$/.exec(rest)
    if (unfinished) {
      begun.set(thread, { name: unfinished[1] as string, args: unfinished[2] as string })
      continue
    }
    const resumed = /^<\.\.\. (\w+) resumed>(.*)$/.exec(rest)
    const before = resumed && begun.get(thread)
    const whole = before ? `${before.name}(${before.args}${resumed[2]}` : rest
    const [, name, args, result] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(whole) ?? []
    if (name !== undefined) calls.push({ thread: Number(thread), name, args: args ?? '', result: Number(result) })
  }
  return calls
}
