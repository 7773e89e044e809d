import fs from 'node:fs'

let running = 0
let since = 0
let busy = 0

/** Keeps the account of the time in which at least one submission was running: all the rest is the grader's own. */
export const account = {
  started(): void {
    if (running++ === 0) since = performance.now()
  },
  ended(): void {
    if (--running === 0) busy += performance.now() - since
  },
}

/** What `npm run bench` wants to know of a process: milliseconds that submissions ran, and its own peak memory in KiB. */
export interface Account {
  busy: number
  memory: number
}

/** Writes the account where `GRADE_ACCOUNT` says, if it does. */
export function writeAccount(): void {
  const file = process.env.GRADE_ACCOUNT
  if (file) fs.writeFileSync(file, JSON.stringify({ busy, memory: process.resourceUsage().maxRSS } satisfies Account))
}
