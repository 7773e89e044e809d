import { Failure } from '../engine/failure.ts'

/**
 * The figures in an answer such as `keys=3 files=1 bytes=120`, in whatever order they stand.
 * @throws {Failure} one of these is missing, or no number.
 */
export function figures<Name extends string>(request: string, answer: string, names: readonly Name[]): Record<Name, number> {
  const given = new Map(answer.split(' ').map((word) => word.split('=', 2) as [string, string | undefined]))
  const entries = names.map((name) => {
    const text = given.get(name) ?? ''
    if (!/^\d+(\.\d+)?$/.test(text)) {
      throw new Failure(`The answer to \`${request}\` lacks \`${name}=\` with a number behind it.`, {
        expected: names.map((wanted) => `${wanted}=…`).join(' '),
        actual: answer,
      })
    }
    return [name, Number(text)] as const
  })
  return Object.fromEntries(entries) as Record<Name, number>
}
