import fs from 'node:fs'
import type { Live } from '../programs/live.ts'
import { descendants } from '../programs/process-table.ts'

/** The program's own process and all below it. */
function processesOf(live: Live): number[] {
  const main = live.process.program()
  return main === undefined ? [] : [main, ...descendants(main)]
}

/** How many descriptors a program has open, all its processes together. */
export function descriptorsOf(live: Live): number {
  return sumOver(live, (pid) => fs.readdirSync(`/proc/${pid}/fd`).length)
}

/** How many threads a program has, all its processes together; a process is one at least. */
export function threadsOf(live: Live): number {
  return sumOver(live, (pid) => fs.readdirSync(`/proc/${pid}/task`).length)
}

const TICK_MS = 10

/** Processor time that a program has used so far, in milliseconds: its own, and that of children which it has waited for. */
function processorTimeOf(live: Live): number {
  return sumOver(live, (pid) => {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return TICK_MS * [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0)
  })
}

/** How much of a processor a program uses for so many milliseconds, in which nothing happens: 1 is all of one. */
export async function shareOfProcessor(live: Live, milliseconds: number): Promise<number> {
  const [cpu, clock] = [processorTimeOf(live), performance.now()]
  await live.until(() => false, milliseconds)
  return (processorTimeOf(live) - cpu) / (performance.now() - clock)
}

function sumOver(live: Live, figure: (pid: number) => number): number {
  return processesOf(live).reduce((sum, pid) => {
    try {
      return sum + figure(pid)
    } catch {
      // It has just ended.
      return sum
    }
  }, 0)
}
