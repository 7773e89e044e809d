import { expect, type Kit } from '../programs/kit.ts'
import type { Run } from '../programs/run.ts'

/** The report at the end: the last two lines on records, whatever else there is. */
export function told(run: Run, input: string, output: string): void {
  const lines = [...run.stderr.toString().matchAll(/^\d+\+\d+ records (in|out)$/gm)].map(([line]) => line)
  const why =
    'These are the lines on records that it wrote to standard error, full blocks before the plus, partial ones behind it.'
  expect(lines.slice(-2).join('\n'), `The report of \`${run.command}\``, why).toBe(`${input} records in\n${output} records out`)
}

/** A file of random bytes, and its name. */
export function source({ random, scratch }: Kit, size: number): { name: string; bytes: Buffer } {
  const name = random.word()
  const bytes = random.bytes(size)
  scratch.file(name, bytes)
  return { name, bytes }
}

export const holds = ({ scratch }: Kit, name: string, content: Buffer | string, why = '') =>
  expect(scratch.read(name), `The file ${name}`, why).toBeText(content)
