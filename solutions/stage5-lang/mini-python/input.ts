import { lines, STDIN } from '#lib/io.ts'

let source: Generator<Buffer> | undefined

/** The next line of standard input, without its newline. @returns undefined when there is none left. */
export function readLine(): string | undefined {
  source ??= lines(STDIN)
  return source
    .next()
    .value?.toString()
    .replace(/\r?\n$/, '')
}
