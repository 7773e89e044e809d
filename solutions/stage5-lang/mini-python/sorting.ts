import { callValue } from './attributes.ts'
import { isLess, truthy } from './operators.ts'
import type { Keywords, Value } from './values.ts'

/** A stable sort by `key`, which is asked once for each item; `reverse` keeps equal items in their order, too. */
export function sorted(items: Value[], keywords: Keywords): Value[] {
  const key = keywords.get('key') ?? null
  const reverse = truthy(keywords.get('reverse') ?? false)
  const keyed = items.map((item) => ({ item, by: key === null ? item : callValue(key, [item]) }))
  const before = (a: Value, b: Value) => (reverse ? isLess(b, a) : isLess(a, b))
  keyed.sort((a, b) => (before(a.by, b.by) ? -1 : before(b.by, a.by) ? 1 : 0))
  return keyed.map(({ item }) => item)
}
