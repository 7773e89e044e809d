import { by, byBytes, fieldOf, first, mixed, reversed, sorted, ties, toText, words } from '../../models/sort.ts'
import { check, expect, hiddenTests, type Kit, tier } from '../../programs/kit.ts'
import { sortFlies, sortHolds } from './sort/large.ts'

/** Runs it on lines from standard input. */
const gives = ({ program }: Kit, args: string[], lines: string[], wanted: string[], why = '') =>
  program.run(args, { stdin: toText(lines) }).succeeds({ stdout: toText(wanted), why })

export default hiddenTests('stage1-io/sort', [
  tier('runs', [
    check(
      'lines',
      'sorts the lines of standard input',
      { spec: 'lines', hint: 'Read everything, cut it at the newlines, sort, and write each line with a newline.' },
      async (kit) => {
        const lines = words(kit.random, 12)
        await gives(kit, [], lines, sorted(lines))
      },
    ),
    check(
      'files',
      'sorts the lines of several files together',
      {
        spec: 'several-files',
        hint: 'Collect the lines of all inputs first. A file that does not end in a newline ends its last line all the same.',
      },
      async ({ program, random, scratch }) => {
        const [a, b, c, d, e] = words(random, 5)
        const args = [scratch.file('one', `${a}\n${b}`), '-', scratch.file('two', `${c}\n${d}`)]
        await program.run(args, { stdin: `${e}\n` }).succeeds({ stdout: toText(sorted([a, b, c, d, e] as string[])) })
      },
    ),
  ]),

  tier('works', [
    check(
      'byte-order',
      'compares lines by their bytes',
      {
        spec: 'lines',
        hint: 'No locale, no case, no numbers: the first byte in which two lines differ decides, and a line comes before its continuations.',
      },
      async (kit) => {
        const word = kit.random.word()
        const marks = ['', '_', ' ', 'é', '~', '-', '\t', '\u{ffff}', '𐍈']
        const lines = [...marks.map((mark) => mark + word), `${word}s`, `${word}-`, word.toUpperCase(), '10', '9', 'Z']
        await gives(kit, [], mixed(kit.random, lines), sorted(lines))
      },
    ),
    check(
      'reverse',
      '-r reverses the order',
      { spec: 'reverse', hint: 'Turn the result of each comparison around.' },
      async (kit) => {
        const lines = words(kit.random, 9)
        await gives(kit, ['-r'], lines, sorted(lines).reverse())
      },
    ),
    check(
      'numbers',
      '-n compares by number: signs, points, blanks, and what is no number',
      {
        spec: 'numbers',
        hint: 'Read it by hand: blanks, a minus sign, digits, a point, digits. A part may be missing; nothing at all is 0.',
      },
      async (kit) => {
        const n = kit.random.int(12, 90)
        const word = kit.random.word()
        const small = [
          `-${n}00`,
          `-${n}.55`,
          `-${n}.5 9`,
          ` -${n}`,
          '-1.25',
          '-1.2',
          '-1',
          '-.5',
          word,
          '.25',
          '0.5',
          '1',
          '1.05',
          '1.5',
          '\t9',
        ]
        const wanted = [...small, `${n}`, `${n}.05${word}`, ` \t${n}.3`, `0${n}1`, '1000', '1000.001', '10000']
        await gives(kit, ['-n'], mixed(kit.random, wanted), wanted)
      },
    ),
    check(
      'fold-case',
      '-f takes lower-case letters for upper-case ones while it compares',
      {
        spec: 'case',
        hint: 'Compare with a to z replaced by A to Z, and write the line itself. The _ stands between Z and a: folding to lower case is not the same.',
      },
      async (kit) => {
        const [a, b, c, d] = sorted(words(kit.random, 4)) as [string, string, string, string]
        const lines = [d, `${c.toUpperCase()}x`, `${b}_`, `${b}b`, a.toUpperCase(), `é${a}`, `É${d}`]
        await gives(
          kit,
          ['-f'],
          mixed(kit.random, lines),
          sorted(
            lines,
            first((x, y) => byBytes(upper(x), upper(y)), byBytes),
          ),
        )
      },
    ),
    check(
      'key-field',
      '-k2,2 compares by the second field',
      { spec: 'fields-and-keys', hint: 'Cut the field out of each line, and compare those. The key ends with its field.' },
      async (kit) => {
        const lines = ties(kit.random, 9)
        await gives(kit, ['-k2,2'], lines, sorted(lines, first(by(fieldOf(2)), byBytes)))
      },
    ),
    check(
      'key-to-end',
      '-k2 compares from the second field to the end of the line',
      { spec: 'fields-and-keys', hint: 'Without a comma the key goes on to the end of the line.' },
      async (kit) => {
        const lines = ties(kit.random, 9, 2)
        await gives(
          kit,
          ['-k', '2'],
          lines,
          sorted(
            lines,
            by((line) => line.slice(line.indexOf(' '))),
          ),
        )
      },
    ),
    check(
      'key-characters',
      '-k1.3,1.4 compares by the third and fourth character',
      {
        spec: 'fields-and-keys',
        hint: 'Both characters belong to the key. Behind the end of a line there is nothing: a short line has an empty key.',
      },
      async (kit) => {
        const [c, d] = sorted(kit.random.distinct(2, () => kit.random.pick([...'bdfgklmn'])))
        const v = kit.random.pick([...'eiou'])
        const lines = ['x', `cc${d}a`, `zz${c}${v}z`, `yy${c}a`, `aa${d}${v} b`, `bb${d}${v}a`, `ab${c}`, `ac${c}${v}b`]
        await gives(
          kit,
          ['-s', '-k1.3,1.4'],
          lines,
          sorted(
            lines,
            by((line) => line.slice(2, 4)),
          ),
        )
      },
    ),
    check(
      'several-keys',
      'compares by a second key where the first is equal, each with letters of its own',
      {
        spec: 'fields-and-keys',
        hint: 'Go through the keys until one tells the lines apart. The letters n, r, f and b behind a key are for that key.',
      },
      async (kit) => {
        const lines = ties(kit.random, 20, 3)
        const number = by((line) => Number(fieldOf(3)(line)))
        await gives(kit, ['-k2,2', '-k3,3nr'], lines, sorted(lines, first(by(fieldOf(2)), reversed(number))))
        await gives(kit, ['-k2r,2', '-k3n'], lines, sorted(lines, first(reversed(by(fieldOf(2))), number)))
      },
    ),
    check(
      'own-letters',
      'gives the general letters only to keys that have none of their own',
      {
        spec: 'fields-and-keys',
        hint: 'When a key has any letter behind it, it takes none of the letters given outside of keys, not even -r.',
      },
      async (kit) => {
        const lines = ties(kit.random, 14, 3)
        const number = by((line) => Number(fieldOf(3)(line)))
        await gives(kit, ['-r', '-k2,2', '-k3,3n'], lines, sorted(lines, first(reversed(by(fieldOf(2))), number)))
      },
    ),
    check(
      'separator',
      '-t separates fields by a character, each occurrence of it',
      {
        spec: 'separators',
        hint: 'Two separators in a row have an empty field between them; blanks are then characters like others.',
      },
      async (kit) => {
        const [a, b, c, d] = sorted(words(kit.random, 4))
        const lines = [`z:${c}:1`, `y::${a}`, `x:${d} ${a}:0`, `w:${d}:9`, `v: ${d}:3`, `u:${b}:${a}`, 't']
        const second = (line: string) => line.split(':')[1] ?? ''
        await gives(kit, ['-s', '-t:', '-k2,2'], lines, sorted(lines, by(second)))
        const spanning = [`q:${b}:${c}`, `r:${b}${c}:`, `s:${b}:${a}`]
        await gives(
          kit,
          ['-t', ':', '-k2,3'],
          spanning,
          sorted(
            spanning,
            by((line) => line.slice(2)),
          ),
        )
      },
    ),
    check(
      'blanks',
      'lets the blanks before a word belong to its field, unless -b says otherwise',
      {
        spec: 'blanks',
        hint: 'A field begins with its blanks, and they are compared. With -b the key, and the count of characters in it, begins behind them.',
      },
      async (kit) => {
        const [a, b, c] = sorted(words(kit.random, 3)) as [string, string, string]
        const lines = [`z   ${c} 1`, `y ${a} 2`, `x \t${b} 3`]
        await gives(
          kit,
          ['-k2,2'],
          lines,
          [lines[2], lines[0], lines[1]] as string[],
          'Blanks before a word are part of its field.',
        )
        await gives(kit, ['-b', '-k2,2'], lines, [lines[1], lines[2], lines[0]] as string[], '-b leaves them out.')
        const places = ['a   qx9', 'b qz1', 'c  qy5']
        await gives(
          kit,
          ['-k2.2b,2.2b'],
          places,
          [places[0], places[2], places[1]] as string[],
          'Characters are counted behind the blanks.',
        )
      },
    ),
    check(
      'ties',
      'compares lines with equal keys by all their bytes',
      {
        spec: 'ties',
        hint: 'When no key tells two lines apart, compare the lines; a general -r holds there too, an r of a key does not.',
      },
      async (kit) => {
        const lines = ties(kit.random, 12, 3)
        await gives(kit, ['-r', '-k2,2'], lines, sorted(lines, reversed(first(by(fieldOf(2)), byBytes))))
        await gives(kit, ['-k2,2r'], lines, sorted(lines, first(reversed(by(fieldOf(2))), byBytes)))
      },
    ),
    check(
      'stable',
      '-s leaves lines with equal keys in the order of the input',
      {
        spec: 'ties',
        hint: 'Leave the comparison of last resort out, and use a sort that is stable (merge sort is, quicksort is not).',
      },
      async (kit) => {
        const lines = ties(kit.random, 40, 3)
        await gives(kit, ['-s', '-k2,2'], lines, sorted(lines, by(fieldOf(2))))
      },
    ),
    check(
      'stable-reverse',
      '-s -r too leaves lines with equal keys in the order of the input',
      { spec: 'ties', hint: 'Turn each comparison around, not the finished list.' },
      async (kit) => {
        const lines = ties(kit.random, 40, 3)
        await gives(kit, ['-s', '-r', '-k2,2'], lines, sorted(lines, reversed(by(fieldOf(2)))))
      },
    ),
    check(
      'unique',
      '-u writes the first of several equal lines',
      { spec: 'unique-lines', hint: 'After sorting, equal lines stand side by side: compare each with the one written last.' },
      async (kit) => {
        const [a, b, c] = words(kit.random, 3) as [string, string, string]
        await gives(kit, ['-u'], [c, a, b, a, c, a], sorted([a, b, c]))
      },
    ),
    check(
      'unique-keys',
      '-u takes lines with equal keys for equal, and keeps the first in the input',
      {
        spec: 'unique-lines',
        hint: 'Equal is what the keys say. Without a comparison of last resort, a stable sort leaves the first one in front.',
      },
      async (kit) => {
        const lines = ties(kit.random, 30, 5)
        const wanted = lines.filter((line, n) => lines.findIndex((other) => fieldOf(2)(other) === fieldOf(2)(line)) === n)
        await gives(kit, ['-u', '-k2,2'], lines, sorted(wanted, by(fieldOf(2))))
      },
    ),
    check(
      'zero-ended',
      '-z takes and writes lines that end in a zero byte',
      { spec: 'zero-ended-lines', hint: 'Only the byte that ends a line changes, in the input and in the output.' },
      async ({ program, random }) => {
        const [a, b, c] = words(random, 3)
        const lines = [`${b}\nx`, `${c}\n`, `\n${a}`, `${a} `]
        await program.run(['-z'], { stdin: toText(lines, '\0') }).succeeds({ stdout: toText(sorted(lines), '\0') })
      },
    ),
    check(
      'check-order',
      '-c tells by its status whether the input is sorted',
      {
        spec: 'checking',
        hint: 'Compare each line with the one before. Nothing goes to standard output; where the disorder is goes to standard error.',
      },
      async ({ program, random, scratch }) => {
        const lines = sorted(words(random, 6))
        await program.run(['-c'], { stdin: toText(lines) }).succeeds({ stdout: '' })
        await program
          .run(['-c', scratch.file('list', toText([...lines.slice(1), lines[0] as string]))])
          .fails({ status: 1, stdout: '' })
      },
    ),
    check(
      'check-options',
      '-c knows the order that the other options ask for',
      {
        spec: 'checking',
        hint: 'Use the same comparison as for sorting. With -u, equal neighbours are disorder; without it they are not.',
      },
      async ({ program, random }) => {
        const n = random.int(2, 9)
        const stdin = `x ${n}0\nb ${n}0\na ${n}00\n`
        await program.run(['-c', '-s', '-k2,2n'], { stdin }).succeeds({ stdout: '', why: 'Equal keys are in order.' })
        await program.run(['-c', '-u', '-k2,2n'], { stdin }).fails({ status: 1, stdout: '', why: 'With -u equal keys are not.' })
      },
    ),
    check(
      'merge',
      '-m merges files that are sorted',
      {
        spec: 'merging',
        hint: 'Hold the first line of each file; write the least, and read the next line of the file that it came from.',
      },
      async ({ program, random, scratch }) => {
        const numbers = random.distinct(30, () => `${random.int(-50, 2000)}`)
        const order = by(Number)
        const parts = [numbers.slice(0, 3), numbers.slice(3, 25), [], numbers.slice(25)]
        const files = parts.map((part, n) => scratch.file(`part${n}`, toText(sorted(part, order))))
        await program.run(['-n', '-m', ...files]).succeeds({ stdout: toText(sorted(numbers, order)) })
      },
    ),
    check(
      'output-file',
      '-o writes to a file',
      { spec: 'output-file', hint: 'An option may stand behind the files, and its value may be part of the same argument.' },
      async ({ program, random, scratch }) => {
        const lines = words(random, 5)
        await program.run([scratch.file('in', toText(lines)), '-r', '-oout']).succeeds({ stdout: '' })
        expect(scratch.read('out'), 'The file out').toBeText(toText(sorted(lines).reverse()))
      },
    ),
  ]),
  tier('holds', sortHolds),
  tier('flies', sortFlies),
])

const upper = (line: string) => line.replace(/[a-z]/g, (letter) => letter.toUpperCase())
