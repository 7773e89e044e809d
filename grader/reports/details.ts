import type { CheckReport } from '../engine/report.ts'

/** A failed check as plain lines, for forms that have one field for all of it. */
export function details(check: CheckReport): string {
  const parts = [
    check.message,
    check.transcript?.join('\n'),
    check.expected !== undefined && `expected:\n${check.expected}`,
    check.actual !== undefined && `got:\n${check.actual}`,
    check.hint && `hint: ${check.hint}`,
    check.spec && `spec: ${check.spec}`,
    check.replay && `replay: ${check.replay}`,
  ]
  return parts.filter(Boolean).join('\n\n')
}
