import { assemble, QUIRKS, type Quirk, randomProgram } from '../../../models/chip8.ts'
import { check, type Kit } from '../../../programs/kit.ts'
import { draw, follows, two } from './follows.ts'

/** The same program with the quirk and without it. */
async function bothWays(kit: Kit, quirk: Quirk, requests: string[]): Promise<void> {
  await follows(kit, requests, [])
  await follows(kit, requests, [quirk])
}

/** Where machines do not differ. */
export const corners = [
  check(
    'corner',
    'draws a sprite whose corner is outside as if the screen went on for ever',
    { spec: 'the-screen', hint: 'The corner is taken modulo 64 and 32, with every quirk.' },
    async (kit) => {
      const sprite = kit.random.bytes(5)
      await bothWays(kit, 'wrap', [...draw(kit.random.int(70, 110), kit.random.int(35, 55), sprite), 'screen', 'registers'])
    },
  ),
]

/** A piece of program in which each quirk shows. */
function oneOfEach({ random }: Kit): string {
  const byte = () => random.int(1, 255)
  const [one, other] = random.distinct(2, byte) as [number, number]
  return assemble(
    ...[0x6f07, 0x6100 + byte(), 0x6200 + byte(), 0x8120 + random.int(1, 3)],
    ...[0x6300 + one, 0x6400 + other, random.pick([0x8346, 0x834e])],
    ...[0x6000 + random.int(61, 63), 0x6100 + random.int(28, 31), 0xa050, 0xd015],
    ...[0xa900, 0xf155],
    // To the next instruction, or to the one behind it.
    ...[0x6000, 0x6202, 0xb220],
  )
}

/** Where machines differ. */
export const quirks = [
  check(
    'shift-quirk',
    'shifts VY into VX, or VX itself with the quirk shift',
    { spec: 'quirks', hint: '8XY6 and 8XYE.' },
    async (kit) => {
      const [x, y] = two(kit)
      for (const last of [6, 14]) {
        const program = assemble(
          0x6000 + x * 256 + kit.random.int(1, 255),
          0x6000 + y * 256 + kit.random.int(1, 255),
          0x8000 + x * 256 + y * 16 + last,
        )
        await bothWays(kit, 'shift', [`load ${program}`, 'step 3', 'registers'])
      }
    },
  ),
  check(
    'memory-quirk',
    'moves the index when it stores and loads, or leaves it with the quirk memory',
    { spec: 'quirks', hint: 'FX55 and FX65: the index ends up X + 1 further.' },
    async (kit) => {
      const [x] = two(kit)
      for (const last of [0x55, 0x65]) {
        await bothWays(kit, 'memory', [`load ${assemble(0xa500, 0xf000 + x * 256 + last)}`, 'step 2', 'registers'])
      }
    },
  ),
  check(
    'jump-quirk',
    'adds V0 to the target of BNNN, or VX with the quirk jump',
    { spec: 'quirks', hint: 'With the quirk the first digit of the target is the number of the register, too.' },
    async (kit) => {
      const [a, b] = kit.random.distinct(2, () => 2 * kit.random.int(1, 60)) as [number, number]
      await bothWays(kit, 'jump', [
        `load ${assemble(0x6000 + a, 0x6300 + b, 0xb300 + 2 * kit.random.int(1, 60))}`,
        'step 3',
        'registers',
      ])
    },
  ),
  check(
    'logic-quirk',
    'leaves VF alone in 8XY1, 8XY2 and 8XY3, or clears it with the quirk logic',
    { spec: 'quirks', hint: 'Only these three.' },
    async (kit) => {
      const [x, y] = two(kit)
      for (const last of [1, 2, 3]) {
        await bothWays(kit, 'logic', [
          `load ${assemble(0x6f07, 0x6000 + x * 256 + kit.random.int(1, 255), 0x6000 + y * 256 + 99, 0x8000 + x * 256 + y * 16 + last)}`,
          'step 4',
          'registers',
        ])
      }
    },
  ),
  check(
    'wrap-quirk',
    'cuts sprites off at the edges, or wraps them with the quirk wrap',
    { spec: 'quirks', hint: 'Right and below. What is cut off collides with nothing.' },
    async (kit) => {
      const sprite = kit.random.bytes(9)
      for (const [x, y] of [
        [kit.random.int(58, 63), 4],
        [9, kit.random.int(25, 31)],
        [61, 29],
      ] as const) {
        await bothWays(kit, 'wrap', [...draw(x, y, sprite), 'screen', 'registers', 'step', 'screen'])
      }
    },
  ),
  check(
    'quirks-together',
    'agrees with a model on random programs with random quirks',
    { spec: 'quirks', hint: 'The quirks have nothing to do with each other.' },
    async (kit) => {
      const ring = kit.random.shuffle(QUIRKS)
      for (const n of ring.keys()) {
        // Each quirk with the one before, with the one behind, and sometimes with one more.
        const some = Array.from({ length: kit.random.int(2, 3) }, (_, more) => ring[(n + more) % ring.length] as Quirk)
        const steps = Array.from({ length: 110 }, () => ['step', 'registers']).flat()
        const program = oneOfEach(kit) + randomProgram(kit.random, 100)
        await follows(kit, [`load ${program}`, ...steps, 'screen', 'memory 900 1100'], some)
      }
    },
  ),
]
