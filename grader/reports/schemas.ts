import fs from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import type { CohortResults } from '../cohort/results.ts'
import { Unusable } from '../engine/failure.ts'
import { ROOT } from '../engine/projects.ts'
import type { Report } from '../engine/report.ts'
import type { Progress } from './progress.ts'

/** Reads JSON that others wrote, and believes none of it. @throws {Unusable} it is no JSON, or not of this shape. */
function checked<T>(schema: string, definition: string, text: string, name: string): T {
  const { definitions } = JSON.parse(fs.readFileSync(path.join(ROOT, 'grader/reports', schema), 'utf8'))
  const validate = new Ajv({ allErrors: true }).compile({ definitions, $ref: `#/definitions/${definition}` })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Unusable(`${name} is not JSON.`)
  }
  if (validate(value)) return value as T
  const [{ instancePath = '', message = '' } = {}] = validate.errors ?? []
  throw new Unusable(`${name} is not as it must be: ${instancePath || 'it'} ${message}.`)
}

export const readReport = (text: string, name: string): Report => checked('report.schema.json', 'report', text, name)

export const readProgress = (text: string, name: string): Progress => checked('progress.schema.json', 'progress', text, name)

export const readCohort = (text: string, name: string): CohortResults => checked('cohort.schema.json', 'cohort', text, name)
