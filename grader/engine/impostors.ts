/** A known-bad variant of a reference: one edit, and the check that must notice it. */
export interface Impostor {
  id: string
  /** The check that must fail. Checks of earlier tiers must all pass. */
  caughtBy: string
  /** What the failure must mention, so that it fails for the right reason. */
  says: string | RegExp
  /** The file that is edited, `#lib/io.ts` for one of the library; `main.ts` where it is left out. */
  file?: string
  /** Text that stands exactly once in that file, and what takes its place. */
  find: string
  replace: string
}

export interface Impostors {
  slug: string
  impostors: Impostor[]
}

/** @throws {Error} an id used twice. */
export function impostors(slug: string, list: Impostor[]): Impostors {
  const ids = list.map(({ id }) => id)
  const twice = ids.find((id, at) => ids.indexOf(id) !== at)
  if (twice) throw new Error(`${slug}: two impostors are called ${twice}`)
  return { slug, impostors: list }
}
