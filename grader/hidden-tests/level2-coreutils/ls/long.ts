import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import { byBytes, dateOf, type LongLine, longLines, modeOf } from '../../../models/ls.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'

const DAY = 24 * 60 * 60 * 1000
const lines = (names: string[]) => names.map((name) => `${name}\n`).join('')
const past = (n: number) => new Date(Date.UTC(2001, n, 3 + n, 4, 5))

/** The lines of a long listing, taken apart; fails when there are others, or none. */
async function long(kit: Kit, args: string[], count: number, pick: (line: LongLine) => string): Promise<string[]> {
  const run = await kit.program.run(args).succeeds()
  const found = longLines(run.stdout.toString())
  const why = `In the output of \`${run.command}\` each line has to look like \`-rw-r--r-- 1 root root 23 Feb  3  2001 name\`.`
  expect(found.length, 'The number of lines of a long listing', why).toBe(count)
  return found.map(pick)
}

/** The long listing, and what goes with it. */
export const longListings = [
  check(
    'long',
    '-l tells mode, links, owner, group, size, date and name',
    {
      spec: 'the-long-listing',
      hint: 'All of it is in what lstat returns; -n prints the numbers of owner and group as they are.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [name, other, link] = random.distinct(3, random.word) as [string, string, string]
      const size = random.int(1000, 9000)
      scratch.file(name, Buffer.alloc(size), { mode: 0o640, mtime: past(4) })
      scratch.hardLink(name, other)
      scratch.link(name, link)
      const { uid, gid } = scratch.stat(name)
      const file = `-rw-r----- 2 ${uid} ${gid} ${size} May  7  2001`
      const found = await long(kit, ['-n', name, other], 2, (line) => Object.values(line).join(' '))
      expect(found, 'The long lines').toBe(byBytes([name, other]).map((each) => `${file} ${each}`))
      const [of] = await long(kit, ['-ln', link], 1, ({ mode, size, name }) => `${mode} ${size} ${name}`)
      expect(of, 'The line of a link').toBe(`lrwxrwxrwx ${name.length} ${link} -> ${name}`)
    },
  ),
  check(
    'owner-names',
    '-l tells names of owner and group, if they have one',
    { spec: 'the-long-listing', hint: 'Look the number up in the third field of /etc/passwd or /etc/group.' },
    async (kit) => {
      const name = kit.scratch.file(kit.random.word(), '')
      const { uid, gid } = kit.scratch.stat(name)
      const nameOf = (file: string, id: number) =>
        fs
          .readFileSync(file, 'utf8')
          .split('\n')
          .map((line) => line.split(':'))
          .find((fields) => fields[2] === String(id))?.[0] ?? id
      const [found] = await long(kit, ['-l', name], 1, ({ owner, group }) => `${owner} ${group}`)
      expect(found, 'Owner and group').toBe(`${nameOf('/etc/passwd', uid)} ${nameOf('/etc/group', gid)}`)
      const [null_] = await long(kit, ['-ln', '/dev/null'], 1, ({ mode, size }) => `${mode[0]} ${size.replace(/ +/, ' ')}`)
      expect(null_, 'Type, major and minor number of /dev/null').toBe('c 1, 3')
    },
  ),
  check(
    'aligned',
    '-l lines its columns up',
    { spec: 'the-long-listing', hint: 'Find the widest entry of each column before you print the first line.' },
    async ({ program, random, scratch }) => {
      const [small, large] = random.distinct(2, random.word) as [string, string]
      scratch.file(small, 'x')
      scratch.file(large, Buffer.alloc(random.int(10_000, 99_999)))
      for (let n = 0; n < 11; n++) scratch.folder(`many/${n}`)
      const run = await program.run(['-ld', small, large, 'many']).succeeds()
      const rows = run.stdout.toString().trimEnd().split('\n')
      const ends = rows.map((row) =>
        [...row.matchAll(/^\S+ +\d+|\d+(?= [A-Z][a-z]{2} )|[\d:]{4,5}(?= \S+$)/g)].map((m) => m.index + m[0].length),
      )
      const why = 'Numbers of links, sizes and dates must each end in the same column of all lines.'
      expect(ends[0]?.length, 'The number of aligned columns', why).toBe(3)
      for (const row of ends) expect(row, 'The columns in which links, size and date end', why).toBe(ends[0] ?? [])
    },
  ),
  check(
    'total',
    '-l begins a folder with what its files take on the disk',
    {
      spec: 'the-long-listing',
      hint: 'Add up the blocks of what is listed, which are of 512 bytes each, and tell them in units of 1024.',
    },
    async ({ program, random, scratch }) => {
      const names = random.distinct(3, random.word)
      for (const name of [...names, '.hidden']) scratch.file(`box/${name}`, Buffer.alloc(random.int(5000, 50_000), 'x'))
      const blocks = names.reduce((sum, name) => sum + scratch.stat(`box/${name}`).blocks, 0)
      await program.run(['-l', 'box']).succeeds({ stdout: new RegExp(`^total ${Math.ceil(blocks / 2)}\n(.*\n){3}$`) })
    },
  ),
  check(
    'modes',
    '-l spells the twelve bits of a mode',
    {
      spec: 'modes',
      hint: 'Three bits at a time; setuid, setgid and sticky change the x of the first, second and third group.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const modes = [0o4755, 0o4644, 0o2711, 0o2664, 0o1777, 0o1666, 0o124, random.int(0o1000, 0o7777), random.int(0, 0o777)]
      const names = byBytes(random.distinct(modes.length, random.word))
      for (const [n, mode] of modes.entries()) scratch.file(names[n] as string, '', { mode })
      const found = await long(kit, ['-l'], modes.length, ({ mode, name }) => `${mode} ${name}`)
      expect(found, 'The modes').toBe(modes.map((mode, n) => `${modeOf('-', mode)} ${names[n]}`))
    },
  ),
  check(
    'types',
    '-l and -F tell the type of everything that can be in a folder',
    {
      spec: 'signs',
      hint: 'lstat tells the type: folder, link, pipe, socket or regular file. A file is executable if any of the three x is set.',
    },
    async (kit) => {
      const { program, random, scratch } = kit
      const x = random.pick([0o010, 0o001])
      scratch.file('a-file', '', { mode: 0o644 })
      scratch.file('b-program', '', { mode: 0o644 | x })
      scratch.folder('c-folder', { mode: 0o755 })
      scratch.link('a-file', 'd-link')
      scratch.fifo('e-pipe')
      const server = net.createServer().listen(scratch.path('f-socket'))
      await once(server, 'listening')
      await program.run(['-F']).succeeds({ stdout: 'a-file\nb-program*\nc-folder/\nd-link@\ne-pipe|\nf-socket=\n' })
      const types = await long(kit, ['-l'], 6, ({ mode }) => mode.charAt(0))
      server.close()
      expect(types.join(''), 'The first letters of the lines').toBe('--dlps')
    },
  ),
  check(
    'link-signs',
    '-lF shows where a link leads, and the sign of that',
    { spec: 'signs', hint: 'lstat looks at the link, stat through it: here you need both, and the second one may fail.' },
    async (kit) => {
      const { random, scratch } = kit
      const [folder, file] = random.distinct(2, random.word) as [string, string]
      scratch.folder(folder)
      scratch.file(file, '', { mode: 0o755 })
      const names = [folder, file, 'nowhere'].map((target, n) => scratch.link(target, `link-${n}`))
      const found = await long(kit, ['-lF', ...names], 3, ({ name }) => name)
      expect(found, 'The names').toBe([`link-0 -> ${folder}/`, `link-1 -> ${file}*`, 'link-2 -> nowhere'])
    },
  ),
  check(
    'dates',
    '-l tells the hour of a recent change, and the year of another',
    {
      spec: 'dates',
      hint: 'Half a year back is the border; what lies in the future is not recent. Days and years are padded with blanks.',
    },
    async (kit) => {
      const now = Date.now()
      const ages = [0.01, 5, 40 + kit.random.int(1, 99), 178, 188, 300, 2000 + kit.random.int(1, 999), -30]
      const wanted = ages.map((age, n) => {
        const mtime = new Date(now - age * DAY)
        return `${dateOf(mtime, age > 0 && age < 182)} ${kit.scratch.file(`file-${n}`, '', { mtime })}`
      })
      const found = await long(kit, ['-l'], ages.length, ({ date, name }) => `${date} ${name}`)
      expect(found, 'Dates and names').toBe(wanted)
    },
  ),
  check(
    'human-sizes',
    '-h tells sizes in units of 1024',
    { spec: 'sizes-for-people', hint: 'Divide by 1024 until it is less than 1024, and count how often: nothing, K, M, G.' },
    async (kit) => {
      const [a, b, c, d] = kit.random.distinct(4, () => kit.random.int(1, 8)) as [number, number, number, number]
      const sizes: Record<string, string> = {
        [a * 100]: `${a * 100}`,
        [a * 1024]: `${a}.0K`,
        [b * 1024 + 512]: `${b}.5K`,
        [c * 1024 ** 2]: `${c}.0M`,
        [d * 1024 ** 3 + 512 * 1024 ** 2]: `${d}.5G`,
      }
      for (const size of Object.keys(sizes)) kit.scratch.sparse(`size-${size}`, Number(size))
      const found = await long(kit, ['-lh'], 5, ({ size, name }) => `${size} ${name}`)
      const wanted = byBytes(Object.keys(sizes).map((size) => `size-${size}`)).map((name) => `${sizes[name.slice(5)]} ${name}`)
      expect(found, 'Sizes and names').toBe(wanted)
    },
  ),
  check(
    'rounding',
    '-h rounds up, and shows no decimals from ten on',
    { spec: 'sizes-for-people', hint: 'Round after the division; if that makes 1024 of it, it is 1.0 of the next unit.' },
    async (kit) => {
      const [a, b] = kit.random.distinct(2, () => kit.random.int(2, 8)) as [number, number]
      const sizes: [number, string][] = [
        [1023, '1023'],
        [a * 1024 + 1, `${a}.1K`],
        [10 * 1024 - 1, '10K'],
        [b * 10 * 1024, `${b * 10}K`],
        [b * 10 * 1024 + 1, `${b * 10 + 1}K`],
        [1024 ** 2 - 1, '1.0M'],
      ]
      sizes.forEach(([size], n) => void kit.scratch.sparse(`file-${n}`, size))
      const found = await long(kit, ['-lh'], sizes.length, ({ size, name }) => `${size} ${name}`)
      expect(found, 'Sizes and names').toBe(sizes.map(([, text], n) => `${text} file-${n}`))
      kit.scratch.file('box/half', Buffer.alloc(kit.random.int(20_000, 30_000), 'x'))
      const kib = Math.ceil(kit.scratch.stat('box/half').blocks / 2)
      await kit.program.run(['-lh', 'box']).succeeds({ stdout: new RegExp(`^total ${kib < 10 ? `${kib}.0` : kib}K\n`) })
    },
  ),
  check(
    'inodes',
    '-i puts the number of the inode before each name',
    { spec: 'inode-numbers', hint: 'Two names of one file have the same number: it is in what lstat returns.' },
    async ({ program, random, scratch }) => {
      const [name, other, folder] = random.distinct(3, random.word) as [string, string, string]
      scratch.file(name, random.text(1))
      scratch.hardLink(name, other)
      scratch.folder(folder)
      const names = byBytes([name, other, folder])
      const run = await program.run(['-i']).succeeds()
      const found = run.stdout.toString().replace(/^ +/gm, '')
      expect(found, 'The output').toBeText(lines(names.map((each) => `${scratch.stat(each).ino} ${each}`)))
      await program.run(['-il', name]).succeeds({ stdout: new RegExp(`^ *${scratch.stat(name).ino} +-rw`) })
    },
  ),
]
