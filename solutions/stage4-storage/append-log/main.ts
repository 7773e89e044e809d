import { type Complaints, reason } from '#lib/io.ts'
import { lock } from '#lib/lock.ts'
import { FatalError, runProgram } from '#lib/program.ts'
import { answerTo, converseInGroups, copied, type Request, settings, wordsOf } from '#lib/session.ts'
import { AppendLog } from './log.ts'

const USAGE = 'usage: append-log --data DIR [--segment BYTES]'
const LONGEST_RECORD = 1024 * 1024
const USUAL_SEGMENT = '1048576'
const NUMBER = /^[1-9]\d{0,14}$/

const REQUESTS: Record<string, Request<AppendLog>> = {
  read: { usage: 'LSN', answer: (log, [lsn = '']) => read(log, number(lsn)) },
  scan: { usage: 'LSN COUNT', answer: (log, [lsn = '', count = '']) => scan(log, number(lsn), number(count)) },
  range: { usage: '', answer: (log) => `range ${log.first} ${log.next}` },
  truncate: { usage: 'LSN', answer: (log, [lsn = '']) => truncate(log, number(lsn)) },
  rewind: { usage: 'LSN', answer: (log, [lsn = '']) => rewind(log, number(lsn)) },
  stats: { usage: '', answer: (log) => log.stats() },
}

function number(text: string): number {
  if (!NUMBER.test(text)) throw new Error(`not a number, 1 or more: ${text}`)
  return Number(text)
}

function read(log: AppendLog, lsn: number): string {
  const data = log.read(lsn)
  return data === undefined ? 'none' : `record ${data}`
}

function scan(log: AppendLog, from: number, count: number): string {
  const words = ['records']
  const first = Math.max(from, log.first)
  for (let lsn = first; lsn < Math.min(first + count, log.next); lsn++) words.push(String(lsn), log.read(lsn) as string)
  return words.join(' ')
}

function truncate(log: AppendLog, lsn: number): string {
  log.truncate(lsn)
  return 'ok'
}

function rewind(log: AppendLog, lsn: number): string {
  log.rewind(lsn)
  return 'ok'
}

/** The record that a request appends, or nothing if it is another request. */
function recordIn(request: string): string | undefined {
  const [name, record, ...more] = wordsOf(request)
  if (name !== 'append') return undefined
  if (record === undefined || more.length > 0) throw new Error('usage: append RECORD')
  if (record.length > LONGEST_RECORD) throw new Error(`a record has at most ${LONGEST_RECORD} bytes`)
  return copied(record)
}

function main(args: string[], complaints: Complaints): number {
  const options = settings(args, ['data', 'segment'], USAGE)
  const given = (wanted: string) => options.findLast(({ name }) => name === wanted)?.value
  const folder = given('data')
  const segment = given('segment') ?? USUAL_SEGMENT
  if (folder === undefined) throw new FatalError(`--data is missing (${USAGE})`)
  if (!NUMBER.test(segment)) throw new FatalError(`--segment wants a number of bytes, not '${segment}' (${USAGE})`)
  let log: AppendLog
  try {
    if (!lock(folder)) throw new FatalError(`${folder}: in use by another process`)
    log = new AppendLog(folder, Number(segment))
  } catch (error) {
    complaints.add(error instanceof FatalError ? error.message : `${folder}: ${reason(error)}`)
    return complaints.status
  }
  converseInGroups({
    changeIn: recordIn,
    commit: (records: string[]) => log.append(records),
    answer: (request) => answerTo(REQUESTS, log, request),
  })
  return 0
}

runProgram('append-log', USAGE, main, { usageStatus: 2 })
