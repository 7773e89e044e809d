import { Failure } from '../engine/failure.ts'
import type { Kit } from '../programs/kit.ts'
import { readTrace, type SystemCall } from '../programs/strace.ts'
import { DATA } from './data-folder.ts'

/** The calls by which bytes get into a file, to the disk, and to standard output. */
export const SYNCING = [
  ...['open', 'openat', 'write', 'writev', 'pwrite64', 'pwritev', 'pwritev2'],
  ...['fsync', 'fdatasync', 'sync_file_range', 'msync', 'sync', 'syncfs'],
]

/** These, and those by which requests come in. */
export const ANSWERING = [...SYNCING, 'read', 'readv']

const WRITES = /^p?write(v|64|v2)?$/
const SYNCS = /^(fsync|fdatasync|msync|sync|syncfs)$/

/** Files that were opened so that each write waits for the disk. */
function openedForSyncing(calls: SystemCall[]): Set<number> {
  return new Set(calls.filter(({ name, args }) => name.startsWith('open') && /O_D?SYNC/.test(args)).map(({ result }) => result))
}

const descriptorOf = (call: SystemCall) => Number(/^\d+/.exec(call.args)?.[0] ?? -1)

/** How often the program waited for the disk, by a trace of its calls. */
export function waitsForDisk({ scratch }: Kit, trace: string): number {
  const calls = readTrace(scratch.read(trace).toString())
  const syncing = openedForSyncing(calls)
  return calls.filter((call) => SYNCS.test(call.name) || (WRITES.test(call.name) && syncing.has(descriptorOf(call)))).length
}

/**
 * Looks at requests that came one after the other, each after the answer to the one before.
 * @param acknowledgement how an answer begins that says that something is stored.
 * @throws {Failure} such an answer was written before the disk had what it says.
 */
export function failUnlessSynced({ scratch }: Kit, trace: string, acknowledgement: string): void {
  const calls = readTrace(scratch.read(trace).toString())
  const folder = scratch.path(DATA)
  const syncing = openedForSyncing(calls)
  let written = false
  let waiting: SystemCall | undefined
  let answers = 0
  for (const call of calls) {
    if (/^readv?$/.test(call.name)) {
      // What came to the disk late, after its answer, is not what the next request is about.
      if (call.args.startsWith('0<') && call.result > 0) written = false
    } else if (SYNCS.test(call.name)) {
      written ||= call.name === 'msync'
      waiting = undefined
    } else if (!WRITES.test(call.name) || call.result <= 0) {
    } else if (call.args.includes(`<${folder}/`)) {
      written = true
      if (!syncing.has(descriptorOf(call))) waiting = call
    } else if (call.args.startsWith('1<') && call.args.includes(`"${acknowledgement}`)) {
      answers += 1
      const expected = 'write to the file, fsync or fdatasync, write of the answer, in this order'
      if (!written) throw problem(answers, 'before anything was written to a file in its folder', expected, call)
      if (waiting) throw problem(answers, 'before the disk was waited for', expected, waiting, call)
      written = false
    }
  }
}

/**
 * @param acknowledgement how an answer begins that says that something is stored.
 * @throws {Failure} such an answer was written while the disk might not have the name of a new file yet: the folder was not waited for (see fsync(2)).
 */
export function failUnlessFolderSynced({ scratch }: Kit, trace: string, acknowledgement: string): void {
  const folder = scratch.path(DATA)
  const known = new Set<string>()
  let unsafe: SystemCall | undefined
  let answers = 0
  for (const call of readTrace(scratch.read(trace).toString())) {
    const made = call.name.startsWith('open') && call.args.includes('O_CREAT') && call.result >= 0
    const name = made ? /"([^"]*)"/.exec(call.args)?.[1] : undefined
    if (name?.includes(`${DATA}/`) && !known.has(name)) {
      known.add(name)
      unsafe = call
    } else if (/^(sync|syncfs)$/.test(call.name) || (call.name === 'fsync' && call.args.includes(`<${folder}>`))) {
      unsafe = undefined
    } else if (WRITES.test(call.name) && call.args.startsWith('1<') && call.args.includes(`"${acknowledgement}`)) {
      answers += 1
      const expected = 'open of the new file, fsync of the folder that it is in, write of the answer, in this order'
      if (unsafe) throw problem(answers, 'before the disk was waited for to have the name of a new file', expected, unsafe, call)
    }
  }
}

function problem(answers: number, when: string, expected: string, ...calls: SystemCall[]): Failure {
  const shown = calls.map(({ name, args }) => `${name}(${args})`).join(', then ')
  return new Failure(`Answer number ${answers} was written ${when}.`, { expected, actual: shown })
}
