import { Failure } from '../engine/failure.ts'
import type { Kit } from '../programs/kit.ts'
import { readTrace, type SystemCall } from '../programs/strace.ts'
import { SYNCING } from './syncing.ts'

/** The calls by which bytes get to the disk, and replies to clients. */
export const REPLYING = [...SYNCING, 'sendto', 'sendmsg']

const WRITES = /^p?write(v|64|v2)?$/
const EXPECTED = 'write to the log, fsync or fdatasync, write of the reply, in this order'

/** A change. */
export interface Change {
  command: string
  /** What stands in the last reply before it was asked for, and nowhere else. */
  before: string
  /** What stands in its own reply and nowhere else. */
  reply: string
}

/**
 * Looks at changes that were asked for one after the other: before each reply something must have been written to a file of the folder, and the disk waited for.
 * @throws {Failure} a reply was sent before.
 */
export function failUnlessOnDisk(kit: Kit, trace: string, data: string, changes: Change[]): void {
  const folder = `<${kit.scratch.path(data)}/`
  const calls = readTrace(kit.scratch.read(trace).toString())
  const sent = (text: string) => calls.findIndex((call) => isToClient(call) && call.args.includes(text))
  for (const { command, before: mark, reply } of changes) {
    const [from, to] = [sent(mark), sent(reply)]
    if (from < 0 || to < 0) kit.skip('replies that strace shows (sent with write, writev, sendto or sendmsg)')
    const before = calls.slice(from, to)
    const last = before.findLastIndex((call) => isToFile(call, folder))
    const how = (...shown: SystemCall[]) => ({
      expected: EXPECTED,
      actual: shown.map(({ name, args }) => `${name}(${args})`).join(', then '),
    })
    if (last < 0 && !before.some(({ name }) => name === 'msync')) {
      const what = `The reply to \`${command}\` was sent before anything was written to a file in the folder of data.`
      throw new Failure(what, how(calls[to] as SystemCall))
    }
    if (last >= 0 && !before.slice(last).some((call) => waits(call, calls))) {
      const what = `The reply to \`${command}\` was sent before the disk was waited for: a machine that loses its power now has lost the change.`
      throw new Failure(what, how(before[last] as SystemCall, calls[to] as SystemCall))
    }
  }
}

const isToClient = ({ args, result }: SystemCall) => result > 0 && /^\d+<(socket|TCP)/.test(args)

const isToFile = ({ name, args, result }: SystemCall, folder: string) => WRITES.test(name) && result > 0 && args.includes(folder)

/** Whether a call returns when the disk has the bytes: that is what it is for, or its file was opened so. */
function waits({ name, args }: SystemCall, calls: SystemCall[]): boolean {
  if (/^(fsync|fdatasync|msync|sync|syncfs)$/.test(name)) return true
  const descriptor = Number.parseInt(args, 10)
  return calls.some((call) => call.name.startsWith('open') && call.result === descriptor && /O_D?SYNC/.test(call.args))
}
