/** Two blanks between columns, and at least one character in each. */
const GAP = 2
const NARROWEST = 1 + GAP

/** Sets labels in columns to be read downwards, each as wide as its widest label: as many columns as fit in less than `width`. */
export function inColumns(labels: Buffer[], width: number): Buffer[] {
  const lengths = labels.map((label) => [...label.toString()].length)
  for (let columns = Math.floor(width / NARROWEST); columns > 1; columns--) {
    const rows = Math.ceil(labels.length / columns)
    const widths = widthsOf(lengths, rows)
    if (sum(widths) - GAP < width) return table(labels, lengths, rows, widths)
  }
  return labels
}

function widthsOf(lengths: number[], rows: number): number[] {
  const widths: number[] = []
  for (const [index, length] of lengths.entries()) {
    const column = Math.floor(index / rows)
    widths[column] = Math.max(widths[column] ?? 0, length + GAP)
  }
  return widths
}

function table(labels: Buffer[], lengths: number[], rows: number, widths: number[]): Buffer[] {
  const lines: Buffer[][] = Array.from({ length: rows }, () => [])
  for (const [index, label] of labels.entries()) {
    const isLast = index + rows >= labels.length
    const blanks = isLast ? 0 : (widths[Math.floor(index / rows)] as number) - (lengths[index] as number)
    lines[index % rows]?.push(label, Buffer.alloc(blanks, ' '))
  }
  return lines.map((line) => Buffer.concat(line))
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
