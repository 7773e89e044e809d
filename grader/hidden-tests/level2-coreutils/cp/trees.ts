import fs from 'node:fs'
import { draw, holds, modeOf } from '../../../models/files.ts'
import { makeTree, sameTrees } from '../../../models/trees.ts'
import { check, expect } from '../../../programs/kit.ts'
import { MIB } from '../../../programs/performance.ts'
import { readRegular } from '../../../programs/scratch.ts'

/** Folders, links and archives. */
export const treeCopies = [
  check(
    'omit-folder',
    'reports a folder without -r, and copies the rest',
    { spec: 'folders', hint: 'stat tells that it is a folder; without -r that is an error like any other.' },
    async (kit) => {
      const { one, two, box, first } = draw(kit)
      kit.scratch.folder(box)
      kit.scratch.file(`${two}/inside`, first)
      await kit.program.run([two, kit.scratch.file(one, first), box]).fails({ status: 1, names: two })
      holds(kit, `${box}/${one}`, first)
      expect(kit.scratch.names(box), `What is in ${box}`).toBe([one])
    },
  ),
  check(
    'tree',
    '-r copies a tree: folders, files, links as links, pipes as pipes',
    {
      spec: 'folders',
      hint: 'Go through the names in the folder and copy each by its type, as lstat tells it. Do not open a pipe: it would wait.',
    },
    async (kit) => {
      const { one, two, box } = draw(kit)
      makeTree(kit.scratch, kit.random, one)
      await kit.program.run([kit.random.pick(['-r', '-R']), one, two]).succeeds()
      sameTrees(kit.scratch, two, one)
      kit.scratch.folder(box)
      await kit.program.run(['-r', `${one}/`, box]).succeeds()
      sameTrees(kit.scratch, `${box}/${one}`, one)
    },
  ),
  check(
    'merge',
    '-r fills up a folder that is there',
    { spec: 'folders', hint: 'That a folder is there already is no error; what else is in it is not touched.' },
    async (kit) => {
      const { one, two, three, box, first, second, third } = draw(kit)
      for (const [name, text] of [
        [`${one}/${two}/new`, first],
        [`${one}/${two}/both`, second],
      ] as const)
        kit.scratch.file(name, text)
      kit.scratch.file(`${box}/${one}/${two}/both`, third)
      kit.scratch.file(`${box}/${one}/${three}`, third)
      kit.scratch.chmod(`${box}/${one}`, 0o701)
      await kit.program.run(['-r', one, box]).succeeds()
      holds(kit, `${box}/${one}/${two}/new`, first)
      holds(kit, `${box}/${one}/${two}/both`, second)
      holds(kit, `${box}/${one}/${three}`, third)
      expect(modeOf(kit, `${box}/${one}`), 'The mode of the folder that was there').toBe('701')
    },
  ),
  check(
    'links',
    'follows links, -P keeps them, and with -r it is the other way round',
    { spec: 'symbolic-links', hint: 'stat looks through a link, lstat at it: the options choose which one you ask.' },
    async (kit) => {
      const { one, two, three, first } = draw(kit)
      kit.scratch.file(`${one}/${two}`, first)
      kit.scratch.link(two, `${one}/${three}`)
      const cases: [args: string[], copy: string, isLink: boolean][] = [
        [[`${one}/${three}`, 'a'], 'a', false],
        [['-P', `${one}/${three}`, 'b'], 'b', true],
        [['-r', `${one}/${three}`, 'c'], 'c', true],
        [['-r', '-L', one, 'd'], `d/${three}`, false],
        [['-LP', `${one}/${three}`, 'e'], 'e', true],
        [['-aL', one, 'f'], `f/${three}`, false],
      ]
      for (const [args, copy, isLink] of cases) {
        const run = await kit.program.run(args).succeeds()
        expect(kit.scratch.stat(copy).isSymbolicLink(), `That ${copy} is a link after \`${run.command}\``).toBe(isLink)
        if (isLink) expect(kit.scratch.readLink(copy), `The target of the link ${copy}`).toBe(two)
        else holds(kit, copy, first)
      }
    },
  ),
  check(
    'archive',
    '-a keeps modes, times, links and names of the same file',
    {
      spec: 'archives',
      hint: 'Remember device and inode of each file that has several names, and where its copy is. Set times of a folder last.',
    },
    async (kit) => {
      const { one, two, box, first } = draw(kit)
      makeTree(kit.scratch, kit.random, one)
      await kit.program.run(['-a', one, two]).succeeds()
      sameTrees(kit.scratch, two, one, { mode: true, times: true, names: true })
      kit.scratch.folder(box)
      kit.scratch.hardLink(kit.scratch.file('name', first), 'other')
      await kit.program.run(['-a', 'name', 'other', box]).succeeds()
      expect(kit.scratch.stat(`${box}/other`).nlink, `The number of names of ${box}/other`).toBe(2)
    },
  ),
]

