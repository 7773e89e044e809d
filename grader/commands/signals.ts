const SIGNALS = [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const

/** Ctrl-C and its like end the grader at once; what it started ends with it (see programs/workroom.ts). */
export function endOnSignals(): void {
  for (const [signal, number] of SIGNALS) process.once(signal, () => process.exit(128 + number))
}
