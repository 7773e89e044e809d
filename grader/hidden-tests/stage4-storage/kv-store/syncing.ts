import type { Evidence } from '../../../engine/failure.ts'
import type { SystemCall } from '../../../programs/strace.ts'

/** The calls by which bytes get into a file, to the disk, and to standard output. */
export const SYNCING = [
  ...['open', 'openat', 'write', 'writev', 'pwrite64', 'pwritev', 'pwritev2'],
  ...['fsync', 'fdatasync', 'sync_file_range', 'msync', 'sync', 'syncfs'],
]

const WRITES = /^p?write(v|64|v2)?$/
const SYNCS = /^(fsync|fdatasync|msync|sync|syncfs)$/

/** Files that were opened so that each write waits for the disk. */
function openedForSyncing(calls: SystemCall[]): Set<number> {
  return new Set(calls.filter(({ name, args }) => name.startsWith('open') && /O_D?SYNC/.test(args)).map(({ result }) => result))
}

const descriptorOf = (call: SystemCall) => Number(/^\d+/.exec(call.args)?.[0] ?? -1)

/** How often the program waited for the disk. */
export function waitsForDisk(calls: SystemCall[]): number {
  const syncing = openedForSyncing(calls)
  return calls.filter((call) => SYNCS.test(call.name) || (WRITES.test(call.name) && syncing.has(descriptorOf(call)))).length
}

/** What is wrong with the first answer ok that came before its record was on the disk. */
export function unsyncedAnswer(calls: SystemCall[], folder: string): { message: string; evidence: Evidence } | undefined {
  const syncing = openedForSyncing(calls)
  let written = false
  let waiting: SystemCall | undefined
  let answers = 0
  for (const call of calls) {
    if (SYNCS.test(call.name)) {
      written ||= call.name === 'msync'
      waiting = undefined
    } else if (!WRITES.test(call.name) || call.result <= 0) {
    } else if (call.args.includes(`<${folder}/`)) {
      written = true
      if (!syncing.has(descriptorOf(call))) waiting = call
    } else if (call.args.startsWith('1<') && call.args.includes('"ok')) {
      answers += 1
      const expected = 'write to the file, fsync or fdatasync, write of the answer, in this order'
      if (!written) return problem(answers, 'before anything was written to a file in its folder', expected, call)
      if (waiting) return problem(answers, 'before the disk was waited for', expected, waiting, call)
      written = false
    }
  }
  return undefined
}

function problem(answers: number, when: string, expected: string, ...calls: SystemCall[]) {
  const shown = calls.map(({ name, args }) => `${name}(${args})`).join(', then ')
  return { message: `Answer number ${answers} was written ${when}.`, evidence: { expected, actual: shown } }
}
