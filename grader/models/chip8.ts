import type { Random } from '../engine/random.ts'
import type { Model } from './operations.ts'

export type Quirk = 'shift' | 'memory' | 'jump' | 'logic' | 'wrap'
export const QUIRKS: Quirk[] = ['shift', 'memory', 'jump', 'logic', 'wrap']

const DIGITS =
  'f0909090f02060202070f010f080f0f010f010f09090f01010f080f010f0f080f090f0f010204040f090f090f0f090f010f0f090f09090e090e090e0f0808080f0e0909090e0f080f080f0f080f08080'

const hex = (value: number, width: number) => value.toString(16).padStart(width, '0')
const bytesOf = (text: string) => [...Buffer.from(text, 'hex')]

/** The words that a program is made of, as one string of hexadecimal digits. */
export const assemble = (...words: (number | string)[]): string =>
  words.map((word) => (typeof word === 'string' ? word : hex(word, 4))).join('')

type Effect = (fields: { x: number; y: number; n: number; nn: number; nnn: number }) => void

/** A model of the machine, made as a table: for each pattern of an instruction what it does. */
export class Chip8Model implements Model {
  v: number[] = []
  i = 0
  pc = 0
  dt = 0
  st = 0
  ram: number[] = []
  calls: number[] = []
  held = new Set<number>()
  luck: number[] = []
  lit = new Set<number>()
  private awaited = -1
  private readonly on: Set<Quirk>
  private readonly table: [RegExp, Effect][]

  constructor(quirks: Quirk[] = []) {
    this.on = new Set(quirks)
    this.table = this.makeTable()
    this.load('')
  }

  private load(program: string): void {
    this.v = Array(16).fill(0)
    this.ram = Array(4096).fill(0)
    ;[this.i, this.pc, this.dt, this.st, this.awaited] = [0, 0x200, 0, 0, -1]
    ;[this.calls, this.held, this.luck, this.lit] = [[], new Set(), [], new Set()]
    for (const [at, byte] of bytesOf(DIGITS).entries()) this.ram[0x50 + at] = byte
    for (const [at, byte] of bytesOf(program).entries()) this.ram[0x200 + at] = byte
  }

  answer(request: string): string {
    const [name, one = '', two = ''] = request.split(' ')
    switch (name) {
      case 'load':
        this.load(one)
        return `ok ${one.length / 2}`
      case 'step':
        return this.steps(Number(one || 1))
      case 'tick':
        for (let n = Number(one || 1); n > 0; n--) this.tick()
        return 'ok'
      case 'press':
        this.held.add(Number.parseInt(one, 16))
        return 'ok'
      case 'release':
        this.held.delete(Number.parseInt(one, 16))
        return 'ok'
      case 'random':
        this.luck.push(...bytesOf(one))
        return 'ok'
      case 'registers':
        return `registers v=${this.v.map((value) => hex(value, 2)).join('')} i=${hex(this.i, 3)} pc=${hex(this.pc, 3)} dt=${hex(this.dt, 2)} st=${hex(this.st, 2)}`
      case 'stack':
        return ['stack', ...this.calls.map((address) => hex(address, 3))].join(' ')
      case 'memory':
        return `memory ${Buffer.from(this.ram.slice(Number.parseInt(one, 16), Number.parseInt(one, 16) + Number(two))).toString('hex')}`
      default:
        return `screen ${this.rows().join('/')}`
    }
  }

  rows(): string[] {
    return Array.from({ length: 32 }, (_, y) =>
      Array.from({ length: 64 }, (_, x) => (this.lit.has(64 * y + x) ? '#' : '.')).join(''),
    )
  }

  tick(): void {
    this.dt = Math.max(0, this.dt - 1)
    this.st = Math.max(0, this.st - 1)
  }

  private steps(count: number): string {
    for (let n = 0; n < count; n++) {
      const word = hex((this.ram[this.pc] as number) * 256 + (this.ram[this.pc + 1] as number), 4)
      const [, effect] = this.table.find(([pattern]) => pattern.test(word)) ?? []
      if (!effect) throw new Error(`the model knows no ${word}`)
      const at = this.pc
      this.pc += 2
      const digit = (place: number) => Number.parseInt(word[place] as string, 16)
      effect({
        x: digit(1),
        y: digit(2),
        n: digit(3),
        nn: Number.parseInt(word.slice(2), 16),
        nnn: Number.parseInt(word.slice(1), 16),
      })
      if (this.pc === at && /^f.0a$/.test(word)) return 'waiting'
    }
    return 'ok'
  }

  private set(x: number, value: number, flag?: boolean): void {
    this.v[x] = value & 255
    if (flag !== undefined) this.v[15] = Number(flag)
  }

