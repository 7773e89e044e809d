/** Mutants of a reference that no check can tell from it, or that the spec leaves free. */
export interface Equivalent {
  /** The source text that is mutated, exactly. */
  code: string
  /** What it becomes; all mutants of that text where it is left out. */
  into?: string
  /** The file; any where it is left out. */
  file?: string
  /** Part of the line that it stands in, where the text alone stands in several. */
  line?: string
  /** Why nobody can see the difference. */
  why: string
}

export interface Equivalents {
  slug: string
  equivalents: Equivalent[]
}

export function equivalents(slug: string, list: Equivalent[]): Equivalents {
  return { slug, equivalents: list }
}
