import { ARGS, DATA, openOn } from '../../../models/data-folder.ts'
import { refusesSecond, startsAgainAtOnce } from '../../../models/stored-data.ts'
import { ANSWERING, failUnlessFolderSynced, failUnlessSynced, SYNCING } from '../../../models/syncing.ts'
import { check, expect } from '../../../programs/kit.ts'
import { killedInTheMiddle } from '../../../programs/session.ts'
import { appendAll, scanned, someRecords } from './records.ts'

export const crashes = [
  check(
    'synced',
    'gives out a number only when the disk has the record',
    {
      spec: 'before-the-answer',
      hint: 'write gives the bytes to the kernel, which keeps them for a while: call fsync or fdatasync, then answer.',
    },
    async (kit) => {
      kit.scratch.folder(DATA)
      const log = kit.program.session(ARGS, { trace: { file: 'trace', calls: ANSWERING } })
      await appendAll(log, someRecords(kit, 6))
      await log.end()
      failUnlessSynced(kit, 'trace', 'lsn')
    },
  ),
  check(
    'folder-synced',
    'gives out a number only when the disk has the name of the file, too',
    { spec: 'before-the-answer', hint: 'Open the folder itself, for reading, and call fsync on it after a new file is made.' },
    async (kit) => {
      kit.scratch.folder(DATA)
      const args = [...ARGS, '--segment', '1000']
      const log = kit.program.session(args, { trace: { file: 'trace', calls: SYNCING } })
      await appendAll(
        log,
        someRecords(kit, 5).map((record) => record.padEnd(700, '.')),
      )
      await log.end()
      failUnlessFolderSynced(kit, 'trace', 'lsn')
    },
  ),
  check(
    'killed',
    'has every acknowledged record after kill -9',
    { spec: 'killed', hint: 'What waits in a buffer of your program dies with it. Write, and only then answer.' },
    async (kit) => {
      const records = someRecords(kit, 12)
      kit.scratch.folder(DATA)
      for (let round = 0; round < 3; round++) {
        const log = kit.program.session(ARGS)
        await appendAll(log, records.slice(4 * round, 4 * round + 4), 4 * round + 1)
        await log.kill()
        const next = kit.program.session(ARGS)
        const why = 'The program was killed (kill -9) after it had acknowledged the last record, and was started again.'
        await next.answersTo('scan 1 99', scanned(records.slice(0, 4 * round + 4), 1), why)
        await next.answersTo('range', `range 1 ${4 * round + 5}`, why)
        await next.end()
      }
    },
  ),
  check(
    'killed-at-work',
    'keeps what it had acknowledged when it is killed amid a thousand appends, and nothing half',
    {
      spec: 'killed',
      hint: 'Requests that came together are still done in their order. Acknowledge none that is not yet on the disk.',
    },
    async (kit) => {
      const { program, random, scratch } = kit
      scratch.folder(DATA)
      const args = [...ARGS, '--segment', '20000']
      const there: string[] = []
      for (let round = 0; round < 3; round++) {
        // So many that they do not all fit into the pipe: it is killed before it has read the last of them.
        const sent = Array.from({ length: 1200 }, () => random.word() + '.'.repeat(random.int(200, 400)))
        const requests = sent.map((record) => `append ${record}`)
        const answers = await killedInTheMiddle(program.session(args), requests, random.int(5, 200))
        for (const [n, answer] of answers.entries())
          expect(answer, `Answer ${n + 1} to these append requests`).toBe(`lsn ${there.length + n + 1}`)
        const log = program.session(args)
        const why = `The program was killed (kill -9) after it had acknowledged record ${there.length + answers.length}.`
        const next = Number(/^range 1 (\d+)$/.exec(await log.ask('range'))?.[1] ?? 0)
        expect(next, 'The next number after the restart', why).toBeAtLeast(there.length + answers.length + 1)
        there.push(...sent.slice(0, next - there.length - 1))
        expect(await log.ask('scan 1 999999'), 'The answer to `scan 1 999999` after the restart', why).toBeText(scanned(there, 1))
        await log.end()
      }
    },
  ),
  check(
    'one-at-a-time',
    'refuses a folder that another process has open, and leaves it alone',
    {
      spec: 'one-at-a-time',
      hint: 'Lock something in the folder with flock(2) or fcntl(2), without waiting, before you read anything else.',
    },
    async (kit) => {
      const [record, other] = someRecords(kit, 2) as [string, string]
      const log = openOn(kit)
      await appendAll(log, [record])
      await refusesSecond(kit, log, { change: `append ${other}`, count: 'range', unchanged: 'range 1 2' })
    },
  ),
  check(
    'lock-dies-too',
    'can be started again at once after kill -9',
    {
      spec: 'one-at-a-time',
      hint: 'A lock file that is there, or a process number in it, survives you. A lock that the kernel holds for you does not.',
    },
    async (kit) => {
      const [record] = someRecords(kit, 1) as [string]
      const log = openOn(kit)
      await appendAll(log, [record])
      await startsAgainAtOnce(kit, log, 'read 1', `record ${record}`)
    },
  ),
]
