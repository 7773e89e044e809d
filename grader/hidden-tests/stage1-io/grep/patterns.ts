import { longestMatches, type Pattern, randomLines, randomPattern } from '../../../models/patterns.ts'
import { check, type Kit } from '../../../programs/kit.ts'

/** Searches lines for each pattern, and expects those that the test function picks. */
async function picks({ program, scratch }: Kit, lines: string[], cases: [args: string[], test: (line: string) => boolean][]) {
  const name = scratch.file('lines.txt', lines.map((line) => `${line}\n`).join(''))
  for (const [args, test] of cases) {
    const picked = lines.filter(test)
    const run = await program.run([...args, name])
    run.succeeds({ stdout: picked.map((line) => `${line}\n`).join('') })
  }
}

/** Tries all characters against all sets, each pair in a line of its own, in one search. */
async function sorts(kit: Kit, word: string, chars: string[], sets: [set: string, test: RegExp][]) {
  const patterns = sets.map(([set], n) => `${word}${n}[${set}];`).join('\n')
  const lines = sets.flatMap((_, n) => chars.map((char) => `${word}${n}${char};`))
  const member = (line: string) => sets[Number(line.charAt(word.length))]?.[1].test(line.charAt(word.length + 1)) ?? false
  await picks(kit, kit.random.shuffle(lines), [[[patterns], member]])
}

/** A test by one of the regular expressions of JavaScript. */
const like = (pattern: RegExp) => (line: string) => pattern.test(line)

/** The same length of word, so that one is never part of another. */
const words = ({ random }: Kit, count: number) => random.distinct(count, () => random.word().slice(0, 4))

