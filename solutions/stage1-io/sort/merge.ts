import type { Table } from './keys.ts'
import type { Scratch } from './text.ts'

/** How many sources are merged at a time: each costs a buffer, and a file that is merged costs a descriptor. */
const FAN_IN = 64
/** What a line takes in memory besides its bytes: string header, key, and its places in the columns. */
const LINE_OVERHEAD = 64

/**
 * External merge sort: as many lines as fit are sorted in memory; if there are more, such runs are put aside and merged in the end. Lines
 * that compare equal stay in the order in which they came.
 */
export function sortLines(input: Iterable<string>, memory: number, newTable: () => Table, scratch: Scratch): Iterable<string> {
  const runs: Iterable<string>[] = []
  let table = newTable()
  let used = 0
  for (const line of input) {
    table.set(table.lines.length, line)
    used += line.length + LINE_OVERHEAD
    if (used < memory) continue
    runs.push(scratch.keep(sortedRows(table)))
    table = newTable()
    used = 0
  }
  return merge([...runs, sortedRows(table)], newTable, scratch)
}

function* sortedRows(table: Table): Generator<string> {
  const rows = Uint32Array.from(table.lines.keys()).sort((a, b) => table.compare(a, b))
  for (const row of rows) yield table.lines[row] as string
}

/** Merges any number of sorted sources, in several passes if they are too many for one. */
export function merge(sources: Iterable<string>[], newTable: () => Table, scratch: Scratch): Iterable<string> {
  let left = sources
  while (left.length > FAN_IN) {
    const groups = Array.from({ length: Math.ceil(left.length / FAN_IN) }, (_, i) => left.slice(i * FAN_IN, (i + 1) * FAN_IN))
    left = groups.map((group) => scratch.keep(mergeFew(group, newTable())))
  }
  return mergeFew(left, newTable())
}

/**
 * The next line is always the least of the sources' first lines. A heap of sources finds it in log n comparisons; of equal lines, the one
 * from the earlier source comes first.
 */
function* mergeFew(sources: Iterable<string>[], heads: Table): Generator<string> {
  const iterators = sources.map((source) => source[Symbol.iterator]())
  const advance = (source: number) => {
    const next = (iterators[source] as Iterator<string>).next()
    if (!next.done) heads.set(source, next.value)
    return !next.done
  }
  const heap = [...iterators.keys()].filter(advance)
  const isBefore = (a: number, b: number) => (heads.compare(a, b) || a - b) < 0
  for (let at = (heap.length >>> 1) - 1; at >= 0; at--) siftDown(heap, at, isBefore)
  while (heap.length > 0) {
    const least = heap[0] as number
    yield heads.lines[least] as string
    if (!advance(least)) {
      const last = heap.pop() as number
      if (heap.length === 0) return
      heap[0] = last
    }
    siftDown(heap, 0, isBefore)
  }
}

/** Moves an element of a binary heap down until none of its children is before it. */
function siftDown(heap: number[], start: number, isBefore: (a: number, b: number) => boolean): void {
  const moved = heap[start] as number
  let at = start
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && isBefore(heap[child + 1] as number, heap[child] as number)) child += 1
    if (!isBefore(heap[child] as number, moved)) break
    heap[at] = heap[child] as number
    at = child
  }
  heap[at] = moved
}

/** The first of each group of lines that compare equal. */
export function* unique(lines: Iterable<string>, pair: Table): Generator<string> {
  let row = 0
  let last = -1
  for (const line of lines) {
    pair.set(row, line)
    if (last >= 0 && pair.compare(last, row) === 0) continue
    yield line
    last = row
    row = 1 - row
  }
}

/** The first line that is not where it belongs, if there is one. */
export function inOrder(lines: Iterable<string>, pair: Table, strictly: boolean): { number: number; line: string } | undefined {
  let number = 0
  for (const line of lines) {
    const row = number % 2
    number += 1
    pair.set(row, line)
    if (number === 1) continue
    const order = pair.compare(1 - row, row)
    if (order > 0 || (strictly && order === 0)) return { number, line }
  }
  return undefined
}
