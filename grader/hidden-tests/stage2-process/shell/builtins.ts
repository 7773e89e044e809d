import { says, shower, shown } from '../../../models/shell.ts'
import { check } from '../../../programs/kit.ts'

/** The commands that are part of the shell. */
export const builtins = [
  check(
    'folders',
    'changes its folder, and knows it by the names that led there',
    {
      spec: 'folders',
      hint: 'Keep the path as text: put the operand behind it, take out . and .. with the name before it, then chdir(2).',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [one, two, link] = random.distinct(3, random.word) as [string, string, string]
      scratch.folder(`${one}/${two}`)
      scratch.link(`${one}/${two}`, link)
      const top = scratch.path()
      await says(kit, `pwd; cd ${one}; pwd; cd ${two}/../${two}; pwd; echo $PWD; echo $OLDPWD; ls -d ../${two}`, {
        stdout:
          ['', `/${one}`, `/${one}/${two}`, `/${one}/${two}`, `/${one}`].map((path) => `${top}${path}\n`).join('') +
          `../${two}\n`,
      })
      await says(kit, `cd ${link}; pwd; cd ..; pwd; cd ./${link}/; cd .; pwd; cd -; cd -; HOME=${top}/${one}; cd; pwd`, {
        stdout: [`/${link}`, '', `/${link}`, `/${link}`, `/${link}`, `/${one}`].map((path) => `${top}${path}\n`).join(''),
        why: '.. takes back the last name, also that of a link. cd - prints where it goes.',
      })
      await says(kit, `cd ${one}; cd no${two} 2> err || pwd; cd ../${one}/${two} && pwd; export PWD; sh -c 'echo $PWD'`, {
        stdout: `${top}/${one}\n${top}/${one}/${two}\n${top}/${one}/${two}\n`,
      })
    },
  ),
  check(
    'echo-and-exit',
    'prints with echo, and ends with exit',
    { spec: 'builtins', hint: 'Write with write(2), or flush before you start a program: it shares your standard output.' },
    async (kit) => {
      const { random } = kit
      const [a, b, c] = random.distinct(3, random.word) as [string, string, string]
      const status = random.int(2, 120)
      await says(
        kit,
        `echo  ${a}   "${b}  "; echo; echo -n ${c} -n; cat ${kit.scratch.file('text', `${b}\n`)}; exit ${status}; echo no`,
        {
          stdout: `${a} ${b}  \n\n${c} -n${b}\n`,
          status,
        },
      )
      await says(kit, `: ${a} $(echo ${b} >&2); echo $?; false; exit`, {
        stdout: '0\n',
        status: 1,
        why: 'exit alone ends with the last status.',
      })
    },
  ),
  check(
    'type',
    'says with type what a name is',
    { spec: 'builtins', hint: 'Look among the builtins first, then along PATH.' },
    async (kit) => {
      const { random, scratch, program } = kit
      const [name, none] = random.distinct(2, () => `${random.word()}${random.int(10, 99)}`) as [string, string]
      scratch.file(`bin/${name}`, '#!/bin/sh\n', { mode: 0o755 })
      const run = await program.run(['-c', `PATH=/nowhere:$PWD/bin:$PATH; type ${name}; type cd; type ${none} 2>&1 && echo no`])
      const why = 'The shell has to find the program along PATH, as it is now, and to know its own builtins.'
      const lines = run.stdout.toString().split('\n')
      const where = scratch.path(`bin/${name}`)
      const right = lines[0]?.includes(where) && /^cd .*builtin/.test(lines[1] ?? '') && !lines.includes('no')
      if (!right) run.succeeds({ stdout: `${name} is ${where}\ncd is a shell builtin\n${none}: not found\n`, why })
      await says(kit, `type ${none} 2>/dev/null >&2 || echo none; type true >/dev/null && echo ${name}`, {
        stdout: `none\n${name}\n`,
      })
    },
  ),
  check(
    'tests',
    'judges files, texts and numbers with test and [',
    {
      spec: 'tests',
      hint: 'Decide by the number of operands: one is a text, two an operator and an operand, three a comparison in the middle; then comes !.',
    },
    async (kit) => {
      const { random, scratch, program } = kit
      const [file, folder, link, empty, none] = random.distinct(5, random.word) as [string, string, string, string, string]
      scratch.file(file, 'x')
      scratch.file(empty, '', { mode: 0o755 })
      scratch.folder(folder)
      scratch.link(file, link)
      const number = random.int(11, 90)
      const cases: [string, number][] = [
        [`-e ${folder}`, 0],
        [`-e ${none}`, 1],
        [`-f ${link}`, 0],
        [`-f ${folder}`, 1],
        [`-d ${folder}`, 0],
        [`-d ${file}`, 1],
        [`-L ${link}`, 0],
        [`-L ${file}`, 1],
        [`-L ${none}`, 1],
        [`-s ${file}`, 0],
        [`-s ${empty}`, 1],
        [`-x ${empty}`, 0],
        [`-x ${file}`, 1],
        [`-r ${file}`, 0],
        [`-w ${none}`, 1],
        [`-n ${file}`, 0],
        ['-n ""', 1],
        ['-z ""', 0],
        [`-z ${file}`, 1],
        [`${file} = ${file}`, 0],
        [`${file} = ${folder}`, 1],
        [`${file} != ${folder}`, 0],
        [`${file} != ${file}`, 1],
        [`${number} -eq 0${number}`, 0],
        [`${number} -ne ${number}`, 1],
        [`9 -lt ${number}`, 0],
        [`${number} -lt ${number}`, 1],
        [`${number} -le ${number}`, 0],
        [`${number} -le 9`, 1],
        [`${number} -gt 9`, 0],
        [`${number} -gt ${number}`, 1],
        [`${number} -ge ${number}`, 0],
        [`-${number} -ge 9`, 1],
        [`! -e ${none}`, 0],
        [`! ${file} = ${file}`, 1],
        [`! ${file}`, 1],
        [file, 0],
        ['""', 1],
        ['', 1],
        ['-n', 0],
        ['-n = -n', 0],
        ['! = !', 0],
        [`${number} -eq ${file} 2>/dev/null`, 2],
      ]
      const drawn = random.shuffle(cases)
      const script = (form: (operands: string) => string) =>
        drawn.map(([operands]) => `${form(operands)}; echo $? ${quote(operands)}`).join('\n')
      const stdout = drawn.map(([operands, status]) => `${status} ${operands}\n`).join('')
      await program.run(['-c', script((operands) => `test ${operands}`)]).succeeds({ stdout, stderr: '' })
      const brackets = (operands: string) => `[ ${operands.replace(' 2>', ' ] 2>')}${operands.includes('2>') ? '' : ' ]'}`
      await program.run(['-c', script(brackets)]).succeeds({ stdout })
    },
  ),
  check(
    'reading',
    'reads a line with read, and shares it out among names',
    {
      spec: 'reading',
      hint: 'The last name gets the rest of the line as it is, without the blanks at its end. Without -r a backslash quotes.',
    },
    async (kit) => {
      const show = shower(kit.scratch)
      const [a, b, c, d] = kit.random.distinct(4, kit.random.word) as [string, string, string, string]
      const input = `  ${a}\t${b}  ${c}  \n${d}\n${a}\\ ${b} ${c}\\\\\\\n${d}\n${a}\\${b}\\\n\\\n${d}${a}\n${a}:${b}::${c}\n${d}`
      const script = `read x y; ${show} "$x" "$y"; read x y; ./show "$x" "$y"; read x y; ./show "$x" "$y"; read -r x; ./show "$x"; read x; ./show "$x"
IFS=: read x y z; ./show "$x" "$y" "$z"; read x; echo $?; ./show "$x"; read x || ./show "$x" $x "$y"`
      const stdout = [
        shown(a, `${b}  ${c}`),
        shown(d, ''),
        shown(`${a} ${b}`, `${c}\\${d}`),
        shown(`${a}\\${b}\\`),
        shown(d + a),
        shown(a, b, `:${c}`),
        '1\n',
        shown(d),
        shown('', b),
      ]
      await says(
        kit,
        `{ IFS=: read x y; ${show} "$x" "$y"; IFS=' :' read x y; ./show "$x" "$y"; } <<E\n${a}:${b}:\n${c} : ${d} ${a}:\nE\n`,
        {
          stdout: shown(a, b) + shown(c, `${d} ${a}:`),
        },
      )
      await kit.program.run(['-c', script], { stdin: input }).succeeds({ stdout: stdout.join('') })
    },
  ),
]

const quote = (text: string) => `'${text}'`
