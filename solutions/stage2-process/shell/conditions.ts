import fs from 'node:fs'

const { R_OK, W_OK, X_OK } = fs.constants
const WRONG_CALL = 2

const UNARY: Record<string, (operand: string) => boolean | undefined> = {
  '-n': (text) => text !== '',
  '-z': (text) => text === '',
  '-e': (file) => fs.existsSync(file),
  '-f': (file) => look(file)?.isFile(),
  '-d': (file) => look(file)?.isDirectory(),
  '-L': (file) => fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink(),
  '-s': (file) => (look(file)?.size ?? 0) > 0,
  '-r': (file) => mayAccess(file, R_OK),
  '-w': (file) => mayAccess(file, W_OK),
  '-x': (file) => mayAccess(file, X_OK),
}

const NUMERIC: Record<string, (left: number, right: number) => boolean> = {
  '-eq': (left, right) => left === right,
  '-ne': (left, right) => left !== right,
  '-lt': (left, right) => left < right,
  '-le': (left, right) => left <= right,
  '-gt': (left, right) => left > right,
  '-ge': (left, right) => left >= right,
}

/** The status of `test`: 0 for true, 1 for false, 2 for what makes no sense. How many operands there are decides what each of them means. */
export function evaluate(operands: string[] | undefined): number {
  const truth = operands && judge(operands)
  return truth === undefined ? WRONG_CALL : truth ? 0 : 1
}

function judge(operands: string[]): boolean | undefined {
  const [one = '', two = '', three = ''] = operands
  if (operands.length === 0) return false
  if (operands.length === 1) return one !== ''
  if (operands.length === 3) {
    if (two === '=') return one === three
    if (two === '!=') return one !== three
    const compare = NUMERIC[two]
    if (compare) return [one, three].every((text) => /^[+-]?\d+$/.test(text)) ? compare(Number(one), Number(three)) : undefined
  }
  if (one === '!') {
    const inner = judge(operands.slice(1))
    return inner === undefined ? undefined : !inner
  }
  const ask = operands.length === 2 ? UNARY[one] : undefined
  return ask && (ask(two) ?? false)
}

function look(file: string): fs.Stats | undefined {
  return fs.statSync(file, { throwIfNoEntry: false })
}

function mayAccess(file: string, mode: number): boolean {
  try {
    fs.accessSync(file, mode)
    return true
  } catch {
    return false
  }
}
