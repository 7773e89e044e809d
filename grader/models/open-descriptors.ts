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

/** How often the threads of a program have gone to sleep so far. Each time something woke them. */
function sleepsOf(live: Live): number {
  return sumOver(live, (pid) =>
    fs.readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
      const status = fs.readFileSync(`/proc/${pid}/task/${thread}/status`, 'latin1')
      return sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    }, 0),
  )
}

/** What a program does while nothing happens. */
export interface Stirring {
  /** How much of a processor it uses: 1 is all of one. */
  share: number
  /** How often it wakes up in a second. */
  wakes: number
}

/** Looks for so many milliseconds. */
async function stirringOf(live: Live, milliseconds: number): Promise<Stirring> {
  const [cpu, sleeps, clock] = [processorTimeOf(live), sleepsOf(live), performance.now()]
  await live.until(() => false, milliseconds)
  const passed = performance.now() - clock
  return { share: (processorTimeOf(live) - cpu) / passed, wakes: ((sleepsOf(live) - sleeps) * 1000) / passed }
}

const WINDOW = 1000
const WINDOWS = 5

/** The first second in which a program does no more than this, or the last one looked at: what a runtime tidies up after work takes a while, and ends. */
export async function calmOf(live: Live, most: Stirring): Promise<Stirring> {
  for (let left = WINDOWS; ; left--) {
    const stirring = await stirringOf(live, WINDOW)
    if (left === 1 || (stirring.share <= most.share && stirring.wakes <= most.wakes)) return stirring
  }
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
