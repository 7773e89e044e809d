import type { Reply } from '../protocols/resp.ts'
import type { Operation, Specification } from './linearizability.ts'

/** A command to a replicated key-value store: `['SET', 'k', 'v']`. */
export type Command = [name: string, key: string, ...rest: string[]]

/** A key-value store with GET, SET, DEL, APPEND (answers with the new length) and CAS (1 when the old value was as given, else 0), as one client alone sees it. */
export const register: Specification<string | null, Command, Reply> = {
  initial: null,
  key: ([, key]) => key,
  reads: ([name]) => name === 'GET',
  step(state, [name, , one = '', two = '']) {
    switch (name) {
      case 'GET':
        return { state, output: state }
      case 'SET':
        return { state: one, output: '+OK' }
      case 'DEL':
        return { state: null, output: state === null ? 0 : 1 }
      case 'APPEND':
        return { state: (state ?? '') + one, output: Buffer.byteLength((state ?? '') + one) }
      case 'CAS':
        return state === one ? { state: two, output: 1 } : { state, output: 0 }
      default:
        throw new Error(`the model knows no ${name}`)
    }
  },
  print: (value) => (value === null ? '(nil)' : typeof value === 'string' ? value : String(value)),
  describe: ({ input, output }: Operation<Command, Reply>) =>
    `${input.join(' ')} → ${output === undefined ? 'no answer' : register.print(output as string)}`,
}
