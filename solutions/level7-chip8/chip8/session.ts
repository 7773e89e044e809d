import { Halt, Machine, MEMORY, PROGRAM_START, type Quirk } from './machine.ts'

class BadRequest extends Error {}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

function number(text: string | undefined, base: 10 | 16, most: number): number {
  const value = Number.parseInt(text ?? '', base)
  if (!(base === 16 ? /^[0-9a-f]+$/i : /^\d+$/).test(text ?? '') || value > most)
    throw new BadRequest(`not a number: ${text ?? 'nothing'}`)
  return value
}

function bytesIn(text: string | undefined): Uint8Array {
  if (!/^([0-9a-f]{2})+$/i.test(text ?? '')) throw new BadRequest('bytes are pairs of hexadecimal digits')
  return Uint8Array.from(text?.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}

const MANY = 10_000_000

const done = (_result: unknown) => 'ok'

/** Gives a function that answers requests, with a machine of its own. */
export function answerer(quirks: Set<Quirk>, speed: number): (request: string) => string {
  let machine = new Machine(quirks)

  const requests: Record<string, { words: [number, number]; answer(words: string[]): string }> = {
    load: {
      words: [1, 1],
      answer([text]) {
        const program = bytesIn(text)
        if (program.length > MEMORY - PROGRAM_START) throw new BadRequest('too large for the memory')
        machine = new Machine(quirks, program)
        return `ok ${program.length}`
      },
    },
    step: { words: [0, 1], answer: ([times]) => run(times === undefined ? 1 : number(times, 10, MANY)) },
    frames: {
      words: [1, 1],
      answer([times]) {
        for (let left = number(times, 10, MANY); left > 0; left--) {
          const halted = run(speed)
          if (halted.startsWith('halt')) return halted
          machine.tick()
        }
        return 'ok'
      },
    },
    tick: {
      words: [0, 1],
      answer([times]) {
        for (let left = times === undefined ? 1 : number(times, 10, MANY); left > 0; left--) machine.tick()
        return 'ok'
      },
    },
    press: { words: [1, 1], answer: ([key]) => done(machine.keys.add(number(key, 16, 15))) },
    release: { words: [1, 1], answer: ([key]) => done(machine.keys.delete(number(key, 16, 15))) },
    random: { words: [1, 1], answer: ([text]) => done(machine.chance.push(...bytesIn(text))) },
    registers: {
      words: [0, 0],
      answer() {
        const { registers, index, counter, delay, sound } = machine
        return `registers v=${[...registers].map((value) => hex(value, 2)).join('')} i=${hex(index, 3)} pc=${hex(counter, 3)} dt=${hex(delay, 2)} st=${hex(sound, 2)}`
      },
    },
    stack: { words: [0, 0], answer: () => ['stack', ...machine.stack.map((address) => hex(address, 3))].join(' ') },
    memory: {
      words: [2, 2],
      answer([from, length]) {
        const start = number(from, 16, MEMORY)
        const end = start + number(length, 10, MEMORY)
        if (end > MEMORY || end === start) throw new BadRequest('there is no such memory')
        return `memory ${Buffer.from(machine.memory.subarray(start, end)).toString('hex')}`
      },
    },
    screen: { words: [0, 0], answer: () => `screen ${machine.screen.rows().join('/')}` },
  }

  /** `ok`, `waiting` when it waits for a key, or `halt` and why. */
  function run(times: number): string {
    try {
      for (let left = times; left > 0; left--) if (!machine.step()) return 'waiting'
      return 'ok'
    } catch (error) {
      if (!(error instanceof Halt)) throw error
      return `halt ${error.message} at ${hex(machine.counter, 3)}`
    }
  }

  return (line) => {
    const [name = '', ...words] = line.split(' ')
    const request = Object.hasOwn(requests, name) ? requests[name] : undefined
    try {
      if (!request) throw new BadRequest(`unknown request: ${name}`)
      const [least, most] = request.words
      if (words.length < least || words.length > most) throw new BadRequest(`${name} has another number of words`)
      return request.answer(words)
    } catch (error) {
      if (error instanceof BadRequest) return `error ${error.message}`
      throw error
    }
  }
}