/** Links instead of copies. */
export const linkCopies = [
  check(
    'hard-links',
    '-l makes names instead of copies, and replaces nothing without -f',
    { spec: 'links-instead-of-copies', hint: 'link(2) fails if the new name is there: with -f remove it first.' },
    async (kit) => {
      const { one, two, three, first, second } = draw(kit)
      kit.scratch.file(`${one}/deep/${two}`, first)
      const { ino } = kit.scratch.stat(`${one}/deep/${two}`)
      await kit.program.run(['-rl', one, three]).succeeds()
      expect(kit.scratch.stat(`${three}/deep/${two}`).ino, `The inode of ${three}/deep/${two}`).toBe(ino)
      kit.scratch.file('taken', second)
      await kit.program.run(['-l', `${one}/deep/${two}`, 'taken']).fails({ status: 1 })
      holds(kit, 'taken', second)
      await kit.program.run(['-lf', `${one}/deep/${two}`, 'taken']).succeeds()
      expect(kit.scratch.stat('taken').ino, 'The inode of taken').toBe(ino)
    },
  ),
  check(
    'hard-link-of-a-link',
    '-l follows a link',
    {
      spec: 'links-instead-of-copies',
      hint: 'On Linux link(2) does not follow: find out first where the link leads (realpath, or AT_SYMLINK_FOLLOW).',
    },
    async (kit) => {
      const { one, two, three, first } = draw(kit)
      kit.scratch.link(kit.scratch.file(one, first), two)
      await kit.program.run(['-l', two, three]).succeeds()
      expect(kit.scratch.stat(three).ino, `The inode of ${three}`).toBe(kit.scratch.stat(one).ino)
      await kit.program.run(['-lP', two, 'same']).succeeds()
      expect(kit.scratch.stat('same').ino, 'The inode of same').toBe(kit.scratch.stat(two).ino)
    },
  ),
  check(
    'symbolic-links',
    '-s makes links with the text of the source',
    { spec: 'links-instead-of-copies', hint: 'symlink(2) takes any text: give it the source as it was named.' },
    async (kit) => {
      const { one, two, three, box, first } = draw(kit)
      kit.scratch.folder(box)
      const absolute = kit.scratch.path(kit.scratch.file(`${three}/${one}`, first))
      for (const [args, link, text] of [
        [['-s', `${three}/${one}`, two], two, `${three}/${one}`],
        [['-s', absolute, box], `${box}/${one}`, absolute],
        [['-rs', kit.scratch.path(three), 'tree'], `tree/${one}`, absolute],
      ] as [string[], string, string][]) {
        await kit.program.run(args).succeeds()
        expect(kit.scratch.readLink(link), `The text of the link ${link}`).toBe(text)
      }
      await kit.program.run(['-s', absolute, two]).fails({ status: 1 })
      expect(kit.scratch.readLink(two), `The text of the link ${two}`).toBe(`${three}/${one}`)
    },
  ),
  check(
    'misleading-links',
    '-s refuses a relative name that would lead elsewhere from where the link is',
    { spec: 'links-instead-of-copies', hint: 'The text is looked up from the folder of the link. Is that the one we are in?' },
    async (kit) => {
      const { one, two, box, first } = draw(kit)
      kit.scratch.folder(box)
      await kit.program.run(['-s', kit.scratch.file(one, first), box]).fails({ status: 1, names: one })
      expect(kit.scratch.names(box), `What is in ${box}`).toBe([])
      await kit.program.run(['-s', one, `./${two}`]).succeeds()
      expect(kit.scratch.readLink(two), `The text of the link ${two}`).toBe(one)
    },
  ),
]

