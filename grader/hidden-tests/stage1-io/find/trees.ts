import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { baseOf, expectPaths, finds, plant } from '../../../models/find.ts'
import { check, expect } from '../../../programs/kit.ts'
import { comparesWith } from '../../../programs/performance.ts'
import type { Scratch } from '../../../programs/scratch.ts'

const LEVELS = 10_000
const WIDE = 100_000
/** Their names are longer together than the arguments of any one program may be. */
const MANY = 15_000

/** Folders in folders, deeper than any path can name. @returns the path of a file at the bottom, in full. */
function dig(top: string, level: string, file: string): string {
  let folder = fs.openSync(top, 'r')
  for (let n = 0; n < LEVELS; n++) {
    fs.mkdirSync(`/proc/self/fd/${folder}/${level}`)
    const next = fs.openSync(`/proc/self/fd/${folder}/${level}`, 'r')
    fs.closeSync(folder)
    folder = next
  }
  fs.writeFileSync(`/proc/self/fd/${folder}/${file}`, 'x')
  fs.closeSync(folder)
  return `${`${level}/`.repeat(LEVELS)}${file}`
}

/** Where thousands of files are made at once: in memory if there is such a place, since a disk takes seconds for them. */
function room(scratch: Scratch): string {
  try {
    return scratch.elsewhere()
  } catch {
    return scratch.dir
  }
}

/** Errors, links and odd names. */
export const findHolds = [
  check(
    'missing-start',
    'goes on after a starting point that is not there',
    { spec: 'errors', hint: 'Report it with its name, take the next one, and end with status 1.' },
    async (kit) => {
      const tree = plant(kit)
      const missing = `no-${kit.random.word()}`
      const run = await kit.program.run([missing, tree.two]).fails({ status: 1, names: missing })
      expectPaths(run.stdout, run.command, [tree.two, tree.c])
    },
  ),
  check(
    'unreadable-folder',
    'reports a folder that it may not read, and goes on',
    { spec: 'errors', hint: 'The folder is printed; only reading its entries fails. The rest of the walk is not concerned.' },
    async (kit) => {
      const tree = plant(kit)
      kit.scratch.forbid(tree.one, kit.program.contained)
      try {
        const run = await kit.program.run([tree.top]).fails({ status: 1, names: tree.one })
        expectPaths(
          run.stdout,
          run.command,
          tree.all.filter((path) => !path.startsWith(`${tree.one}/`)),
        )
      } finally {
        kit.scratch.chmod(tree.one, 0o700)
      }
    },
  ),
  check(
    'wrong-expressions',
    'refuses an expression that makes no sense before it walks',
    { spec: 'errors', hint: 'Read the whole expression first. When it has been read, no word may be left over.' },
    async (kit) => {
      const { top } = plant(kit)
      const wrong = [
        ['-nonsense'],
        ['-name'],
        ['(', '-type', 'f'],
        ['-type', 'f', ')'],
        ['-size', 'big'],
        ['-maxdepth', '-1'],
        ['-newer', 'no-such-file'],
        ['-exec', 'echo', '{}'],
        ['-type', 'y'],
      ]
      for (const words of wrong) await kit.program.run([top, ...words]).fails({ status: 1, stdout: '' })
    },
  ),
  check(
    'command-not-found',
    'takes a command that can not be started for false',
    { spec: 'errors', hint: 'Say that the command is not there, and go on: what follows is not asked, what follows -o is.' },
    async (kit) => {
      const tree = plant(kit)
      const missing = `no-${kit.random.word()}`
      const args = [tree.top, '-type', 'f', '(', '-exec', missing, '{}', ';', '-o', '-print', ')']
      const run = await kit.program.run(args)
      expectPaths(run.stdout, run.command, tree.files)
      expect(run.stderr.toString(), 'What it wrote to standard error').toInclude(missing)
    },
  ),
  check(
    'exec-many-status',
    'ends with status 1 if a command after -exec + failed',
    { spec: 'running-commands', hint: 'With + the action itself is always true; the failure shows in the status of find.' },
    async (kit) => {
      const tree = plant(kit)
      const args = [tree.top, '-type', 'f', '-exec', 'sh', '-c', 'exit 3', 'sh', '{}', '+', '-print']
      const run = (await kit.program.run(args)).statusIs(1)
      expectPaths(run.stdout, run.command, tree.files)
    },
  ),
  check(
    'delete-fails',
    'reports what it can not delete, and goes on',
    { spec: 'errors', hint: 'A folder with something in it can not be removed: an error that names it, and -delete is false.' },
    async (kit) => {
      const tree = plant(kit)
      const args = [tree.top, '(', '-path', tree.one, '-o', '-path', tree.empty, ')', '-delete', '-print']
      const run = await kit.program.run(args).fails({ status: 1, names: tree.one })
      expectPaths(run.stdout, run.command, [tree.empty])
      expect(kit.scratch.exists(tree.a), `${tree.a} being still there`).toBe(true)
    },
  ),
  check(
    'links',
    'does not follow links, except with -L',
    { spec: 'links', hint: 'With -L use stat in place of lstat; where that finds nothing, the link itself is all there is.' },
    async (kit) => {
      const tree = plant(kit)
      const dead = kit.scratch.link('nowhere', `${tree.two}/dead`)
      await finds(kit, [tree.top, '-type', 'l'], [tree.link, dead])
      await finds(kit, ['-L', tree.top, '-type', 'l'], [dead], 'With -L, only a link that leads nowhere is a link.')
      const there = [baseOf(tree.a), `${baseOf(tree.deep)}/${baseOf(tree.b)}`].map((name) => `${tree.link}/${name}`)
      await finds(kit, ['-L', tree.top, '-type', 'f'], [...tree.files, ...there])
    },
  ),
  check(
    'link-loop',
    'notices a link that leads back to where it came from',
    {
      spec: 'links',
      hint: 'Remember device and inode of all folders on the way down; a folder that is among them is not entered again.',
    },
    async ({ program, random, scratch }) => {
      const [top, inner, loop] = random.distinct(3, random.word) as [string, string, string]
      const folder = scratch.folder(`${top}/${inner}`)
      const file = scratch.file(`${folder}/file`, '')
      const name = scratch.link('..', `${folder}/${loop}`)
      const run = await program.run(['-L', top, '-name', '*', '!', '-name', loop]).fails({ status: 1, names: name })
      expectPaths(run.stdout, run.command, [top, folder, file])
    },
  ),
  check(
    'odd-names',
    'keeps every byte of a name',
    { spec: 'odd-names', hint: 'Names are bytes. Ask your language for bytes, not for text, and write them as they came.' },
    async (kit) => {
      const word = kit.random.word()
      const folder = kit.scratch.folder(`${word} -o`)
      const names = [
        Buffer.from(`${word}\xff\xfe`, 'latin1'),
        Buffer.from('two\nlines'),
        Buffer.from('-name'),
        Buffer.from('käse'),
      ]
      for (const name of names) fs.writeFileSync(Buffer.concat([Buffer.from(`${kit.scratch.path(folder)}/`), name]), '')
      const run = await kit.program.run([folder, '-mindepth', '1', '-size', '0', '-print0']).succeeds()
      const paths = names.map((name) => `${folder}/${name.toString('latin1')}`)
      expectPaths(run.stdout, run.command, paths, 'Each byte is shown as one character.', '\0')
      await finds(
        kit,
        [folder, '-name', 'k?se'],
        [`${folder}/${names[3]?.toString('latin1')}`],
        'ä is one character in two bytes.',
      )
    },
  ),
]

