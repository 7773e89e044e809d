import fs from 'node:fs'
import { byBytes, type LongLine, longLines, withoutTabs } from '../../models/ls.ts'
import { check, expect, hiddenTests, type Kit, tier } from '../../programs/kit.ts'
import { growsWithWork } from '../../programs/performance.ts'
import { columnLayouts, safeTerminals } from './ls/columns.ts'
import { longListings } from './ls/long.ts'

const lines = (names: string[]) => names.map((name) => `${name}\n`).join('')
const past = (n: number) => new Date(Date.UTC(2001, n, 3 + n, 4, 5))

/** Names whose order by bytes is not that of a dictionary, nor that of numbers. */
const namesOf = ({ random }: Kit) => {
  const words = random.distinct(4, random.word)
  return random.shuffle([...words, `Z${random.word()}`, `_${random.word()}`, '10', '9', `é${random.word()}`])
}

/** The lines of a long listing, taken apart; fails when there are others, or none. */
async function long(kit: Kit, args: string[], count: number, pick: (line: LongLine) => string): Promise<string[]> {
  const run = await kit.program.run(args).succeeds()
  const found = longLines(run.stdout.toString())
  const why = `In the output of \`${run.command}\` each line has to look like \`-rw-r--r-- 1 root root 23 Feb  3  2001 name\`.`
  expect(found.length, 'The number of lines of a long listing', why).toBe(count)
  return found.map(pick)
}

/** Fills a folder with names of one file. (An inode may have 65,000 of them.) @returns the names in order. */
function fill({ random, scratch }: Kit, count: number): string[] {
  const folder = `many-${count}`
  if (scratch.exists(folder)) return byBytes(scratch.names(folder))
  scratch.file(`${folder}/${random.word()}`, '')
  const [first] = scratch.names(folder)
  const words = Array.from({ length: 64 }, random.word)
  const names = Array.from({ length: count - 1 }, (_, n) => `${words[(n * 7) % 64]}${n}`)
  for (const name of names)
    if (!scratch.exists(`${folder}/${name}`)) fs.linkSync(scratch.path(`${folder}/${first}`), scratch.path(`${folder}/${name}`))
  return byBytes([first as string, ...names])
}

