import type { Kit } from '../programs/kit.ts'

/** The lines of a text, each with its newline; the last may have none. */
export const linesOf = (text: string): string[] => text.split(/(?<=\n)/).filter((line) => line !== '')

export const firstLines = (text: string, count: number): string => linesOf(text).slice(0, count).join('')

/** At least one. */
export const lastLines = (text: string, count: number): string => linesOf(text).slice(-count).join('')

/** The part of a file in the output of head and tail. */
export const headed = (name: string, text: string): string => `==> ${name} <==\n${text}`

/** Two files with names and contents of their own. */
export function twoFiles({ random, scratch }: Kit): { names: [string, string]; texts: [string, string] } {
  const texts = random.distinct(2, () => random.text(random.int(4, 6))) as [string, string]
  const names = random.distinct(2, random.word).map((name, n) => scratch.file(name, texts[n] as string))
  return { names: names as [string, string], texts }
}
