import { baseOf, finds, plant } from '../../models/find.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { findFlies, findHolds } from './find/trees.ts'

const HOUR = 3_600_000

export default hiddenTests('stage1-io/find', [
  tier('runs', [
    check(
      'walk',
      'prints a starting point and everything below it',
      { spec: 'walking', hint: 'Print the path; if it is a folder, read its entries and do the same for each of them.' },
      async (kit) => {
        const tree = plant(kit)
        await finds(kit, [tree.top], tree.all)
        const shown = (await kit.program.run([tree.top])).stdout.toString().split('\n')
        expect(shown[0], 'The first line: a folder comes before what is in it').toBe(tree.top)
      },
    ),
    check(
      'starting-points',
      'takes several starting points, and the current folder if there is none',
      {
        spec: 'the-interface',
        hint: 'A path is the starting point, a slash, and what was found in it. Without arguments the starting point is a dot.',
      },
      async (kit) => {
        const tree = plant(kit)
        await finds(kit, [tree.deep, tree.two], [tree.deep, tree.b, tree.two, tree.c])
        await finds(kit, [], ['.', ...tree.all.map((path) => `./${path}`)])
      },
    ),
    check(
      'name',
      '-name finds the files of that name',
      { spec: 'names', hint: 'Compare with the last part of the path only.' },
      async (kit) => {
        const tree = plant(kit)
        await finds(kit, [tree.top, '-name', baseOf(tree.b)], [tree.b])
      },
    ),
  ]),

  tier('works', [
    check(
      'patterns',
      'matches names with *, ? and brackets',
      {
        spec: 'patterns',
        hint: 'The pattern must match from the first character to the last. ? is one character, which may be a dot.',
      },
      async (kit) => {
        const [word, other] = kit.random.distinct(2, kit.random.word) as [string, string]
        const names = [
          `.${word}`,
          `${word}.txt`,
          `${word}.text`,
          `${word}.txt.old`,
          `x${word}.txt`,
          `${other}1`,
          `${other}2`,
          `${other}]`,
          `${other}*`,
        ]
        for (const name of names) kit.scratch.file(name, '')
        const cases: [string, string[]][] = [
          ['*.txt', [`${word}.txt`, `x${word}.txt`]],
          [`?${word}*`, [`.${word}`, `x${word}.txt`]],
          [`${other}[12]`, [`${other}1`, `${other}2`]],
          [`${other}[!12*]`, [`${other}]`]],
          [`${other}[3-]-]`, []],
          [`${other}\\*`, [`${other}*`]],
        ]
        for (const [pattern, matching] of cases)
          await finds(
            kit,
            ['.', '-name', pattern],
            matching.map((name) => `./${name}`),
          )
      },
    ),
    check(
      'iname',
      '-iname takes no notice of upper and lower case',
      { spec: 'the-interface', hint: 'Compare both in lower case.' },
      async (kit) => {
        const word = kit.random.word()
        const names = [`${word}.JPG`, `${word.toUpperCase()}.jpg`, `${word}.png`]
        for (const name of names) kit.scratch.file(name, '')
        await finds(
          kit,
          ['.', '-iname', `${word.slice(0, 2)}*.jPg`],
          names.slice(0, 2).map((name) => `./${name}`),
        )
        await finds(kit, ['.', '-name', '*.JPG'], [`./${names[0]}`])
      },
    ),
    check(
      'path',
      '-path matches the whole path',
      { spec: 'patterns', hint: 'The path as it would be printed; the star matches slashes as well.' },
      async (kit) => {
        const tree = plant(kit)
        await finds(kit, [tree.top, '-path', `${tree.one}*`], [tree.one, tree.deep, tree.a, tree.b])
        await finds(kit, [tree.top, '-path', `*/${baseOf(tree.deep)}`], [tree.deep])
      },
    ),
    check(
      'type',
      '-type tells files, folders and links apart',
      {
        spec: 'the-interface',
        hint: 'Use lstat, or the type that comes with the entry of the folder: stat would follow the link.',
      },
      async (kit) => {
        const tree = plant(kit)
        kit.scratch.fifo(`${tree.two}/pipe`)
        await finds(kit, [tree.top, '-type', 'f'], tree.files)
        await finds(kit, [tree.top, '-type', 'd'], tree.folders)
        await finds(kit, [tree.top, '-type', 'l'], [tree.link])
        await finds(kit, [tree.two, '-type', 'p'], [`${tree.two}/pipe`])
      },
    ),
    check(
      'size',
      '-size counts begun units',
      { spec: 'numbers', hint: 'Round the size up to whole units before you compare. Without a letter the unit is 512 bytes.' },
      async (kit) => {
        const sizes = [0, 1, 512, 513, 1024, 1025, 3000, 5000]
        for (const size of sizes) kit.scratch.file(`f${size}`, kit.random.bytes(size))
        const cases: [string, (size: number) => boolean][] = [
          ['1', (size) => Math.ceil(size / 512) === 1],
          ['3b', (size) => Math.ceil(size / 512) === 3],
          ['+2', (size) => Math.ceil(size / 512) > 2],
          ['1k', (size) => Math.ceil(size / 1024) === 1],
          ['-2k', (size) => Math.ceil(size / 1024) < 2],
          ['+2k', (size) => Math.ceil(size / 1024) > 2],
          ['1025c', (size) => size === 1025],
        ]
        for (const [size, holds] of cases) {
          const expected = sizes.filter(holds).map((each) => `./f${each}`)
          await finds(kit, ['.', '-type', 'f', '-size', size], expected, `A file is named after its size in bytes.`)
        }
      },
    ),
    check(
      'large-units',
      '-size knows M, G and w too',
      { spec: 'the-interface', hint: 'M is 1024 times k, and G 1024 times M; w is 2 bytes.' },
      async (kit) => {
        const [mebi, gibi] = [kit.random.int(2, 9), kit.random.int(2, 9)]
        kit.scratch.sparse('medium', mebi * 1024 ** 2 - 5)
        kit.scratch.sparse('large', gibi * 1024 ** 3)
        kit.scratch.file('small', kit.random.bytes(2 * mebi - 1))
        await finds(kit, ['.', '-type', 'f', '-size', `${mebi}M`], ['./medium'])
        await finds(kit, ['.', '-type', 'f', '-size', `${gibi}G`], ['./large'])
        await finds(kit, ['.', '-type', 'f', '-size', `${mebi}w`], ['./small'])
      },
    ),
    check(
      'mtime',
      '-mtime counts whole days since the last change',
      { spec: 'numbers', hint: 'Divide the age by 24 hours and drop the fraction; then compare.' },
      async (kit) => {
        const hours = [2, 23, 25, 47, 50, 71, 73]
        for (const age of hours) kit.scratch.file(`h${age}`, '', { mtime: new Date(Date.now() - age * HOUR) })
        const cases: [string, (days: number) => boolean][] = [
          ['1', (days) => days === 1],
          ['+1', (days) => days > 1],
          ['-2', (days) => days < 2],
        ]
        for (const [days, holds] of cases) {
          const expected = hours.filter((age) => holds(Math.floor(age / 24))).map((age) => `./h${age}`)
          await finds(kit, ['.', '-type', 'f', '-mtime', days], expected, 'A file is named after its age in hours.')
        }
      },
    ),
    check(
      'newer',
      '-newer finds what was changed after another file',
      {
        spec: 'times',
        hint: 'Compare the times of last change with all their digits: less than a second may lie between two files.',
      },
      async (kit) => {
        const time = Date.now() - kit.random.int(5, 50) * HOUR
        const ages = { old: -60_000, just: -40, mark: 0, same: 0, soon: 40, late: 60_000 }
        for (const [name, age] of Object.entries(ages)) kit.scratch.file(name, 'x', { mtime: new Date(time + age) })
        await finds(kit, ['.', '-type', 'f', '-newer', 'mark'], ['./soon', './late'])
      },
    ),
    check(
      'empty',
      '-empty finds files and folders with nothing in them',
      { spec: 'empty', hint: 'For a file ask its size, for a folder read its entries.' },
      async (kit) => {
        const tree = plant(kit)
        const file = kit.scratch.file(`${tree.deep}/nothing`, '')
        await finds(kit, [tree.top, '-empty'], [tree.empty, file])
      },
    ),
    check(
      'depth-limits',
      '-maxdepth and -mindepth limit the walk, wherever they stand',
      { spec: 'depth', hint: 'Read them out of the expression before the walk begins; as tests they are true.' },
      async (kit) => {
        const tree = plant(kit)
        await finds(kit, [tree.top, '-maxdepth', '1'], [tree.top, tree.one, tree.two, tree.empty, tree.link])
        await finds(kit, [tree.top, '-mindepth', '3'], [tree.b])
        await finds(kit, [tree.top, '-type', 'd', '-mindepth', '1', '-maxdepth', '1'], [tree.one, tree.two, tree.empty])
        await finds(kit, [tree.top, '-maxdepth', '0'], [tree.top])
      },
    ),
    check(
      'operators',
      'binds ! before -a before -o, and parentheses before all',
      { spec: 'operators', hint: 'One function for each level of precedence, each calling the next: or, and, not.' },
      async (kit) => {
        const tree = plant(kit)
        const { top, a, b, c } = tree
        const [one, two] = [baseOf(a), baseOf(b)]
        await finds(kit, [top, '!', '-type', 'd', '!', '-type', 'l'], tree.files)
        await finds(kit, [top, '-type', 'd', '-o', '-name', one, '-a', '-type', 'f'], [...tree.folders, a])
        await finds(kit, [top, '-type', 'f', '-name', one, '-o', '-name', two], [a, b])
        await finds(kit, [top, '-type', 'd', '(', '-name', one, '-o', '-name', baseOf(tree.two), ')'], [tree.two])
        await finds(kit, [top, '-type', 'f', '!', '(', '-name', one, '-o', '-name', two, ')'], [c])
      },
    ),
    check(
      'unasked-print',
      'prints nothing unasked if there is an action',
      { spec: 'printing', hint: 'Look whether there is any action in the whole expression, not only in the part that was true.' },
      async (kit) => {
        const tree = plant(kit)
        await finds(kit, [tree.top, '-name', baseOf(tree.a), '-o', '-name', baseOf(tree.b), '-print'], [tree.b])
        await finds(kit, [tree.top, '-name', baseOf(tree.c), '-print', '-print'], [tree.c, tree.c])
      },
    ),
    check(
      'print0',
      '-print0 ends each path with a zero byte',
      { spec: 'printing', hint: 'The same as -print, but for the byte at the end.' },
      async ({ program, random, scratch }) => {
        const [word, other] = random.distinct(2, random.word) as [string, string]
        const name = scratch.file(`${word}\n${random.word()}`, '')
        scratch.file(other, '')
        await program.run(['.', '-name', `${word}*`, '-print0']).succeeds({ stdout: `./${name}\0` })
      },
    ),
    check(
      'prune',
      '-prune keeps it from entering a folder',
      {
        spec: 'pruning',
        hint: 'It is true, marks the folder as not to be entered, and is no action: the others are still printed.',
      },
      async (kit) => {
        const tree = plant(kit)
        const kept = tree.all.filter((path) => !path.startsWith(tree.one))
        await finds(kit, [tree.top, '-name', baseOf(tree.one), '-prune', '-o', '-print'], kept)
        await finds(
          kit,
          [tree.top, '-path', tree.one, '-prune'],
          [tree.one],
          '-prune is no action: what it is true for is printed.',
        )
      },
    ),
    check(
      'depth-first',
      '-depth visits what is in a folder before the folder',
      { spec: 'the-interface', hint: 'The same walk, but the question is asked on the way back.' },
      async (kit) => {
        const tree = plant(kit)
        await finds(kit, [tree.top, '-depth'], tree.all)
        await kit.program.run([tree.one, '-depth', '-type', 'd']).succeeds({ stdout: `${tree.deep}\n${tree.one}\n` })
      },
    ),
    check(
      'exec-each',
      '-exec runs a command for each file, with its path for {}',
      {
        spec: 'running-commands',
        hint: 'Replace {} in every word. Write out what you have printed before the command is started.',
      },
      async ({ program, random, scratch }) => {
        const [folder, word] = random.distinct(2, random.word) as [string, string]
        const path = scratch.file(`${folder}/${random.word()} ${random.word()}`, '')
        const args = [folder, '-type', 'f', '-print', '-exec', 'echo', word, '{}', '<{}>', ';', '-print']
        await program.run(args).succeeds({ stdout: `${path}\n${word} ${path} <${path}>\n${path}\n` })
      },
    ),
    check(
      'exec-test',
      '-exec is true if the command ended with status 0',
      {
        spec: 'running-commands',
        hint: 'What follows -exec is asked only if the command succeeded. Its failure is no error of find.',
      },
      async (kit) => {
        const tree = plant(kit)
        const word = kit.random.word()
        kit.scratch.append(tree.b, `${word}\n`)
        await finds(kit, [tree.top, '-type', 'f', '-exec', 'grep', '-q', word, '{}', ';', '-print'], [tree.b])
        await finds(kit, [tree.top, '-type', 'f', '!', '-exec', 'grep', '-q', word, '{}', ';'], [])
      },
    ),
    check(
      'exec-many',
      '-exec with + gives many paths to one command',
      {
        spec: 'running-commands',
        hint: 'Collect the paths, and run the command when the walk is over. It stands behind its own words, in the order found.',
      },
      async (kit) => {
        const tree = plant(kit)
        const word = kit.random.word()
        const script = `echo ${word}; for name do echo "$name"; done`
        const args = [tree.top, '-type', 'f', '-exec', 'sh', '-c', script, 'sh', '{}', '+']
        await finds(kit, args, [word, ...tree.files], 'The word stands for one start of the command.')
        await finds(kit, ['.', '-name', `no${word}`, '-exec', 'echo', '{}', '+'], [], 'Where nothing was found, nothing is run.')
      },
    ),
    check(
      'delete',
      '-delete removes files, and folders after what is in them',
      { spec: 'deleting', hint: '-delete turns on -depth. Folders are removed with rmdir, everything else with unlink.' },
      async (kit) => {
        const tree = plant(kit)
        await finds(kit, [tree.top, '-type', 'f', '-name', '*.txt', '-delete'], [])
        expect(kit.scratch.names(tree.one), `What is left in ${tree.one}`).toBe([baseOf(tree.deep)])
        await finds(
          kit,
          [tree.top, '-mindepth', '1', '-delete', '-name', '*.md', '-print'],
          [tree.b],
          '-delete is true if it worked.',
        )
        expect(kit.scratch.names(tree.top), `What is left in ${tree.top}`).toBe([])
      },
    ),
  ]),

  tier('holds', findHolds),
  tier('flies', findFlies),
])