/** Deep, wide, and many. */
export const findFlies = [
  check(
    'deep-tree',
    'walks ten thousand levels of folders',
    {
      spec: 'deep-trees',
      hint: 'Change into each folder, or open it relative to the one above, and keep a list of your own instead of recursion.',
    },
    async ({ program, random, scratch }) => {
      const file = random.word()
      const level = random.pick([...'abcdefgh'])
      const top = `${room(scratch)}/${random.word()}`
      fs.mkdirSync(top)
      try {
        const path = dig(top, level, file)
        await program.run([top, '-type', 'f'], { limits: { time: 60_000 } }).succeeds({ stdout: `${top}/${path}\n` })
      } finally {
        spawnSync('rm', ['-rf', top])
      }
    },
  ),
  check(
    'wide-folder',
    'walks a folder of 100,000 files in a time that bears comparison with ls',
    {
      spec: 'wide-folders',
      hint: 'Do nothing for one entry that goes through all the others, and collect your output into large writes.',
    },
    async (kit) => {
      const { program, random, scratch } = kit
      const place = room(scratch)
      const folder = `${place}/${random.word()}`
      fs.mkdirSync(folder)
      const sources = ['one', 'two'].map((name) => `${place}/${name}`)
      for (const source of sources) fs.writeFileSync(source, '')
      const names = Array.from({ length: WIDE }, (_, n) => `${random.pick([...'abcdef'])}${n}`)
      names.forEach((name, n) => void fs.linkSync(sources[n % 2] as string, `${folder}/${name}`))
      const expected = names.filter((name) => name.endsWith('7')).map((name) => `${folder}/${name}`)
      const walk = async () => {
        const run = await program.run([folder, '-name', '*7'], { limits: { time: 60_000 } }).succeeds()
        expectPaths(run.stdout, run.command, expected)
        return run
      }
      await comparesWith(kit, {
        name: 'a folder of 100,000 files',
        run: walk,
        yardstick: () => program.plain(['ls', folder]),
        atMost: 15,
      })
    },
  ),
  check(
    'many-arguments',
    '-exec with + starts few commands, and none with more arguments than there may be',
    {
      spec: 'many-arguments',
      hint: 'Count the bytes of the paths; run the command whenever 100,000 or so have come together, and at the end.',
    },
    async ({ program, random, scratch }) => {
      const folder = scratch.folder(random.word())
      const filler = random.word().repeat(50).slice(0, 190)
      const source = scratch.path(scratch.file('source', ''))
      for (let n = 0; n < MANY; n++) fs.linkSync(source, `${scratch.path(folder)}/${filler}${n}`)
      const args = [folder, '-type', 'f', '-exec', 'sh', '-c', 'echo $#', 'sh', '{}', '+']
      const run = await program.run(args, { limits: { time: 60_000 } }).succeeds()
      const counts = run.stdout.toString().split('\n').slice(0, -1).map(Number)
      expect(
        counts.reduce((sum, count) => sum + count, 0),
        'The arguments of all commands together',
      ).toBe(MANY)
      expect(counts.length, 'The number of commands').toBeAtMost(200)
    },
  ),
]
