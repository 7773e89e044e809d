import fs from 'node:fs'
import path from 'node:path'
import { bulkBytes, Digest } from '../../../models/bulk.ts'
import { draw, gone, holds, moved } from '../../../models/files.ts'
import { describeTree, makeTree } from '../../../models/trees.ts'
import { check, expect } from '../../../programs/kit.ts'
import { idleMemory, MIB, memoryStaysBounded } from '../../../programs/performance.ts'

/** What mv does between two file systems. */
export const elsewhereWorks = [
  check(
    'elsewhere',
    'moves a file to another file system, and replaces what is there',
    {
      spec: 'another-file-system',
      hint: 'rename fails with EXDEV: copy the file, and remove the source when the copy is complete.',
    },
    async (kit) => {
      const { one, two, three, first, second } = draw(kit)
      const there = kit.scratch.elsewhere()
      fs.writeFileSync(path.join(there, two), second)
      fs.linkSync(path.join(there, two), path.join(there, three))
      await kit.program.run([kit.scratch.file(one, first), path.join(there, two)]).succeeds({ stdout: '' })
      moved(kit, one, path.join(there, two), first)
      holds(kit, path.join(there, three), second, `It was another name of what was at ${two}.`)
      expect(kit.scratch.names(there), 'The names in the folder there').toBe([two, three].sort())
    },
  ),
  check(
    'tree-elsewhere',
    'moves a tree to another file system and back as it is',
    {
      spec: 'another-file-system',
      hint: 'Copy each name by its type; remember inodes with several names; give each folder its mode and times last.',
    },
    async (kit) => {
      const { one, two } = draw(kit)
      const there = kit.scratch.elsewhere()
      makeTree(kit.scratch, kit.random, one)
      const detail = { mode: true, times: true, names: true }
      const before = describeTree(kit.scratch.path(one), detail)
      await kit.program.run([one, there]).succeeds()
      gone(kit, one)
      kit.scratch.stat(path.join(there, one))
      expect(describeTree(path.join(there, one), detail), `What is in ${one} now`).toBeText(before)
      await kit.program.run([path.join(there, one), `${two}/`]).succeeds()
      gone(kit, path.join(there, one))
      kit.scratch.stat(two)
      expect(describeTree(kit.scratch.path(two), detail), `What is in ${two} now`).toBeText(before)
    },
  ),
  check(
    'link-elsewhere',
    'moves a link to another file system as a link',
    { spec: 'another-file-system', hint: 'Ask lstat what the source is, and make a new link with the same text.' },
    async (kit) => {
      const { one, two, first } = draw(kit)
      const there = kit.scratch.elsewhere()
      kit.scratch.link(kit.scratch.file(one, first), two)
      await kit.program.run([two, there]).succeeds()
      gone(kit, two)
      expect(kit.scratch.readLink(path.join(there, two)), 'The target of the link').toBe(one)
      holds(kit, one, first)
    },
  ),
]

