import { says, shower, shown } from '../../../models/shell.ts'
import { check } from '../../../programs/kit.ts'

const SPECIAL = ['|', '&', ';', '<', '>', '(', ')', '#', '*', '?', '[a]', '~', '{', '}', '!', '$', '`']

/** What becomes of words before a command sees them. */
/** The words that print a variable of the environment. */
const printing = (name: string) => `sh -c 'echo $${name}'`

export const words = [
  check(
    'quotes',
    'takes what is quoted as it is, and puts the parts of a word together',
    {
      spec: 'quotes',
      hint: 'Go through a line character by character, and remember in which quotes you are. A word ends at a blank outside of quotes, not at a quote.',
    },
    async (kit) => {
      const { random } = kit
      const show = shower(kit.scratch)
      const [one, two, three] = random.distinct(3, random.word) as [string, string, string]
      const [special, other] = random.distinct(2, () => random.pick(SPECIAL)) as [string, string]
      const quoted = (text: string) => text.replace(/[`$]/g, '\\$&')
      await says(kit, `${show} '${one}  "${special}\\n'`, { stdout: shown(`${one}  "${special}\\n`) })
      await says(kit, `${show} "${quoted(special)}  '${two}" \\${other}\\ \\"\\'`, {
        stdout: shown(`${special}  '${two}`, `${other} "'`),
      })
      await says(kit, `${show} ${one}"${two} "'${three}'\\${special} "" ''`, {
        stdout: shown(`${one}${two} ${three}${special}`, '', ''),
        why: 'Quotes do not end a word, and two quotes with nothing in between are an empty one.',
      })
      await says(kit, `${show} "\\${one} \\\\ \\" \\' \\$x"`, {
        stdout: shown(`\\${one} \\ " \\' $x`),
        why: 'Between double quotes a backslash quotes only $, `, ", \\ and newlines.',
      })
    },
  ),
  check(
    'lines',
    'knows comments, semicolons, joined lines, and commands and quotes that span lines',
    {
      spec: 'comments-and-lines',
      hint: 'A # begins a comment only where a word could begin. A backslash and a newline are nothing at all.',
    },
    async (kit) => {
      const [a, b, c, d] = kit.random.distinct(4, kit.random.word) as [string, string, string, string]
      const script = `echo ${a}#${b} '#' # ${c} ' "
        echo ${b} ${c}\\
${d} \\
  ${a};echo ${c}; echo "${d}
 ${a}" |
        # not a command
        cat &&

        echo \\${b}; `
      const stdout = `${a}#${b} #\n${b} ${c}${d} ${a}\n${c}\n${d}\n ${a}\n${b}\n`
      await says(kit, script, { stdout })
      await kit.program.run([kit.scratch.file('script', script)]).succeeds({ stdout })
      await says(kit, `echo ${a} # ${b}\\`, {
        stdout: `${a}\n`,
        why: 'A comment ends with its line, and nothing joins it to another.',
      })
      await says(kit, `${shower(kit.scratch)} ${c}\\`, { stdout: shown(`${c}\\`) })
    },
  ),
  check(
    'variables',
    'replaces variables, outside of quotes and between double ones',
    {
      spec: 'variables',
      hint: 'Keep a table of names. $NAME ends at the first character that is no letter, digit or underscore.',
    },
    async (kit) => {
      const { random } = kit
      const show = shower(kit.scratch)
      const [x, y, name] = random.distinct(3, random.word) as [string, string, string]
      const [one, two] = random.distinct(2, random.word) as [string, string]
      const why = 'What is not set is empty.'
      const script = `${x}_1=${one}; ${y}='${two}  ${one}' \n ${name}=$${x}_1."$${y}"'$${x}'`
      await says(kit, `${script}; ${show} "$${name}" $${x}_1-\${${x}_1}2 "\\$${y}" $ "a$"`, {
        stdout: shown(`${one}.${two}  ${one}$${x}`, `${one}-${one}2`, `$${y}`, '$', 'a$'),
      })
      await says(kit, `${x}=${one}; ${show} "$${y}" $${x} "<$${name}>"`, { stdout: shown('', one, '<>'), why })
      await says(kit, `${x}=${one} ${y}=${two}; unset ${x}; echo "<$${x}$${y}>"`, { stdout: `<${two}>\n`, why })
    },
  ),
  check(
    'environment',
    'gives programs the variables that are exported, and those set for them alone',
    {
      spec: 'the-environment',
      hint: 'Keep a mark with each variable. The child gets the marked ones, and those that stand before its name.',
    },
    async (kit) => {
      const { random } = kit
      const [own, other, alone, given] = random.distinct(4, () => `${random.word()}_x`) as [string, string, string, string]
      const [a, b, c, d] = random.distinct(4, random.word) as [string, string, string, string]
      const env = `env | grep '_x=' | sort`
      const list = (settings: Record<string, string>) =>
        Object.entries(settings)
          .map(([name, value]) => `${name}=${value}\n`)
          .sort()
          .join('')
      const script = `${own}=${a}; export ${other}=${b}; ${env}; echo; ${alone}=${c} ${env}; echo $${alone}; ${given}=${d}; export ${own}; ${env}; unset ${other}; ${other}=${a}; ${env}`
      const first = { [other]: b, [given]: c }
      const last = { [own]: a, [given]: d }
      const stdout = [list(first), '\n', list({ ...first, [alone]: c }), '\n', list({ ...last, [other]: b }), list(last)].join('')
      await says(kit, script, { stdout, env: { [given]: c } })
      const why = 'The assignment holds for that command alone, and the old value comes back.'
      await says(kit, `${own}=${a}; ${own}=${b} ${printing(own)}; echo $${own}`, { stdout: `${b}\n${a}\n`, why })
    },
  ),
  check(
    'arguments',
    'has its arguments in $0, $1 and so on, and all of them in $@ and $*',
    {
      spec: 'special-parameters',
      hint: '"$@" makes as many words as there are arguments, whatever is in them; $* outside of quotes is split like all else.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [name, one, two] = random.distinct(3, random.word) as [string, string, string]
      const args = [one, `${two}  ${one}`, '', '*']
      const script = `${shower(scratch)} $# "$0" $2 "$@"; ./show "$*" a"$@"b; ./show "$3" "$5"; ./show $*`
      const stdout = [
        shown('4', name, two, one, ...args),
        shown(args.join(' '), `a${one}`, ...args.slice(1, -1), '*b'),
        shown('', ''),
        shown(one, two, one, ...[name, 'show'].sort()),
      ]
      scratch.file(name, script)
      const run = (args: string[]) => kit.program.run(args)
      await run(['-c', script, name, ...args]).succeeds({ stdout: stdout.join('') })
      await run([name, ...args]).succeeds({ stdout: stdout.join('') })
      await says(kit, './show "$@" "$*" $#', { stdout: shown('', '0'), why: 'Without arguments "$@" is no word at all.' })
    },
  ),
  check(
    'status-and-number',
    'has the last status in $?, and its process number in $$',
    { spec: 'special-parameters', hint: 'A subshell is still the same $$. $? changes with each pipeline.' },
    async (kit) => {
      const status = kit.random.int(2, 120)
      const script = `sh -c 'exit ${status}'; echo $? "$?"; echo $?; sh -c 'echo $PPID'; echo $$; (echo $$); true`
      await says(kit, `(exit ${status}); (echo $?; exit 4); echo $(echo $?) | cat; false; { echo $?; }`, {
        stdout: `${status}\n4\n1\n`,
        why: 'A subshell begins with the status that the shell has.',
      })
      const run = await kit.program.run(['-c', script])
      const [number = ''] = run.stdout.toString().split('\n').slice(3)
      run.succeeds({
        stdout: `${status} ${status}\n0\n${`${number}\n`.repeat(3)}`,
        why: 'The three numbers are the parent of a program, $$, and $$ in a subshell.',
      })
    },
  ),
  check(
    'splitting',
    'splits what comes out of variables at blanks, and nothing else',
    { spec: 'splitting', hint: 'Remember of each character whether it came out of an unquoted $: only these can separate.' },
    async (kit) => {
      const show = shower(kit.scratch)
      const [a, b, c] = kit.random.distinct(3, kit.random.word) as [string, string, string]
      const value = `  ${a}\t\n ${b} `
      await says(kit, `x='${value}'; ${show} $x ${c}$x'${c}' "$x" $x$x`, {
        stdout: shown(a, b, c, a, b, c, value, a, b, a, b),
      })
      await says(kit, `x='${value}'; y=$x; ${show} $nothing "$y" ''$nothing $nothing`, {
        stdout: shown(value, ''),
        why: 'The value of an assignment is not split; what is replaced by nothing is no word.',
      })
      await says(kit, `x='${a} | cat; "${b}" $y $(echo)'; y=${c}; ${show} $x`, {
        stdout: shown(a, '|', 'cat;', `"${b}"`, '$y', '$(echo)'),
        why: 'What comes out of a variable is not read as a script again.',
      })
    },
  ),
  check(
    'separators',
    'splits at the characters of IFS',
    {
      spec: 'splitting',
      hint: 'Blanks in IFS separate as many as they are; any other character ends a word each time, so that there can be empty ones.',
    },
    async (kit) => {
      const show = shower(kit.scratch)
      const [a, b, c] = kit.random.distinct(3, kit.random.word) as [string, string, string]
      const mark = kit.random.pick([':', ',', '/'])
      await says(kit, `IFS='${mark}'; x='${a} ${b}${mark}${mark}${c}${mark}'; ${show} $x "$x" ${a}${mark}${b}`, {
        stdout: shown(`${a} ${b}`, '', c, `${a} ${b}${mark}${mark}${c}${mark}`, `${a}${mark}${b}`),
      })
      await says(kit, `IFS=' ${mark}'; x=' ${a} ${mark}  ${b}  ${c}${mark} ${mark}'; ${show} $x`, { stdout: shown(a, b, c, '') })
      await says(kit, `IFS=${mark}; ${show} "$*"; IFS=; x='${a} ${b}'; ${show} $x`, {
        args: ['name', a, b],
        stdout: shown(a + mark + b) + shown(`${a} ${b}`),
        why: 'The first character joins "$*"; an empty IFS splits nothing.',
      })
    },
  ),
  check(
    'substitution',
    'replaces $(…) by what its commands write',
    {
      spec: 'substitution',
      hint: 'Parse what is between the parentheses as a script, so that quotes and parentheses in it are its own.',
    },
    async (kit) => {
      const show = shower(kit.scratch)
      const [a, b, c] = kit.random.distinct(3, kit.random.word) as [string, string, string]
      await says(kit, `${show} "$(echo "${a}  ${b}"; echo; echo)" x$(echo ${b} ${c})y`, {
        stdout: shown(`${a}  ${b}`, `x${b}`, `${c}y`),
        why: 'Newlines at the end are taken off; outside of quotes the rest is split.',
      })
      await says(kit, `x=$(printf '\\n${a}\\n\\n${b}\\n'); ${show} "$x" "$(echo "<$(echo '")' "${c})")>")"`, {
        stdout: shown(`\n${a}\n\n${b}`, `<") ${c})>`),
      })
      const status = kit.random.int(3, 99)
      await says(kit, `x=${a}; y=$(x=${b}; echo $x | tr a-z A-Z; exit ${status}); echo $? $x $y; z=$x; echo $?`, {
        stdout: `${status} ${a} ${b.toUpperCase()}\n0\n`,
        why: 'It is a subshell; and an assignment alone has the status of the substitution in it, or 0.',
      })
    },
  ),
  check(
    'file-names',
    'replaces patterns by the paths that match, in order, and leaves those that match none',
    {
      spec: 'file-names',
      hint: 'Match folder by folder, from the left to the right. Keep which characters were quoted until then.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const show = shower(scratch)
      const [a, b, c, deep] = random.distinct(4, random.word) as [string, string, string, string]
      const names = [`${a}.c`, `${b}.c`, `${c} ${a}.c`].sort()
      for (const name of [...names, `.${a}.c`, `${a}.d`, 'x*y', 'x-y']) scratch.file(`f/${name}`, '')
      for (const name of [`f/${deep}/1.e`, `f/${deep}2/3.e`, `f/.${deep}/4.e`]) scratch.file(name, '')
      await says(kit, `cd f; .${show} *.c "*.c" '*'.c \\*.c *.none; x='*.c'; .${show} $x "$x" x"*"y`, {
        stdout: shown(...names, '*.c', '*.c', '*.c', '*.none') + shown(...names, '*.c', 'x*y'),
      })
      await says(
        kit,
        `cd f; .${show} */[0-9].e ${deep}?/?.e */; .${show} .[!.]*.c x[!*]y x[*-]y; .${show} ../f/${a}.[cd] ${deep}/*.c`,
        {
          stdout:
            shown(`${deep}/1.e`, `${deep}2/3.e`, `${deep}2/3.e`, `${deep}/`, `${deep}2/`) +
            shown(`.${a}.c`, 'x-y', 'x*y', 'x-y') +
            shown(`../f/${a}.c`, `../f/${a}.d`, `${deep}/*.c`),
          why: 'No pattern matches a slash, and * and ? do not match a dot at the start of a name.',
        },
      )
      for (const name of [`g/${a}-*/1.c`, `g/${a}-${b}/2.c`]) scratch.file(name, '')
      await says(kit, `x='${a}-*'; ${show} "g/$x"/*.c g/'${a}-'?/*; ./show g/${a}-*/*`, {
        stdout: shown(`g/${a}-*/1.c`, `g/${a}-*/1.c`) + shown(`g/${a}-*/1.c`, `g/${a}-${b}/2.c`),
        why: 'Some characters of a path may be quoted, and others not.',
      })
    },
  ),
  check(
    'home',
    'replaces a tilde at the start of a word by HOME',
    { spec: 'home', hint: 'Only an unquoted ~ that stands alone or before a slash counts. What it becomes is not split.' },
    async (kit) => {
      const show = shower(kit.scratch)
      const [a, b] = kit.random.distinct(2, kit.random.word) as [string, string]
      await says(kit, `HOME='/${a} *'; x=~ y=~/${b}; ${show} ~ ~/${b} "~" \\~ ${a}~ '~/' "$x" "$y"; x='~'; ${show} $x`, {
        stdout: shown(`/${a} *`, `/${a} */${b}`, '~', '~', `${a}~`, '~/', `/${a} *`, `/${a} */${b}`) + shown('~'),
      })
    },
  ),
]
