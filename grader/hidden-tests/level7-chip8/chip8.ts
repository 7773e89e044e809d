import { assemble, randomProgram } from '../../models/chip8.ts'
import { check, hiddenTests, tier } from '../../programs/kit.ts'
import { growsWithWork } from '../../programs/performance.ts'
import { edges } from './chip8/edges.ts'
import { draw, follows, two } from './chip8/follows.ts'
import { corners, quirks } from './chip8/quirks.ts'

const step = (count: number) => [`step ${count}`, 'registers']

export default hiddenTests('level7-chip8/chip8', [
  tier('runs', [
    check(
      'load',
      'takes a program and says how long it is',
      { spec: 'loading', hint: 'The digits come in pairs; the bytes go to 0x200 and on.' },
      async (kit) => {
        const program = kit.random.bytes(kit.random.int(5, 40)).toString('hex')
        await follows(kit, [`load ${program}`, `memory 200 ${program.length / 2}`, 'registers'])
      },
    ),
    check(
      'numbers',
      'puts numbers into registers and adds to them',
      { spec: 'numbers', hint: '6XNN sets, 7XNN adds. Two bytes make an instruction, the first one is the higher.' },
      async (kit) => {
        const [x, y] = two(kit)
        const program = assemble(
          0x6000 + x * 256 + kit.random.int(20, 90),
          0x6000 + y * 256 + kit.random.int(20, 90),
          0x7000 + x * 256 + kit.random.int(1, 90),
        )
        await follows(kit, [`load ${program}`, ...step(1), ...step(1), ...step(1)])
      },
    ),
    check(
      'jump',
      'goes on where 1NNN says',
      { spec: 'jumps-and-calls', hint: 'The program counter is already behind the instruction when it is carried out.' },
      async (kit) => {
        const [x] = two(kit)
        await follows(kit, [
          `load ${assemble(0x1206, 0x6000 + x * 256 + 1, 0x6000 + x * 256 + 2, 0x6000 + x * 256 + kit.random.int(3, 99))}`,
          ...step(1),
          ...step(1),
        ])
      },
    ),
  ]),

  tier('works', [
    check(
      'calls',
      'calls and returns, several deep',
      { spec: 'jumps-and-calls', hint: '2NNN pushes the address behind itself; 00EE pops it.' },
      async (kit) => {
        const program = assemble(0x2204, 0x1202, 0x2208, 0x00ee, 0x6501, 0x220e, 0x00ee, 0x6602, 0x00ee)
        await follows(kit, [`load ${program}`, ...Array.from({ length: 9 }, () => [...step(1), 'stack']).flat()])
      },
    ),
    check(
      'skips',
      'skips the next instruction when a comparison says so',
      { spec: 'skips', hint: '3XNN and 5XY0 if equal, 4XNN and 9XY0 if not.' },
      async (kit) => {
        const [x, y] = two(kit)
        const value = kit.random.int(1, 250)
        for (const other of [value, value + 1]) {
          for (const word of [
            0x3000 + x * 256 + other,
            0x4000 + x * 256 + other,
            0x5000 + x * 256 + y * 16,
            0x9000 + x * 256 + y * 16,
          ]) {
            await follows(kit, [
              `load ${assemble(0x6000 + x * 256 + value, 0x6000 + y * 256 + other, word, 0x6077, 0x6078)}`,
              ...step(4),
            ])
          }
        }
      },
    ),
    check(
      'arithmetic',
      'calculates with two registers, and sets the flag',
      {
        spec: 'arithmetic',
        hint: 'VF is 1 after a carry, and 1 when a subtraction did NOT borrow. 8 bits: 255 + 1 is 0. 7XNN leaves VF alone.',
      },
      async (kit) => {
        const [x, y] = two(kit)
        for (const last of [0, 1, 2, 3, 4, 5, 6, 7, 14]) {
          for (let n = 0; n < 6; n++) {
            const [a, b] = n === 0 ? [200, 200] : [kit.random.int(0, 255), kit.random.int(0, 255)]
            const word = 0x8000 + x * 256 + y * 16 + last
            await follows(kit, [
              `load ${assemble(0x6000 + x * 256 + a, 0x6000 + y * 256 + b, 0x6f00 + kit.random.int(2, 9), word, 0x7000 + x * 256 + 250)}`,
              'step 4',
              'registers',
              'step',
              'registers',
            ])
          }
        }
      },
    ),
    check(
      'flag-as-target',
      'keeps the flag where VF is both result and flag',
      {
        spec: 'arithmetic',
        hint: 'The result first, then the flag: the flag stays. And read both operands before you write anything.',
      },
      async (kit) => {
        const [, y] = two(kit)
        for (const last of [4, 5, 6, 7, 14]) {
          const [a, b] = [kit.random.int(0, 255), kit.random.int(0, 255)]
          const set = [0x6f00 + a, 0x6000 + y * 256 + b]
          await follows(kit, [`load ${assemble(...set, 0x8f00 + y * 16 + last)}`, 'step 3', 'registers'])
          await follows(kit, [`load ${assemble(...set, 0x8000 + y * 256 + 0xf0 + last)}`, 'step 3', 'registers'])
        }
      },
    ),
    check(
      'index',
      'moves the index, by number, by register, and to a digit of the font',
      { spec: 'memory', hint: 'ANNN, FX1E (VF stays as it is), FX29: five bytes a digit.' },
      async (kit) => {
        const [x] = two(kit)
        const digit = kit.random.int(0, 15)
        await follows(kit, [
          `load ${assemble(0xa000 + kit.random.int(0x300, 0xe00), 0x6000 + x * 256 + digit, 0xf01e + x * 256, 0xf029 + x * 256)}`,
          ...step(1),
          ...step(2),
          ...step(1),
          'memory 50 80',
        ])
      },
    ),
    check(
      'store-and-load',
      'stores registers and loads them, and stores the three digits of a number',
      {
        spec: 'memory',
        hint: 'FX55 and FX65 go from V0 up to VX, and leave the index behind the last byte. FX33: hundreds, tens, ones.',
      },
      async (kit) => {
        const values = Array.from({ length: 16 }, (_, n) => 0x6000 + n * 256 + kit.random.int(1, 255))
        const x = kit.random.int(2, 12)
        const at = kit.random.int(0x300, 0xe00)
        const again = assemble(0xa000 + at, 0x6000, 0x6100, 0xf065 + x * 256, 0xa000 + at + 40, 0xf033 + x * 256)
        await follows(kit, [
          `load ${assemble(...values, 0xa000 + at, 0xf055 + x * 256, again)}`,
          ...step(18),
          `memory ${(at - 2).toString(16)} 24`,
          ...step(4),
          ...step(2),
          `memory ${(at + 40).toString(16)} 4`,
        ])
      },
    ),
    check(
      'random',
      'gives the bytes that it is given as random, masked',
      { spec: 'chance', hint: 'CXNN takes the next byte of the queue, and ands it with NN.' },
      async (kit) => {
        const [x, y] = two(kit)
        const program = assemble(0xc0ff + x * 256, 0xc000 + y * 256 + kit.random.int(1, 254), 0xc3ff)
        await follows(kit, [`load ${program}`, `random ${kit.random.bytes(2).toString('hex')}`, ...step(2), ...step(1)])
      },
    ),
    check(
      'draw',
      'draws sprites by flipping pixels, and tells of collisions',
      { spec: 'the-screen', hint: 'A row is a byte, its highest bit is on the left. VF is 1 when a pixel goes off.' },
      async (kit) => {
        const [x, y] = [kit.random.int(1, 40), kit.random.int(1, 20)]
        const sprite = kit.random.bytes(kit.random.int(4, 10))
        await follows(kit, [...draw(x, y, sprite), 'screen', 'registers', 'step', 'screen', 'registers'])
      },
    ),
    ...corners,
    check('clear', 'clears the screen', { spec: 'the-screen', hint: '00E0: all pixels off.' }, async (kit) => {
      const program = assemble(0xa050, 0xd125, 0x00e0, 0xd345)
      await follows(kit, [`load ${program}`, 'step 2', 'screen', 'step', 'screen', 'step', 'screen', 'registers'])
    }),
    check(
      'timers',
      'counts its timers down to 0, sixty times a second',
      { spec: 'timers', hint: 'Time passes only when `tick` or `frames` says so. 0 stays 0.' },
      async (kit) => {
        const [x, y] = two(kit)
        const value = kit.random.int(5, 60)
        await follows(kit, [
          `load ${assemble(0x6000 + x * 256 + value, 0xf015 + x * 256, 0xf018 + x * 256, 0xf007 + y * 256)}`,
          ...step(3),
          'tick',
          `tick ${value - 3}`,
          ...step(1),
          'tick 9',
          'registers',
        ])
      },
    ),
    check(
      'keys',
      'skips by the keys that are down',
      { spec: 'keys', hint: 'EX9E skips when the key in VX is down, EXA1 when it is not.' },
      async (kit) => {
        const [x] = two(kit)
        const key = kit.random.int(1, 15)
        for (const last of [0x9e, 0xa1]) {
          const program = assemble(
            0x6000 + x * 256 + key,
            0xe000 + x * 256 + last,
            0x6001,
            0xe000 + x * 256 + last,
            0x6002,
            0x6003,
            0x6004,
            0x6005,
          )
          const name = key.toString(16)
          await follows(kit, [`load ${program}`, 'step', `press ${name}`, ...step(2), `release ${name}`, ...step(2)])
        }
      },
    ),
    check(
      'wait-for-a-key',
      'waits for a key to be pressed and let go',
      { spec: 'keys', hint: 'FX0A is carried out again and again until then: the program counter stays where it is.' },
      async (kit) => {
        const [x] = two(kit)
        const [one, other] = kit.random.distinct(2, () => kit.random.int(0, 15).toString(16)) as [string, string]
        await follows(kit, [
          `load ${assemble(0xf00a + x * 256, 0x6001)}`,
          ...step(1),
          `press ${one}`,
          ...step(2),
          `press ${other}`,
          ...step(1),
          `release ${other}`,
          ...step(1),
          `release ${one}`,
          ...step(1),
          ...step(1),
        ])
      },
    ),
    check(
      'frames',
      'runs frames: some instructions, then one tick',
      { spec: 'frames', hint: '--speed instructions a frame, ten if nothing is said.' },
      async (kit) => {
        const program = assemble(0x603c, 0xf015, 0x7101, 0xf207, 0x1204)
        const speed = kit.random.int(5, 20)
        // What a frame is, in steps and ticks.
        const frames = (count: number, instructions: number) =>
          Array.from({ length: count }, () => [`step ${instructions}`, 'tick']).flat()
        await follows.aside(
          kit,
          [`load ${program}`, 'frames 7', 'registers'],
          [`load ${program}`, ...frames(7, 10), 'registers'],
          [],
        )
        await follows.aside(
          kit,
          [`load ${program}`, 'frames 5', 'registers'],
          [`load ${program}`, ...frames(5, speed), 'registers'],
          ['--speed', `${speed}`],
        )
      },
    ),
    check(
      'random-programs',
      'agrees with a model on random programs, instruction by instruction',
      { spec: 'instructions', hint: 'The last instruction carried out is at pc - 2 in the program that `load` brought.' },
      async (kit) => {
        for (let n = 0; n < 4; n++) {
          const luck = `random ${kit.random.bytes(60).toString('hex')}`
          const steps = Array.from({ length: 220 }, (_, at) => [
            'step',
            'registers',
            ...(at % 40 === 39 ? ['screen', 'memory 900 1100', 'tick'] : []),
          ]).flat()
          await follows(kit, [`load ${randomProgram(kit.random, 250)}`, luck, ...steps, 'screen'])
        }
      },
    ),
  ]),

  tier('holds', [...quirks, ...edges]),

  tier('flies', [
    check(
      'speed',
      'takes about four times as long for four times the instructions',
      { spec: 'speed', hint: 'An instruction costs the same however many there were before: keep no record of them.' },
      async (kit) => {
        const work = async (thousands: number) => {
          const machine = kit.program.session([])
          await machine.ask(`load ${assemble(0x7001, 0x8014, 0xa300, 0xf01e, 0x1200)}`)
          for (let n = 0; n < thousands; n++) await machine.answersTo('step 1000', 'ok')
          const sum = ((thousands * 200) % 256).toString(16).padStart(2, '0')
          await machine.answersTo(
            'registers',
            new RegExp(`^registers v=${sum}.*pc=200 `),
            `V0 counts the rounds of five instructions: ${thousands * 200}.`,
          )
          return machine.end()
        }
        await growsWithWork(kit, { size: 300, work, unit: 'thousand instructions' })
      },
    ),
    check(
      'drawing',
      'takes about four times as long for four times the sprites',
      { spec: 'speed', hint: 'A sprite touches at most 120 pixels: do not copy the screen for it.' },
      async (kit) => {
        const work = async (thousands: number) => {
          const machine = kit.program.session([])
          await machine.ask(`load ${assemble(0xa050, 0x7003, 0x7105, 0xd015, 0x1202)}`)
          for (let n = 0; n < thousands; n++) await machine.answersTo('step 1000', 'ok')
          await machine.answersTo('registers', /pc=208 /, 'One instruction, and then rounds of four.')
          return machine.end()
        }
        await growsWithWork(kit, { size: 150, work, unit: 'thousand instructions' })
      },
    ),
  ]),
])
