import { LogModel, logRequests } from '../../models/append-log.ts'
import { ARGS, DATA, openOn } from '../../models/data-folder.ts'
import { agreesWithModel } from '../../models/operations.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { crashes } from './append-log/crashes.ts'
import { damage } from './append-log/damage.ts'
import { dropping } from './append-log/dropping.ts'
import { flies } from './append-log/flies.ts'
import { appendAll, scanned, someRecords } from './append-log/records.ts'
import { oddRequests, wrongRequests } from './append-log/requests.ts'
import { rooms } from './append-log/room.ts'
import { segments } from './append-log/segments.ts'

export default hiddenTests('stage4-storage/append-log', [
  tier('runs', [
    check(
      'append-read',
      'numbers records from 1, and gives them back by their numbers',
      { spec: 'append-and-read', hint: 'For `append` answer `lsn` and a number; for `read` answer `record` and the record.' },
      async (kit) => {
        const records = someRecords(kit, 3)
        const log = openOn(kit)
        await appendAll(log, records)
        for (const n of kit.random.shuffle([1, 2, 3])) await log.answersTo(`read ${n}`, `record ${records[n - 1]}`)
      },
    ),
    check(
      'no-record',
      'answers none for a record that is not there yet',
      { spec: 'append-and-read', hint: 'A number that nobody has got yet is no error: the answer is the word none.' },
      async (kit) => {
        const records = someRecords(kit, 2)
        const log = openOn(kit)
        await log.answersTo('read 1', 'none')
        await appendAll(log, records)
        await log.answersTo('read 3', 'none', 'There are two records.')
        await log.answersTo(`read ${kit.random.int(100, 10 ** 9)}`, 'none', 'There are two records.')
      },
    ),
    check(
      'several-at-once',
      'answers requests that come together one by one, in their order, and ends with its input',
      {
        spec: 'one-answer-at-once',
        hint: 'One read may bring many lines, or half of one: keep what follows the last newline for the next.',
      },
      async (kit) => {
        const records = someRecords(kit, 20)
        const log = openOn(kit)
        const sent = records.flatMap((record, n) => [`append ${record}`, `read ${n + 1}`])
        const got = await log.askAll(sent)
        const expected = records.flatMap((record, n) => [`lsn ${n + 1}`, `record ${record}`])
        for (const [n, answer] of expected.entries()) expect(got[n], `The answer to \`${sent[n]}\``).toBe(answer)
        await log.end()
      },
    ),
  ]),

  tier('works', [
    check(
      'numbers',
      'goes on with its numbers at the next start, and has the records',
      { spec: 'numbers', hint: 'Read at the start what is there: the next number is one more than the last one.' },
      async (kit) => {
        const records = someRecords(kit, 9)
        kit.scratch.folder(DATA)
        for (let start = 0; start < 3; start++) {
          const log = kit.program.session(ARGS)
          const why = `This is start number ${start + 1}.`
          await log.answersTo('range', `range 1 ${3 * start + 1}`, why)
          for (let n = 0; n < 3 * start; n++) await log.answersTo(`read ${n + 1}`, `record ${records[n]}`, why)
          await appendAll(log, records.slice(3 * start, 3 * start + 3), 3 * start + 1)
          await log.end()
        }
      },
    ),
    check(
      'scan',
      'gives records with their numbers, as many as asked for and as there are',
      { spec: 'scan', hint: 'Begin at the first record that is left if LSN is less; stop at COUNT, or at the end.' },
      async (kit) => {
        const records = someRecords(kit, 12)
        const log = openOn(kit)
        await log.answersTo('scan 1 5', 'records', 'There is no record yet.')
        await log.askAll(records.map((record) => `append ${record}`))
        const from = kit.random.int(3, 6)
        await log.answersTo('scan 1 12', scanned(records, 1))
        await log.answersTo(`scan ${from} 4`, scanned(records.slice(from - 1, from + 3), from))
        await log.answersTo(`scan ${from} 99`, scanned(records.slice(from - 1), from), 'There are 12 records.')
        await log.answersTo('scan 13 3', 'records', 'There are 12 records.')
        await log.answersTo(`truncate ${from}`, 'ok')
        const why = `All records before ${from} were dropped: the count begins with the first one that is left.`
        await log.answersTo('scan 1 2', scanned(records.slice(from - 1, from + 1), from), why)
      },
    ),
    ...segments,
    ...wrongRequests,
    check(
      'random-requests',
      'agrees with a model on random requests',
      { spec: 'the-interface', hint: 'The requests above are the fewest that show it: try them by hand.' },
      async ({ program, random, scratch }) => {
        let folders = 0
        const segment = ['--segment', String(random.int(150, 400))]
        await agreesWithModel({
          open: () => program.session(['--data', scratch.folder(`data${++folders}`), ...segment]),
          model: () => new LogModel(),
          requests: logRequests(random, 700),
        })
      },
    ),
  ]),

  tier('holds', [...oddRequests, ...crashes, ...dropping, ...damage, ...rooms]),

  tier('flies', flies),
])
