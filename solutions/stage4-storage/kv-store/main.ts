import { type Complaints, reason } from '#lib/io.ts'
import { lock } from '#lib/lock.ts'
import { FatalError, runProgram } from '#lib/program.ts'
import { answerTo, converseInGroups, copied, type Request, settings, wordsOf } from '#lib/session.ts'
import { DELETED } from './record.ts'
import { type Change, Store } from './store.ts'

const USAGE = 'usage: kv-store --data DIR'
const LONGEST_KEY = 1024
const LONGEST_VALUE = 1024 * 1024

const READINGS: Record<string, Request<Store>> = {
  get: { usage: 'KEY', answer: (store, [key = '']) => find(store, key) },
  keys: {
    usage: '[PREFIX]',
    answer: (store, [prefix = '']) => ['keys', ...store.keys((key) => key.startsWith(prefix))].join(' '),
  },
  scan: { usage: 'FROM TO [LIMIT]', answer: (store, words) => scan(store, words) },
  count: { usage: '', answer: (store) => `count ${store.count}` },
  compact: { usage: '', answer: (store) => compact(store) },
  stats: { usage: '', answer: (store) => store.stats() },
}

function find(store: Store, key: string): string {
  const value = store.get(key)
  return value === undefined ? 'none' : `value ${value}`
}

function scan(store: Store, [from = '', to = '', limit]: string[]): string {
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) throw new Error(`not a number of keys: ${limit}`)
  const found = store.keys((key) => from <= key && key < to).slice(0, limit === undefined ? undefined : Number(limit))
  return ['entries', ...found.flatMap((key) => [key, store.get(key)])].join(' ')
}

function compact(store: Store): string {
  store.compact()
  return 'ok'
}

/** The change that a request asks for, or nothing if it asks for none. */
function changeIn(request: string): Change | undefined {
  const [name, key, value, ...more] = wordsOf(request)
  if (name !== 'set' && name !== 'del') return undefined
  const complete = name === 'set' ? value !== undefined && more.length === 0 : value === undefined
  if (key === undefined || !complete) throw new Error(name === 'set' ? 'usage: set KEY VALUE' : 'usage: del KEY')
  if (key.length > LONGEST_KEY) throw new Error(`a key has at most ${LONGEST_KEY} bytes`)
  if (value && value.length > LONGEST_VALUE) throw new Error(`a value has at most ${LONGEST_VALUE} bytes`)
  return { key: copied(key), value: value ?? DELETED }
}

function main(args: string[], complaints: Complaints): number {
  const folder = settings(args, ['data'], USAGE).at(-1)?.value
  if (folder === undefined) throw new FatalError(`--data is missing (${USAGE})`)
  let store: Store
  try {
    if (!lock(folder)) throw new FatalError(`${folder}: in use by another process`)
    store = new Store(folder)
  } catch (error) {
    complaints.add(error instanceof FatalError ? error.message : `${folder}: ${reason(error)}`)
    return complaints.status
  }
  converseInGroups({
    changeIn,
    commit: (changes: Change[]) => store.change(changes),
    answer: (request) => answerTo(READINGS, store, request),
  })
  return 0
}

runProgram('kv-store', USAGE, main, { usageStatus: 2 })
