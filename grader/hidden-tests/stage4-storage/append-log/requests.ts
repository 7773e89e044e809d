import { ARGS, DATA, openOn } from '../../../models/data-folder.ts'
import { badArguments } from '../../../models/stored-data.ts'
import { check, expect } from '../../../programs/kit.ts'
import { MIB } from '../../../programs/performance.ts'
import { appendAll, someRecords } from './records.ts'

/** Requests as they must not be, in tier `works`. */
export const wrongRequests = [
  check(
    'errors',
    'answers error to what it does not understand, and goes on',
    {
      spec: 'errors',
      hint: 'Check the name, the number of words, and the numbers, before anything else. Words are separated by single blanks.',
    },
    async (kit) => {
      const [record, word] = someRecords(kit, 2) as [string, string]
      const log = openOn(kit)
      await appendAll(log, [record])
      const bad = [
        'append',
        `append ${record} ${word}`,
        'read',
        'read 1 1',
        'scan 1',
        'scan 1 1 1',
        'truncate',
        'rewind',
        'range 1',
      ]
      const blanks = ['', ' read 1', 'read 1 ', 'read  1', `append  ${word}`, 'scan 1  1']
      const numbers = ['read 0', 'read -1', `read ${word}`, 'read 1.5', 'scan 1 0', `scan 1 ${word}`, 'scan 0 1', 'rewind 0']
      for (const request of [...bad, ...blanks, ...numbers, `${word} 1`, 'constructor 1'])
        await log.answersTo(request, /^error ./, 'This request is not as the table of requests has it.')
      for (const request of ['truncate 3', 'rewind 3'])
        await log.answersTo(request, /^error ./, 'There is one record, and the next number is 2.')
      await log.answersTo('range', 'range 1 2', 'Requests with errors must not change anything.')
      await log.answersTo('read 1', `record ${record}`)
    },
  ),
]

/** The same in tier `holds`. */
export const oddRequests = [
  check(
    'any-byte',
    'takes any bytes in records',
    { spec: 'any-byte', hint: 'Do not decode: read and write bytes, or characters of latin1.' },
    async ({ program, random, scratch }) => {
      const all = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10 && byte !== 32)
      const records = [...all.map((byte) => Buffer.from([byte])), Buffer.from(random.shuffle(all))]
      const join = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
      const stdin = join(...records.map((record) => join('append ', record, '\n')))
      const stdout = records.map((_, n) => `lsn ${n + 1}\n`).join('')
      scratch.folder(DATA)
      await program.run(ARGS, { stdin }).succeeds({ stdout })
      const reads = records.map((_, n) => `read ${n + 1}\n`).join('')
      const given = join(...records.map((record) => join('record ', record, '\n')))
      await program.run(ARGS, { stdin: reads }).succeeds({ stdout: given })
    },
  ),
  check(
    'sizes',
    'stores a record of 1 MiB, and refuses one that is longer',
    { spec: 'sizes', hint: 'A request may come in many reads. Look at the length before you give out a number.' },
    async (kit) => {
      const [word, other] = someRecords(kit, 2) as [string, string]
      const record = word.repeat(MIB / word.length + 1).slice(0, MIB)
      const log = openOn(kit)
      await log.answersTo(`append ${record}`, 'lsn 1', 'It is just as long as it may be.')
      expect(await log.ask('read 1'), 'The answer to `read 1`, a record of 1 MiB,').toBeText(`record ${record}`)
      await log.answersTo(`append ${record}.`, /^error ./, 'The record is one byte too long.')
      await log.answersTo(`append ${other}`, 'lsn 2', 'What was refused must not use up a number.')
    },
  ),
  check(
    'unfinished-request',
    'does not carry out a request that has no newline at its end',
    { spec: 'unfinished-requests', hint: 'A line that was cut off may look like a whole request: only its newline tells.' },
    async (kit) => {
      const [record, half] = someRecords(kit, 2) as [string, string]
      kit.scratch.folder(DATA)
      const stdin = `append ${record}\nappend ${half.slice(0, 5)}`
      await kit.program.run(ARGS, { stdin }).succeeds({ stdout: 'lsn 1\n', why: 'The second request has no newline.' })
      await kit.program.run(ARGS, { stdin: 'range\nread 1\n' }).succeeds({ stdout: `range 1 2\nrecord ${record}\n` })
    },
  ),
  badArguments('range\n', (word) => [
    ['--segment', word],
    ['--segment', '0'],
  ]),
]
