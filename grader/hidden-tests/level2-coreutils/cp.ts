import fs from 'node:fs'
import { bulkBytes, Digest } from '../../models/bulk.ts'
import { draw, holds, modeOf } from '../../models/files.ts'
import { sameTrees } from '../../models/trees.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { growsWithWork, idleMemory, MIB, memoryStaysBounded } from '../../programs/performance.ts'
import { attributeCopies } from './cp/attributes.ts'
import { linkCopies, treeCopies, treeTroubles } from './cp/trees.ts'

const OLD = new Date('2001-02-03T04:05:06Z')
const NEWER = new Date('2011-12-13T14:15:16Z')

export default hiddenTests('level2-coreutils/cp', [
  tier('runs', [
    check(
      'one-file',
      'copies a file to a new name',
      {
        spec: 'one-file',
        hint: 'Open the first argument for reading, create the second, and copy until there is nothing more to read.',
      },
      async (kit) => {
        const { one, two, first } = draw(kit)
        await kit.program.run([kit.scratch.file(one, first), two]).succeeds({ stdout: '' })
        holds(kit, two, first)
        holds(kit, one, first)
      },
    ),
    check(
      'into-folder',
      'copies files into a folder, under their own names',
      {
        spec: 'into-a-folder',
        hint: 'Is the last argument a folder? Then the target is that folder, a slash, and the last part of the source.',
      },
      async (kit) => {
        const { one, two, box, first, second } = draw(kit)
        kit.scratch.folder(box)
        await kit.program.run([kit.scratch.file(one, first), kit.scratch.file(`deep/${two}`, second), box]).succeeds()
        holds(kit, `${box}/${one}`, first)
        holds(kit, `${box}/${two}`, second)
      },
    ),
  ]),

  tier('works', [
    check(
      'overwrite',
      'empties a target that is there and writes it again',
      { spec: 'overwriting', hint: 'Open it with O_TRUNC. To remove it would take away its other names and its mode.' },
      async (kit) => {
        const { one, two, three, first } = draw(kit)
        kit.scratch.file(two, `${first}${first}`, { mode: 0o606 })
        kit.scratch.hardLink(two, three)
        await kit.program.run([kit.scratch.file(one, first), two]).succeeds()
        holds(kit, two, first)
        holds(kit, three, first, `It was another name of ${two}, and should still be.`)
        expect(modeOf(kit, two), `The mode of ${two}`).toBe('606')
      },
    ),
    check(
      'through-link',
      'overwrites the file that a link at the target leads to',
      { spec: 'overwriting', hint: 'Just open the target for writing: the system follows the link.' },
      async (kit) => {
        const { one, two, three, first, second } = draw(kit)
        kit.scratch.link(kit.scratch.file(two, second), three)
        await kit.program.run([kit.scratch.file(one, first), three]).succeeds()
        expect(kit.scratch.stat(three).isSymbolicLink(), `That ${three} is a link`).toBe(true)
        holds(kit, two, first)
      },
    ),
    ...attributeCopies,
    ...treeCopies,
    check(
      'ask',
      '-i asks before it overwrites, one line for each question',
      {
        spec: 'asking',
        hint: 'The question goes to standard error. Read no more than one line: the next question needs the next one.',
      },
      async (kit) => {
        const { one, two, three, box, first, second } = draw(kit)
        for (const name of [one, two]) kit.scratch.file(`${box}/${name}`, second)
        for (const name of [one, two, three]) kit.scratch.file(name, first)
        const answers = kit.random.pick(['no\nyes\n', 'n\nY\n', '\ny\n', 'ay\ny\n'])
        const run = await kit.program.run(['-i', one, two, three, box], { stdin: answers })
        const why = `The answers were ${JSON.stringify(answers)}.`
        holds(kit, `${box}/${one}`, second, why)
        holds(kit, `${box}/${two}`, first, why)
        holds(kit, `${box}/${three}`, first, 'There was nothing to overwrite, so nothing to ask.')
        for (const name of [one, two]) expect(run.stderr.toString(), 'What was written to standard error').toInclude(name)
        expect(run.stderr.includes(three), `That ${three} is asked about`).toBe(false)
      },
    ),
    check(
      'no-clobber',
      '-n overwrites nothing, and the last of -n and -i counts',
      { spec: 'asking', hint: 'Look whether the target is there before you open it.' },
      async (kit) => {
        const { one, two, three, first, second } = draw(kit)
        kit.scratch.file(one, first)
        kit.scratch.file(two, second)
        await kit.program.run(['-n', one, two])
        await kit.program.run(['-in', one, two], { stdin: 'y\n' })
        holds(kit, two, second)
        await kit.program.run(['-n', one, three]).succeeds()
        holds(kit, three, first)
        await kit.program.run(['-ni', one, two], { stdin: 'y\n' }).succeeds()
        holds(kit, two, first)
      },
    ),
    check(
      'update',
      '-u overwrites only what is older',
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
        await kit.program.run(['-u', one, two, three, kit.scratch.file('fresh', first), box]).succeeds()
        holds(kit, `${box}/${one}`, second, 'It is newer than its source.')
        holds(kit, `${box}/${two}`, first, 'It is older than its source.')
        holds(kit, `${box}/${three}`, second, 'It is just as old as its source.')
        holds(kit, `${box}/fresh`, first)
      },
    ),
    ...linkCopies,
    check(
      'target-folder',
      '-t names the folder that all operands are copied into',
      { spec: 'the-interface', hint: 'With -t every operand is a source. If its argument is no folder, nothing is copied.' },
      async (kit) => {
        const { one, two, three, box, first, second } = draw(kit)
        kit.scratch.folder(box)
        kit.scratch.file(one, first)
        await kit.program.run([one, '-t', box, kit.scratch.file(two, second)]).succeeds()
        holds(kit, `${box}/${one}`, first)
        holds(kit, `${box}/${two}`, second)
        await kit.program.run(['-t', three, one]).fails({ status: 1 })
        expect(kit.scratch.exists(three), `That there is ${three}`).toBe(false)
      },
    ),
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
        expect(kit.scratch.names(box), `What is in ${box}`).toBe([one, three].sort())
      },
    ),
    ...treeTroubles,
    check(
      'protected-target',
      'does not overwrite what it may not write, unless -f removes it',
      { spec: 'protected-targets', hint: 'With -f, when open fails, unlink the target and open it once more. Only then.' },
      async (kit) => {
        const { one, two, three, first, second } = draw(kit)
        kit.scratch.file(one, first)
        kit.scratch.forbid(kit.scratch.file(two, second), kit.program.contained)
        kit.scratch.chmod(two, 0o444)
        await kit.program.run([one, two]).fails({ status: 1 })
        holds(kit, two, second)
        await kit.program.run(['-f', one, two]).succeeds()
        holds(kit, two, first)
        kit.scratch.hardLink(kit.scratch.file(three, second), 'other')
        await kit.program.run(['-f', one, three]).succeeds()
        holds(kit, 'other', first, `It was another name of ${three}, which could be opened, and so must not be removed.`)
        holds(kit, three, first)
      },
    ),
    check(
      'other-types',
      'puts no folder in the place of a file, and no file in that of a folder',
      { spec: 'errors', hint: 'mkdir and open fail here: report it, and leave what is there as it is.' },
      async (kit) => {
        const { one, two, three, box, first, second } = draw(kit)
        kit.scratch.file(`${one}/${two}`, first)
        kit.scratch.file(`${box}/${one}`, second)
        kit.scratch.file(`${box}/${three}/inside`, second)
        kit.scratch.file(three, first)
        await kit.program.run(['-r', one, three, box]).fails({ status: 1, names: one })
        holds(kit, `${box}/${one}`, second)
        holds(kit, `${box}/${three}/inside`, second)
        await kit.program.run([kit.scratch.file('last', first), `${box}/${three}`]).succeeds()
        holds(kit, `${box}/${three}/last`, first)
      },
    ),
    check(
      'no-folder',
      'copies nothing if there are several sources but no folder to take them',
      { spec: 'into-a-folder', hint: 'Look at the last argument before the first file is copied.' },
      async (kit) => {
        const { one, two, three, box, first, second } = draw(kit)
        for (const name of [one, two]) kit.scratch.file(name, first)
        await kit.program.run([one, two, three]).fails({ status: 1 })
        await kit.program.run([one, two, kit.scratch.file(box, second)]).fails({ status: 1 })
        expect(kit.scratch.names(), 'The names in the folder').toBe([one, two, box].sort())
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
        expect(kit.scratch.names(), 'The names in the folder').toBe([one])
        await kit.program.run(['--', one, '-r']).succeeds()
        holds(kit, '-r', first)
      },
    ),
    check(
      'same-file',
      'refuses to copy a file onto itself, by any name',
      {
        spec: 'its-own-copy',
        hint: 'The same device and inode mean the same file. Look before you open the target: opening empties it.',
      },
      async (kit) => {
        const { one, two, three, first } = draw(kit)
        kit.scratch.hardLink(kit.scratch.file(one, first), two)
        for (const args of [
          [one, one],
          [one, `./${two}`],
          ['-f', two, one],
        ]) {
          await kit.program.run(args).fails({ status: 1 })
          holds(kit, one, first)
        }
        await kit.program.run([one, three]).succeeds()
        holds(kit, three, first)
      },
    ),
    check(
      'same-through-link',
      'refuses to copy a file onto a link to itself, or the link onto the file',
      { spec: 'its-own-copy', hint: 'Compare what stat tells of both, which looks through links.' },
      async (kit) => {
        const { one, two, first } = draw(kit)
        kit.scratch.link(kit.scratch.file(one, first), two)
        for (const args of [
          [one, two],
          [two, one],
          ['-P', two, one],
        ])
          await kit.program.run(args).fails({ status: 1 })
        holds(kit, one, first)
        expect(kit.scratch.readLink(two), `The text of the link ${two}`).toBe(one)
      },
    ),
    check(
      'full-disk',
      'reports that the target could not be written',
      { spec: 'errors', hint: 'Look at what write returns, and close (/dev/full is a disk that is always full).' },
      async (kit) => {
        const { one, two, first } = draw(kit)
        await kit.program.run([kit.scratch.file(one, first), '/dev/full']).fails({ status: 1, names: 'full' })
        await kit.program.run([one, two]).succeeds()
        holds(kit, two, first)
      },
    ),
  ]),

  tier('flies', [
    check(
      'large-file',
      'copies 64 MiB in bounded memory',
      { spec: 'large-files', hint: 'One buffer of some dozens of kilobytes serves a file of any size.' },
      async (kit) => {
        const { program, random, scratch } = kit
        const [wanted, got] = [new Digest(), new Digest()]
        const fd = fs.openSync(scratch.path(scratch.file('large', '')), 'w')
        for (const piece of bulkBytes(random, 64 * MIB)) {
          fs.writeSync(fd, piece)
          wanted.add(piece)
        }
        fs.closeSync(fd)
        const idle = await idleMemory(kit, [scratch.fifo('pipe').name, 'waits'])
        const run = await program.run(['large', 'copy'], { limits: { time: 60_000 } }).succeeds()
        for await (const piece of scratch.pieces('copy')) got.add(piece)
        expect(got.value, 'The copy').toBe(wanted.value)
        memoryStaysBounded(kit, run, idle, '64 MiB', 48 * MIB)
      },
    ),
    check(
      'scales',
      '-a takes about four times as long for four times the files',
      { spec: 'large-trees', hint: 'Look up the inodes that were copied in a table, not in a list.' },
      async (kit) => {
        const { program, random, scratch } = kit
        const work = async (count: number) => {
          const [tree, copy] = [`tree-${count}`, `copy-${count}`]
          scratch.remove(copy)
          if (!scratch.exists(tree)) {
            scratch.folder(tree)
            for (let n = 0; n < count; n++) fs.writeFileSync(scratch.path(`${tree}/${n}`), random.word())
            for (let n = 0; n < count; n++) fs.linkSync(scratch.path(`${tree}/${n}`), scratch.path(`${tree}/other-${n}`))
          }
          const run = await program.run(['-a', tree, copy], { limits: { time: 60_000 } }).succeeds()
          sameTrees(scratch, copy, tree, { names: true })
          return run
        }
        await growsWithWork(kit, { size: 400, work, unit: 'files' })
      },
    ),
  ]),
])
