import { UsageError } from '#lib/options.ts'

export interface Operands {
  input: string | undefined
  output: string | undefined
  inputBlock: number
  outputBlock: number
  /** bs was given: each block is written as it was read, even a short one. */
  blockByBlock: boolean
  count: number
  skip: number
  seek: number
  conversions: Set<string>
  inputFlags: Set<string>
  outputFlags: Set<string>
  status: string
}

const SIZES = ['ibs', 'obs', 'bs']
const NUMBERS = ['count', 'skip', 'seek']
const WORDS: Record<string, string[]> = {
  conv: ['notrunc', 'sync', 'noerror', 'fsync', 'sparse'],
  iflag: ['fullblock', 'direct'],
  oflag: ['append', 'direct'],
  status: ['none', 'noxfer'],
}
const NAMES = ['if', 'of', ...SIZES, ...NUMBERS, ...Object.keys(WORDS)]

const UNITS: Record<string, number> = {
  '': 1,
  c: 1,
  w: 2,
  b: 512,
  kB: 1000,
  k: 1024,
  K: 1024,
  MB: 1000 ** 2,
  M: 1024 ** 2,
  GB: 1000 ** 3,
  G: 1024 ** 3,
}

/** dd is older than the dash: its command line is all `name=value`, after the job control language of OS/360. */
export function parseOperands(args: string[]): Operands {
  const given = new Map<string, string>()
  for (const arg of args) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(arg) ?? []
    if (!NAMES.includes(name)) throw new UsageError(`unrecognized operand '${arg}'`)
    given.set(name, value)
  }
  const number = (name: string, otherwise: number) => {
    const value = given.get(name)
    return value === undefined ? otherwise : parseNumber(value, SIZES.includes(name) ? 1 : 0)
  }
  const words = (name: string) => new Set(given.has(name) ? parseWords(name, given.get(name) as string) : [])
  const block = number('bs', 512)
  return {
    input: given.get('if'),
    output: given.get('of'),
    inputBlock: given.has('bs') ? block : number('ibs', block),
    outputBlock: given.has('bs') ? block : number('obs', block),
    blockByBlock: given.has('bs'),
    count: number('count', Number.POSITIVE_INFINITY),
    skip: number('skip', 0),
    seek: number('seek', 0),
    conversions: words('conv'),
    inputFlags: words('iflag'),
    outputFlags: words('oflag'),
    status: [...words('status')].join(),
  }
}

function parseWords(name: string, text: string): string[] {
  const words = text.split(',')
  const unknown = words.find((word) => !WORDS[name]?.includes(word))
  if (unknown !== undefined) throw new UsageError(`${name}: unknown '${unknown}'`)
  return words
}

/** `4k`, `512`, or a product of such numbers: `2x80x18b`. */
function parseNumber(text: string, least: number): number {
  const product = text.split('x').reduce((result, factor) => {
    const [, digits, unit = ''] = /^(\d+)(\D*)$/.exec(factor) ?? []
    return result * Number(digits) * (UNITS[unit] ?? Number.NaN)
  }, 1)
  if (!(product >= least)) throw new UsageError(`invalid number: '${text}'`)
  return product
}
