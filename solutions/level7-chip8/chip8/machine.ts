import { FONT, FONT_START, GLYPH } from './font.ts'
import { Screen } from './screen.ts'

export const QUIRKS = ['shift', 'memory', 'jump', 'logic', 'wrap'] as const
export type Quirk = (typeof QUIRKS)[number]

export const MEMORY = 4096
export const PROGRAM_START = 0x200
const STACK = 16
const FLAG = 15

/** The machine can not go on; where it stands is where the trouble is. */
export class Halt extends Error {}

/** CHIP-8, as it was on the COSMAC VIP of 1977 unless quirks say otherwise. One instruction at a time; time passes only in `tick`. */
export class Machine {
  readonly memory = new Uint8Array(MEMORY)
  readonly registers = new Uint8Array(16)
  readonly screen: Screen
  readonly stack: number[] = []
  readonly keys = new Set<number>()
  index = 0
  counter = PROGRAM_START
  delay = 0
  sound = 0
  /** Bytes that the random instruction gives, in this order; 0 when there are no more. */
  readonly chance: number[] = []
  /** The key that was pressed while an instruction waits for one; it counts when it is let go. */
  private pressed: number | undefined
  private readonly quirks: Set<Quirk>

  constructor(quirks: Set<Quirk>, program: Uint8Array = new Uint8Array()) {
    this.quirks = quirks
    this.screen = new Screen(quirks.has('wrap'))
    this.memory.set(FONT, FONT_START)
    this.memory.set(program, PROGRAM_START)
  }

  /** Both timers count down to 0, sixty times a second. */
  tick(): void {
    if (this.delay > 0) this.delay -= 1
    if (this.sound > 0) this.sound -= 1
  }

  /** Executes one instruction. @returns false when it waits for a key. @throws {Halt} */
  step(): boolean {
    const at = this.counter
    if (at + 1 >= MEMORY) throw new Halt('the program counter has left the memory')
    const word = ((this.memory[at] as number) << 8) | (this.memory[at + 1] as number)
    this.counter += 2
    try {
      return this.execute(word)
    } catch (error) {
      this.counter = at
      throw error
    }
  }

  private execute(word: number): boolean {
    const [x, y] = [(word >> 8) & 15, (word >> 4) & 15]
    const [n, nn, nnn] = [word & 15, word & 255, word & 0xfff]
    const [vx, vy] = [this.registers[x] as number, this.registers[y] as number]
    switch (word >> 12) {
      case 0x0:
        if (word === 0x00e0) this.screen.clear()
        else if (word === 0x00ee) this.counter = this.return()
        else throw unknown(word)
        return true
      case 0x1:
        this.counter = nnn
        return true
      case 0x2:
        this.call(nnn)
        return true
      case 0x3:
        return this.skipIf(vx === nn)
      case 0x4:
        return this.skipIf(vx !== nn)
      case 0x5:
        if (n !== 0) throw unknown(word)
        return this.skipIf(vx === vy)
      case 0x6:
        return this.put(x, nn)
      case 0x7:
        return this.put(x, vx + nn)
      case 0x8:
        return this.calculate(word, x, vx, vy)
      case 0x9:
        if (n !== 0) throw unknown(word)
        return this.skipIf(vx !== vy)
      case 0xa:
        this.index = nnn
        return true
      case 0xb:
        this.counter = (nnn + (this.registers[this.quirks.has('jump') ? x : 0] as number)) % MEMORY
        return true
      case 0xc:
        return this.put(x, (this.chance.shift() ?? 0) & nn)
      case 0xd:
        return this.put(FLAG, this.screen.draw(vx, vy, this.bytes(n)) ? 1 : 0)
      case 0xe:
        if (nn !== 0x9e && nn !== 0xa1) throw unknown(word)
        return this.skipIf(this.keys.has(vx & 15) === (nn === 0x9e))
      default:
        return this.manage(word, x, vx, nn)
    }
  }

  private put(register: number, value: number): true {
    this.registers[register] = value
    return true
  }

  private skipIf(condition: boolean): true {
    if (condition) this.counter += 2
    return true
  }

  private call(address: number): void {
    if (this.stack.length === STACK) throw new Halt('the stack is full')
    this.stack.push(this.counter)
    this.counter = address
  }

  private return(): number {
    const address = this.stack.pop()
    if (address === undefined) throw new Halt('the stack is empty')
    return address
  }

  /** 8XYN. The flag is written last: where X is F, it is the flag that stays. */
  private calculate(word: number, x: number, vx: number, vy: number): true {
    const operand = this.quirks.has('shift') ? vx : vy
    switch (word & 15) {
      case 0x0:
        return this.put(x, vy)
      case 0x1:
        return this.combine(x, vx | vy)
      case 0x2:
        return this.combine(x, vx & vy)
      case 0x3:
        return this.combine(x, vx ^ vy)
      case 0x4:
        return this.put(x, vx + vy) && this.put(FLAG, vx + vy > 255 ? 1 : 0)
      case 0x5:
        return this.put(x, vx - vy) && this.put(FLAG, vx >= vy ? 1 : 0)
      case 0x6:
        return this.put(x, operand >> 1) && this.put(FLAG, operand & 1)
      case 0x7:
        return this.put(x, vy - vx) && this.put(FLAG, vy >= vx ? 1 : 0)
      case 0xe:
        return this.put(x, operand << 1) && this.put(FLAG, operand >> 7)
      default:
        throw unknown(word)
    }
  }

  private combine(x: number, value: number): true {
    this.put(x, value)
    return this.quirks.has('logic') ? this.put(FLAG, 0) : true
  }

  /** FXNN: timers, keys, the index, memory. */
  private manage(word: number, x: number, vx: number, nn: number): boolean {
    switch (nn) {
      case 0x07:
        return this.put(x, this.delay)
      case 0x0a:
        return this.waitForKey(x)
      case 0x15:
        this.delay = vx
        return true
      case 0x18:
        this.sound = vx
        return true
      case 0x1e:
        this.index = (this.index + vx) & 0xffff
        return true
      case 0x29:
        this.index = FONT_START + (vx & 15) * GLYPH
        return true
      case 0x33:
        this.store([Math.floor(vx / 100), Math.floor(vx / 10) % 10, vx % 10])
        return true
      case 0x55:
        this.store(this.registers.subarray(0, x + 1))
        return this.advance(x + 1)
      case 0x65:
        this.registers.set(this.bytes(x + 1))
        return this.advance(x + 1)
      default:
        throw unknown(word)
    }
  }

  private advance(count: number): true {
    if (!this.quirks.has('memory')) this.index = (this.index + count) & 0xffff
    return true
  }

  /** A key counts when it has been pressed and let go again. Until then the same instruction is executed again and again. */
  private waitForKey(x: number): boolean {
    const { pressed } = this
    if (pressed !== undefined && !this.keys.has(pressed)) {
      this.pressed = undefined
      return this.put(x, pressed)
    }
    this.pressed ??= [...this.keys].sort((a, b) => a - b)[0]
    this.counter -= 2
    return false
  }

  private bytes(count: number): Uint8Array {
    if (this.index + count > MEMORY) throw new Halt(`there is no memory at ${(this.index + count - 1).toString(16)}`)
    return this.memory.subarray(this.index, this.index + count)
  }

  private store(values: ArrayLike<number>): void {
    this.bytes(values.length).set(values)
  }
}

const unknown = (word: number) => new Halt(`unknown instruction ${word.toString(16).padStart(4, '0')}`)
