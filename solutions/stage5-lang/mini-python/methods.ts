import { fill } from './constructors.ts'
import { problem, typeProblem, valueProblem } from './errors.ts'
import { deleteItem, missingKey } from './items.ts'
import { toArray } from './iteration.ts'
import { asInt } from './numbers.ts'
import { binary, equal, isSubset } from './operators.ts'
import { sorted } from './sorting.ts'
import { type Dict, SetValue } from './tables.ts'
import { repr } from './text.ts'
import { define, TYPES } from './types.ts'
import { type Tuple, type Value, View } from './values.ts'

function needed(value: Value | undefined): Value {
  if (value === undefined) throw typeProblem('an argument is missing')
  return value
}

function indexIn(items: Value[], wanted: Value): bigint {
  const at = items.findIndex((item) => equal(item, wanted))
  if (at < 0) throw valueProblem(`${repr(wanted)} is not in list`)
  return BigInt(at)
}

const count = (items: Value[], wanted: Value) => BigInt(items.filter((item) => equal(item, wanted)).length)

function replaceAll(list: Value[], items: Value[]): null {
  list.length = 0
  for (const item of items) list.push(item)
  return null
}

define(TYPES.list, {
  append(self: Value[], [item]) {
    self.push(needed(item))
    return null
  },
  clear: (self: Value[]) => replaceAll(self, []),
  copy: (self: Value[]) => [...self],
  count: (self: Value[], [item]) => count(self, needed(item)),
  extend(self: Value[], [items]) {
    for (const item of toArray(needed(items))) self.push(item)
    return null
  },
  index: (self: Value[], [item]) => indexIn(self, needed(item)),
  insert(self: Value[], [at, item]) {
    self.splice(Number(asInt(at)), 0, needed(item))
    return null
  },
  pop(self: Value[], [at]) {
    if (self.length === 0) throw problem('IndexError', 'pop from empty list')
    if (at === undefined) return self.pop() as Value
    const place = Number(asInt(at))
    const item = self.at(place)
    if (item === undefined) throw problem('IndexError', 'pop index out of range')
    self.splice(place, 1)
    return item
  },
  remove(self: Value[], [item]) {
    deleteItem(self, indexIn(self, needed(item)))
    return null
  },
  reverse(self: Value[]) {
    self.reverse()
    return null
  },
  sort: (self: Value[], _, keywords) => replaceAll(self, sorted(self, keywords)),
})

define(TYPES.tuple, {
  count: (self: Tuple, [item]) => count(self.items, needed(item)),
  index: (self: Tuple, [item]) => indexIn(self.items, needed(item)),
})

define(TYPES.dict, {
  clear(self: Dict) {
    self.entries.clear()
    return null
  },
  copy: (self: Dict) => self.copy(),
  get: (self: Dict, [key, otherwise = null]) => self.get(needed(key)) ?? otherwise,
  items: (self: Dict) => new View('items', self),
  keys: (self: Dict) => new View('keys', self),
  pop(self: Dict, [key, otherwise]) {
    const value = self.get(needed(key)) ?? otherwise
    if (value === undefined) throw missingKey(needed(key))
    self.delete(needed(key))
    return value
  },
  setdefault(self: Dict, [key, otherwise = null]) {
    const value = self.get(needed(key))
    if (value !== undefined) return value
    self.set(needed(key), otherwise)
    return otherwise
  },
  update(self: Dict, [source], keywords) {
    fill(self, source)
    for (const [name, value] of keywords) self.set(name, value)
    return null
  },
  values: (self: Dict) => new View('values', self),
})

const asSet = (value: Value | undefined) => (value instanceof SetValue ? value : SetValue.of(toArray(needed(value))))

define(TYPES.set, {
  add(self: SetValue, [item]) {
    self.add(needed(item))
    return null
  },
  clear(self: SetValue) {
    self.members.clear()
    return null
  },
  copy: (self: SetValue) => SetValue.of(self.members.values()),
  difference: (self: SetValue, [other]) => binary('-', self, asSet(other)),
  discard(self: SetValue, [item]) {
    self.delete(needed(item))
    return null
  },
  intersection: (self: SetValue, [other]) => binary('&', self, asSet(other)),
  issubset: (self: SetValue, [other]) => isSubset(self, asSet(other)),
  remove(self: SetValue, [item]) {
    if (!self.delete(needed(item))) throw missingKey(needed(item))
    return null
  },
  union: (self: SetValue, [other]) => binary('|', self, asSet(other)),
  update(self: SetValue, [items]) {
    for (const item of toArray(needed(items))) self.add(item)
    return null
  },
})
