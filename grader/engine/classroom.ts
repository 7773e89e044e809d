import fs from 'node:fs'
import path from 'node:path'
import { ROOT } from './projects.ts'

/** How much a failed check shows: all, its title, or only that it is there. */
export const REVEAL = ['full', 'title', 'none'] as const
export type Reveal = (typeof REVEAL)[number]

/** `classroom.json`, at the root of a copy for students. */
export interface Classroom {
  reveal: Reveal
  /** The commit of the course that the copy was made of. */
  course: string
}

/** What a classroom's copy says of itself; undefined in the course itself. */
export function classroom(root = ROOT): Classroom | undefined {
  const file = path.join(root, 'classroom.json')
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined
}
