import { typeProblem, valueProblem } from './errors.ts'
import { pad } from './format.ts'
import { toArray } from './iteration.ts'
import { asInt } from './numbers.ts'
import { characters } from './text.ts'
import { define, TYPES, typeName } from './types.ts'
import { Tuple, type Value } from './values.ts'

const BLANK = ' \t\n\r\v\f'

function asText(value: Value | undefined): string {
  if (typeof value !== 'string') throw typeProblem(`a string is required, not ${typeName(value ?? null)}`)
  return value
}

/** Cuts off, at either end, what is among these characters. */
function strip(text: string, given: Value | undefined, left: boolean, right: boolean): string {
  const unwanted = given === undefined || given === null ? BLANK : asText(given)
  const all = Array.from(text)
  let [start, end] = [0, all.length]
  while (left && start < end && unwanted.includes(all[start] as string)) start++
  while (right && end > start && unwanted.includes(all[end - 1] as string)) end--
  return all.slice(start, end).join('')
}

/** A place in JavaScript's counting as the program counts: in whole characters. */
const placeIn = (text: string, at: number) => BigInt(at < 0 ? at : characters(text.slice(0, at)).length)

function split(text: string, given: Value | undefined, most: number): Value[] {
  if (given === undefined || given === null) return splitAtBlanks(text, most)
  const separator = asText(given)
  if (separator === '') throw valueProblem('empty separator')
  const parts: string[] = []
  let rest = text
  for (let at = rest.indexOf(separator); at >= 0 && parts.length !== most; at = rest.indexOf(separator)) {
    parts.push(rest.slice(0, at))
    rest = rest.slice(at + separator.length)
  }
  return [...parts, rest]
}

function splitAtBlanks(text: string, most: number): Value[] {
  const words = [...text.matchAll(/\S+/g)]
  const last = most >= 0 ? words[most] : undefined
  if (!last) return words.map(([word]) => word)
  return [...words.slice(0, most).map(([word]) => word), text.slice(last.index)]
}

function partition(text: string, separator: string): Value {
  const at = text.indexOf(separator)
  return new Tuple(at < 0 ? [text, '', ''] : [text.slice(0, at), separator, text.slice(at + separator.length)])
}

function startsOrEnds(given: Value | undefined, test: (part: string) => boolean): boolean {
  return given instanceof Tuple ? given.items.some((part) => test(asText(part))) : test(asText(given))
}

function aligned(text: string, align: string, [width, fill = ' ']: Value[]): string {
  return pad(text, Math.max(0, Number(asInt(width)) - characters(text).length), align, asText(fill))
}

/** The odd blank stands on the right, unless the width is odd, too: that is how Python does it. */
function centred(text: string, [width, fill = ' ']: Value[]): string {
  const wide = Number(asInt(width))
  const missing = Math.max(0, wide - characters(text).length)
  const left = Math.floor(missing / 2) + (missing % 2 === 1 && wide % 2 === 1 ? 1 : 0)
  return asText(fill).repeat(left) + text + asText(fill).repeat(missing - left)
}

function join(separator: string, source: Value | undefined): string {
  const items = toArray(source ?? null)
  const wrong = items.findIndex((item) => typeof item !== 'string')
  if (wrong >= 0) throw typeProblem(`sequence item ${wrong}: expected str instance, ${typeName(items[wrong] as Value)} found`)
  return items.join(separator)
}

function count(text: string, part: string): bigint {
  if (part === '') return BigInt(characters(text).length + 1)
  return BigInt(text.split(part).length - 1)
}

function replace(text: string, [from, to, most]: Value[]): string {
  if (most === undefined) return text.replaceAll(asText(from), () => asText(to))
  return split(text, asText(from), Number(asInt(most))).join(asText(to))
}

function found(at: bigint): bigint {
  if (at < 0n) throw valueProblem('substring not found')
  return at
}

const capitalised = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()
const isAll = (pattern: RegExp) => (self: string) => pattern.test(self)

define(TYPES.str, {
  capitalize: capitalised,
  center: (self: string, args) => centred(self, args),
  count: (self: string, [part]) => count(self, asText(part)),
  endswith: (self: string, [part]) => startsOrEnds(part, (end) => self.endsWith(end)),
  find: (self: string, [part]) => placeIn(self, self.indexOf(asText(part))),
  index: (self: string, [part]) => found(placeIn(self, self.indexOf(asText(part)))),
  isalnum: isAll(/^[\p{L}\p{N}]+$/u),
  isalpha: isAll(/^\p{L}+$/u),
  isdigit: isAll(/^\d+$/),
  islower: (self: string) => self === self.toLowerCase() && self !== self.toUpperCase(),
  isspace: isAll(/^\s+$/),
  isupper: (self: string) => self === self.toUpperCase() && self !== self.toLowerCase(),
  join: (self: string, [items]) => join(self, items),
  ljust: (self: string, args) => aligned(self, '<', args),
  lower: (self: string) => self.toLowerCase(),
  lstrip: (self: string, [which]) => strip(self, which, true, false),
  partition: (self: string, [separator]) => partition(self, asText(separator)),
  replace,
  rfind: (self: string, [part]) => placeIn(self, self.lastIndexOf(asText(part))),
  rjust: (self: string, args) => aligned(self, '>', args),
  rstrip: (self: string, [which]) => strip(self, which, false, true),
  split: (self: string, [separator, most = -1n]) => split(self, separator, Number(asInt(most))),
  splitlines: (self: string) =>
    self
      .replace(/\n$/, '')
      .split('\n')
      .slice(self === '' ? 1 : 0),
  startswith: (self: string, [part]) => startsOrEnds(part, (start) => self.startsWith(start)),
  strip: (self: string, [which]) => strip(self, which, true, true),
  title: (self: string) => self.replace(/\p{L}+/gu, capitalised),
  upper: (self: string) => self.toUpperCase(),
  zfill: (self: string, [width]) => zeros(self, Number(asInt(width))),
})

function zeros(text: string, width: number): string {
  const sign = /^[-+]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}
