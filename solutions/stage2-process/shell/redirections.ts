import fs from 'node:fs'
import { reason } from '#lib/io.ts'
import type { Expansion } from './expansion.ts'
import { openText } from './pipes.ts'
import type { Descriptors } from './shell.ts'
import type { Redirection } from './syntax.ts'

const MODES = { '<': 'r', '>': 'w', '>>': 'a' } as const

/** A redirection that can not be made; its command is not run. */
export class RedirectionFailure extends Error {}

/** The descriptors that a command gets, and how to close those that were opened for it alone. */
export interface Opened {
  descriptors: Descriptors
  close(): void
}

/**
 * Opens what redirections ask for, from the left to the right: each sees what those before it have done.
 * @throws {RedirectionFailure} a file can not be opened, or a descriptor is not open.
 */
export async function redirect(redirections: Redirection[], before: Descriptors, expansion: Expansion): Promise<Opened> {
  const descriptors = new Map(before)
  const opened: number[] = []
  const close = () => {
    for (const fd of opened) fs.closeSync(fd)
  }
  for (const { fd, operator, target } of redirections) {
    const text = await expansion.text(target)
    try {
      if (text === '-' && operator.endsWith('&')) {
        descriptors.delete(fd)
        continue
      }
      const source = operator.endsWith('&') ? descriptors.get(Number(text)) : open(operator as '<', text)
      if (source === undefined) throw new RedirectionFailure(`${text}: bad file descriptor`)
      descriptors.set(fd, source)
      if (!operator.endsWith('&')) opened.push(source)
    } catch (error) {
      close()
      throw error instanceof RedirectionFailure ? error : new RedirectionFailure(`${text}: ${reason(error)}`)
    }
  }
  return { descriptors, close }
}

function open(operator: keyof typeof MODES | '<<', text: string): number {
  return operator === '<<' ? openText(text) : fs.openSync(text, MODES[operator])
}