export const patternChecks = [
  check(
    'any-character',
    'takes . for any character, and a backslash before a special one for that character',
    { spec: 'single-characters', hint: 'In a matcher by hand, "." is the first thing that is not a letter.' },
    async (kit) => {
      const [a, b] = words(kit, 2) as [string, string]
      const lines = [`${a}.${b}`, `${a}x${b}`, `${a}${b}`, `${a}*${b}`, `${a}^${b}`, `${a}[${b}`, `${a}\\${b}`]
      await picks(kit, lines, [
        [[`${a}.${b}`], (line) => line !== `${a}${b}`],
        [[`${a}\\.${b}`], (line) => line.includes('.')],
        [[`${a}[.*]${b}`], (line) => /[.*]/.test(line)],
        [['\\\\'], (line) => line.includes('\\')],
      ])
    },
  ),
  check(
    'brackets',
    'knows sets, ranges and their negation, and what is special in them',
    { spec: 'single-characters', hint: 'At the start ] is a member, - is one at the start or end, and a backslash always is.' },
    async (kit) => {
      const [a] = words(kit, 1) as [string]
      const tests: [string, RegExp][] = [
        ['a-m5', /[a-m5]/],
        ['^b-h0-4', /[^b-h0-4]/],
        [']q-', /[\]q-]/],
        ['\\^', /[\\^]/],
      ]
      await sorts(kit, a, [...'bhqz059 ]-^\\'], tests)
    },
  ),
  check(
    'classes',
    'knows the classes with names',
    { spec: 'single-characters', hint: 'They stand inside of brackets, beside other members: [[:digit:]_].' },
    async (kit) => {
      const [a] = words(kit, 1) as [string]
      const chars = ['b', 'Q', 'f', 'G', '7', ' ', '\t', '_', '-', '\x01', '\r', '~']
      const tests: [string, RegExp][] = [
        ['[:alpha:]', /[A-Za-z]/],
        ['[:digit:]-', /[0-9-]/],
        ['^[:alnum:]', /[^A-Za-z0-9]/],
        ['[:upper:][:blank:]', /[A-Z \t]/],
        ['[:lower:][:cntrl:]', /[a-z\x01\r\t]/],
        ['[:space:]', /\s/],
        ['[:punct:]', /[_~-]/],
        ['[:xdigit:]', /[0-9A-Fa-f]/],
        ['[:graph:]', /[!-~]/],
        ['^[:print:]', /[^ -~]/],
      ]
      await sorts(kit, a, chars, tests)
    },
  ),
  check(
    'repetition',
    'knows * and the intervals, and a star with nothing before it',
    { spec: 'repetition', hint: 'A repetition binds to the one character, set or group before it.' },
    async (kit) => {
      const [a, b] = words(kit, 2) as [string, string]
      const lines = [0, 1, 2, 3, 4, 5].map((count) => `${a}${'x'.repeat(count)}${b}`)
      const count = (low: number, high: number) => (line: string) => line.length - 8 >= low && line.length - 8 <= high
      await picks(
        kit,
        [...lines, `*${a}`, `${a}*`],
        [
          [[`${a}x*${b}`], count(0, 5)],
          [[`${a}x\\{3\\}${b}`], count(3, 3)],
          [[`${a}x\\{2,\\}${b}`], count(2, 5)],
          [[`${a}x\\{1,4\\}${b}`], count(1, 4)],
          [[`${a}xx*x${b}`], count(2, 5)],
          [[`*${a}`], (line) => line === `*${a}`],
        ],
      )
    },
  ),
  check(
    'anchors',
    'knows ^ and $ where they are anchors, and elsewhere as characters',
    { spec: 'anchors', hint: 'In a basic expression ^ is an anchor at the start only (also of a group), $ at the end only.' },
    async (kit) => {
      const [a, b] = words(kit, 2) as [string, string]
      const lines = [`${a}${b}`, `${b}${a}`, `${b}^${a}`, `${a}$${b}`, a, '']
      await picks(kit, lines, [
        [[`^${a}`], (line) => line.startsWith(a)],
        [[`${a}$`], (line) => line.endsWith(a)],
        [['^$'], (line) => line === ''],
        [[`${b}^${a}`], (line) => line === `${b}^${a}`],
        [[`${a}$${b}`], (line) => line === `${a}$${b}`],
        [[`\\(^${a}\\)${b}\\|\\(^${a}$\\)`], (line) => line === `${a}${b}` || line === a],
      ])
    },
  ),
  check(
    'word-anchors',
    'knows the edges of words, and the characters of words',
    { spec: 'anchors', hint: 'Look at the characters on both sides of a position; the edges of the line are no part of a word.' },
    async (kit) => {
      const [a] = words(kit, 1) as [string]
      const lines = [a, `x${a}`, `${a}x`, `(${a})`, `_${a}`, `${a} x`, `9${a}9`, `-${a}`, `${a}-x`]
      await picks(kit, lines, [
        [[`\\<${a}`], like(new RegExp(`\\b${a}`))],
        [[`${a}\\>`], like(new RegExp(`${a}\\b`))],
        [[`\\b${a}\\B`], like(new RegExp(`\\b${a}\\B`))],
        [[`${a}\\w`], like(new RegExp(`${a}\\w`))],
        [[`\\W${a}`], like(new RegExp(`\\W${a}`))],
      ])
    },
  ),
  check(
    'alternatives',
    'knows groups and alternatives',
    {
      spec: 'groups-and-alternatives',
      hint: "\\| has the lowest precedence: all to its left, or all to its right, up to the group's end.",
    },
    async (kit) => {
      const [a, b, c] = words(kit, 3) as [string, string, string]
      const lines = [`${a}${b}`, `${a}${c}`, `${b}${c}`, `${a}${b}${b}`, `${a}${c}${b}`, `x${b}`, c]
      await picks(kit, lines, [
        [[`^${a}\\|${c}$`], like(new RegExp(`^${a}|${c}$`))],
        [[`${a}\\(${b}\\|${c}\\)${b}`], like(new RegExp(`${a}(${b}|${c})${b}`))],
        [[`^\\(x\\|${a}\\)\\(${b}\\)\\{1,2\\}$`], like(new RegExp(`^(x|${a})(${b}){1,2}$`))],
      ])
    },
  ),
  check(
    'extended',
    '-E has the operators without backslashes, and plain characters with them',
    { spec: 'extended-expressions', hint: 'One parser for both: let it ask a tokenizer that knows which form is the operator.' },
    async (kit) => {
      const [a, b] = words(kit, 2) as [string, string]
      const lines = [`${a}${b}`, `${a}(${b})`, `${a}{${b}`, `${a}+${b}`, `${b}${b}`, a, `${a}|`, `${b})`]
      await picks(kit, lines, [
        [['-E', `^(${a}|${b}){2}$`], (line) => line === `${a}${b}` || line === `${b}${b}`],
        [['-E', `${a}\\(${b}\\)`], (line) => line === `${a}(${b})`],
        [['-E', `${a}(\\+|\\|)?(${b})?$`], (line) => [`${a}${b}`, `${a}+${b}`, a, `${a}|`].includes(line)],
        [[`${a}+\\|${a}|`], (line) => line === `${a}+${b}` || line === `${a}|`],
        [['-E', `(x|^)${a}$`], (line) => line === a],
      ])
    },
  ),
  check(
    'plain-braces',
    '-E takes a brace or parenthesis that means nothing for itself',
    { spec: 'extended-expressions', hint: 'Look ahead: a { is an operator only if numbers and a } follow.' },
    async (kit) => {
      const [a, b] = words(kit, 2) as [string, string]
      const lines = [`${a}{${b}`, `${b})`, `${a}${b}`, `${b}`]
      await picks(kit, lines, [
        [['-E', `${a}{${b}`], (line) => line === `${a}{${b}`],
        [['-E', `${b})`], (line) => line === `${b})`],
      ])
    },
  ),
  check(
    'random-patterns',
    'agrees with another matcher on patterns of all kinds',
    {
      spec: 'groups-and-alternatives',
      hint: [
        'Draw the tree of the pattern by hand and compare it with yours.',
        'A group may match nothing, and may be repeated.',
      ],
    },
    async (kit) => {
      const lines = randomLines(kit.random, 60)
      const patterns: Pattern[] = Array.from({ length: 10 }, () => randomPattern(kit.random))
      const cases = patterns.map(({ basic, extended, script }, n): [string[], (line: string) => boolean] => [
        n % 2 === 0 ? ['-xe', basic] : ['-Ee', `^(${extended})$`],
        like(new RegExp(`^(?:${script})$`)),
      ])
      await picks(
        kit,
        ['', ...lines, 'abc'],
        cases.map(([args, test]) => [['-e', '^abc$', ...args], (line) => test(line) || line === 'abc']),
      )
    },
  ),
  check(
    'back-references',
    'knows what a group has matched, in both grammars',
    { spec: 'back-references', hint: 'Groups count by their opening parentheses. Try every way in which a group can match.' },
    async (kit) => {
      const [a, b] = words(kit, 2) as [string, string]
      const lines = [`${a}${a}`, `${a}${b}`, `${a}${b}${b}${a}`, `${a}-${a}`, `${a}-${b}`, `${a}${b}${a}${b}`]
      await picks(kit, lines, [
        [[`^\\(${a}\\|${b}\\)\\1$`], like(/^(....)\1$/)],
        [['^\\(....\\)\\(....\\)\\2\\1$'], like(/^(....)(....)\2\1$/)],
        [['-E', '^((.*)-?)\\2$'], like(/^((.*)-?)\2$/)],
        [['-E', `(${a}|-)+\\1`], like(new RegExp(`(${a}|-)+\\1`))],
        [['\\(..*\\)\\1', '-x'], like(/^(..*)\1$/)],
      ])
    },
  ),
  check(
    'plain-patterns',
    '-F takes every character for itself',
    { spec: 'plain-patterns', hint: 'Leave out the parser, not the matcher.' },
    async (kit) => {
      const [a] = words(kit, 1) as [string]
      const lines = [`${a}.`, `${a}x`, `^${a}`, a, `${a}*`, `${a}\\`, `[${a}`]
      await picks(kit, lines, [
        [['-F', `${a}.`], (line) => line === `${a}.`],
        [['-F', `^${a}`], (line) => line === `^${a}`],
        [['-F', '-e', `${a}*`, '-e', '\\', '-e', '['], (line) => /[*\\[]/.test(line)],
      ])
    },
  ),
  check(
    'several-patterns',
    'selects a line in which any of the patterns is found',
    { spec: 'several-patterns', hint: 'Each line of a pattern is a pattern. An empty file holds none, not an empty one.' },
    async (kit) => {
      const [a, b, c, d] = words(kit, 4) as [string, string, string, string]
      kit.scratch.file('patterns', `${c}\n${d}$\n`)
      kit.scratch.file('none', '')
      const lines = [`-${a}`, b, c, d, `${d}x`, 'x', '']
      await picks(kit, lines, [
        [['-e', `-${a}`, '-e', b], (line) => [`-${a}`, b].includes(line)],
        [[`${b}\n${c}`], (line) => [b, c].includes(line)],
        [['-f', 'patterns', '-e', a], (line) => [`-${a}`, c, d].includes(line)],
        [['-v', '-f', 'none'], () => true],
        [['-e', ''], () => true],
      ])
    },
  ),
  check(
    'ignore-case',
    '-i ignores case in letters, brackets, ranges and back-references',
    { spec: 'case', hint: 'Add the other case to each set when you parse it, also to those that are negated.' },
    async (kit) => {
      const [a, b] = words(kit, 2) as [string, string]
      const upper = a.toUpperCase()
      const lines = [a, upper, `${b}${upper}${a}`, `Q${b}`, `q${b}`, `[${b}`, `${a}-${upper}`]
      await picks(kit, lines, [
        [['-i', `^${a}$`], (line) => line.toLowerCase() === a],
        [['-i', `^${upper}-`], (line) => line === `${a}-${upper}`],
        [['-i', `^[^q]${b}`], (line) => line === `[${b}`],
        [['-i', `^[P-R]${b}`], (line) => /^q/i.test(line)],
        [['-i', `^[[:upper:]]${b}`], (line) => /^q/i.test(line)],
        [['-iE', `(${a})-?\\1`], (line) => line.includes('-') || line.startsWith(b)],
      ])
    },
  ),
  check(
    'characters',
    'takes a character of several bytes for one',
    { spec: 'the-interface', hint: 'Decode UTF-8 while you match: a step eats one character, not one byte.' },
    async (kit) => {
      const lines = ['né', 'nee', 'NÉ', 'n€', 'n', 'nà']
      await picks(kit, lines, [
        [['^n.$'], (line) => ['né', 'n€', 'nà'].includes(line)],
        [['-i', 'é'], (line) => /é/i.test(line)],
        [['^n[éà]$'], (line) => line === 'né' || line === 'nà'],
        [['-x', 'n[^e]'], (line) => ['né', 'n€', 'nà'].includes(line)],
      ])
    },
  ),
  check(
    'words',
    '-w counts only matches that are whole words',
    { spec: 'words-and-lines', hint: 'If a match has a letter beside it, look for a shorter one, then for one further on.' },
    async (kit) => {
      const [a] = words(kit, 1) as [string]
      const lines = [a, `${a}s`, `${a}s ${a}`, `x${a}`, `(${a})`, `${a}_`, `${a}-x`, `${a}${a}`, `9${a}`]
      await picks(kit, lines, [
        [['-w', a], like(new RegExp(`(?<!\\w)${a}(?!\\w)`))],
        [['-w', `${a}.*`], like(new RegExp(`(?<!\\w)${a}`))],
        [['-wE', `${a}(s|${a})?`], like(new RegExp(`(?<!\\w)${a}(s|${a})?(?!\\w)`))],
      ])
    },
  ),
  check(
    'whole-lines',
    '-x counts only matches that are whole lines, of each alternative',
    { spec: 'words-and-lines', hint: 'The anchors go around all of the pattern, as if it were in a group.' },
    async (kit) => {
      const [a, b] = words(kit, 2) as [string, string]
      const lines = [a, `${a} `, `${a}${b}`, b, `${b}${a}`, `x${a}`]
      await picks(kit, lines, [
        [['-x', `${a}\\|${b}`], (line) => line === a || line === b],
        [['-wxE', `${a}|${a}${b}`], (line) => line === a || line === `${a}${b}`],
      ])
    },
  ),
  check(
    'only-matching',
    '-o shows each match, the longest of those that begin first',
    { spec: 'matches-only', hint: 'Do not stop at the first way that matches: follow all ways, and note the last end you see.' },
    async (kit) => {
      const { program, random, scratch } = kit
      const lines = [...randomLines(random, 25), 'aab ab b', 'abcabc', 'cabbage']
      const name = scratch.file('lines.txt', lines.map((line) => `${line}\n`).join(''))
      const patterns = ['a|a*b', 'abc|ab|abcabc', ...random.distinct(4, () => `${randomPattern(random).extended}|b`)]
      for (const pattern of patterns) {
        const matches = lines.flatMap((line) => longestMatches(line, pattern))
        await program.run(['-oE', pattern, name]).succeeds({ stdout: matches.map((match) => `${match}\n`).join('') })
      }
    },
  ),
]
