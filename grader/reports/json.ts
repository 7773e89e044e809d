import type { Report } from '../engine/report.ts'

/** The report itself; `report.schema.json` describes it. */
export const one = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`

export const many = (reports: Report[]): string => `${JSON.stringify({ schema: 1, reports }, null, 2)}\n`
