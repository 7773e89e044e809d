import fs from 'node:fs'
import { Glob } from '#lib/glob.ts'
import type { Field } from './fields.ts'

/** The paths that a pattern matches, in order; the word itself if there are none, or if it is no pattern. */
export function pathnames({ text, pattern }: Field): string[] {
  if (!isPattern(pattern)) return [text]
  const [first = '', ...rest] = pattern.split('/')
  const found = rest.reduce(below, first === '' ? [''] : entries('', first))
  return found.length > 0 ? found.sort() : [text]
}

/** A backslash makes the character behind it one like others. */
const isPattern = (pattern: string) => /[*?[]/.test(pattern.replace(/\\./g, ''))

function below(parents: string[], component: string): string[] {
  return parents.flatMap((parent) => entries(`${parent}/`, component))
}

/** The names in a folder that match one component of a pattern, with the folder before them. */
function entries(folder: string, component: string): string[] {
  if (!isPattern(component)) {
    const path = folder + component.replace(/\\(.)/g, '$1')
    return fs.existsSync(path) ? [path] : []
  }
  const glob = new Glob(component)
  const hidden = component.replace('\\', '').startsWith('.')
  return list(folder || '.')
    .filter((name) => name.startsWith('.') === hidden && glob.matches(name))
    .map((name) => folder + name)
}

function list(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}
