import type { Project } from '../engine/projects.ts'

/** What a proof came to: what it could not show, each told to the author, and figures for the object of `prove --json`. */
export interface Proof<Figures = object> {
  problems: string[]
  figures: Figures
}

export interface ProofContext {
  project: Project
  seed: string
  /** Told of each step that is done. */
  onStep: (done: number, total: number, what: string) => void
  /** True when nothing more should be begun; what is left is said. */
  outOfTime: () => boolean
}

/** Works through a list, a few at a time. The results are in the order of the list; those that were not begun any more have none. */
export async function inLanes<T, R>(
  items: T[],
  lanes: number,
  work: (item: T, index: number) => Promise<R>,
  enough: () => boolean = () => false,
): Promise<R[]> {
  const results: R[] = []
  const queue = [...items.entries()]
  const lane = async () => {
    for (let next = queue.shift(); next && !enough(); next = queue.shift()) results[next[0]] = await work(next[1], next[0])
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  return results.filter(() => true)
}
