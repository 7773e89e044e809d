import { Names, outcomeOf, type Statement, str, TooMuch, textOf, World } from '../../../models/mini-python.ts'
import { ExpressionAuthor } from '../../../models/mini-python-expressions.ts'
import { randomProgram } from '../../../models/mini-python-programs.ts'
import { which } from '../../../programs/containment.ts'
import { check, Failure, type Kit } from '../../../programs/kit.ts'
import { endedBy, FILE, type Piece, prints } from './prints.ts'

/** Attempts to shorten a program, and the milliseconds after which none is begun. */
const ATTEMPTS = 60
const SHRINK_FOR = 6000

/** Random expressions that give a value, each with the line that `print` makes of it. */
function expressions(kit: Kit, count: number): Piece[] {
  const author = new ExpressionAuthor(kit.random, 0)
  const pieces: Piece[] = []
  while (pieces.length < count) {
    const node = author.write(kit.random.pick(['int', 'int', 'text', 'truth', 'ints', 'texts'] as const), 4)
    try {
      const line = str(node.value(new Names(new World())))
      if (!line.includes('\n')) pieces.push([node.text, line])
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error
    }
  }
  return pieces
}

async function runProgram(kit: Kit, statements: Statement[]): Promise<Failure | undefined> {
  const outcome = outcomeOf(statements)
  if (!outcome) return undefined
  const { stdout, error } = outcome
  const run = await kit.program.run([kit.scratch.file(FILE, textOf(statements))])
  try {
    if (!error) run.succeeds({ stdout })
    else endedBy(run, { stdout, last: error.message ? `${error.type}: ${error.message}` : error.type, why: '' })
    return undefined
  } catch (failure) {
    if (failure instanceof Failure) return failure
    throw failure
  }
}

/** Runs a random program; when it goes wrong, leaves out ever smaller parts of it as long as it still does, and tells of what is left. */
async function agrees(kit: Kit, statements: Statement[]): Promise<void> {
  let failure = await runProgram(kit, statements)
  if (!failure) return
  let best = statements
  const deadline = performance.now() + SHRINK_FOR
  let attempts = 0
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.length && best.length > 1; ) {
      if (++attempts > ATTEMPTS || performance.now() > deadline) break
      const candidate = [...best.slice(0, from), ...best.slice(from + size)]
      const again = await runProgram(kit, candidate)
      if (again) [best, failure] = [candidate, again]
      else from += size
    }
  }
  throw new Failure(
    `A random program goes wrong. The shortest part of it that was found to:\n\n${cut(textOf(best))}\n${failure.message}`,
    failure.evidence,
  )
}

const LINES = 30

function cut(text: string): string {
  const lines = text.split('\n').map((line) => (line.length > 160 ? `${line.slice(0, 160)} …` : line))
  return lines.length <= LINES
    ? lines.join('\n')
    : [...lines.slice(0, LINES), `… (a replay keeps all of it, in ${FILE})`].join('\n')
}

export const randomWorks = [
  check(
    'random-expressions',
    'gives the right value for random expressions of every kind',
    {
      spec: 'random-programs',
      hint: 'Is it the precedence? Only what is needed stands in parentheses. Evaluate the expression by hand, from the inside out.',
    },
    async (kit) => {
      await prints(kit, expressions(kit, 120))
    },
  ),
  check(
    'random-programs',
    'runs random programs as the language has it',
    {
      spec: 'random-programs',
      hint: 'Shorten the program further by hand, and print what each part of it gives; where python3 is at hand, compare.',
    },
    async (kit) => {
      for (let n = 0; n < 4; n++) await agrees(kit, randomProgram(kit.random.fork(`program ${n}`)))
    },
  ),
]

/** What a program prints in the submission and in the real Python. */
async function besideTheRealOne(kit: Kit, source: string, python: string): Promise<void> {
  const file = kit.scratch.file(FILE, source)
  const real = await kit.program.plain([python, file])
  const run = await kit.program.run([file])
  const why = `This is what ${python} prints for the same program.`
  if (real.status === 0) run.succeeds({ stdout: real.stdout, why })
  else {
    const last = real.stderr.toString().trimEnd().split('\n').at(-1)?.split(':')[0] as string
    endedBy(run, { stdout: real.stdout.toString(), last, why })
  }
}

/** Floats of all sizes, written, calculated with, rounded and formatted. */
function floatProgram({ random }: Kit): string {
  const float = () => {
    const digits = random.int(1e8, 2e9) * 2 ** 20 + random.int(0, 2 ** 20)
    return `${random.oneIn(2) ? '-' : ''}${String(digits).slice(0, random.int(1, 16))}e${random.int(-20, 12)}`
  }
  const lines = Array.from({ length: 60 }, () => {
    const [a, b] = [float(), float()]
    const n = random.int(0, 6)
    return random.pick([
      `print(${a}, ${a} ${random.pick(['+', '-', '*', '/'])} ${b})`,
      `print(${a} % ${b}, ${a} < ${b}, int(${a}), -${a})`,
      `print(round(${a}, ${n}), f'{${a}:.${n}f}', f'{${a}:>30.${n}f}|')`,
      `print(float('${a}'), str(${a}), [${a}, ${b}], ${random.int(2, 1e9)} / ${random.int(2, 1e9)})`,
      `print(${random.int(1, 1e9)} ** ${random.int(9, 40)} / ${random.int(3, 1e9)} ** ${random.int(9, 30)}, ${a} == int(${a}))`,
    ])
  })
  return `${lines.join('\n')}\n`
}

export const randomHolds = [
  check(
    'random-crashes',
    'runs random programs to the exception that ends them',
    {
      spec: 'beside-the-real-one',
      hint: 'What was printed before must be there, and the last line on standard error must name the exception.',
    },
    async (kit) => {
      for (let n = 0; n < 4; n++)
        await agrees(kit, randomProgram(kit.random.fork(`program ${n}`), { daring: 40, crashes: n > 0 }))
    },
  ),
  check(
    'beside-python',
    'prints what the real python3 prints, for random programs with floats',
    {
      spec: 'beside-the-real-one',
      hint: 'Format floats from their exact value, with big integers: a product with 10 ** n is rounded already.',
    },
    async (kit) => {
      const python = which('python3')
      if (python === undefined) kit.skip('python3 (Debian package python3)')
      await besideTheRealOne(kit, floatProgram(kit), 'python3')
      for (let n = 0; n < 2; n++) {
        const program = randomProgram(kit.random.fork(`program ${n}`), { daring: 40, crashes: n > 0 })
        await besideTheRealOne(kit, textOf(program), 'python3')
      }
    },
  ),
]
