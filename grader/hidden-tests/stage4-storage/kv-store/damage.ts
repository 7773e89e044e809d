import fs from 'node:fs'
import { ARGS, flipped, meanwhile, openOn } from '../../../models/data-folder.ts'
import { dropsDamaged, dropsWithCopies, refusesDamaged } from '../../../models/stored-data.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import { asking, type Stored, setAll, someEntries, storedRecords } from './records.ts'

/** Stores some entries and ends the program; the files are then as they have to be found again. */
async function filled(kit: Kit, count: number): Promise<Stored[]> {
  const store = openOn(kit)
  const stored = await storedRecords(kit, store, someEntries(kit, count))
  await store.kill()
  return stored
}

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
        const expected = stored.map(({ key, value, file, to }) => ({
          key,
          value: file === last.file && to > end ? undefined : value,
        }))
        await meanwhile(
          kit,
          last.file,
          (bytes) => bytes.subarray(0, end),
          async () => {
            const { stdin, stdout } = asking(expected)
            const why = `The last ${cut} bytes of ${last.file} had been cut off; the last record had ${last.to - last.from}.`
            await kit.program.run(ARGS, { stdin }).succeeds({ stdout, why })
          },
        )
      }
    },
  ),
  check(
    'writes-after-tear',
    'stores on after a torn record as ever',
    { spec: 'torn-tail', hint: 'Cut the torn record off, or write over it: behind it the new ones would never be found.' },
    async (kit) => {
      const stored = await filled(kit, 3)
      const last = stored.at(-1) as Stored
      const cut = kit.random.int(1, last.value.length)
      fs.truncateSync(kit.scratch.path(last.file), last.to - cut)
      const store = kit.program.session(ARGS)
      const more = someEntries(kit, 3, 1)
      await setAll(store, more)
      await store.kill()
      const { stdin, stdout } = asking([
        ...stored.slice(0, -1),
        { key: last.key },
        ...more.map(([key, value]) => ({ key, value })),
      ])
      const why = `The last ${cut} bytes of ${last.file} had been cut off, then three more keys were set, and the program was started once more.`
      await kit.program.run(ARGS, { stdin }).succeeds({ stdout, why })
    },
  ),
  check(
    'damaged-tail',
    'drops a last record that does not match its checksum',
    {
      spec: 'damaged-tail',
      hint: 'A checksum over all of the record, its lengths too. Nothing whole follows: it counts as torn.',
    },
    async (kit) => {
      const stored = await filled(kit, 4)
      const last = stored.at(-1) as Stored
      const lost = asking([...stored.slice(0, -1), { key: last.key }])
      const kept = asking(stored)
      await dropsDamaged(kit, last, lost, kept)
    },
  ),
  check(
    'damaged-middle',
    'does not start when a record in the middle is damaged, whichever bit it is, and names the file',
    {
      spec: 'damage-in-the-middle',
      hint: 'A damaged length looks like a torn tail. Give the lengths a checksum of their own, and look whether anything whole follows.',
    },
    async (kit) => {
      const stored = await filled(kit, 6)
      const damaged = kit.random.pick(stored.slice(1, 4))
      await refusesDamaged(kit, damaged, `record ${stored.indexOf(damaged) + 1} of 6`, asking(stored))
    },
  ),
  check(
    'damaged-while-running',
    'never gives a value that has changed in the file',
    { spec: 'damage-while-running', hint: 'Look at the checksum whenever a value is read from the file, not only at the start.' },
    async (kit) => {
      const store = openOn(kit)
      const stored = await storedRecords(kit, store, someEntries(kit, 4))
      for (const { key, value, file, from, to } of stored) {
        const record = kit.scratch.read(file).subarray(from, to)
        const at = from + record.lastIndexOf(value) + kit.random.int(0, value.length - 1)
        await meanwhile(kit, file, flipped(at, kit.random.int(0, 3)), async () => {
          const answer = await store.ask(`get ${key}`)
          const why = 'One bit of the value was changed in the file while the program ran.'
          expect(answer, `The answer to \`get ${key}\``, why).toMatch(new RegExp(`^(value ${value}|error .*)$`))
        })
        await store.answersTo(`get ${key}`, `value ${value}`, 'The changed bit was put right again.')
      }
    },
  ),
  check(
    'records-in-values',
    'is not taken in by a value that contains records',
    {
      spec: 'records-in-values',
      hint: 'Whatever your search takes for a whole record must be one where it stands: let the checksum depend on the place.',
    },
    async (kit) => {
      const store = openOn(kit)
      const stored = await storedRecords(kit, store, someEntries(kit, 8, 1))
      const bytesOf = ({ file, from, to }: Stored) => kit.scratch.read(file).subarray(from, to)
      // A record that ends in a newline, say, can not be a value.
      const records = stored.map(bytesOf).filter((record) => !record.includes(10) && !record.includes(32))
      const [[key]] = someEntries(kit, 1) as [[string, string]]
      const copies = Buffer.concat([Buffer.from(kit.random.word()), ...records, Buffer.from(kit.random.word())])
      const { stdin, stdout } = asking(stored)
      const counting = (count: number) => ({ stdin: `${stdin}count\n`, stdout: `${stdout}count ${count}\n` })
      await dropsWithCopies(kit, store, { request: `set ${key}`, copies, answer: 'ok' }, counting(8), counting(9))
    },
  ),
]