  private makeTable(): [RegExp, Effect][] {
    const v = (x: number) => this.v[x] as number
    const skip = (yes: boolean) => {
      if (yes) this.pc += 2
    }
    const source = (x: number, y: number) => v(this.on.has('shift') ? x : y)
    const cleared = () => (this.on.has('logic') ? false : undefined)
    const moved = (x: number, _done: unknown) => {
      if (!this.on.has('memory')) this.i += x + 1
    }
    return [
      [/^00e0$/, () => this.lit.clear()],
      [/^00ee$/, () => (this.pc = this.calls.pop() as number)],
      [/^1/, ({ nnn }) => (this.pc = nnn)],
      [/^2/, ({ nnn }) => this.call(nnn)],
      [/^3/, ({ x, nn }) => skip(v(x) === nn)],
      [/^4/, ({ x, nn }) => skip(v(x) !== nn)],
      [/^5..0/, ({ x, y }) => skip(v(x) === v(y))],
      [/^6/, ({ x, nn }) => this.set(x, nn)],
      [/^7/, ({ x, nn }) => this.set(x, v(x) + nn)],
      [/^8..0/, ({ x, y }) => this.set(x, v(y))],
      [/^8..1/, ({ x, y }) => this.set(x, v(x) | v(y), cleared())],
      [/^8..2/, ({ x, y }) => this.set(x, v(x) & v(y), cleared())],
      [/^8..3/, ({ x, y }) => this.set(x, v(x) ^ v(y), cleared())],
      [/^8..4/, ({ x, y }) => this.set(x, v(x) + v(y), v(x) + v(y) > 255)],
      [/^8..5/, ({ x, y }) => this.set(x, v(x) - v(y), v(x) >= v(y))],
      [/^8..6/, ({ x, y }) => this.set(x, source(x, y) >> 1, source(x, y) % 2 === 1)],
      [/^8..7/, ({ x, y }) => this.set(x, v(y) - v(x), v(y) >= v(x))],
      [/^8..e/, ({ x, y }) => this.set(x, source(x, y) << 1, source(x, y) > 127)],
      [/^9..0/, ({ x, y }) => skip(v(x) !== v(y))],
      [/^a/, ({ nnn }) => (this.i = nnn)],
      [/^b/, ({ x, nnn }) => (this.pc = (nnn + v(this.on.has('jump') ? x : 0)) & 0xfff)],
      [/^c/, ({ x, nn }) => this.set(x, (this.luck.shift() ?? 0) & nn)],
      [/^d/, ({ x, y, n }) => this.set(15, Number(this.draw(v(x) % 64, v(y) % 32, n)))],
      [/^e.9e/, ({ x }) => skip(this.held.has(v(x) & 15))],
      [/^e.a1/, ({ x }) => skip(!this.held.has(v(x) & 15))],
      [/^f.07/, ({ x }) => this.set(x, this.dt)],
      [/^f.0a/, ({ x }) => this.await(x)],
      [/^f.15/, ({ x }) => (this.dt = v(x))],
      [/^f.18/, ({ x }) => (this.st = v(x))],
      [/^f.1e/, ({ x }) => (this.i += v(x))],
      [/^f.29/, ({ x }) => (this.i = 0x50 + 5 * (v(x) & 15))],
      [/^f.33/, ({ x }) => this.write([100, 10, 1].map((unit) => Math.floor(v(x) / unit) % 10))],
      [/^f.55/, ({ x }) => moved(x, this.write(this.v.slice(0, x + 1)))],
      [/^f.65/, ({ x }) => moved(x, this.v.splice(0, x + 1, ...this.ram.slice(this.i, this.i + x + 1)))],
    ]
  }

  private draw(left: number, top: number, height: number): boolean {
    let hit = false
    for (let row = 0; row < height; row++)
      for (let column = 0; column < 8; column++) {
        const [x, y] = [left + column, top + row]
        const inside = x < 64 && y < 32
        if ((((this.ram[this.i + row] as number) >> (7 - column)) & 1) === 0 || (!inside && !this.on.has('wrap'))) continue
        const at = 64 * (y % 32) + (x % 64)
        if (this.lit.delete(at)) hit = true
        else this.lit.add(at)
      }
    return hit
  }

  private call(address: number): void {
    this.calls.push(this.pc)
    this.pc = address
  }

  private write(values: number[]): void {
    this.ram.splice(this.i, values.length, ...values)
  }

  /** The first key that is seen down is awaited; when it is up again, it counts. */
  private await(x: number): void {
    if (this.awaited >= 0 && !this.held.has(this.awaited)) {
      this.set(x, this.awaited)
      this.awaited = -1
      return
    }
    if (this.awaited < 0 && this.held.size > 0) this.awaited = Math.min(...this.held)
    this.pc -= 2
  }
}

/** A random program without jumps into the unknown: so many instructions one after the other, the index always within memory. */
export function randomProgram(random: Random, length: number): string {
  const digit = () => random.int(0, 15)
  const words = Array.from({ length }, () => {
    const [x, y, nn] = [digit(), digit(), random.int(0, 255)]
    const xy = x * 256 + y * 16
    return random.pick([
      0x6000 + x * 256 + nn,
      0x7000 + x * 256 + nn,
      0x8000 + xy + random.pick([0, 1, 2, 3, 4, 5, 6, 7, 14]),
      0x8000 + xy + random.pick([4, 5, 6, 7, 14]),
      0xa000 + random.int(0x900, 0xd00),
      0xc000 + x * 256 + nn,
      0xd000 + xy + random.int(1, 15),
      0xf000 + x * 256 + random.pick([0x07, 0x15, 0x18, 0x1e, 0x29, 0x33, 0x55, 0x65]),
      random.pick([0x00e0, 0x3000 + x * 256 + nn, 0x4000 + x * 256 + nn, 0x5000 + xy, 0x9000 + xy]),
    ])
  })
  // What adds to the index again and again would leave the memory.
  return assemble(...words.flatMap((word, n) => (n % 6 === 0 ? [0xa000 + random.int(0x900, 0xd00), word] : [word])))
}
