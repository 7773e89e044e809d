import { randomUUID } from 'node:crypto'
import { FatalError, runProgram } from '#lib/program.ts'
import { answerTo, converse, type Request, settings } from '#lib/session.ts'
import { hashFunction } from './hash.ts'
import { HashMap } from './map.ts'

const USAGE = 'usage: hash-map [--seed N]'

const REQUESTS: Record<string, Request<State>> = {
  set: { usage: 'KEY VALUE', answer: ({ map }, [key = '', value = '']) => set(map, key, value) },
  get: { usage: 'KEY', answer: ({ map }, [key = '']) => get(map, key) },
  has: { usage: 'KEY', answer: ({ map }, [key = '']) => (map.get(key) === undefined ? 'no' : 'yes') },
  del: { usage: 'KEY', answer: ({ map }, [key = '']) => (map.delete(key) ? 'ok' : 'none') },
  len: { usage: '', answer: ({ map }) => `len ${map.size}` },
  clear: { usage: '', answer: ({ map }) => clear(map) },
  keys: { usage: '', answer: ({ map }) => ['keys', ...Array.from(map.entries(), ({ key }) => key)].join(' ') },
  entries: { usage: '', answer: ({ map }) => ['entries', ...Array.from(map.entries(), line)].join(' ') },
  hash: { usage: 'KEY', answer: ({ hash }, [key = '']) => `hash ${hash(key)}` },
  stats: { usage: '', answer: ({ map }) => stats(map) },
  iter: { usage: '', answer: (state) => iterate(state) },
  next: { usage: 'ITERATOR', answer: (state, [id = '']) => next(state, id) },
  close: { usage: 'ITERATOR', answer: (state, [id = '']) => close(state, id) },
}

interface State {
  hash: (key: string) => number
  map: HashMap
  /** Those that have been begun and have not ended, by the name that they were given. */
  iterators: Map<string, ReturnType<HashMap['walk']>>
  begun: number
}

const line = ({ key, value }: { key: string; value: string }) => `${key} ${value}`

function get(map: HashMap, key: string): string {
  const value = map.get(key)
  return value === undefined ? 'none' : `value ${value}`
}

function set(map: HashMap, key: string, value: string): string {
  map.set(key, value)
  return 'ok'
}

function clear(map: HashMap): string {
  map.clear()
  return 'ok'
}

function stats({ size, capacity, tombstones }: HashMap): string {
  return `len=${size} capacity=${capacity} load=${(size / capacity).toFixed(3)} tombstones=${tombstones}`
}

function iterate(state: State): string {
  state.begun += 1
  state.iterators.set(`${state.begun}`, state.map.walk())
  return `iter ${state.begun}`
}

function next({ iterators }: State, id: string): string {
  const iterator = iterators.get(id)
  if (!iterator) throw new Error(`no such iterator: ${id}`)
  const { done, value } = iterator.next()
  if (!done) return `entry ${line(value)}`
  iterators.delete(id)
  return 'end'
}

function close({ iterators }: State, id: string): string {
  if (!iterators.delete(id)) throw new Error(`no such iterator: ${id}`)
  return 'ok'
}

function seedFrom(args: string[]): string {
  const given = settings(args, ['seed'], USAGE).at(-1)?.value
  if (given !== undefined && !/^\d+$/.test(given)) throw new FatalError(`not a number: '${given}' (${USAGE})`)
  return given ?? randomUUID()
}

function main(args: string[]): number {
  const hash = hashFunction(seedFrom(args))
  const state: State = { hash, map: new HashMap(hash), iterators: new Map(), begun: 0 }
  converse((request) => answerTo(REQUESTS, state, request))
  return 0
}

runProgram('hash-map', USAGE, main, { usageStatus: 2 })