/** What may be wrong with a tree. */
export const treeTroubles = [
  check(
    'forbidden-in-tree',
    '-r goes on after what it may not read, deep in a tree',
    { spec: 'errors', hint: 'Catch the error for each name, not for the whole tree.' },
    async (kit) => {
      const { one, two, three, box, first, second } = draw(kit)
      for (const name of ['a', 'b', 'c', 'd']) kit.scratch.file(`${one}/${two}/${name}`, first)
      kit.scratch.file(`${one}/${three}/inside`, second)
      kit.scratch.file(`${one}/last`, second)
      const names = [`${one}/${two}/b`, `${one}/${three}`]
      for (const name of names) kit.scratch.forbid(name, kit.program.contained)
      const run = (await kit.program.run(['-r', one, box])).fails({ status: 1 })
      kit.scratch.chmod(names[1] as string, 0o755)
      for (const name of names) expect(run.stderr.toString(), 'What was written to standard error').toInclude(name)
      for (const name of ['a', 'c', 'd']) holds(kit, `${box}/${two}/${name}`, first)
      holds(kit, `${box}/last`, second)
      if (kit.scratch.exists(`${box}/${three}`)) kit.scratch.chmod(`${box}/${three}`, 0o755)
    },
  ),
  check(
    'into-itself',
    'does not copy a folder into itself without end',
    { spec: 'into-itself', hint: 'Remember the inode of each folder that you make, and do not go into it as a source.' },
    async (kit) => {
      const { one, two, three, first } = draw(kit)
      kit.scratch.file(`${one}/${two}`, first)
      kit.scratch.folder(`${one}/${three}`)
      const why = 'This is a copy in the copy.'
      await kit.program.run(['-r', one, `${one}/new`]).fails({ status: 1, names: one })
      expect(kit.scratch.exists(`${one}/new/new`), `That there is ${one}/new/new`, why).toBe(false)
      await kit.program.run(['-r', one, `${one}/${three}`]).fails({ status: 1, names: one })
      const inner = `${one}/${three}/${one}/${three}/${one}`
      expect(kit.scratch.exists(inner), `That there is ${inner}`, why).toBe(false)
      await kit.program.run(['-r', one, 'elsewhere']).succeeds()
      holds(kit, `elsewhere/${two}`, first)
    },
  ),
  check(
    'circle',
    '-rL reports a link that leads back, and goes on',
    { spec: 'into-itself', hint: 'A folder must not be gone into as long as it is being copied further up.' },
    async (kit) => {
      const { one, two, three, box, first } = draw(kit)
      kit.scratch.file(`${one}/${two}/${three}`, first)
      kit.scratch.link('..', `${one}/${two}/back`)
      kit.scratch.link(two, `${one}/twice`)
      await kit.program.run(['-rL', one, box]).fails({ status: 1, names: 'back' })
      holds(kit, `${box}/${two}/${three}`, first)
      holds(kit, `${box}/twice/${three}`, first, 'That two ways lead to a folder is no circle.')
      expect(kit.scratch.exists(`${box}/${two}/back/${two}`), `That there is ${box}/${two}/back/${two}`).toBe(false)
    },
  ),
  check(
    'read-only-folder',
    '-r copies a folder that may not be written, with its mode',
    { spec: 'read-only-folders', hint: 'Make it with 0700 more, fill it, and set the mode that it must have last.' },
    async (kit) => {
      const { one, two, three, first } = draw(kit)
      kit.scratch.file(`${one}/${two}/${three}`, first)
      for (const name of [`${one}/${two}`, one]) kit.scratch.chmod(name, 0o577)
      await kit.program.run(['-r', one, 'copy']).succeeds()
      holds(kit, `copy/${two}/${three}`, first)
      expect(modeOf(kit, `copy/${two}`), `The mode of copy/${two}`).toBe((0o577 & ~process.umask()).toString(8))
      for (const name of [one, `${one}/${two}`, 'copy', `copy/${two}`]) kit.scratch.chmod(name, 0o755)
    },
  ),
  check(
    'odd-names',
    '-r copies names of any bytes',
    { spec: 'names', hint: 'Do not decode names on their way from one system call to the next.' },
    async (kit) => {
      const { one, two, first } = draw(kit)
      const names = [` ${one} `, `${one}\nnext`, '-r', `\xff\xfe${one}`, '*']
        .map((name) => Buffer.from(name, 'latin1'))
        .sort(Buffer.compare)
      kit.scratch.folder(one)
      const under = (folder: string, name: Buffer) => Buffer.concat([Buffer.from(`${kit.scratch.path(folder)}/`), name])
      for (const name of names) fs.writeFileSync(under(one, name), first)
      await kit.program.run(['-r', one, two]).succeeds()
      kit.scratch.stat(two)
      const found = fs.readdirSync(kit.scratch.path(two), { encoding: 'buffer' }).sort(Buffer.compare)
      expect(
        found.map((name) => name.toString('latin1')),
        'The names in the copy',
      ).toBe(names.map((name) => name.toString('latin1')))
      for (const name of names) expect(readRegular(under(two, name), `A file of ${two}`), 'Each file').toBeText(first)
    },
  ),
  check(
    'holes',
    'keeps holes, in the middle and at the end',
    {
      spec: 'holes',
      hint: 'Do not write blocks of zeros: seek over them. A hole at the end needs ftruncate, or there is nothing to read behind.',
    },
    async (kit) => {
      const { one, two, first, second } = draw(kit)
      const size = 24 * MIB + kit.random.int(1, 4000)
      kit.scratch.sparse(one, 12 * MIB + kit.random.int(1, 4000), first)
      fs.truncateSync(kit.scratch.path(one), size)
      const fd = fs.openSync(kit.scratch.path(one), 'r+')
      fs.writeSync(fd, second, 100)
      fs.closeSync(fd)
      await kit.program.run([one, two]).succeeds()
      const bytes = kit.scratch.read(two)
      expect(bytes.length, `The length of ${two}`).toBe(size)
      expect(bytes.equals(fs.readFileSync(kit.scratch.path(one))), `That ${two} has the bytes of ${one}`).toBe(true)
      expect(kit.scratch.stat(two).blocks / 2, `What ${two} takes on the disk`).toBeAtMost(1024, 'KiB')
    },
  ),
]
