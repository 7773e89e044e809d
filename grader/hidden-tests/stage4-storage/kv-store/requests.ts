import { ARGS, DATA, openOn } from '../../../models/data-folder.ts'
import { badArguments } from '../../../models/stored-data.ts'
import { check, expect } from '../../../programs/kit.ts'
import { someEntries } from './records.ts'

const MIB = 1024 ** 2

/** Requests as they must not be, in tier `works`. */
export const requests = [
  check(
    'errors',
    'answers error to what it does not understand, and goes on',
    {
      spec: 'errors',
      hint: 'Check the name, and the number of words, before anything else. Words are separated by single blanks.',
    },
    async (kit) => {
      const [[key, value], [word]] = someEntries(kit, 2) as [[string, string], [string, string]]
      const store = openOn(kit)
      await store.answersTo(`set ${key} ${value}`, 'ok')
      const bad = [
        `${word} ${key}`,
        'get',
        `get ${key} ${word}`,
        `set ${key}`,
        `set ${key} ${word} ${word}`,
        'del',
        `del ${key} ${word}`,
      ]
      const blanks = ['', ` get ${key}`, `get ${key} `, `set  ${key} ${word}`, `set ${key}  ${word}`]
      const numbers = [
        `scan ${key}`,
        'scan a z 0',
        `scan a z ${word}`,
        `scan a z 3 ${word}`,
        'scan a z -1',
        `keys ${key} ${word}`,
      ]
      for (const request of [...bad, ...blanks, ...numbers, `count ${word}`, `constructor ${key}`]) {
        await store.answersTo(request, /^error ./, 'This request is not as the table of requests has it.')
      }
      await store.answersTo(`get ${key}`, `value ${value}`, 'Requests with errors must not change anything.')
    },
  ),
]

/** The same in tier `holds`. */
export const oddRequests = [
  check(
    'any-byte',
    'takes any bytes in keys and values, and sorts by them',
    { spec: 'any-byte', hint: 'Do not decode: read, compare and write bytes, or characters of latin1.' },
    async ({ program, random, scratch }) => {
      const all = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10 && byte !== 32)
      const keys = random.shuffle(all).map((byte) => Buffer.from([byte, 0, 255 - (byte === 223 || byte === 245 ? 1 : byte)]))
      const value = Buffer.from(random.shuffle(all))
      const join = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
      const sets = join(...keys.map((key) => join('set ', key, ' ', value, '\n')))
      const sorted = [...keys].sort(Buffer.compare)
      scratch.folder(DATA)
      await program.run(ARGS, { stdin: sets }).succeeds({ stdout: 'ok\n'.repeat(keys.length) })
      const stdin = join(...keys.map((key) => join('get ', key, '\n')), 'keys\n')
      const values = keys.map(() => join('value ', value, '\n'))
      const stdout = join(...values, 'keys', ...sorted.map((key) => join(' ', key)), '\n')
      await program.run(ARGS, { stdin }).succeeds({ stdout })
    },
  ),
  check(
    'sizes',
    'stores a value of 1 MiB, and refuses keys and values that are too long',
    { spec: 'sizes', hint: 'A request may come in many reads. Look at the lengths before you write anything.' },
    async (kit) => {
      const [[key, word], [other]] = someEntries(kit, 2) as [[string, string], [string, string]]
      const value = word.repeat(MIB / word.length + 1).slice(0, MIB)
      const long = key.repeat(1024 / key.length + 1).slice(0, 1024)
      const store = openOn(kit)
      await store.answersTo(`set ${long} ${value}`, 'ok', 'Both are just as long as they may be.')
      expect(await store.ask(`get ${long}`), 'The answer to `get` for a value of 1 MiB').toBeText(`value ${value}`)
      await store.answersTo(`set ${other} ${value}.`, /^error ./, 'The value is one byte too long.')
      await store.answersTo(`set ${long}. ${word}`, /^error ./, 'The key is one byte too long.')
      await store.answersTo('count', 'count 1', 'What was refused must not be stored.')
    },
  ),
  check(
    'unfinished-request',
    'does not carry out a request that has no newline at its end',
    { spec: 'unfinished-requests', hint: 'A line that was cut off may look like a whole request: only its newline tells.' },
    async (kit) => {
      const [[key, value]] = someEntries(kit, 1) as [[string, string]]
      kit.scratch.folder(DATA)
      const stdin = `set ${key} ${value}\nset ${key} ${value.slice(0, 5)}`
      await kit.program.run(ARGS, { stdin }).succeeds({ stdout: 'ok\n', why: 'The second request has no newline.' })
      await kit.program.run(ARGS, { stdin: `get ${key}\n` }).succeeds({ stdout: `value ${value}\n` })
    },
  ),
  badArguments('count\n'),
]
