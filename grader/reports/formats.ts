import { load } from '../engine/load.ts'
import type { Report } from '../engine/report.ts'

export interface Format {
  /** The text of one report. */
  one: (report: Report) => string
  /** The text of several. */
  many: (reports: Report[]) => string
}

/** Every machine-readable form of a report; each is loaded when it is asked for. */
export const FORMATS: Record<string, () => Promise<Format>> = {
  json: () => load<Format>('./json.ts', import.meta.url),
  junit: () => load<Format>('./junit.ts', import.meta.url),
  exercism: () => load<Format>('./exercism.ts', import.meta.url),
  gradescope: () => load<Format>('./gradescope.ts', import.meta.url),
  markdown: () => load<Format>('./markdown.ts', import.meta.url),
  annotations: () => load<Format>('./annotations.ts', import.meta.url),
}
