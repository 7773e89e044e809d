import type { GradeEvent } from '../engine/grade.ts'
import { type TextOptions, tierLine } from './text.ts'

type Event = GradeEvent | { type: 'building' }

const CLEAR_LINE = '\r\x1b[K'

/** Shows a grading while it runs: a line for each finished tier and, on a terminal, one that changes for the tier under way. */
export function liveView(out: NodeJS.WriteStream, options: TextOptions & { titles?: boolean }): (event: Event) => void {
  const running = new Map<string, string>()
  let total = 0
  let done = 0
  const progress = (text: string) => {
    if (out.isTTY) out.write(`${CLEAR_LINE}${text.slice(0, options.columns - 1)}`)
  }
  return (event) => {
    switch (event.type) {
      case 'building':
        progress('  building …')
        break
      case 'tier-started':
        total = event.checks
        done = 0
        running.clear()
        break
      case 'check-started':
        running.set(event.id, options.titles === false ? '' : event.title)
        progress(`  ${event.tier.padEnd(6)}  ·  ${done} of ${total}  ${[...running.values()].at(-1) ?? ''}`)
        break
      case 'check-ended':
        done++
        running.delete(event.check.id)
        progress(`  ${event.tier.padEnd(6)}  ·  ${done} of ${total}  ${[...running.values()].at(-1) ?? ''}`)
        break
      case 'tier-ended':
        out.write(`${out.isTTY ? CLEAR_LINE : ''}${tierLine(event.tier, options)}\n`)
        break
    }
  }
}