export default hiddenTests('level2-coreutils/ls', [
  tier('runs', [
    check(
      'names',
      'lists the names in the folder that it is in, sorted by their bytes',
      { spec: 'names', hint: 'Read the folder ".", leave out what begins with a dot, sort, and print one name on each line.' },
      async (kit) => {
        const { program, scratch } = kit
        const names = namesOf(kit)
        for (const name of [...names, '.hidden']) scratch.file(name, '')
        await program.run([]).succeeds({ stdout: lines(byBytes(names)) })
      },
    ),
    check(
      'folder',
      'lists the names in a folder that is named on the command line',
      { spec: 'names', hint: 'Read the folder that is named instead of "."; the names are printed without it.' },
      async (kit) => {
        const { program, random, scratch } = kit
        const [folder, ...names] = random.distinct(5, random.word) as [string, ...string[]]
        for (const name of names) scratch.file(`${folder}/${name}`, '')
        await program.run([folder]).succeeds({ stdout: lines(byBytes(names)) })
      },
    ),
    check(
      'files-and-folders',
      'lists files first, then each folder under its name',
      {
        spec: 'files-and-folders',
        hint: 'Sort the operands into files and folders; the files are one list, and an empty line parts lists.',
      },
      async ({ program, random, scratch }) => {
        const [one, two, first, second, third] = random.distinct(5, random.word).sort() as [
          string,
          string,
          string,
          string,
          string,
        ]
        for (const name of [third, first]) scratch.file(name, '')
        for (const folder of [two, one]) scratch.file(`${folder}/${second}`, '')
        const stdout = `${first}\n${third}\n\n${one}:\n${second}\n\n${two}:\n${second}\n`
        await program.run([two, third, one, first]).succeeds({ stdout })
      },
    ),
  ]),

  tier('works', [
    check(
      'hidden-names',
      '-A shows names that begin with a dot, -a also . and ..',
      {
        spec: 'hidden-names',
        hint: 'Reading a folder gives . and .. in some languages and not in others: take care of both cases.',
      },
      async ({ program, random, scratch }) => {
        const [shown, hidden] = random.distinct(2, random.word) as [string, string]
        for (const name of [shown, `.${hidden}`, `..${hidden}`]) scratch.file(name, '')
        const names = byBytes([`.${hidden}`, `..${hidden}`, shown])
        await program.run(['-A']).succeeds({ stdout: lines(names) })
        await program.run(['-a']).succeeds({ stdout: lines(byBytes(['.', '..', ...names])) })
      },
    ),
    check(
      'by-time',
      '-t sorts by time, the newest first, and equal ones by name',
      { spec: 'order', hint: 'It is the time of the last change of the contents, mtime, that counts.' },
      async ({ program, random, scratch }) => {
        const names = random.distinct(5, random.word)
        const twins = byBytes(names.slice(3))
        // The oldest are made last, so that their inodes have changed last.
        for (const [n, name] of [...names.entries()].reverse()) scratch.file(name, '', { mtime: past(Math.min(n, 3)) })
        const order = [...twins, ...names.slice(0, 3).reverse()]
        await program.run(['-t']).succeeds({ stdout: lines(order) })
        await program.run(['-t', '-r']).succeeds({ stdout: lines(order.reverse()) })
      },
    ),
    check(
      'by-size',
      '-S sorts by size, the largest first, and equal ones by name',
      { spec: 'order', hint: 'Sizes are numbers: 1000 is larger than 999.' },
      async ({ program, random, scratch }) => {
        const names = random.distinct(5, random.word)
        for (const [n, size] of [random.int(2, 8), 999, 1000, 20_000, 20_000].entries())
          scratch.file(names[n] as string, Buffer.alloc(size))
        const order = [...byBytes(names.slice(3)), ...names.slice(0, 3).reverse()]
        await program.run(['-S']).succeeds({ stdout: lines(order) })
        await program.run(['-rS']).succeeds({ stdout: lines(order.reverse()) })
      },
    ),
    check(
      'reverse',
      '-r reverses the order, of operands too',
      { spec: 'order', hint: 'Files still come before folders; within each of the two the order is turned round.' },
      async (kit) => {
        const { program, random, scratch } = kit
        const folders = random.distinct(2, random.word)
        const names = byBytes(namesOf(kit))
        for (const name of [...names, ...folders.map((folder) => `${folder}/in-${folder}`)]) scratch.file(name, '')
        const parts = byBytes(folders)
          .reverse()
          .map((folder) => `\n${folder}:\nin-${folder}\n`)
        await program.run(['-r', ...folders, ...names]).succeeds({ stdout: lines(names.reverse()) + parts.join('') })
      },
    ),
    check(
      'fractions',
      '-t sees fractions of a second',
      { spec: 'order', hint: 'stat gives seconds and nanoseconds: compare both.' },
      async ({ program, random, scratch }) => {
        const names = random.distinct(4, random.word)
        for (const [n, name] of names.entries()) {
          scratch.file(name, '')
          fs.utimesSync(scratch.path(name), 1e9, 1e9 + (n + random.int(1, 9) / 10) / 8000)
        }
        await program.run(['-t']).succeeds({ stdout: lines(names.reverse()) })
      },
    ),
    check(
      'last-letter',
      'lets the last one of letters count that exclude each other',
      { spec: 'the-interface', hint: 'Each of these letters sets one of three choices; a later one sets it again.' },
      async ({ program, random, scratch }) => {
        const [large, recent] = random.distinct(2, random.word) as [string, string]
        scratch.file(large, random.text(1), { mtime: past(1) })
        scratch.file(recent, '', { mtime: past(2) })
        scratch.file('.hidden', '', { mtime: past(0) })
        const run = await program.run(['-tS', '-aA', '-l1C']).succeeds()
        expect(withoutTabs(run.stdout.toString()), `The lines of \`${run.command}\``).toBe([`${large}  .hidden  ${recent}`])
        await program.run(['-St', '-C1']).succeeds({ stdout: `${recent}\n${large}\n` })
        await program.run(['-Aa']).succeeds({ stdout: lines(byBytes(['.', '..', '.hidden', large, recent])) })
      },
    ),
    ...longListings,
    check(
      'links-to-folders',
      'follows a link to a folder, unless -d, -l or -F is about the link',
      { spec: 'links', hint: 'Look through links on the command line with stat, but with these options use lstat.' },
      async (kit) => {
        const { program, random, scratch } = kit
        const [folder, inside] = random.distinct(2, random.word) as [string, string]
        scratch.file(`${folder}/${inside}`, '')
        scratch.link(folder, 'way')
        await program.run(['way']).succeeds({ stdout: `${inside}\n` })
        await program.run(['-d', 'way', '.']).succeeds({ stdout: '.\nway\n' })
        await program.run(['-F', 'way']).succeeds({ stdout: 'way@\n' })
        expect(await long(kit, ['-l', 'way'], 1, ({ name }) => name), 'The long listing').toBe([`way -> ${folder}`])
      },
    ),
    check(
      'recursive',
      '-R lists every folder under its path, in the order of the listing',
      {
        spec: 'going-down',
        hint: 'List a folder completely, then go into each folder in it. A link to a folder is not gone into.',
      },
      async ({ program, random, scratch }) => {
        const [a, b, c, d] = random.distinct(4, random.word).sort() as [string, string, string, string]
        for (const name of [`top/${b}/${c}/${d}`, `top/${a}/${d}`, `top/${a}/.no/x`, `top/${c}`]) scratch.file(name, '')
        scratch.link('.', `top/${a}/loop`)
        const inA = byBytes(['loop', d])
        const list = (order: string[]) => order.join('\n')
        const forward = list([
          `top:\n${a}\n${b}\n${c}\n`,
          `top/${a}:\n${inA.join('\n')}\n`,
          `top/${b}:\n${c}\n`,
          `top/${b}/${c}:\n${d}\n`,
        ])
        await program.run(['-R', 'top']).succeeds({ stdout: forward })
        const back = list([
          `top/:\n${c}\n${b}\n${a}\n`,
          `top/${b}:\n${c}\n`,
          `top/${b}/${c}:\n${d}\n`,
          `top/${a}:\n${inA.reverse().join('\n')}\n`,
        ])
        await program.run(['-rR', 'top/']).succeeds({ stdout: back })
      },
    ),
    check(
      'recursive-hidden',
      '-Ra goes into hidden folders, but not into . and ..',
      { spec: 'going-down', hint: 'Whatever is listed is gone into, but for these two: they would never end.' },
      async ({ program, random, scratch }) => {
        const [hidden, name] = random.distinct(2, random.word) as [string, string]
        scratch.file(`.${hidden}/${name}`, '')
        await program.run(['-Ra']).succeeds({ stdout: `.:\n.\n..\n.${hidden}\n\n./.${hidden}:\n.\n..\n${name}\n` })
      },
    ),
    ...columnLayouts,
  ]),

  tier('holds', [
    check(
      'missing',
      'reports what is not there, and lists the rest',
      { spec: 'errors', hint: 'Report it on standard error with its name, and remember for the end that something failed.' },
      async ({ program, random, scratch }) => {
        const [name, folder, inside] = random.distinct(3, random.word) as [string, string, string]
        scratch.file(name, '')
        scratch.file(`${folder}/${inside}`, '')
        const missing = `no-${random.word()}`
        await program.run([folder, missing, name]).fails({ names: missing, stdout: `${name}\n\n${folder}:\n${inside}\n` })
      },
    ),
    check(
      'forbidden-folder',
      '-R goes on after a folder that it may not read',
      { spec: 'errors', hint: 'Each folder is opened in its own right: catch the error there.' },
      async ({ program, random, scratch }) => {
        const [a, b, c] = random.distinct(3, random.word).sort() as [string, string, string]
        for (const name of [`${a}/one`, `${b}/two`, `${c}/three`]) scratch.file(name, '')
        scratch.forbid(b, program.contained)
        const run = (await program.run(['-R'])).fails({ names: b })
        const text = run.stdout.toString().replace(`./${b}:\n\n`, '').replace(`./${b}:\n`, '')
        scratch.chmod(b, 0o755)
        expect(text, 'The listing of the rest').toBeText(`.:\n${a}\n${b}\n${c}\n\n./${a}:\none\n\n./${c}:\nthree\n`)
      },
    ),
    check(
      'unknown-option',
      'refuses an option that it does not know',
      { spec: 'errors', hint: 'Look at all options before anything is listed.' },
      async ({ program, random, scratch }) => {
        scratch.file(random.word(), '')
        await program.run(['-y']).fails({ stdout: '' })
      },
    ),
    check(
      'names-without-inodes',
      'lists the names of a folder whose files it can not get at',
      { spec: 'names-without-inodes', hint: 'Ask for an inode only when an option needs what is in it.' },
      async ({ program, random, scratch }) => {
        const names = random.distinct(3, random.word)
        for (const name of names) scratch.file(`box/${name}`, '')
        scratch.forbid('box', program.contained)
        scratch.chmod('box', 0o444)
        await program.run(['box']).succeeds({ stdout: lines(byBytes(names)), stderr: '' })
        for (const option of ['-l', '-S', '-F', '-i']) await program.run([option, 'box']).fails({ names: names[0] as string })
        scratch.chmod('box', 0o755)
      },
    ),
    check(
      'odd-names',
      'writes names to a file or pipe byte by byte',
      { spec: 'odd-names', hint: 'Names are bytes: do not decode them, nor trim or quote them.' },
      async ({ program, random, scratch }) => {
        const word = random.word()
        const names = [` ${word} `, `${word}\nnext`, '-l', `\x1b[1m${word}`, `ü${word}`, '*', '\\'].map((name) =>
          Buffer.from(name),
        )
        names.push(Buffer.from(`\xff\xfe${word}`, 'latin1'))
        for (const name of names) fs.writeFileSync(Buffer.concat([Buffer.from(`${scratch.dir}/`), name]), '')
        names.sort(Buffer.compare)
        await program.run([]).succeeds({ stdout: Buffer.concat(names.flatMap((name) => [name, Buffer.from('\n')])) })
      },
    ),
    check(
      'double-dash',
      'takes what follows -- for files, whatever it looks like',
      { spec: 'the-interface', hint: 'After -- nothing is an option any more; before it, options may come after files.' },
      async ({ program, random, scratch }) => {
        const name = random.word()
        for (const each of ['-l', name]) scratch.file(each, '')
        await program.run([name, '-r', '--', '-l']).succeeds({ stdout: `${name}\n-l\n` })
      },
    ),
    ...safeTerminals,
    check(
      'dangling-link',
      'lists a link that leads nowhere',
      { spec: 'links', hint: 'When stat fails, lstat may still succeed: then it is the link that is listed.' },
      async ({ program, random, scratch }) => {
        const [nowhere, name] = random.distinct(2, random.word) as [string, string]
        scratch.link(nowhere, name)
        await program.run([name]).succeeds({ stdout: `${name}\n` })
        await program.run(['-F']).succeeds({ stdout: `${name}@\n` })
      },
    ),
    check(
      'empty-folder',
      'prints nothing for an empty folder but its title',
      { spec: 'files-and-folders', hint: 'No name, no line; only what stands between two lists remains.' },
      async ({ program, random, scratch }) => {
        const [a, b] = random.distinct(2, random.word).sort() as [string, string]
        for (const name of [a, b]) scratch.folder(name)
        await program.run([a]).succeeds({ stdout: '' })
        await program.run(['-C', b, a]).succeeds({ stdout: `${a}:\n\n${b}:\n` })
      },
    ),
  ]),

  tier('flies', [
    check(
      'scales',
      '-l takes about four times as long for four times the names',
      { spec: 'large-folders', hint: 'Look for something that is searched or built up again for each name.' },
      async (kit) => {
        const { program } = kit
        const work = async (count: number) => {
          const names = fill(kit, count)
          const run = await program.run(['-l', `many-${count}`], { limits: { time: 60_000 } }).succeeds()
          expect(
            longLines(run.stdout.toString())
              .map(({ name }) => name)
              .join(' '),
            'The names',
          ).toBeText(names.join(' '))
          return run
        }
        await growsWithWork(kit, { size: 3000, work, unit: 'names' })
      },
    ),
    check(
      'columns-scale',
      '-C takes about four times as long for four times the names',
      {
        spec: 'large-folders',
        hint: 'There are never more columns than half the width: try numbers of columns, not numbers of lines.',
      },
      async (kit) => {
        const { program } = kit
        const work = async (count: number) => {
          const names = fill(kit, count)
          const run = await program.run(['-C', `many-${count}`], { limits: { time: 60_000 } }).succeeds()
          const rows = withoutTabs(run.stdout.toString()).map((line) => line.split(/ +/))
          const found = [0, 1, 2, 3, 4, 5, 6].flatMap((at) => rows.map((row) => row[at])).filter(Boolean)
          expect(found.join(' '), 'The names, read downwards').toBeText(names.join(' '))
          return run
        }
        await growsWithWork(kit, { size: 10_000, work, unit: 'names' })
      },
    ),
  ]),
])
