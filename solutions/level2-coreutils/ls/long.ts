import fs, { type BigIntStats } from 'node:fs'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const HALF_A_YEAR = (365.2425 / 2) * 24 * 60 * 60 * 1000
const BLOCK = 512
const UNITS = ['', 'K', 'M', 'G', 'T', 'P', 'E']

interface LongSettings {
  human: boolean
  numericIds: boolean
}

/** All that `-l` says of an inode, in front of its name. */
export class LongFormat {
  private readonly human: boolean
  private readonly userName: (id: bigint) => string
  private readonly groupName: (id: bigint) => string

  constructor({ human, numericIds }: LongSettings) {
    this.human = human
    this.userName = numericIds ? String : namesFrom('/etc/passwd')
    this.groupName = numericIds ? String : namesFrom('/etc/group')
  }

  /** What the files take on the disk, in blocks of 1024 bytes. */
  total(stats: BigIntStats[]): string {
    const bytes = BLOCK * stats.reduce((sum, stat) => sum + Number(stat.blocks), 0)
    return `total ${this.human ? humanSize(bytes) : Math.ceil(bytes / 1024)}\n`
  }

  /** One text an inode; in each column all are as wide as the widest. */
  describe(stats: BigIntStats[]): string[] {
    const now = Date.now()
    const columns = [
      stats.map((stat) => permissions(stat)),
      alignRight(stats.map((stat) => String(stat.nlink))),
      alignLeft(stats.map((stat) => this.userName(stat.uid))),
      alignLeft(stats.map((stat) => this.groupName(stat.gid))),
      alignRight(stats.map((stat) => this.size(stat))),
      stats.map((stat) => date(Number(stat.mtimeMs), now)),
    ]
    return stats.map((_, row) => columns.map((column) => `${column[row]} `).join(''))
  }

  private size(stat: BigIntStats): string {
    if (stat.isCharacterDevice() || stat.isBlockDevice()) return deviceNumbers(stat.rdev)
    return this.human ? humanSize(Number(stat.size)) : String(stat.size)
  }
}

export function alignRight(texts: string[]): string[] {
  const width = widest(texts)
  return texts.map((text) => text.padStart(width))
}

function alignLeft(texts: string[]): string[] {
  const width = widest(texts)
  return texts.map((text) => text.padEnd(width))
}

function widest(texts: string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0)
}

/** Names by number, from a file of lines `name:password:number:…`. A number nobody has given a name stands for itself. */
function namesFrom(file: string): (id: bigint) => string {
  const names = new Map<string, string>()
  return (id) => {
    if (names.size === 0) for (const [name, , number] of recordsOf(file)) names.set(number as string, name as string)
    return names.get(String(id)) ?? String(id)
  }
}

function recordsOf(file: string): string[][] {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
  return text.split('\n').map((line) => line.split(':'))
}

/** `drwxr-xr-x`: the type, then what owner, group and others may do. Three more bits hide in the places of the x. */
function permissions(stat: BigIntStats): string {
  const mode = Number(stat.mode)
  return (
    typeLetter(stat) +
    triple(mode >> 6, mode & 0o4000 ? 's' : '') +
    triple(mode >> 3, mode & 0o2000 ? 's' : '') +
    triple(mode, mode & 0o1000 ? 't' : '')
  )
}

function typeLetter(stat: BigIntStats): string {
  if (stat.isDirectory()) return 'd'
  if (stat.isSymbolicLink()) return 'l'
  if (stat.isFIFO()) return 'p'
  if (stat.isSocket()) return 's'
  if (stat.isCharacterDevice()) return 'c'
  return stat.isBlockDevice() ? 'b' : '-'
}

/** @param special the letter that takes the place of x, as a capital where x itself is not set. */
function triple(bits: number, special: string): string {
  const execute = bits & 1 ? special || 'x' : special.toUpperCase() || '-'
  return (bits & 4 ? 'r' : '-') + (bits & 2 ? 'w' : '-') + execute
}

/** `major, minor`: the number of the driver and, for the driver, of the device; each is in two parts, for it was once 8 bits. */
function deviceNumbers(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn)
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn)
  return `${major}, ${minor}`
}

/** Of a day in the last half year one wants to know the hour; of any other, the year. */
function date(time: number, now: number): string {
  const when = new Date(time)
  const recent = time <= now && time > now - HALF_A_YEAR
  const clock = `${twoDigits(when.getHours())}:${twoDigits(when.getMinutes())}`
  const day = String(when.getDate()).padStart(2)
  return `${MONTHS[when.getMonth()]} ${day} ${recent ? clock : String(when.getFullYear()).padStart(5)}`
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}

/** Rounded up, so that nothing looks smaller than it is: one decimal below ten, none above. */
function humanSize(bytes: number): string {
  let value = bytes
  let unit = 0
  while (roundUp(value, unit) >= 1024) {
    value /= 1024
    unit += 1
  }
  const rounded = roundUp(value, unit)
  return `${unit > 0 && rounded < 10 ? rounded.toFixed(1) : rounded}${UNITS[unit]}`
}

function roundUp(value: number, unit: number): number {
  return unit > 0 && value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value)
}
