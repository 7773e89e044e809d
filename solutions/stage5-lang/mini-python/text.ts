import { callSpecial } from './attributes.ts'
import { EXCEPTION, EXCEPTIONS, typeProblem } from './errors.ts'
import { floatText } from './numbers.ts'
import { Dict, SetValue } from './tables.ts'
import { typeName } from './types.ts'
import { Class, Instance, Range, Tuple, type Value, View } from './values.ts'

let lastText = ''
let lastCharacters: string | string[] = ''

/**
 * The characters of a text. JavaScript counts in halves of a character where one has a number above 65535; only then the text must be taken apart. A loop asks for
 * the same text again and again, so the last answer is kept.
 */
export function characters(text: string): string | string[] {
  if (text !== lastText) {
    lastText = text
    lastCharacters = /[\ud800-\udfff]/.test(text) ? Array.from(text) : text
  }
  return lastCharacters
}

export function toText(value: Value): string {
  if (typeof value === 'string') return value
  const own = callSpecial(value, '__str__')
  if (own !== undefined) return asText(own, '__str__')
  if (value instanceof Instance && value.of.isA(EXCEPTION)) return errorText(value)
  return repr(value)
}

function asText(value: Value, method: string): string {
  if (typeof value !== 'string') throw typeProblem(`${method} returned non-string (type ${typeName(value)})`)
  return value
}

const KEY_ERROR = EXCEPTIONS.get('KeyError') as Class

function errorText(error: Instance): string {
  const { items } = error.attributes.get('args') as Tuple
  if (items.length > 1) return repr(new Tuple(items))
  const [only = ''] = items
  return error.of.isA(KEY_ERROR) ? repr(only) : toText(only)
}

/** Containers that are being written: one that contains itself is not written again. */
const writing = new Set<Value>()

export function repr(value: Value): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return floatText(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value === null) return 'None'
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Range) {
    return `range(${value.start}, ${value.stop}${value.step === 1n ? '' : `, ${value.step}`})`
  }
  if (value instanceof Class) return `<class '${value.builtin ? '' : '__main__.'}${value.name}'>`
  if (value instanceof Instance) return instanceText(value)
  if (writing.has(value)) return Array.isArray(value) ? '[...]' : '{...}'
  writing.add(value)
  try {
    return containerText(value)
  } finally {
    writing.delete(value)
  }
}

function instanceText(value: Instance): string {
  const own = callSpecial(value, '__repr__')
  if (own !== undefined) return asText(own, '__repr__')
  if (!value.of.isA(EXCEPTION)) return `<__main__.${value.of.name} object>`
  const { items } = value.attributes.get('args') as Tuple
  return `${value.of.name}(${items.map(repr).join(', ')})`
}

function containerText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (value instanceof Tuple) return `(${value.items.map(repr).join(', ')}${value.items.length === 1 ? ',' : ''})`
  if (value instanceof SetValue)
    return value.members.size === 0 ? 'set()' : `{${[...value.members.values()].map(repr).join(', ')}}`
  if (value instanceof Dict) return `{${entriesText(value).join(', ')}}`
  if (value instanceof View) return `dict_${value.kind}([${viewTexts(value).join(', ')}])`
  return `<${typeName(value)} object>`
}

const entriesText = (dict: Dict) => [...dict.entries.values()].map(([key, value]) => `${repr(key)}: ${repr(value)}`)

function viewTexts({ kind, dict }: View): string[] {
  const entries = [...dict.entries.values()]
  if (kind === 'items') return entries.map((entry) => repr(new Tuple(entry)))
  return entries.map(([key, value]) => repr(kind === 'keys' ? key : value))
}

const ESCAPES: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\\': '\\\\' }

/** In single quotes, unless the text has some of these and no double ones. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let result = quote
  for (const character of text) {
    const code = character.charCodeAt(0)
    const control = code < 32 || (code >= 127 && code < 160)
    result +=
      character === quote
        ? `\\${quote}`
        : (ESCAPES[character] ?? (control ? `\\x${code.toString(16).padStart(2, '0')}` : character))
  }
  return result + quote
}
