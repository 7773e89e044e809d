import { type Complaints, Output, reason } from '#lib/io.ts'
import { lock } from '#lib/lock.ts'
import { FatalError, runProgram } from '#lib/program.ts'
import { answerBytes, batches, settings, wordsOf } from '#lib/session.ts'
import { DELETED } from './record.ts'
import { type Change, Store } from './store.ts'

const USAGE = 'usage: kv-store --data DIR'
const LONGEST_KEY = 1024
const LONGEST_VALUE = 1024 * 1024

/** What is wrong with a request; the session goes on. */
class BadRequest extends Error {}

interface Reading {
  usage: string
  /** The least and the most words that follow its name. */
  words: [number, number]
  answer(store: Store, words: string[]): string
}

const READINGS: Record<string, Reading> = {
  get: { usage: 'KEY', words: [1, 1], answer: (store, [key = '']) => find(store, key) },
  keys: {
    usage: '[PREFIX]',
    words: [0, 1],
    answer: (store, [prefix = '']) => ['keys', ...store.keys((key) => key.startsWith(prefix))].join(' '),
  },
  scan: { usage: 'FROM TO [LIMIT]', words: [2, 3], answer: (store, words) => scan(store, words) },
  count: { usage: '', words: [0, 0], answer: (store) => `count ${store.count}` },
  compact: { usage: '', words: [0, 0], answer: (store) => compact(store) },
  stats: { usage: '', words: [0, 0], answer: (store) => store.stats() },
}

function find(store: Store, key: string): string {
  const value = store.get(key)
  return value === undefined ? 'none' : `value ${value}`
}

function scan(store: Store, [from = '', to = '', limit]: string[]): string {
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) throw new BadRequest(`not a number of keys: ${limit}`)
  const found = store.keys((key) => from <= key && key < to).slice(0, limit === undefined ? undefined : Number(limit))
  return ['entries', ...found.flatMap((key) => [key, store.get(key)])].join(' ')
}

function compact(store: Store): string {
  store.compact()
  return 'ok'
}

/** The change that a request asks for, or nothing if it asks for none. */
function changeIn([name, key, value, ...more]: string[]): Change | undefined {
  if (name !== 'set' && name !== 'del') return undefined
  const complete = name === 'set' ? value !== undefined && more.length === 0 : value === undefined
  if (key === undefined || !complete) throw new BadRequest(name === 'set' ? 'usage: set KEY VALUE' : 'usage: del KEY')
  if (key.length > LONGEST_KEY) throw new BadRequest(`a key has at most ${LONGEST_KEY} bytes`)
  if (value && value.length > LONGEST_VALUE) throw new BadRequest(`a value has at most ${LONGEST_VALUE} bytes`)
  // A word holds on to the whole request that it was cut from, unless it is copied.
  return { key: Buffer.from(key, 'latin1').toString('latin1'), value: value ?? DELETED }
}

function read(store: Store, [name = '', ...words]: string[]): string {
  const reading = Object.hasOwn(READINGS, name) ? READINGS[name] : undefined
  if (!reading) throw new BadRequest(`unknown request: ${name}`)
  const [least, most] = reading.words
  if (words.length < least || words.length > most) throw new BadRequest(`usage: ${name} ${reading.usage}`.trimEnd())
  return reading.answer(store, words)
}

/** Answers requests in their order. Those that write are gathered until one comes that does not: they share one wait for the disk. */
function serve(store: Store, requests: string[], out: Output): void {
  let changes: Change[] = []
  const settle = () => {
    if (changes.length > 0) for (const answer of store.change(changes)) out.write(answerBytes(answer))
    changes = []
  }
  for (const request of requests) {
    try {
      const words = wordsOf(request)
      if (!words) throw new BadRequest('words are separated by single blanks')
      const change = changeIn(words)
      if (change) {
        changes.push(change)
        continue
      }
      settle()
      out.write(answerBytes(read(store, words)))
    } catch (error) {
      settle()
      out.write(answerBytes(`error ${reason(error)}`))
    }
  }
  settle()
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
  const out = new Output()
  for (const requests of batches()) {
    serve(store, requests, out)
    out.flush()
  }
  return 0
}

runProgram('kv-store', USAGE, main, { usageStatus: 2 })
