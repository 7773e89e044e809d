import { scoreText } from './command.ts'
import type { Database } from './database.ts'
import type { Deque } from './deque.ts'
import type { SortedSet } from './sorted-set.ts'
import type { TypeName, Values } from './values.ts'

const WRITE: { [Type in TypeName]: (key: string, value: Values[Type]) => string[] } = {
  string: (key, value) => ['SET', key, value],
  list: (key, value: Deque) => ['RPUSH', key, ...value],
  hash: (key, value) => ['HSET', key, ...[...value].flat()],
  set: (key, value) => ['SADD', key, ...value],
  zset: (key, value: SortedSet) => [
    'ZADD',
    key,
    ...[...value.range(0, value.size)].flatMap(([member, score]) => [scoreText(score), member]),
  ],
}

/** The commands that make a key what it is. */
export function describeValue(db: Database, key: string): string[][] {
  const type = db.typeOf(key) as TypeName
  const write = WRITE[type] as (key: string, value: unknown) => string[]
  const expires = db.expiry(key)
  return [write(key, db.get(key, type)), ...(expires === undefined ? [] : [['PEXPIREAT', key, String(expires)]])]
}
