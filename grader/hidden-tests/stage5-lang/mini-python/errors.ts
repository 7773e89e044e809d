import { check } from '../../../programs/kit.ts'
import { dies, does, FILE, type Piece, raises, runs } from './prints.ts'

export const errors = [
  check(
    'uncaught',
    'ends with the name of an exception that nobody caught, after all that was printed',
    {
      spec: 'uncaught-exceptions',
      hint: 'Write out what is still in your buffer, then the last line: the type, a colon, and str() of the exception. Status 1.',
    },
    async (kit) => {
      const [a, b] = kit.random.distinct(2, kit.random.word) as [string, string]
      const n = kit.random.int(2, 99)
      const printed = `print('${a}')\n`
      const rest = "\nprint('never')\n"
      const own = `class Burnt(Exception):\n    pass\nclass Told(Burnt):\n    def __str__(self): return '${b} ' + str(self.args)\n`
      const cases: [string, string][] = [
        [`raise ValueError('${b}')`, `ValueError: ${b}`],
        [`def f(): raise KeyError('${b}')\nfor x in [1]:\n    f()`, `KeyError: '${b}'`],
        [`${own}raise Burnt('${b}', ${n})`, `Burnt: ('${b}', ${n})`],
        [`${own}raise Told(${n})`, `Told: ${b} (${n},)`],
        ["try:\n    raise RuntimeError\nfinally:\n    print('tidy')", 'RuntimeError'],
        ['try:\n    1 // 0\nexcept KeyError:\n    pass', 'ZeroDivisionError'],
        [`assert ${n} < 0, '${b}'`, `AssertionError: ${b}`],
        [`def g():\n    yield 1\n    raise TypeError('${b}')\nlist(g())`, `TypeError: ${b}`],
        ['nobody', 'NameError'],
      ]
      for (const [code, last] of cases) {
        const stdout = `${a}\n${code.includes('tidy') ? 'tidy\n' : ''}`
        await dies(kit, `${printed}${code}${rest}`, { stdout, last })
      }
    },
  ),
  check(
    'error-types',
    'raises the exceptions that the language raises',
    {
      spec: 'the-errors-of-the-language',
      hint: 'Go through the table in the spec, and ask of each operation what may go wrong with it.',
    },
    async (kit) => {
      const n = kit.random.int(2, 99)
      const of = (type: string, ...codes: string[]) => codes.map((code) => [code, type] as [string, string])
      await raises(
        kit,
        [
          ...of('ZeroDivisionError', `${n} // 0`, `${n} % 0`, `${n} / 0`, '1.0 / 0', '1.5 % 0.0', `divmod(${n}, 0)`, '0 ** -1'),
          ...of(
            'OverflowError',
            '10 ** 400 / 3',
            'float(10 ** 400)',
            '2.0 ** 10000',
            '10 ** 400 * 1.0',
            "int(float('inf'))",
            "round(float('inf'))",
          ),
          ...of(
            'IndexError',
            '[1, 2][2]',
            '[1, 2][-3]',
            "'ab'[9]",
            '(1,)[1]',
            '[].pop()',
            '[1].pop(5)',
            'x = [1]\nx[1] = 0',
            'range(3)[3]',
            'del [][0]',
          ),
          ...of('KeyError', "{'a': 1}['b']", '{}.pop(1)', 'del {}[1]', '{1}.remove(2)', '{1: 2}[(1,)]'),
          ...of('NameError', 'nobody', 'nobody()', 'del nobody', 'nobody += 1'),
          ...of('UnboundLocalError', 'early()', 'gone()'),
          ...of(
            'AttributeError',
            '[].nothing',
            'None.x',
            "'a'.append('b')",
            'O().x',
            'O.y',
            '(1).x = 2',
            'del O().z',
            '{}.append(1)',
            'f.x.y',
          ),
          ...of(
            'TypeError',
            `'a' + ${n}`,
            `${n} + 'a'`,
            '[1] + (2,)',
            "'a' - 'b'",
            'None + 1',
            "-'a'",
            "'a' * 'b'",
            '[] * 1.5',
            "1 < 'a'",
            '[1] < [None]',
            'O() < O()',
            '{} < {}',
          ),
          ...of(
            'TypeError',
            'f()',
            'f(1, 2)',
            'f(1, x=1)',
            'f(y=1)',
            'f(*[1, 2])',
            'O(1)',
            'I()',
            `${n}()`,
            "'a'()",
            'None()',
            'k(1)',
            'len()',
            'O().m(1)',
          ),
          ...of(
            'TypeError',
            `for x in ${n}: pass`,
            'list(None)',
            'a, b = 5',
            'sum(3)',
            '[*1]',
            'iter(5)',
            'next([1])',
            'len(5)',
            'O()[0]',
            `${n}[0]`,
            "[1]['a']",
            "'a'[1.0]",
            '[1, 2][None]',
          ),
          ...of(
            'TypeError',
            '{[1]: 2}',
            '{[1]}',
            '{}[{}]',
            '{([],)}',
            'hash([])',
            '{Eq(): 1}',
            "'a'[0] = 'b'",
            '(1, 2)[0] = 3',
            'int([])',
            "','.join([1])",
            'raise 5',
            "1 in 'a'",
            '1 in 5',
            "int('1', '2')",
            'max(1)',
            "round('a')",
            'class X(5): pass',
          ),
          ...of(
            'ValueError',
            "int('x')",
            "int('')",
            "int('1.5')",
            "float('1,5')",
            "int('12', 2)",
            "int('--1')",
            "int('1 2')",
            'a, b = 1, 2, 3',
            'a, b = [1]',
            'a, *b = []',
            '[1].index(2)',
            '[].remove(1)',
          ),
          ...of(
            'ValueError',
            '[1, 2][::0]',
            'range(1, 2, 0)',
            'max([])',
            "int(float('nan'))",
            "min('')",
            "'a'.split('')",
            "'abc'.index('x')",
            '1 << -1',
            'x = [1, 2]\nx[::2] = [1, 2]',
            "f'{1:q}'",
            'dict([[1, 2, 3]])',
          ),
          ...of('AssertionError', 'assert 0', `assert [], 'message'`),
          ...of('StopIteration', 'next(iter([]))', 'next(g())', 'raise StopIteration'),
          ...of('RuntimeError', 'raise', 'list(stops())'),
          ...of('NotImplementedError', 'raise NotImplementedError'),
        ],
        `def f(x): return x
def k(*, key): return key
def g():
    return
    yield
def stops():
    yield 1
    raise StopIteration
def early():
    print(later)
    later = 1
def gone():
    x = 1
    del x
    return x
class O:
    def m(self): pass
class I:
    def __init__(self, x): pass
class Eq:
    def __eq__(self, other): return True
later = 2
`,
      )
      const tree: [string, string][] = [
        ['ZeroDivisionError', 'ArithmeticError'],
        ['OverflowError', 'ArithmeticError'],
        ['IndexError', 'LookupError'],
        ['KeyError', 'LookupError'],
        ['UnboundLocalError', 'NameError'],
        ['RecursionError', 'RuntimeError'],
        ['NotImplementedError', 'RuntimeError'],
        ['IndentationError', 'SyntaxError'],
        ...[
          'ArithmeticError',
          'LookupError',
          'NameError',
          'RuntimeError',
          'SyntaxError',
          'AttributeError',
          'TypeError',
          'ValueError',
          'AssertionError',
          'EOFError',
          'StopIteration',
        ].map((name) => [name, 'Exception'] as [string, string]),
        ['Exception', 'BaseException'],
      ]
      await does(
        kit,
        tree.flatMap(([below, above]): Piece[] => [
          [`try: raise ${below}('x')\nexcept ${above}: print('${below} is a ${above}')`, `${below} is a ${above}`],
          [`print(issubclass(${above}, ${below}))`, 'False'],
        ]),
      )
    },
  ),
  check(
    'syntax-errors',
    'refuses what is no program, before any of it is run',
    {
      spec: 'syntax-errors',
      hint: 'Read the whole program before you run its first line. What the parser did not expect is a SyntaxError; a wrong margin is an IndentationError.',
    },
    async (kit) => {
      const word = kit.random.word()
      const wrong = {
        SyntaxError: [
          `x = (1, 2\n`,
          `x = [1, 2)\n`,
          `x = 1)\n`,
          `'${word}\n`,
          `"""${word}\n`,
          `if 1\n    pass\n`,
          `x = = 1\n`,
          `x = 1 +\n`,
          `print(1 2)\n`,
          `1 = x\n`,
          `f() = 1\n`,
          `'a' += 1\n`,
          `x + 1 = 2\n`,
          `return 1\n`,
          `class A:\n    return 1\n`,
          `break\n`,
          `if 1:\n    continue\n`,
          `for x in y:\n    pass\nelse:\n    break\n`,
          `def f():\n    nonlocal ${word}\n`,
          `def f(a, a): pass\n`,
          `def f(a=1, b): pass\n`,
          `f(a=1, 2)\n`,
          `else:\n    pass\n`,
          `try:\n    pass\nx = 1\n`,
          `x = $1\n`,
          `for 1 in x: pass\n`,
          `def ${word}:\n    pass\n`,
          `x = 0123\n`,
          `x = 1a\n`,
          `f'{1'\n`,
          `f'{}'\n`,
          `f'}'\n`,
          `a, *b, *c = x\n`,
          `x = *y\n`,
          `def = 1\n`,
          `lambda x y: 1\n`,
          `x = if\n`,
          `while True print(1)\n`,
          `{1: 2, 3}\n`,
          `x.1\n`,
          `del 1\n`,
          `import\n`,
          `if x: if y: pass\n`,
          `pass pass\n`,
          `try: pass\nexcept: pass\nexcept KeyError: pass\n`,
        ],
        IndentationError: [
          `  ${word} = 1\n`,
          `if 1:\nx = 1\n`,
          `x = 1\n  y = 2\n`,
          `if 1:\n    x = 1\n  y = 2\n`,
          `def f():\n# only a comment\nx = 1\n`,
          `while 1:\n`,
        ],
      }
      const some = kit.random.shuffle(wrong.SyntaxError).slice(0, 18)
      const all = [
        ...some.map((text) => ['SyntaxError:', text] as const),
        ...wrong.IndentationError.map((text) => ['IndentationError:', text] as const),
      ]
      for (const [last, text] of kit.random.shuffle(all)) {
        const before = text.startsWith('  ') ? `print('${word}')\n` : `print('${word}')\nx = y = [1]\n`
        const why = `The program ends with ${JSON.stringify(text)}, so none of it may be run.`
        await dies(kit, before + text, { stdout: '', last, why })
      }
    },
  ),
  check(
    'layout',
    'takes lines, blocks and comments however they are laid out',
    {
      spec: 'layout',
      hint: 'A line without a token has no margin. Count the brackets that are open. Tabs and blanks may stand in the same margin.',
    },
    async (kit) => {
      const [a, b] = kit.random.distinct(2, kit.random.word) as [string, string]
      const program = `
# a comment first
if True: x = '${a}'; y = '${b}';
if x:
	if y:
	  z = [x,
    y,  # a comment within

            '#no comment',
]
     # a comment with a margin of its own
	  def f(p,
                q = (1 +
2)):

# and one without
	  	return (p
                      , q)
	print(z, f('${a}'))
total = 1 + \\
    2
while total: total -= 1
else: print("""${a}
  ${b}""", total)
class A: n = 1
print(A.n, {'k':
  1}, end=(
  '\\n')); print('last')`
      const stdout = `['${a}', '${b}', '#no comment'] ('${a}', 3)\n${a}\n  ${b} 0\n1 {'k': 1}\nlast\n`
      await runs(kit, program, stdout)
      await runs(kit, `${program}\n\n   \n`.replaceAll('\n', '\r\n'), stdout, 'The lines of this program end in CR LF.')
      await runs(kit, '', '', 'An empty program does nothing.')
      await kit.program.run([], { stdin: `${program}\n# the end` }).succeeds({ stdout, why: 'It came on standard input.' })
      await kit.program.run([`no-${FILE}`]).fails({ stdout: '', names: `no-${FILE}` })
    },
  ),
]
