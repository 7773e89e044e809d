import type { Report } from '../engine/report.ts'

export interface Format {
  /** The text of one report. */
  one: (report: Report) => string
  /** The text of several. */
  many: (reports: Report[]) => string
}

/** Every machine-readable form of a report; each is loaded when it is asked for. */
export const FORMATS: Record<string, () => Promise<Format>> = {
  json: () => import('./json.ts'),
  junit: () => import('./junit.ts'),
  exercism: () => import('./exercism.ts'),
  gradescope: () => import('./gradescope.ts'),
  markdown: () => import('./markdown.ts'),
}
