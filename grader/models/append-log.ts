import type { Random } from '../engine/random.ts'
import type { Expected, Model } from './operations.ts'

const refused = (answer: string) => (/^error ./.test(answer) ? undefined : 'error and a reason')

/** What `append-log` must answer. */
export class LogModel implements Model {
  first = 1
  /** The record with number 1 stands at 0; what was dropped stays, so that nothing moves. */
  private readonly records: string[] = []

  get next(): number {
    return this.records.length + 1
  }

  at(lsn: number): string | undefined {
    return lsn < this.first ? undefined : this.records[lsn - 1]
  }

  answer(request: string): Expected {
    const [name, word = '', count] = request.split(' ')
    const lsn = Number(word)
    switch (name) {
      case 'append':
        this.records.push(word)
        return `lsn ${this.next - 1}`
      case 'read':
        return this.at(lsn) === undefined ? 'none' : `record ${this.at(lsn)}`
      case 'scan':
        return this.scan(lsn, Number(count))
      case 'range':
        return `range ${this.first} ${this.next}`
      case 'truncate':
        if (lsn > this.next) return refused
        this.first = Math.max(this.first, lsn)
        return 'ok'
      case 'rewind':
        if (lsn > this.next || lsn < this.first) return refused
        this.records.splice(lsn - 1)
        return 'ok'
      default:
        return refused
    }
  }

  private scan(from: number, count: number): string {
    const start = Math.max(from, this.first)
    const numbers = Array.from({ length: Math.max(0, Math.min(count, this.next - start)) }, (_, n) => start + n)
    return ['records', ...numbers.flatMap((lsn) => [String(lsn), this.at(lsn)])].join(' ')
  }
}

/** Requests of all kinds, with numbers near those that there are, and some beside. */
export function logRequests(random: Random, count: number): string[] {
  const model = new LogModel()
  const near = () => Math.max(1, random.int(model.first - 2, model.next + 1))
  // Seldom far from the end, or there would soon be nothing to rewind.
  const late = () => Math.max(1, model.next - random.int(-1, 4))
  const kinds = [
    ...Array<() => string>(12).fill(() => `append ${random.word()}${'.'.repeat(random.int(0, 40))}`),
    ...Array<() => string>(8).fill(() => `read ${near()}`),
    ...Array<() => string>(3).fill(() => `scan ${near()} ${random.int(1, 12)}`),
    () => 'range',
    () => `truncate ${Math.min(near(), model.first + 6)}`,
    () => `rewind ${late()}`,
  ]
  return Array.from({ length: count }, () => {
    const request = random.pick(kinds)()
    model.answer(request)
    return request
  })
}
