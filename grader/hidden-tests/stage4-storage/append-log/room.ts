import { ARGS, copyOfDisk, DATA } from '../../../models/data-folder.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import { KIB, MIB } from '../../../programs/performance.ts'
import type { Session } from '../../../programs/session.ts'
import { reading, scanned, someRecords } from './records.ts'

/** Three of these fit on the small disk, and a fourth does not; what is left then is room for small ones. Each has a segment of its own. */
const LARGE = 300 * KIB
const SEGMENT = ['--segment', String(400 * KIB)]
const REFUSED = '+'.repeat(LARGE)

interface FullLog {
  log: Session
  /** Those that were acknowledged, from number 1 on. */
  records: string[]
}

const DISK = `The disk has ${MIB / KIB} KiB, and three records of ${LARGE / KIB} KiB are on it: a fourth has no room.`

/** A log on a disk of 1 MiB, with as many large records as it takes. */
async function fullLog(kit: Kit): Promise<FullLog> {
  const log = kit.program.session([...ARGS, ...SEGMENT], { disk: { folder: kit.scratch.folder(DATA), bytes: MIB } })
  const records = someRecords(kit, 3).map((record) => record.repeat(LARGE / 4).slice(0, LARGE))
  for (const [n, record] of records.entries()) await log.answersTo(`append ${record}`, `lsn ${n + 1}`)
  await log.answersTo(`append ${REFUSED}`, /^error ./, DISK)
  return { log, records }
}

async function stillThere({ log, records }: FullLog, why: string): Promise<void> {
  const range = `range 1 ${records.length + 1}`
  await log.answersTo('range', range, why)
  expect(await log.ask('scan 1 999'), 'The answer to `scan 1 999`', why).toBeText(scanned(records, 1))
}

export const rooms = [
  check(
    'full-disk',
    'answers error when the disk is full, uses up no number, keeps what it has, and goes on reading',
    {
      spec: 'full-disk',
      hint: 'A write can fail, or write less than it should. Count up when the record is on the disk, and not before.',
    },
    async (kit) => {
      const full = await fullLog(kit)
      await stillThere(full, 'The disk became full when another record came.')
      await full.log.answersTo(`append ${REFUSED}`, /^error ./, 'The disk is still full.')
      await stillThere(full, 'Another record was refused.')
      await full.log.end()
    },
  ),
  check(
    'room-left',
    'stores what still fits after something did not, and finds it at the next start',
    { spec: 'full-disk', hint: 'Cut off what was written of the record that did not fit, and note where the next one goes.' },
    async (kit) => {
      const { log, records } = await fullLog(kit)
      const small = someRecords(kit, 5)
      const requests = small.map((record) => `append ${record}`)
      const answers = await log.askAll([...requests.slice(0, 3), `append ${REFUSED}`, ...requests.slice(3)])
      const why = 'Some small records and a large one came together; there is room for the small ones only.'
      for (const [n, answer] of answers.entries()) {
        const lsn = records.length + (n < 3 ? n + 1 : n)
        expect(answer, `Answer ${n + 1} of 6`, why).toMatch(n === 3 ? /^error ./ : new RegExp(`^lsn ${lsn}$`))
      }
      copyOfDisk(kit, log, 'copy')
      await log.kill()
      const all = [...records, ...small].map((record, n) => ({ lsn: n + 1, record }))
      const { stdin, stdout } = reading(all)
      await kit.program.run(['--data', 'copy', ...SEGMENT], { stdin: `${stdin}range\n` }).succeeds({
        stdout: `${stdout}range 1 ${all.length + 1}\n`,
        why: 'The folder was copied from the full disk to another one, and the program was started on that.',
      })
    },
  ),
  check(
    'truncate-when-full',
    'makes room by truncating, when there is not a byte left',
    {
      spec: 'full-disk',
      hint: 'Remembering the new beginning must not need room: write it over the old one, in a place that was there from the start. Twice, in turns, in case one is torn.',
    },
    async (kit) => {
      const { log, records } = await fullLog(kit)
      for (const size of [4 * KIB, 100, 1]) {
        // Each takes some of the room that is left, until there is none for its size.
        for (let n = 0; n < 300; n++) {
          const record = '.'.repeat(size)
          if ((await log.ask(`append ${record}`)).startsWith('error')) break
          records.push(record)
        }
      }
      await stillThere({ log, records }, 'Smaller and smaller records were appended until none had room.')
      await log.answersTo('truncate 3', 'ok', `${DISK} Now it is full to the last byte, and two of them are to be dropped.`)
      const next = records.length + 1
      await log.answersTo('range', `range 3 ${next}`)
      const why = 'Two segments were dropped: there is room again.'
      await log.answersTo(`append ${REFUSED}`, `lsn ${next}`, why)
      expect(await log.ask('scan 1 999'), 'The answer to `scan 1 999`', why).toBeText(scanned([...records.slice(2), REFUSED], 3))
    },
  ),
]