export const elsewhereHolds = [
  check(
    'half-way',
    'loses nothing when a move to another file system fails half way',
    { spec: 'half-way', hint: 'Remove nothing of the source before all of it has arrived.' },
    async (kit) => {
      const { one, two, three, first, second } = draw(kit)
      const there = kit.scratch.elsewhere()
      for (const name of ['a', 'c']) kit.scratch.file(`${one}/${two}/${name}`, first)
      kit.scratch.forbid(kit.scratch.file(`${one}/${two}/b`, first), kit.program.contained)
      const fresh = kit.scratch.file(three, second)
      await kit.program.run([one, fresh, there]).fails({ status: 1, names: one })
      for (const name of ['a', 'c'])
        holds(kit, `${one}/${two}/${name}`, first, 'The move has failed, so the source must be whole.')
      kit.scratch.stat(`${one}/${two}/b`)
      moved(kit, three, path.join(there, three), second)
    },
  ),
  check(
    'refused-elsewhere',
    'replaces no file by a folder, and no folder that is not empty, on another file system either',
    { spec: 'errors', hint: 'The rules are the same, but here nobody enforces them for you, unless rename has the last word.' },
    async (kit) => {
      const { one, two, three, first, second } = draw(kit)
      const there = kit.scratch.elsewhere()
      kit.scratch.file(`${one}/inside`, first)
      fs.writeFileSync(path.join(there, one), second)
      kit.scratch.file(`${two}/inside`, first)
      fs.mkdirSync(path.join(there, two))
      fs.writeFileSync(path.join(there, two, 'other'), second)
      kit.scratch.file(three, first)
      fs.mkdirSync(path.join(there, three))
      for (const name of [one, two, three]) await kit.program.run(['-f', name, there]).fails({ status: 1, names: name })
      for (const name of [`${one}/inside`, `${two}/inside`, three]) holds(kit, name, first)
      for (const name of [one, `${two}/other`]) holds(kit, path.join(there, name), second)
      expect(kit.scratch.names(path.join(there, two)), `What is in ${two} there`).toBe(['other'])
    },
  ),
  check(
    'names-elsewhere',
    'keeps the bytes of names on the way to another file system',
    { spec: 'names-and-holes', hint: 'Do not decode names on their way from one system call to the next.' },
    async (kit) => {
      const { one, first } = draw(kit)
      const there = kit.scratch.elsewhere()
      const names = [` ${one} `, `${one}\nnext`, '-f', `\xff\xfe${one}`]
        .map((name) => Buffer.from(name, 'latin1'))
        .sort(Buffer.compare)
      kit.scratch.folder(one)
      for (const name of names) fs.writeFileSync(Buffer.concat([Buffer.from(`${kit.scratch.path(one)}/`), name]), first)
      await kit.program.run([one, there]).succeeds()
      gone(kit, one)
      kit.scratch.stat(path.join(there, one))
      const found = fs.readdirSync(path.join(there, one), { encoding: 'buffer' }).sort(Buffer.compare)
      expect(
        found.map((name) => name.toString('latin1')),
        'The names that arrived',
      ).toBe(names.map((name) => name.toString('latin1')))
    },
  ),
  check(
    'holes-elsewhere',
    'keeps holes on the way to another file system',
    { spec: 'names-and-holes', hint: 'Do not write blocks of zeros: seek over them, and set the length in the end.' },
    async (kit) => {
      const { one, first } = draw(kit)
      const there = kit.scratch.elsewhere()
      const size = 16 * MIB + kit.random.int(1, 4000)
      kit.scratch.sparse(one, 8 * MIB + kit.random.int(1, 4000), first)
      fs.truncateSync(kit.scratch.path(one), size)
      const before = kit.scratch.read(one)
      await kit.program.run([one, there]).succeeds()
      gone(kit, one)
      const after = kit.scratch.read(path.join(there, one))
      expect(after.length, 'The length of what arrived').toBe(size)
      expect(after.equals(before), 'That the same bytes arrived').toBe(true)
      expect(kit.scratch.stat(path.join(there, one)).blocks / 2, 'What it takes on the disk').toBeAtMost(1024, 'KiB')
    },
  ),
]

export const elsewhereFlies = [
  check(
    'large-elsewhere',
    'moves 64 MiB to another file system in bounded memory',
    { spec: 'large-files', hint: 'One buffer of some dozens of kilobytes serves a file of any size.' },
    async (kit) => {
      const { program, random, scratch } = kit
      const there = scratch.elsewhere()
      const [wanted, got] = [new Digest(), new Digest()]
      const fd = fs.openSync(scratch.path(scratch.file('large', '')), 'w')
      for (const piece of bulkBytes(random, 64 * MIB)) {
        fs.writeSync(fd, piece)
        wanted.add(piece)
      }
      fs.closeSync(fd)
      // It waits for the answer to its second question.
      for (const name of ['a', 'b', 'box/a', 'box/b']) scratch.file(name, '')
      const idle = await idleMemory(kit, ['-i', 'a', 'b', 'box'])
      const run = await program.run(['large', there], { limits: { time: 60_000 } }).succeeds()
      gone(kit, 'large')
      for await (const piece of scratch.pieces(path.join(there, 'large'))) got.add(piece)
      expect(got.value, 'What arrived').toBe(wanted.value)
      memoryStaysBounded(kit, run, idle, '64 MiB', 48 * MIB)
    },
  ),
]
