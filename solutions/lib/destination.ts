import fs from 'node:fs'
import { UsageError } from './options.ts'
import { baseName, join } from './paths.ts'
import { FatalError } from './program.ts'

/**
 * Who goes where, as cp and mv understand their operands: `SOURCE TARGET`, or several sources and a folder that takes them under their own names.
 *
 * @param folder the argument of -t; then all operands are sources.
 * @throws {FatalError} what must be a folder is none.
 */
export function destinations(operands: string[], folder?: string): [source: Buffer, target: Buffer][] {
  const sources = operands.map((operand) => Buffer.from(operand))
  const last = folder === undefined ? sources.pop() : Buffer.from(folder)
  if (last === undefined || sources.length === 0) throw new UsageError('missing file operand')
  if (isFolder(last)) return sources.map((source) => [source, join(last, baseName(source))])
  if (folder !== undefined || sources.length > 1) throw new FatalError(`target '${last}' is not a directory`)
  return sources.map((source) => [source, last])
}

/** Links are followed: what leads to a folder may stand for it. */
export function isFolder(path: Buffer): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
