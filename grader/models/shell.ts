import fs from 'node:fs'
import { excerpt } from '../engine/difference.ts'
import { expect, Failure, type Kit } from '../programs/kit.ts'
import type { Live } from '../programs/live.ts'
import { descendants } from '../programs/process-table.ts'
import type { RunOptions } from '../programs/program.ts'
import type { Run } from '../programs/run.ts'
import type { Scratch } from '../programs/scratch.ts'

const EXECUTABLE = 0o755
/** A script starts many programs, each of which may be a slow language's own. */
export const LIMITS = { time: 25_000 }

/** What a script must write, and its status where that is not 0. */
export interface Outcome extends Omit<RunOptions, 'stdout'> {
  stdout: string
  status?: number
  /** What stands behind the script: `$0`, `$1` and so on. */
  args?: string[]
  why?: string
}

/** Runs `shell -c SCRIPT`, and compares. */
export async function says(
  { program }: Kit,
  script: string,
  { stdout, status = 0, args = [], why, ...options }: Outcome,
): Promise<Run> {
  const run = await program.run(['-c', script, ...args], { limits: LIMITS, ...options })
  return judge(run, { stdout, status, ...(why !== undefined && { why }) })
}

/** Compares output and status. Standard error is only shown: a status is no error of the shell. */
export function judge(run: Run, { stdout, status = 0, why = '' }: Pick<Outcome, 'stdout' | 'status' | 'why'>): Run {
  if (run.status !== status && run.stderr.length > 0) run.statusIs(status, why)
  const said = run.stderr.length > 0 ? `On standard error: ${excerpt(run.stderr)}` : ''
  expect(run.stdout, `The output of \`${run.command}\``, [why, said].filter(Boolean).join(' ')).toBeText(stdout)
  return run.statusIs(status, why)
}

/** A program of a check's own, in its folder. @returns the words that run it. */
export function tool(scratch: Scratch, name: string, script: string): string {
  return `./${scratch.file(name, `#!/bin/sh\n${script}\n`, { mode: EXECUTABLE })}`
}

/** The descriptors that a program has which lists them (one of which is the folder that it reads), beside those that are given. */
export async function usualDescriptors({ program }: Kit, ...others: number[]): Promise<string> {
  const { stdout } = await program.plain(['ls', '/proc/self/fd']).succeeds()
  const usual = stdout.toString().trim().split('\n')
  return [...usual, ...others.map(String)]
    .sort()
    .map((fd) => `${fd}\n`)
    .join('')
}

/** A program that prints each of its arguments between brackets, in a line. @returns the words that run it. */
export function shower(scratch: Scratch): string {
  return tool(scratch, 'show', 'printf %s "$#"; for word; do printf " [%s]" "$word"; done; echo')
}

/** What `show` prints of some arguments. */
export const shown = (...args: string[]): string => `${[args.length, ...args.map((arg) => `[${arg}]`)].join(' ')}\n`

/** Waits until a shell has no child that is dead and was not asked for its status. @throws {Failure} it keeps one. */
export async function buriesItsDead(live: Live, doing: string): Promise<void> {
  let dead: number[] = []
  const buried = await live.until(() => {
    dead = zombies(live)
    return dead.length === 0
  })
  if (buried) return
  throw new Failure(
    `\`${live.command}\` keeps processes that have ended (zombies) while ${doing}: nobody has asked for their status.`,
    {
      expected: 'no zombie',
      actual: `${dead.length} ${dead.length === 1 ? 'zombie' : 'zombies'}`,
    },
  )
}

function zombies(live: Live): number[] {
  const shell = live.process.program()
  if (shell === undefined)
    throw new Failure('The shell has ended, but there is more for it to do.', { actual: live.stdout.toString() })
  return descendants(shell).filter((pid) => {
    try {
      return /^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))
    } catch {
      return false
    }
  })
}
