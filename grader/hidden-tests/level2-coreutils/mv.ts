import fs from 'node:fs'
import { draw, gone, holds, moved } from '../../models/files.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { growsWithWork, MIB } from '../../programs/performance.ts'
import { protection, questions } from './mv/asking.ts'
import { elsewhereFlies, elsewhereHolds, elsewhereWorks } from './mv/elsewhere.ts'

const OLD = new Date('2001-02-03T04:05:06Z')
const NEWER = new Date('2011-12-13T14:15:16Z')

export default hiddenTests('level2-coreutils/mv', [
  tier('runs', [
    check(
      'new-name',
      'gives a file a new name',
      { spec: 'a-new-name', hint: 'The system call rename does it all; your language has it.' },
      async (kit) => {
        const { one, two, first } = draw(kit)
        await kit.program.run([kit.scratch.file(one, first), two]).succeeds({ stdout: '' })
        moved(kit, one, two, first)
      },
    ),
    check(
      'into-folder',
      'moves files into a folder, under their own names',
      {
        spec: 'into-a-folder',
        hint: 'Is the last argument a folder? Then the new name is that folder, a slash, and the last part of the source.',
      },
      async (kit) => {
        const { one, two, box, first, second } = draw(kit)
        kit.scratch.folder(box)
        const deep = kit.scratch.file(`deep/${two}`, second)
        await kit.program.run([kit.scratch.file(one, first), deep, box]).succeeds()
        moved(kit, one, `${box}/${one}`, first)
        moved(kit, deep, `${box}/${two}`, second)
      },
    ),
  ]),

  tier('works', [
    check(
      'replace',
      'replaces what is at the target, and does not write into it',
      { spec: 'replacing', hint: 'rename takes the name away from the old file; whoever has that by another name still has it.' },
      async (kit) => {
        const { one, two, three, first, second } = draw(kit)
        kit.scratch.hardLink(kit.scratch.file(two, second), three)
        await kit.program.run([kit.scratch.file(one, first), two]).succeeds()
        moved(kit, one, two, first)
        holds(kit, three, second, `It was another name of what was at ${two}.`)
      },
    ),
    check(
      'no-gap',
      'replaces a file in one step, so that there is always one',
      { spec: 'replacing', hint: 'Do not remove the target first: rename replaces it, and nobody can see a moment between.' },
      async (kit) => {
        const { one, two, three, first, second } = draw(kit)
        kit.scratch.file(one, first)
        kit.scratch.file(two, second)
        const seen: string[] = []
        const watcher = fs.watch(kit.scratch.path())
        const marked = new Promise<void>((done) => {
          watcher.on('change', (event, name) => {
            if (event === 'rename') seen.push(String(name))
            if (name === three) done()
          })
        })
        await kit.program.run(['-f', one, two]).succeeds()
        kit.scratch.file(three, '')
        await marked
        watcher.close()
        const why =
          'One change of that name is the new file taking its place; more of them mean that the old one was removed before.'
        expect(
          seen.filter((name) => name === two).length,
          `The number of times that something appeared or vanished at ${two}`,
          why,
        ).toBe(1)
        moved(kit, one, two, first)
      },
    ),
    check(
      'same-inode',
      'leaves a file what it is: its inode, mode, times and other names',
      { spec: 'names-not-contents', hint: 'Within a file system nothing is copied; only the name changes.' },
      async (kit) => {
        const { one, two, three, first } = draw(kit)
        kit.scratch.hardLink(kit.scratch.file(one, first, { mode: 0o4640, mtime: OLD }), three)
        const before = kit.scratch.stat(one)
        await kit.program.run([one, two]).succeeds()
        const after = kit.scratch.stat(two)
        const look = ({ ino, mode, nlink, mtime }: fs.Stats) => ({ ino, mode, nlink, mtime })
        expect(look(after), `Inode, mode, names and time of ${two}`).toBe(look(before))
        moved(kit, one, two, first)
      },
    ),
    check(
      'links',
      'moves a link as a link, and replaces a link, not what it leads to',
      {
        spec: 'names-not-contents',
        hint: 'rename never follows the last part of a path. Only ask stat whether the target is a folder.',
      },
      async (kit) => {
        const { one, two, three, first, second } = draw(kit)
        kit.scratch.link('nowhere', one)
        await kit.program.run([one, two]).succeeds()
        expect(kit.scratch.readLink(two), `The target of the link ${two}`).toBe('nowhere')
        kit.scratch.link(kit.scratch.file('file', second), three)
        await kit.program.run([kit.scratch.file('fresh', first), three]).succeeds()
        moved(kit, 'fresh', three, first)
        holds(kit, 'file', second, `The link ${three} led to it.`)
      },
    ),
    check(
      'folders',
      'moves a folder with all that is in it, into a folder or a link to one, in the place of an empty one',
      { spec: 'folders', hint: 'It is the same rename: it replaces a folder if that is empty.' },
      async (kit) => {
        const { one, two, three, box, first } = draw(kit)
        kit.scratch.file(`${one}/${two}/${three}`, first)
        kit.scratch.folder(`${box}/${one}`)
        kit.scratch.link(box, 'way')
        await kit.program.run([`${one}/`, 'way']).succeeds()
        moved(kit, one, `${box}/${one}/${two}/${three}`, first)
        await kit.program.run([`${box}/${one}`, `${two}/`]).succeeds()
        moved(kit, `${box}/${one}`, `${two}/${two}/${three}`, first)
      },
    ),
    ...questions,
    check(
      'update',
      '-u replaces only what is older',
      { spec: 'updating', hint: 'Compare the times of last change; the same time is not older.' },
      async (kit) => {
        const { one, two, three, box, first, second } = draw(kit)
        for (const [name, mtime] of [
          [one, OLD],
          [two, NEWER],
          [three, OLD],
        ] as const)
          kit.scratch.file(name, first, { mtime })
        for (const [name, mtime] of [
          [one, NEWER],
          [two, OLD],
          [three, OLD],
        ] as const)
          kit.scratch.file(`${box}/${name}`, second, { mtime })
        await kit.program.run(['-u', one, two, three, kit.scratch.file('fresh', first), box])
        holds(kit, `${box}/${one}`, second, 'It is newer than its source.')
        holds(kit, one, first)
        moved(kit, two, `${box}/${two}`, first)
        holds(kit, `${box}/${three}`, second, 'It is just as old as its source.')
        moved(kit, 'fresh', `${box}/fresh`, first)
      },
    ),
    check(
      'verbose',
      '-v tells of each move, and of nothing else',
      { spec: 'telling', hint: 'Write the line after the move has worked, with both names in full.' },
      async (kit) => {
        const { one, two, three, box, first, second } = draw(kit)
        kit.scratch.file(`${box}/${two}`, second)
        for (const name of [one, two]) kit.scratch.file(name, first)
        const run = await kit.program.run(['-v', '-n', one, two, three, box])
        const told = run.stdout.toString()
        expect(told, 'What was written to standard output').toInclude(`'${one}' -> '${box}/${one}'`)
        expect(told.trimEnd().split('\n').length, 'The number of lines on standard output').toBe(1)
        moved(kit, one, `${box}/${one}`, first)
      },
    ),
    check(
      'target-folder',
      '-t names the folder that all operands are moved into',
      { spec: 'the-interface', hint: 'With -t every operand is a source. If its argument is no folder, nothing is moved.' },
      async (kit) => {
        const { one, two, three, box, first, second } = draw(kit)
        kit.scratch.folder(box)
        kit.scratch.file(one, first)
        await kit.program.run([one, '-t', box, kit.scratch.file(two, second)]).succeeds()
        moved(kit, one, `${box}/${one}`, first)
        moved(kit, two, `${box}/${two}`, second)
        await kit.program.run(['-t', three, `${box}/${one}`]).fails({ status: 1 })
        holds(kit, `${box}/${one}`, first)
      },
    ),
    ...elsewhereWorks,
  ]),

  tier('holds', [
    check(
      'missing-source',
      'goes on after a source that is not there, and ends with status 1',
      { spec: 'errors', hint: 'Report it, remember that something failed, and take the next source.' },
      async (kit) => {
        const { one, two, three, box, first } = draw(kit)
        kit.scratch.folder(box)
        await kit.program
          .run([kit.scratch.file(one, first), two, kit.scratch.file(three, first), box])
          .fails({ status: 1, names: two })
        moved(kit, one, `${box}/${one}`, first)
        moved(kit, three, `${box}/${three}`, first)
      },
    ),
    check(
      'no-folder',
      'moves nothing if there are several sources but no folder to take them',
      { spec: 'into-a-folder', hint: 'Look at the last argument before the first file is moved.' },
      async (kit) => {
        const { one, two, three, box, first, second } = draw(kit)
        for (const name of [one, two]) kit.scratch.file(name, first)
        await kit.program.run([one, two, three]).fails({ status: 1 })
        await kit.program.run([one, two, kit.scratch.file(box, second)]).fails({ status: 1 })
        expect(kit.scratch.names(), 'The names in the folder').toBe([one, two, box].sort())
        for (const name of [one, two]) holds(kit, name, first)
        holds(kit, box, second)
      },
    ),
    check(
      'bad-call',
      'refuses a call without source or target, and an option that it does not know',
      { spec: 'errors', hint: 'Look at the whole command line before you touch a file.' },
      async (kit) => {
        const { one, two, first } = draw(kit)
        kit.scratch.file(one, first)
        for (const args of [[], [one], ['-y', one, two]]) await kit.program.run(args).fails({ status: 1 })
        holds(kit, one, first)
        await kit.program.run(['--', one, '-n']).succeeds()
        moved(kit, one, '-n', first)
      },
    ),
    check(
      'other-types',
      'replaces no file by a folder, no folder by a file, and no folder that is not empty',
      { spec: 'errors', hint: 'rename refuses all of this by itself (ENOTDIR, EISDIR, ENOTEMPTY): report what it says.' },
      async (kit) => {
        const { one, two, three, box, first, second } = draw(kit)
        kit.scratch.file(`${one}/inside`, first)
        kit.scratch.file(`${box}/${one}`, second)
        kit.scratch.file(two, first)
        kit.scratch.folder(`${box}/${two}`)
        kit.scratch.file(`${three}/inside`, first)
        kit.scratch.file(`${box}/${three}/other`, second)
        for (const name of [one, two, three]) await kit.program.run(['-f', name, box]).fails({ status: 1, names: name })
        for (const name of [`${one}/inside`, two, `${three}/inside`]) holds(kit, name, first)
        for (const name of [`${box}/${one}`, `${box}/${three}/other`]) holds(kit, name, second)
        expect(kit.scratch.names(`${box}/${two}`), `What is in ${box}/${two}`).toBe([])
      },
    ),
    check(
      'into-itself',
      'does not move a folder into itself',
      { spec: 'errors', hint: 'rename refuses it (EINVAL). What would it mean?' },
      async (kit) => {
        const { one, two, three, first } = draw(kit)
        kit.scratch.file(`${one}/${two}/${three}`, first)
        for (const target of [`${one}/${two}`, `${one}/new`, one])
          await kit.program.run([one, target]).fails({ status: 1, names: one })
        holds(kit, `${one}/${two}/${three}`, first)
      },
    ),
    check(
      'same-file',
      'refuses to move a file onto itself, by any name',
      {
        spec: 'the-same-file',
        hint: 'The same device and inode mean the same file. rename does nothing then and tells of no error.',
      },
      async (kit) => {
        const { one, two, first } = draw(kit)
        kit.scratch.hardLink(kit.scratch.file(one, first), two)
        for (const [from, to] of [
          [one, one],
          [one, `./${one}`],
          [two, one],
        ] as const) {
          await kit.program.run([from, to]).fails({ status: 1 })
          for (const name of [one, two]) holds(kit, name, first)
        }
      },
    ),
    check(
      'link-onto-its-file',
      'refuses to replace a file by a link to it',
      { spec: 'the-same-file', hint: 'Compare what stat tells of the source, which looks through the link, with the target.' },
      async (kit) => {
        const { one, two, first } = draw(kit)
        kit.scratch.link(kit.scratch.file(one, first), two)
        await kit.program.run([two, one]).fails({ status: 1 })
        holds(kit, one, first)
        await kit.program.run([one, two]).succeeds()
        moved(kit, one, two, first)
      },
    ),
    check(
      'two-of-a-name',
      'does not bury what it has just moved',
      {
        spec: 'two-of-the-same-name',
        hint: 'Remember what you have moved (device and inode), and look at the target before each move.',
      },
      async (kit) => {
        const { one, two, three, box, first, second, third } = draw(kit)
        kit.scratch.file(`${box}/${three}`, third)
        const sources = [kit.scratch.file(`${one}/${three}`, first), kit.scratch.file(`${two}/${three}`, second)]
        await kit.program.run([...sources, box]).fails({ status: 1, names: sources[1] as string })
        moved(kit, sources[0] as string, `${box}/${three}`, first)
        holds(kit, sources[1] as string, second)
      },
    ),
    ...protection,
    ...elsewhereHolds,
  ]),

  tier('flies', [
    check(
      'nothing-to-read',
      'reads nothing of a large file that stays on its file system',
      { spec: 'large-files', hint: 'Try rename first; copy only if it says EXDEV.' },
      async (kit) => {
        const { one, two, box, first } = draw(kit)
        kit.scratch.folder(box)
        kit.scratch.sparse(one, 32 * 1024 * MIB, first)
        const { ino } = kit.scratch.stat(one)
        const run = await kit.program.run([one, `${box}/${two}`]).succeeds()
        gone(kit, one)
        expect(kit.scratch.stat(`${box}/${two}`).ino, `The inode of ${box}/${two}`).toBe(ino)
        expect(run.exit.bytesRead, 'The number of bytes that it read').toBeAtMost(64 * MIB, 'bytes')
      },
    ),
    ...elsewhereFlies,
    check(
      'scales',
      'takes about four times as long for four times the files',
      { spec: 'many-files', hint: 'Keep what was moved in a set, not in a list.' },
      async (kit) => {
        const { program, scratch } = kit
        const work = async (count: number) => {
          scratch.remove('box')
          scratch.folder('box')
          const names = Array.from({ length: count }, (_, n) => `f-${String(n).padStart(5, '0')}`)
          for (const name of names) fs.writeFileSync(scratch.path(name), name)
          const run = await program.run(['-t', 'box', ...names], { limits: { time: 60_000 } }).succeeds()
          expect(scratch.names('box').join(' '), 'The names in box').toBeText(names.join(' '))
          return run
        }
        await growsWithWork(kit, { size: 700, work, unit: 'files' })
      },
    ),
  ]),
])
