import { check, hiddenTests, tier } from '../../programs/kit.ts'
import { containers } from './mini-python/containers.ts'
import { edges } from './mini-python/edges.ts'
import { errors } from './mini-python/errors.ts'
import { functions } from './mini-python/functions.ts'
import { growth } from './mini-python/growth.ts'
import { objects } from './mini-python/objects.ts'
import { FILE, prints, runs } from './mini-python/prints.ts'
import { randomHolds, randomWorks } from './mini-python/random.ts'
import { rules } from './mini-python/rules.ts'
import { values } from './mini-python/values.ts'

export default hiddenTests('stage5-lang/mini-python', [
  tier('runs', [
    check(
      'print',
      'prints what a program in a file tells it to',
      { spec: 'printing', hint: 'For a start: a line is print, a parenthesis, and strings or numbers with commas between them.' },
      async (kit) => {
        const [a, b, c] = kit.random.distinct(3, kit.random.word) as [string, string, string]
        const n = kit.random.int(11, 99)
        await runs(kit, `# ${c}\nprint("${a}", '${b}', ${n})\n\nprint('${c}')  # twice\nprint()\n`, `${a} ${b} ${n}\n${c}\n\n`)
      },
    ),
    check(
      'standard-input',
      'runs a program that comes on standard input',
      { spec: 'standard-input', hint: 'Without an argument read all of standard input, and run that.' },
      async ({ program, random }) => {
        const [a, b] = random.distinct(2, random.word) as [string, string]
        await program
          .run([], { stdin: `print("${a}")\nprint('${b}', ${a.length})\n` })
          .succeeds({ stdout: `${a}\n${b} ${a.length}\n` })
      },
    ),
    check(
      'arithmetic',
      'calculates with numbers and names',
      { spec: 'numbers-and-names', hint: 'A function for each level of precedence, each calling the next one for its operands.' },
      async (kit) => {
        const [a, b, c] = kit.random.distinct(3, () => kit.random.int(11, 60)) as [number, number, number]
        await prints(
          kit,
          [
            [`${a} + ${b} * ${c}, (${a} + ${b}) * ${c}`, `${a + b * c} ${(a + b) * c}`],
            [`${a * b} - ${c} - ${a}, ${a * b} // ${c} * 2`, `${a * b - c - a} ${Math.floor((a * b) / c) * 2}`],
            [`x + y, y % 7 + 1, x - (y - 1)`, `${a + b} ${(b % 7) + 1} ${a - (b - 1)}`],
          ],
          `x = ${a}\ny = 0\ny = x + ${b} - x\n`,
        )
      },
    ),
    check(
      'blocks',
      'decides and repeats, by the margin',
      { spec: 'blocks', hint: 'Keep a stack of margins: a larger one opens a block, a smaller one closes blocks until it fits.' },
      async ({ program, random, scratch }) => {
        const [n, word] = [random.int(12, 25), random.word()]
        const source = `n = ${n}
while n > 0:
    if n % 5 == 0:
        print(n, "five")
        if n % 2 == 0:
          print("${word}")
    elif n <= 3:
        print("small")
    else:
        if n != 7:
            n = n - 1
        m = n
    n = n - 1
print("end", m)
`
        let stdout = ''
        let m = 0
        for (let left = n; left > 0; left--) {
          if (left % 5 === 0) stdout += `${left} five\n${left % 2 === 0 ? `${word}\n` : ''}`
          else if (left <= 3) stdout += 'small\n'
          else {
            if (left !== 7) left--
            m = left
          }
        }
        await program.run([scratch.file(FILE, source)]).succeeds({ stdout: `${stdout}end ${m}\n` })
      },
    ),
  ]),
  tier('works', [...values, ...containers, ...functions, ...objects, ...randomWorks]),
  tier('holds', [...errors, ...edges, ...rules, ...randomHolds]),
  tier('flies', growth),
])
