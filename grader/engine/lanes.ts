/** Does a piece of work for each item, some at a time, begun in their order; ends when all have ended. @throws what the first that failed throws. */
export async function inLanes<T>(items: T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
}
