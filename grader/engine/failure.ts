/** What a failed check tells beside its message. */
export interface Evidence {
  /** What should have been, as text to be shown as it is. */
  expected?: string | undefined
  /** What was, likewise. */
  actual?: string | undefined
}

/** The submission did something wrong. The message is written for the learner. */
export class Failure extends Error {
  readonly evidence: Evidence

  constructor(message: string, evidence: Evidence = {}) {
    super(message)
    this.name = 'Failure'
    this.evidence = evidence
  }
}

/** The submission had to be stopped, for the limit that is named. */
export class Stopped extends Failure {
  readonly limit: string

  constructor(limit: string, message: string, evidence: Evidence) {
    super(message, evidence)
    this.limit = limit
  }
}

/** The check can not be made on this machine; the message names what is missing. */
export class Skipped extends Error {}

/** The call can not be carried out as it was made; the message says what is wrong and how to mend it. Exit status 2. */
export class Unusable extends Error {}
