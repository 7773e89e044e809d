import { reason } from '#lib/io.ts'
import { FatalError, runProgram } from '#lib/program.ts'
import { answerTo, converse, type Request, settings } from '#lib/session.ts'
import { Cache } from './cache.ts'
import { LeastFrequent, LeastRecent, type Policy } from './policies.ts'

const USAGE = 'usage: lru-cache --capacity N [--policy lru|lfu]'
const POLICIES: Record<string, () => Policy> = { lru: () => new LeastRecent(), lfu: () => new LeastFrequent() }

const REQUESTS: Record<string, Request<Cache>> = {
  put: { usage: 'KEY VALUE [ttl MS]', answer: put },
  get: { usage: 'KEY', answer: (cache, [key = '']) => found(cache.get(key)) },
  peek: { usage: 'KEY', answer: (cache, [key = '']) => found(cache.peek(key)) },
  del: { usage: 'KEY', answer: (cache, [key = '']) => (cache.delete(key) ? 'ok' : 'none') },
  tick: { usage: 'MS', answer: tick },
  resize: { usage: 'N', answer: (cache, [size = '']) => evicted(cache.resize(number(size))) },
  keys: { usage: '', answer: (cache) => ['keys', ...cache.keys()].join(' ') },
  len: { usage: '', answer: (cache) => `len ${cache.size}` },
  stats: { usage: '', answer: (cache) => cache.stats() },
}

function put(cache: Cache, [key = '', value = '', word, lifetime]: string[]): string {
  if (word !== undefined && word !== 'ttl') throw new Error(`unknown word: ${word}`)
  return evicted(cache.put(key, value, lifetime === undefined ? undefined : number(lifetime)))
}

function tick(cache: Cache, [milliseconds = '']: string[]): string {
  cache.tick(number(milliseconds))
  return 'ok'
}

const found = (value: string | undefined) => (value === undefined ? 'none' : `value ${value}`)

const evicted = (keys: string[]) => (keys.length === 0 ? 'ok' : ['evicted', ...keys].join(' '))

/** A whole number, from 1 to 999999999. */
function number(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`not a number from 1 to 999999999: ${text}`)
  return Number(text)
}

function cacheFor(args: string[]): Cache {
  const options = settings(args, ['capacity', 'policy'], USAGE)
  const given = (wanted: string) => options.findLast(({ name }) => name === wanted)?.value
  const name = given('policy') ?? 'lru'
  const policy = Object.hasOwn(POLICIES, name) ? POLICIES[name] : undefined
  if (!policy) throw new FatalError(`no such policy: '${name}' (${USAGE})`)
  try {
    return new Cache(number(given('capacity') ?? 'none given'), policy())
  } catch (error) {
    throw new FatalError(`--capacity: ${reason(error)} (${USAGE})`)
  }
}

function main(args: string[]): number {
  const cache = cacheFor(args)
  converse((request) => answerTo(REQUESTS, cache, request))
  return 0
}

runProgram('lru-cache', USAGE, main, { usageStatus: 2 })
