import { expect } from '../engine/expect.ts'
import type { Random } from '../engine/random.ts'
import type { Scratch } from '../programs/scratch.ts'

interface Place {
  scratch: Scratch
  random: Random
}

/** Names and texts for a check that moves files about; all are different. */
export function draw({ random }: Place) {
  const [one, two, three, box] = random.distinct(4, random.word) as [string, string, string, string]
  const [first, second, third] = random.distinct(3, () => random.text(random.int(2, 5))) as [string, string, string]
  return { one, two, three, box, first, second, third }
}

/** The file holds this, now. */
export function holds({ scratch }: Place, name: string, content: string | Buffer, why = ''): void {
  expect(scratch.read(name), `The file ${name}`, why).toBeText(content)
}

/** There is nothing of that name, not even a link that leads nowhere. */
export function gone({ scratch }: Place, name: string): void {
  const found = scratch.names(name.replace(/[^/]*\/?$/, '') || '.').includes(name.replace(/\/$/, '').replace(/.*\//, ''))
  expect(found, `That there is still ${name}`).toBe(false)
}

/** The file has left its place and arrived whole. */
export function moved(place: Place, from: string, to: string, content: string): void {
  holds(place, to, content)
  gone(place, from)
}

export const modeOf = ({ scratch }: Place, name: string) => (scratch.stat(name).mode & 0o7777).toString(8)
