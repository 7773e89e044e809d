import fs from 'node:fs'

/** What a group of processes uses at one moment. */
export interface Usage {
  processes: number
  /** Resident memory of all of them together, in bytes. */
  resident: number
  /** The largest that any one of them has been, in bytes. */
  peak: number
}

const PAGE = 4096
/** Each process and its parent. */
const known = new Map<number, number>()
/** Numbers of processes come again: what was seen longer ago, in milliseconds, may be of another one. */
const FRESH = 1000
let seen = 0

/** Reads /proc anew: a look at the directory, and at those processes only that were not there the last time, or have lost their parent. */
function refresh(): void {
  if (performance.now() - seen > FRESH) known.clear()
  seen = performance.now()
  const pids = new Set<number>()
  for (const name of fs.readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    pids.add(pid)
    if (known.has(pid)) continue
    const parent = parentOf(pid)
    if (parent !== undefined) known.set(pid, parent)
  }
  for (const pid of known.keys()) if (!pids.has(pid)) known.delete(pid)
  for (const [pid, parent] of known) if (parent !== 0 && !pids.has(parent)) known.set(pid, parentOf(pid) ?? 0)
}

function parentOf(pid: number): number | undefined {
  const stat = readProc(pid, 'stat')
  // The name, in parentheses, may itself hold blanks and parentheses: fields are counted from the last one.
  const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
  return parent === undefined ? undefined : Number(parent)
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return undefined
  }
}

/** The descendants of a process, itself left out, each after its parent. Children that left for another parent are not among them. */
export function descendants(root: number): number[] {
  refresh()
  const children = new Map<number, number[]>()
  for (const [pid, parent] of known) children.set(parent, [...(children.get(parent) ?? []), pid])
  // A set, which goes on to what is added on the way: what was read while processes came and went may even go round in a circle.
  const found = new Set(children.get(root))
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child)
  return [...found]
}

export function usageOf(pids: number[]): Usage {
  const usage: Usage = { processes: pids.length, resident: 0, peak: 0 }
  for (const pid of pids) {
    usage.resident += Number(readProc(pid, 'statm')?.split(' ')[1] ?? 0) * PAGE
    const peak = /^VmHWM:\s*(\d+) kB/m.exec(readProc(pid, 'status') ?? '')?.[1]
    usage.peak = Math.max(usage.peak, Number(peak ?? 0) * 1024)
  }
  return usage
}

/** Whether one of their threads runs or waits for the disk. On a busy machine, too, who has work to do does not sleep: it waits for a processor, and that is told alike. */
export function atWork(pids: number[]): boolean {
  const threads = (pid: number) => {
    try {
      return fs.readdirSync(`/proc/${pid}/task`)
    } catch {
      return []
    }
  }
  return pids.some((pid) => threads(pid).some((thread) => /^State:\s+[RD]/m.test(readProc(pid, `task/${thread}/status`) ?? '')))
}

/** Sends a signal. @returns false when the process has ended, as it may at any moment. */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    return false
  }
}

export const nameOf = (pid: number): string => readProc(pid, 'comm')?.trim() ?? '?'

/** All processes, whoever their parent is now, that were started with this setting in their environment. */
export function marked(setting: string): number[] {
  refresh()
  return [...known.keys()].filter((pid) => {
    const environment = pid === process.pid ? undefined : readProc(pid, 'environ')
    return environment?.split('\0').includes(setting)
  })
}
