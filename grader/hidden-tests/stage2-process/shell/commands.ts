import { says, tool } from '../../../models/shell.ts'
import { check, expect } from '../../../programs/kit.ts'

/** How commands are put together. */
export const commands = [
  check(
    'pipelines',
    'sends the output of each command to the next one, and has the status of the last',
    {
      spec: 'pipelines',
      hint: 'A pipe for each |. In each child dup2(2) its ends to 0 and 1, and close the originals, in the shell as well.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const lines = random.distinct(30, random.word)
      scratch.file('words', lines.map((line) => `${line}\n`).join(''))
      const sorted = [...lines].sort()
      await says(kit, 'cat words | sort | head -n 3|tail -n 1', { stdout: `${sorted[2]}\n` })
      const [one, two] = random.distinct(2, () => random.int(2, 99)) as [number, number]
      const [first, second] = [one, two].map((status) => tool(scratch, `leave${status}`, `cat > /dev/null; exit ${status}`))
      await says(
        kit,
        `cat words | ${first} | ${second}; echo $?; ${first} < words | cat; echo $?; ! ${first} < words; echo $?; ! true | true; echo $?`,
        {
          stdout: `${two}\n0\n0\n1\n`,
        },
      )
      await says(
        kit,
        `x=${sorted[0]}; x=${sorted[1]} | cat; cd / | cat; echo $x; cat words | grep -c . | { read x; echo $x; }; echo $x | tr a-z A-Z`,
        {
          stdout: `${sorted[0]}\n30\n${sorted[0]?.toUpperCase()}\n`,
          why: 'Builtins and groups may stand in a pipeline, too; each command there is in a subshell.',
        },
      )
    },
  ),
  check(
    'redirections',
    'redirects any descriptor, from the left to the right',
    {
      spec: 'redirections',
      hint: 'Open the file in the child (or for a builtin: in the shell, and put the old one back), then dup2(2). For N>&M it is dup2(M, N) at once.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const both = tool(scratch, 'both', 'cat; echo "$1"; echo "$2" >&2')
      const [a, b, c, d] = random.distinct(4, random.word) as [string, string, string, string]
      scratch.file('in', `${d}\n`)
      const expectFile = (name: string, text: string) => expect(scratch.read(name), `The content of ${name}`).toBeText(text)
      await says(kit, `${both} ${a} ${b} <in >out 2>err; >> out echo ${c}; >empty; echo ${c} > one; echo ${d} >one`, {
        stdout: '',
      })
      expectFile('out', `${d}\n${a}\n${c}\n`)
      expectFile('err', `${b}\n`)
      expectFile('empty', '')
      expectFile('one', `${d}\n`)
      await says(
        kit,
        `${both} ${a} ${b} <in >two 2>&1; ${both} ${a} ${b} 2>&1 <in >three; ${both} ${a} ${b} <in >&2 2>/dev/null`,
        {
          stdout: `${b}\n`,
          why: 'N>&M makes N lead where M leads at that moment; what happens to M later does not matter.',
        },
      )
      expectFile('two', `${d}\n${a}\n${b}\n`)
      expectFile('three', `${d}\n${a}\n`)
      await says(
        kit,
        `echo ${a} 3>four >&3; x='fi ve'; echo ${b} 2 >"$x" ${c}; cat 5<in <&5; { echo ${a}; echo ${b} >&3; } 3>&1 >six; echo ${d} >&1`,
        {
          stdout: `${d}\n${b}\n${d}\n`,
          why: 'They may be for other descriptors than 0, 1 and 2, and stand before and between words. A digit belongs to one only if no blank is between them.',
        },
      )
      expectFile('four', `${a}\n`)
      expectFile('fi ve', `${b} 2 ${c}\n`)
      expectFile('six', `${a}\n`)
    },
  ),
  check(
    'here-documents',
    'gives a command the lines that follow as its input',
    {
      spec: 'here-documents',
      hint: 'Read the lines when you come to the end of the line that asked for them. Whether the delimiter was quoted decides what is replaced.',
    },
    async (kit) => {
      const [a, b, c, end] = kit.random.distinct(4, kit.random.word) as [string, string, string, string]
      const script = `x="${a}  ${b}"
cat <<${end} | tr a-z A-Z; cat << '${end}'
"$x" '\${x}' \\$x \\\\ \\${c} $(echo ${c})
  ${end}
${end}
$x \\$(echo)
${end}
echo ${c}; cat <<-${end} 3<<"${c}"
\t\t${c} $x
\t\t\t${end}
${c}$x
${c}
cat <<${end} && echo ${c}
joined \\
${b}
${end}
`
      const first = `"${a}  ${b}" '${a}  ${b}' $x \\ \\${c} ${c}\n  ${end}\n`.toUpperCase()
      await says(kit, script, {
        stdout: `${first}$x \\$(echo)\n${c}\n${c} ${a}  ${b}\njoined ${b}\n${c}\n`,
      })
      await says(
        kit,
        `read x <<${end}; echo "<$x>"; { read x; cat; } <<${end}\n ${a} ${b}\n${end}\n${b}\n${c}\n${end}\necho "$x"`,
        {
          stdout: `<${a} ${b}>\n${c}\n${b}\n`,
        },
      )
    },
  ),
  check(
    'and-or',
    'goes on after && when all was well, and after || when it was not',
    {
      spec: 'and-or',
      hint: 'One loop from the left to the right: skip a pipeline whose operator does not fit the status so far, and keep that status.',
    },
    async (kit) => {
      const { random } = kit
      const [a, b, c] = random.distinct(3, random.word) as [string, string, string]
      const status = random.int(2, 99)
      await says(
        kit,
        `true && echo ${a}; false || echo ${b}; true || echo no; false && echo no; echo $?; echo ${c}&&false||echo ${a}`,
        {
          stdout: `${a}\n${b}\n1\n${c}\n${a}\n`,
        },
      )
      await says(
        kit,
        `true || echo no && echo ${a}; false && echo no || echo ${b}; false && echo no && echo no; ! false && echo ${c}; (exit ${status}) || (exit 7) || echo $?`,
        {
          stdout: `${a}\n${b}\n${c}\n7\n`,
          why: 'They are equal in rank: what was skipped leaves the status as it was.',
        },
      )
      await says(kit, `false || true | false && echo no; (exit ${status}) && echo no`, { stdout: '', status })
    },
  ),
  check(
    'groups',
    'runs ( … ) in a copy of the shell and { …; } in the shell itself',
    {
      spec: 'groups',
      hint: 'A subshell is a fork that goes on with the list and then exits. A { is a word of its own where a command begins, and nothing special elsewhere.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [a, b, c] = random.distinct(3, random.word) as [string, string, string]
      const status = random.int(2, 99)
      scratch.folder(a)
      await says(
        kit,
        `x=${a}; (x=${b}; cd $PWD/${a}; export x; echo $x; exit ${status}; echo no); echo $? $x; cd ${a} && echo ${c}`,
        {
          stdout: `${b}\n${status} ${a}\n${c}\n`,
        },
      )
      await says(kit, `x=${a}; { x=${b}; cd ${a}; }; echo $x { } a} {b,c; ls -d ../${a}; ( (exit ${status}) ; echo $?)`, {
        stdout: `${b} { } a} {b,c\n../${a}\n${status}\n`,
      })
      await says(kit, `{ (echo ${a}) }; { { echo ${b}; } }; echo ${c}`, {
        stdout: `${a}\n${b}\n${c}\n`,
        why: 'A group ends with its own ) or }: no ; is needed between that and the } of the group around it.',
      })
      await says(
        kit,
        `{ echo ${a}\n echo ${b} >&2\n\n} >out 2>&1; (cat; echo ${c}) <out | tr a-z A-Z; { exit ${status}; }; echo no`,
        {
          stdout: `${a}\n${b}\n${c}\n`.toUpperCase(),
          status,
          why: 'Redirections behind a group are for all in it.',
        },
      )
    },
  ),
  check(
    'background',
    'goes on at once after &, and waits for one or for all with wait',
    { spec: 'background', hint: 'Do not wait for the child; keep its number and, once it has ended, its status.' },
    async (kit) => {
      const { random, scratch } = kit
      const [a, b] = random.distinct(2, random.word) as [string, string]
      const [one, two] = random.distinct(2, () => random.int(2, 99)) as [number, number]
      const late = tool(scratch, 'late', 'until [ -e go ]; do sleep 0.05; done; echo $1; exit $2')
      await says(kit, `${late} ${a} ${one} & x=$!; echo $? ${b}; > go; wait $x; echo $?; wait $x$x; echo $?`, {
        stdout: `0 ${b}\n${a}\n${one}\n127\n`,
        why: 'The program behind & ends only when the shell has gone on.',
      })
      scratch.remove('go')
      await says(
        kit,
        `${late} ${a} ${one} & false || (${late} ${a} ${two}) & x=$!; { >go; }; wait; echo $? ${b}; wait $x; y=$?; [ $y = ${two} ] || [ $y = 127 ] && echo $x | tr 0-9 . | tr -s .`,
        {
          stdout: `${a}\n${a}\n0 ${b}\n.\n`,
          why: 'wait without an operand waits for all, and has status 0.',
        },
      )
      await says(kit, `(exit ${one}) & x=$!; false & (exit ${two}) & wait $!; echo $?; wait $x; echo $?; cat & wait; echo ${b}`, {
        stdout: `${two}\n${one}\n${b}\n`,
        stdin: `${a}\n`,
        why: 'The status is kept until somebody asks; and what runs in the background has an empty input.',
      })
    },
  ),
]
