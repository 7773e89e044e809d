import fs from 'node:fs'
import { ARGS, flipped, meanwhile, openOn, placesIn } from '../../../models/data-folder.ts'
import { dropsDamaged, dropsWithCopies, refusesDamaged } from '../../../models/stored-data.ts'
import { check, expect } from '../../../programs/kit.ts'
import { appendAll, filled, reading, type Stored, someRecords, storedRecords } from './records.ts'

const SMALL = [...ARGS, '--segment', '150']

export const damage = [
  check(
    'torn-tail',
    'drops a record that lacks its end, and keeps all before it',
    {
      spec: 'torn-tail',
      hint: 'A record counts if it is there to its last byte and its checksum is right. The first one that is not ends the log.',
    },
    async (kit) => {
      const stored = await filled(kit, 6)
      const last = stored.at(-1) as Stored
      const cuts = [1, 2, last.to - last.from - 1, ...Array.from({ length: 4 }, () => kit.random.int(1, last.to - last.from))]
      const anywhere = Array.from({ length: 3 }, () => kit.random.int(1, last.to - (stored[2] as Stored).to))
      for (const cut of [...cuts, ...anywhere]) {
        const end = last.to - cut
        const left = stored.map(({ lsn, record, to }) => ({ lsn, record: to > end ? undefined : record }))
        const { stdin, stdout } = reading(left)
        const next = left.filter(({ record }) => record !== undefined).length + 1
        const why = `The last ${cut} bytes of ${last.file} had been cut off; the last record had ${last.to - last.from}.`
        const look = () =>
          kit.program.run(ARGS, { stdin: `${stdin}range\n` }).succeeds({ stdout: `${stdout}range 1 ${next}\n`, why })
        await meanwhile(kit, last.file, (bytes) => bytes.subarray(0, end), look)
      }
    },
  ),
  check(
    'writes-after-tear',
    'appends on after a torn record as ever',
    { spec: 'torn-tail', hint: 'Cut the torn record off, or write over it: behind it the new ones would never be found.' },
    async (kit) => {
      const stored = await filled(kit, 3)
      const last = stored.at(-1) as Stored
      const cut = kit.random.int(1, last.record.length)
      fs.truncateSync(kit.scratch.path(last.file), last.to - cut)
      const log = kit.program.session(ARGS)
      const more = someRecords(kit, 3, 1)
      await appendAll(log, more, 3)
      await log.kill()
      const { stdin, stdout } = reading([...stored.slice(0, 2), ...more.map((record, n) => ({ lsn: 3 + n, record }))])
      const why = `The last ${cut} bytes of ${last.file} had been cut off, then three more records were appended, and the program was started once more.`
      await kit.program.run(ARGS, { stdin }).succeeds({ stdout, why })
    },
  ),
  check(
    'torn-and-truncated',
    'gives no number again that was dropped, though the end of the log is torn',
    { spec: 'torn-tail', hint: 'If what is left ends before the first number that counts, go on with that one.' },
    async (kit) => {
      const stored = await filled(kit, 4)
      const last = stored.at(-1) as Stored
      await kit.program.run(ARGS, { stdin: 'truncate 5\n' }).succeeds({ stdout: 'ok\n' })
      fs.truncateSync(kit.scratch.path(last.file), last.to - kit.random.int(1, last.record.length))
      const [record] = someRecords(kit, 1) as [string]
      const why = 'All four records had been dropped with `truncate 5`; then the last one of them was torn.'
      for (const [stdin, stdout] of [
        [`range\nappend ${record}\n`, 'range 5 5\nlsn 5\n'],
        ['range\nread 4\nread 5\n', `range 5 6\nnone\nrecord ${record}\n`],
      ])
        await kit.program.run(ARGS, { stdin }).succeeds({ stdout, why })
    },
  ),
  check(
    'damaged-tail',
    'drops a last record that does not match its checksum',
    {
      spec: 'damaged-tail',
      hint: 'A checksum over all of the record, its length and number too. Nothing whole follows: it counts as torn.',
    },
    async (kit) => {
      const stored = await filled(kit, 4)
      const last = stored.at(-1) as Stored
      const lost = reading([...stored.slice(0, -1), { lsn: last.lsn }])
      const kept = reading(stored)
      await dropsDamaged(kit, last, lost, kept)
    },
  ),
  check(
    'damaged-last-segment',
    'does not start when a record in the middle of the last segment is damaged, whichever bit it is, and names the file',
    {
      spec: 'damage-in-the-last-segment',
      hint: 'A damaged length looks like a torn tail. Give the head a checksum of its own, and look whether anything whole follows.',
    },
    async (kit) => {
      const stored = await filled(kit, 6)
      const damaged = kit.random.pick(stored.slice(1, 4))
      await refusesDamaged(kit, damaged, `record ${damaged.lsn} of 6`, reading(stored))
    },
  ),
  check(
    'damaged-older-segment',
    'answers error for a damaged record in an older segment, and gives all others',
    {
      spec: 'damage-in-an-older-segment',
      hint: 'Start all the same. When a segment does not reach the number that is asked for, say error.',
    },
    async (kit) => {
      const stored = await filled(kit, 20, SMALL)
      const files = [...new Set(stored.map(({ file }) => file))]
      const damaged = kit.random.pick(stored.filter(({ file }) => files.indexOf(file) === 1))
      const behind = ({ lsn, file }: Stored) => file === damaged.file && lsn > damaged.lsn
      const others = reading(stored.filter((one) => one !== damaged && !behind(one)))
      const asked = { stdin: `read ${damaged.lsn}\n${others.stdin}`, stdout: others.stdout }
      for (const at of placesIn(kit, damaged, 2)) {
        await meanwhile(kit, damaged.file, flipped(at, kit.random.int(0, 7)), async () => {
          const why = `One bit had changed in byte ${at - damaged.from} of record ${damaged.lsn}, in segment 2 of ${files.length}.`
          const run = await kit.program.run(SMALL, { stdin: asked.stdin })
          const [answer = '', ...rest] = run.statusIs(0, why).stdout.toString().split('\n')
          expect(answer, `The answer to \`read ${damaged.lsn}\``, why).toMatch(
            new RegExp(`^(error .+|record ${damaged.record})$`),
          )
          expect(rest.join('\n'), 'The answers for the records before it and in other segments', why).toBeText(others.stdout)
        })
      }
    },
  ),
  check(
    'missing-segment',
    'answers error for the records of a segment that is missing, and gives all others',
    { spec: 'damage-in-an-older-segment', hint: 'none means: dropped, or not there yet. These were acknowledged and are lost.' },
    async (kit) => {
      const stored = await filled(kit, 20, SMALL)
      const files = [...new Set(stored.map(({ file }) => file))]
      const missing = files[2] as string
      fs.rmSync(kit.scratch.path(missing))
      const why = `The file of segment 3 of ${files.length} was removed.`
      const log = kit.program.session(SMALL)
      for (const { lsn, record, file } of stored)
        await log.answersTo(`read ${lsn}`, file === missing ? /^error ./ : `record ${record}`, why)
      await log.answersTo('append more', 'lsn 21', why)
      await log.end()
    },
  ),
  check(
    'damaged-while-running',
    'never gives a record that has changed in the file',
    {
      spec: 'damage-while-running',
      hint: 'Look at the checksum whenever a record is read from the file, not only at the start.',
    },
    async (kit) => {
      const log = openOn(kit, SMALL)
      const stored = await storedRecords(kit, log, someRecords(kit, 10))
      for (const { lsn, record, file, from, to } of [...stored.slice(0, 2), ...stored.slice(-2)]) {
        const bytes = kit.scratch.read(file).subarray(from, to)
        const at = from + bytes.lastIndexOf(record) + kit.random.int(0, record.length - 1)
        await log.answersTo(`read ${lsn}`, `record ${record}`)
        await meanwhile(kit, file, flipped(at, kit.random.int(0, 3)), async () => {
          const why = 'One bit of the record was changed in the file while the program ran.'
          const answer = await log.ask(`read ${lsn}`)
          expect(answer, `The answer to \`read ${lsn}\``, why).toMatch(new RegExp(`^(record ${record}|error .*)$`))
        })
        await log.answersTo(`read ${lsn}`, `record ${record}`, 'The changed bit was put right again.')
      }
    },
  ),
  check(
    'records-in-records',
    'is not taken in by a record that contains records',
    {
      spec: 'records-in-records',
      hint: 'Whatever your search takes for a whole record must be one where it stands: let the checksum depend on the place.',
    },
    async (kit) => {
      const log = openOn(kit)
      const all = await storedRecords(kit, log, someRecords(kit, 30, 1))
      const [stored, further] = [all.slice(0, 8), all.slice(8)]
      const bytesOf = ({ file, from, to }: Stored) => kit.scratch.read(file).subarray(from, to)
      // One that contains a newline, say, can not stand in a record.
      const records = further.map(bytesOf).filter((bytes) => !bytes.includes(10) && !bytes.includes(32))
      await log.answersTo('rewind 9', 'ok')
      // So much before them that none stands where it stood.
      const before = kit.random.word().repeat(Buffer.concat(further.map(bytesOf)).length)
      const copies = Buffer.concat([Buffer.from(before), ...records, Buffer.from(kit.random.word())])
      const { stdin, stdout } = reading(stored)
      const ranging = (next: number) => ({ stdin: `${stdin}range\n`, stdout: `${stdout}range 1 ${next}\n` })
      await dropsWithCopies(kit, log, { request: 'append', copies, answer: 'lsn 9' }, ranging(9), ranging(10))
    },
  ),
]
