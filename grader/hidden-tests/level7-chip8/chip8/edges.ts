import { assemble, Chip8Model } from '../../../models/chip8.ts'
import { check, expect } from '../../../programs/kit.ts'
import { follows } from './follows.ts'

/** What a machine must survive. */
export const edges = [
  check(
    'unknown-instruction',
    'halts at an instruction that there is not, and says where',
    { spec: 'halting', hint: 'halt, why, and the address; the program counter stays there, nothing has changed.' },
    async ({ program, random }) => {
      for (const word of [0x0123, 0x5121, 0x8128, 0x9122, 0xe1a2, 0xf1ff]) {
        const machine = program.session([])
        const before = random.int(2, 20)
        await machine.ask(`load ${assemble(...Array.from({ length: before }, () => 0x7101), word)}`)
        const at = (0x200 + 2 * before).toString(16)
        await machine.answersTo(
          'step 100',
          new RegExp(`^halt .*\\b${at}$`),
          `The word ${word.toString(16)} at ${at} is no instruction.`,
        )
        expect(await machine.ask('registers'), 'The answer to `registers` after that').toMatch(new RegExp(`pc=${at} `))
        await machine.answersTo('step', new RegExp(`^halt .*\\b${at}$`), 'It halts again at the same place.')
        await machine.end()
      }
    },
  ),
  check(
    'stack-limits',
    'halts when the stack is full or empty',
    { spec: 'halting', hint: 'Sixteen calls deep, and no deeper.' },
    async ({ program }) => {
      const machine = program.session([])
      await machine.ask(`load ${assemble(0x00ee)}`)
      await machine.answersTo('step', /^halt .*200$/, '00EE without a call.')
      await machine.ask(`load ${assemble(0x7001, 0x2200)}`)
      await machine.answersTo('step 32', 'ok', 'Sixteen calls fit.')
      await machine.answersTo('step 2', /^halt .*202$/, 'The seventeenth does not.')
      await machine.answersTo('stack', ['stack', ...Array(16).fill('204')].join(' '))
      await machine.end()
    },
  ),
  check(
    'memory-limits',
    'halts where there is no memory',
    { spec: 'halting', hint: 'Look before you write: of a store that does not fit nothing is stored.' },
    async ({ program }) => {
      for (const words of [
        [0xaffe, 0xf355],
        [0xafff, 0xf033],
        [0xaffd, 0xd015],
        [0xaffe, 0xf365],
      ]) {
        const machine = program.session([])
        await machine.ask(`load ${assemble(0x6011, ...words)}`)
        await machine.answersTo('step 3', /^halt .*204$/, `The program: ${words.map((word) => word.toString(16)).join(' ')}.`)
        await machine.answersTo('memory ffd 3', 'memory 000000')
        await machine.end()
      }
      const machine = program.session([])
      await machine.ask(`load ${assemble(0x1fff)}`)
      await machine.answersTo('step 2', /^halt .*fff$/, 'An instruction has two bytes; there is only one.')
      await machine.end()
    },
  ),
  check(
    'load-again',
    'begins anew with each load',
    { spec: 'loading', hint: 'Registers, memory, screen, timers, stack, keys, the queue of random bytes: all of it.' },
    async (kit) => {
      const first = `load ${assemble(0x6a07, 0xfa15, 0x2206, 0xa600, 0xfa55, 0xd015, 0xf00a)}`
      const busy = ['random 0102', 'press 5', 'step 7', 'registers']
      const second = [
        `load ${assemble(0xc0ff, 0xf10a)}`,
        'registers',
        'stack',
        'screen',
        'memory 600 12',
        'step',
        'registers',
        'step',
        'registers',
      ]
      await follows(kit, [first, ...busy, ...second])
    },
  ),
  check(
    'wrong-requests',
    'answers requests that make no sense with an error, and goes on',
    { spec: 'the-interface', hint: 'error and a reason. Nothing has changed.' },
    async ({ program }) => {
      const machine = program.session([])
      await machine.ask(`load ${assemble(0x6105)}`)
      const wrong = [
        'fly',
        'load 123',
        'load xy',
        `load ${'00'.repeat(3585)}`,
        'load',
        'step x',
        'press 10',
        'press',
        'memory ff0 100',
        'memory 200',
        'random 1',
        'registers now',
        '',
      ]
      for (const request of wrong) await machine.answersTo(request, /^error ./)
      await machine.answersTo('step', 'ok')
      expect(await machine.ask('registers'), 'The answer to `registers` after wrong requests').toMatch(/^registers v=0005/)
      await machine.end()
    },
  ),
  check(
    'whole-memory',
    'takes a program that fills the memory',
    { spec: 'loading', hint: '4096 bytes less 512: 3584.' },
    async (kit) => {
      const program = kit.random.bytes(3584).toString('hex')
      await follows(kit, [`load ${program}`, 'memory 200 3584', 'memory ffe 2'])
    },
  ),
  check(
    'prints-the-screen',
    'with --frames and a file prints the screen after so many frames',
    { spec: 'without-a-session', hint: 'Thirty-two lines of 64 characters: # is on, . is off.' },
    async ({ program, random, scratch }) => {
      const [x, y, frames] = [random.int(1, 50), random.int(1, 20), random.int(3, 9)]
      // Draws the delay timer, a digit that goes down with the frames, again and again, each time further on.
      const rom = assemble(0x600f, 0xf015, 0x6100 + x, 0x6200 + y, 0xf307, 0xf329, 0xd125, 0x7106, 0x1208)
      const model = new Chip8Model()
      model.answer(`load ${rom}`)
      for (let n = 0; n < frames; n++) {
        model.answer('step 14')
        model.tick()
      }
      scratch.file('rom.ch8', Buffer.from(rom, 'hex'))
      await program.run(['--speed', '14', '--frames', `${frames}`, 'rom.ch8']).succeeds({
        stdout: model
          .rows()
          .map((row) => `${row}\n`)
          .join(''),
      })
    },
  ),
  check(
    'wrong-arguments',
    'refuses arguments and files that make no sense',
    { spec: 'the-interface', hint: 'One line on standard error, status 2.' },
    async ({ program, scratch, random }) => {
      const missing = random.word()
      await program.run(['--quirks', missing]).fails({ status: 2, names: missing, stdout: '' })
      await program.run(['--frames', '3', missing]).fails({ status: 2, names: missing, stdout: '' })
      await program.run(['--frames', '0', missing]).fails({ status: 2, stdout: '' })
      await program.run(['--speed', 'fast']).fails({ status: 2, stdout: '' })
      scratch.file('large', Buffer.alloc(3585))
      await program.run(['--frames', '1', 'large']).fails({ status: 2, names: 'large', stdout: '' })
      scratch.file('bad', Buffer.from('0123', 'hex'))
      await program.run(['--frames', '1', 'bad']).fails({ status: 2, names: '200', stdout: '' })
    },
  ),
]
