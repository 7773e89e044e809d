import { TIERS, type TierName } from './report.ts'

/** What a check says of itself beside its id and title. */
export interface CheckNotes {
  /** The section of the spec it comes from, as a heading's anchor: `numbers` for `### Numbers`. */
  spec: string
  /** What to think of next, for somebody who failed it; several are shown one after the other by `npm run hint`. */
  hint: string | string[]
  /** Wants the machine for itself: it measures time or memory. */
  alone?: boolean
}

/** One hidden test. `Kit` is what the interface of the project gives it to work with. */
export interface Check<Kit> {
  id: string
  title: string
  spec: string
  hints: string[]
  alone: boolean
  run: (kit: Kit) => Promise<void>
}

export interface Tier<Kit> {
  name: TierName
  checks: Check<Kit>[]
}

export interface HiddenTests<Kit> {
  slug: string
  tiers: Tier<Kit>[]
}

const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/

/**
 * The hidden tests of a project.
 * @throws {Error} tiers missing or out of order, an empty tier, an id used twice or not in kebab-case.
 */
export function hiddenTests<Kit>(slug: string, tiers: Tier<Kit>[]): HiddenTests<Kit> {
  const names = tiers.map((tier) => tier.name).join(' ')
  if (names !== TIERS.join(' ')) throw new Error(`${slug}: tiers must be ${TIERS.join(', ')}, in this order; they are ${names}`)
  const seen = new Set<string>()
  for (const check of tiers.flatMap((tier) => tier.checks)) {
    if (!ID.test(check.id)) throw new Error(`${slug}: the check id "${check.id}" is not in kebab-case`)
    if (seen.has(check.id)) throw new Error(`${slug}: the check id "${check.id}" is used twice`)
    seen.add(check.id)
  }
  const empty = tiers.find((tier) => tier.checks.length === 0)
  if (empty) throw new Error(`${slug}: tier ${empty.name} has no check`)
  return { slug, tiers }
}

export function tier<Kit>(name: TierName, checks: Check<Kit>[]): Tier<Kit> {
  return { name, checks: name === 'flies' ? checks.map((check) => ({ ...check, alone: true })) : checks }
}

export function check<Kit>(id: string, title: string, notes: CheckNotes, run: (kit: Kit) => Promise<void>): Check<Kit> {
  return { id, title, spec: notes.spec, hints: [notes.hint].flat(), alone: notes.alone ?? false, run }
}
