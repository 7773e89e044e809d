import { ARGS, copyOfDisk, DATA } from '../../../models/data-folder.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import { KIB, MIB } from '../../../programs/performance.ts'
import type { Session } from '../../../programs/session.ts'
import { asking, someEntries } from './records.ts'

/** Three of these fit on the small disk, and a fourth does not; what is left then is room for a small one. */
const LARGE = 300 * KIB

interface FullStore {
  store: Session
  stored: { key: string; value: string }[]
  refused: string
}

/** A store on a disk of 1 MiB, and as many large values as it takes. */
async function fullStore(kit: Kit): Promise<FullStore> {
  const { program, random, scratch } = kit
  const store = program.session(ARGS, { disk: { folder: scratch.folder(DATA), bytes: MIB } })
  const [refused, ...keys] = random.distinct(4, random.word) as [string, ...string[]]
  const stored: { key: string; value: string }[] = []
  for (const key of keys) {
    const value = random
      .word()
      .repeat(LARGE / 4)
      .slice(0, LARGE)
    await store.answersTo(`set ${key} ${value}`, 'ok')
    stored.push({ key, value })
  }
  const why = `The disk has ${MIB / KIB} KiB, and ${stored.length} values of ${LARGE / KIB} KiB are on it.`
  await store.answersTo(`set ${refused} ${'.'.repeat(LARGE)}`, /^error ./, why)
  return { store, stored, refused }
}

async function stillThere(store: Session, { stored, refused }: FullStore, why: string): Promise<void> {
  for (const { key, value } of stored)
    expect(await store.ask(`get ${key}`), `The answer to \`get ${key}\``, why).toBeText(`value ${value}`)
  await store.answersTo(`get ${refused}`, 'none', 'Its value was answered with an error when the disk was full.')
}

export const rooms = [
  check(
    'full-disk',
    'answers error when the disk is full, keeps what it has, and goes on reading',
    {
      spec: 'full-disk',
      hint: 'A write can fail, or write less than it should. Enter the key into the index when the record is on the disk.',
    },
    async (kit) => {
      const full = await fullStore(kit)
      await stillThere(full.store, full, 'The disk became full when another value came.')
      await full.store.answersTo('count', `count ${full.stored.length}`)
      const [{ key, value }] = full.stored as [{ key: string; value: string }]
      await full.store.answersTo(`set ${key} ${'.'.repeat(LARGE)}`, /^error ./, 'The disk is still full.')
      expect(
        await full.store.ask(`get ${key}`),
        `The answer to \`get ${key}\``,
        'A new value was refused: the old one must be there.',
      ).toBeText(`value ${value}`)
      await full.store.end()
    },
  ),
  check(
    'room-left',
    'stores what still fits after something did not, and finds it at the next start',
    {
      spec: 'full-disk',
      hint: 'When a group does not fit as a whole, try its records one by one. Cut off what was written of the one that did not fit, and note where the next one goes.',
    },
    async (kit) => {
      const full = await fullStore(kit)
      const small = someEntries(kit, 5).map(([key, value]) => ({ key, value }))
      const requests = small.map(({ key, value }) => `set ${key} ${value}`)
      const large = `set ${full.refused} ${'.'.repeat(LARGE)}`
      const answers = await full.store.askAll([...requests.slice(0, 3), large, ...requests.slice(3)])
      for (const [n, answer] of answers.entries()) {
        const why = 'Some small values and a large one came together; there is room for the small ones only.'
        expect(answer, `Answer ${n + 1} of 6`, why).toMatch(n === 3 ? /^error ./ : /^ok$/)
      }
      copyOfDisk(kit, full.store, 'copy')
      await full.store.kill()
      const { stdin, stdout } = asking([...full.stored, ...small, { key: full.refused }])
      const run = kit.program.run(['--data', 'copy'], { stdin })
      await run.succeeds({
        stdout,
        why: 'The folder was copied from the full disk to another one, and the program was started on that.',
      })
    },
  ),
  check(
    'compact-without-room',
    'loses nothing in a compaction that lacks the room',
    { spec: 'full-disk', hint: 'If the new file can not be written, remove it, keep the old one, and answer error.' },
    async (kit) => {
      const full = await fullStore(kit)
      const before = await full.store.ask('stats')
      const answer = await full.store.ask('compact')
      expect(answer, 'The answer to `compact` on a full disk').toMatch(/^(ok|error .+)$/)
      const why = 'A compaction that is answered with an error must leave everything as it was, and nothing of its own behind.'
      if (answer !== 'ok') expect(await full.store.ask('stats'), 'The answer to `stats` after it', why).toBe(before)
      await stillThere(full.store, full, 'A compaction was tried on a full disk.')
      const room = `${describeRoom} For one of 30 KiB there is, and the attempt to compact must not have taken it.`
      await full.store.answersTo(`set ${full.refused} ${'.'.repeat(30 * KIB)}`, 'ok', room)
    },
  ),
  check(
    'room-again',
    'accepts writes again when there is room',
    { spec: 'full-disk', hint: 'A failed write is no reason to give up: the next one may succeed.' },
    async (kit) => {
      const full = await fullStore(kit)
      const { store, stored, refused } = full
      for (const { key } of stored)
        await store.answersTo(`set ${key} ${key}`, 'ok', `${describeRoom} For a small value there is still room.`)
      await store.answersTo('compact', 'ok', 'All values are small now.')
      const value = '+'.repeat(LARGE)
      await store.answersTo(`set ${refused} ${value}`, 'ok', 'The compaction has made room.')
      await stillThere(
        store,
        { ...full, stored: stored.map(({ key }) => ({ key, value: key })), refused: `no-${refused}` },
        'The disk was full, but is no more.',
      )
      expect(await store.ask(`get ${refused}`), `The answer to \`get ${refused}\``).toBeText(`value ${value}`)
    },
  ),
]

const describeRoom = `The disk has ${MIB / KIB} KiB, and three values of ${LARGE / KIB} KiB are on it: a fourth had no room.`
