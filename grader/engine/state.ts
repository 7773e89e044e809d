import fs from 'node:fs'
import path from 'node:path'
import { places } from './projects.ts'
import type { Report } from './report.ts'

/** What is remembered of a project between calls. */
export interface Memory {
  report: Report
  /** When it was graded, as an ISO date. */
  at: string
  /** How many hints of each check were shown. */
  hints: Record<string, number>
}

const fileOf = (slug: string) => path.join(places.state(), 'results', `${slug}.json`)

/** The last grading of the learner's own work, or undefined. A damaged file counts as none. */
export function recall(slug: string): Memory | undefined {
  try {
    return JSON.parse(fs.readFileSync(fileOf(slug), 'utf8'))
  } catch {
    return undefined
  }
}

/** Writes in one step: a call that is interrupted leaves the old memory or the new. */
export function remember(slug: string, memory: Memory): void {
  const file = fileOf(slug)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const next = `${file}.${process.pid}`
  fs.writeFileSync(next, JSON.stringify(memory))
  fs.renameSync(next, file)
}

export function rememberReport(report: Report): void {
  remember(report.project, { report, at: new Date().toISOString(), hints: recall(report.project)?.hints ?? {} })
}
