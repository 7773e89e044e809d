import { check } from '../../../programs/kit.ts'
import { does, FILE, prints } from './prints.ts'

export const functions = [
  check(
    'loops',
    'goes round, breaks off, goes on, and knows the else of a loop',
    { spec: 'loops', hint: 'break and continue belong to the innermost loop. The else is run when the loop ends by itself.' },
    async (kit) => {
      const n = kit.random.int(30, 60)
      const primes: number[] = []
      for (let i = 2; i < n; i++) if (primes.every((p) => i % p > 0)) primes.push(i)
      await does(kit, [
        [
          `for i in range(2, ${n}):\n    for d in range(2, i):\n        if i % d == 0:\n            break\n    else:\n        print(i, end=' ')\nprint()`,
          `${primes.join(' ')} `,
        ],
        [
          `i = 0\nwhile i < ${n}:\n    i += 1\n    if i % 3: continue\n    if i > 20: break\n    print(i, end=' ')\nelse:\n    print('never')\nprint(i)`,
          '3 6 9 12 15 18 21',
        ],
        ["while False:\n    pass\nelse:\n    print('else')", 'else'],
        ["for x in []: pass\nelse: print('empty')", 'empty'],
        [
          `for x in range(${n}, 0, -9): pass\nprint(x, list(range(5, 2)), list(range(-2, 3, 2)))`,
          `${((n - 1) % 9) + 1} [] [-2, 0, 2]`,
        ],
        ["for c in 'ab':\n    for d in (1, 2):\n        if d == 2: continue\n        print(c, d, end=';')\nprint()", 'a 1;b 1;'],
        ["for x in 1, 2:\n    while True:\n        break\n    print(x, end='')\nprint()", '12'],
      ])
    },
  ),
  check(
    'functions',
    'gives arguments by place, by name and by default',
    {
      spec: 'functions',
      hint: 'Fill the parameters by place, then by name, then from the defaults, which were evaluated at the def.',
    },
    async (kit) => {
      const [a, b, c] = kit.random.distinct(3, () => kit.random.int(2, 99)) as [number, number, number]
      await prints(
        kit,
        [
          [
            `f(${a}), f(${a}, ${b}), f(b=${c}, a=${a}), f(${a}, ${b}, ${c}, 7)`,
            `(${a}, 5, (), {}) (${a}, ${b}, (), {}) (${a}, ${c}, (), {}) (${a}, ${b}, (${c}, 7), {})`,
          ],
          [
            `f(1, x=${a}, y=2), f(*[1, 2, 3]), f(*'ab', *(1,), **{'k': ${b}}), f(**{'a': ${c}})`,
            `(1, 5, (), {'x': ${a}, 'y': 2}) (1, 2, (3,), {}) ('a', 'b', (1,), {'k': ${b}}) (${c}, 5, (), {})`,
          ],
          [`g(1, k=${a}), g(1, ${b}, k=3, l=4), h()`, `(1, 2, ${a}, 9) (1, ${b}, 3, 4) None`],
          [`(lambda: ${c})(), (lambda x, *y: (x, y))(1, 2, 3), [f.__name__ for f in (f, len)]`, `${c} (1, (2, 3)) ['f', 'len']`],
          [`add(${a}), add(${b}), twice(lambda x: x * 3)(${a})`, `${a + 103} ${b + 103} ${a * 9}`],
          [`late(), late(${c}), fact(${Math.min(a, 20)})`, `1 ${c} ${factorial(Math.min(a, 20))}`],
          [
            `even(${a}), (lambda f: f(f, 5))(lambda self, n: 1 if n < 2 else n * self(self, n - 1))`,
            `${a % 2 ? 'False' : 'True'} 120`,
          ],
          [`show(1, 2), show(n=${b})`, `((1, 2), {}) ((), {'n': ${b}})`],
        ],
        `default = 5
def f(a, b=default, *args, **kwargs):
    return a, b, args, kwargs
default = 6
def g(a, b=2, *, k, l=9):
    return (a, b, k, l)
def h(): pass
def twice(f):
    return lambda x: f(f(x))
def plus(n):
    def decorate(f):
        def inner(x): return f(x) + n
        return inner
    return decorate
@plus(101)
@twice
def add(x): return x + 1
@lambda f: lambda *args, **kwargs: f(*args, **kwargs)
def show(*args, **kwargs): return args, kwargs
def late(x=1):
    if x == 1: return x
    for y in range(10):
        while True:
            return x
def fact(n): return 1 if n < 2 else n * fact(n - 1)
def even(n): return True if n == 0 else odd(n - 1)
def odd(n): return False if n == 0 else even(n - 1)
`,
      )
    },
  ),
  check(
    'scopes',
    'keeps the variables of a function with the functions that it made',
    {
      spec: 'scopes',
      hint: 'A function remembers the frame that it was defined in. nonlocal writes to that frame, global to the program.',
    },
    async (kit) => {
      const [a, b, c] = kit.random.distinct(3, () => kit.random.int(10, 99)) as [number, number, number]
      await does(
        kit,
        [
          [`one, two = counter(${a}), counter(${b})\none()\nprint(one(), two(), one())`, `${a + 2} ${b + 1} ${a + 3}`],
          [
            'print([f() for f in [lambda: i for i in range(3)]], [f() for f in [lambda i=i: i for i in range(3)]])',
            '[2, 2, 2] [0, 1, 2]',
          ],
          [`bump()\nbump()\nprint(total, peek())`, `${c + 2} ${c + 2}`],
          [`hide()\nprint(total)`, `${c + 2}`],
          ['print(deep()())', `${a} changed`],
          [`x = 'program'\nprint(caller(), x)`, 'program program'],
          ['get, put = box()\nput(7)\nprint(get())', '7'],
          ['fresh()\nprint(made)', 'here'],
          ['if True:\n    inner = 1\nfor k in range(2):\n    last = k\nprint(inner, last, k)', '1 1 1'],
        ],
        `def counter(n):
    def bump():
        nonlocal n
        n += 1
        return n
    return bump
total = ${c}
def bump():
    global total
    total += 1
def peek(): return total
def hide():
    total = 0
    return total
def deep():
    v = ${a}
    def middle():
        def inner():
            nonlocal v
            v = str(v) + ' changed'
            return v
        return inner()
    return middle
def caller():
    x = 'caller'
    return callee()
def callee(): return x
def box():
    value = 0
    def get(): return value
    def put(v):
        nonlocal value
        value = v
    return get, put
def fresh():
    global made
    made = 'here'
`,
      )
    },
  ),
  check(
    'comprehensions',
    'builds lists, sets and dicts from loops in brackets',
    {
      spec: 'comprehensions',
      hint: 'The first for is the outermost. The variables live in a scope of their own; what is around it can be read.',
    },
    async (kit) => {
      const n = kit.random.int(5, 9)
      const word = kit.random.word()
      const pairs = Array.from({ length: n }, (_, x) => Array.from({ length: x }, (_, y) => [x, y]))
        .flat()
        .filter(([x = 0, y = 0]) => (x + y) % 3 === 0)
      await does(kit, [
        [
          `print([(x, y) for x in range(${n}) for y in range(x) if (x + y) % 3 == 0])`,
          `[${pairs.map(([x, y]) => `(${x}, ${y})`).join(', ')}]`,
        ],
        [
          `print([x for x in range(50) if x % 2 if x % 3 if x > ${n}])`,
          `[${Array.from({ length: 50 }, (_, x) => x)
            .filter((x) => x % 2 && x % 3 && x > n)
            .join(', ')}]`,
        ],
        [`print({k: v for v, k in enumerate('${word}')} == {'${word}'[i]: i for i in range(len('${word}'))})`, 'True'],
        [`x = '${word}'\ny = [x for x in range(3)]\nprint(x, y)`, `${word} [0, 1, 2]`],
        [
          `print([[j * i for j in range(3)] for i in range(3)], sorted({c for c in 'aab'}))`,
          `[[0, 0, 0], [0, 1, 2], [0, 2, 4]] ['a', 'b']`,
        ],
        [
          `print(sum(i * i for i in range(${n})), ''.join(c.upper() for c in '${word}'), dict((c, 1) for c in 'ab'))`,
          `${Array.from({ length: n }, (_, i) => i * i).reduce((s, x) => s + x, 0)} ${word.toUpperCase()} {'a': 1, 'b': 1}`,
        ],
        [
          `def f(k):\n    return [k * i for i in range(3)]\nprint(f(${n}), [a + b for a, b in [(1, 2), (3, 4)]], [x if x else 'zero' for x in (0, 1)])`,
          `[0, ${n}, ${2 * n}] [3, 7] ['zero', 1]`,
        ],
      ])
    },
  ),
  check(
    'generators',
    'stops a function at its yield, and goes on from there',
    {
      spec: 'generators',
      hint: 'A call of a function with yield runs nothing. Keep its state: a thread, a coroutine, or an evaluator that can stop.',
    },
    async (kit) => {
      const n = kit.random.int(3, 7)
      await does(
        kit,
        [
          [
            "g = steps()\nprint('made', end=' ')\nprint(next(g), next(g), next(g, 'over'), next(g, 'still'))",
            'made begin middle end 1 2 over still',
          ],
          [
            `print(list(count(${n})), sum(count(${n})), [x * 2 for x in count(2)])`,
            `[${Array.from({ length: n }, (_, i) => i).join(', ')}] ${(n * (n - 1)) / 2} [0, 2]`,
          ],
          [`a, b = count(9), count(9)\nnext(a)\nprint(next(a), next(b), next(a))`, '1 0 2'],
          ["print(list(flat([1, [2, [3, 'x']], []])))", "[1, 2, 3, 'x']"],
          ["for x in guarded():\n    print(x, end=' ')\nprint()", 'in out 5 last '],
          ['it = iter(count(4))\nfor x in it:\n    if x == 1: break\nprint(list(it), list(it))', '[2, 3] []'],
          ['f, *rest = loops()\nprint(f, rest)', "0 ['odd', 2, 'odd', 'done']"],
          [
            'print(max(count(5)), 3 in count(5), tuple(count(2)), list(zip(count(9), "ab")))',
            "4 True (0, 1) [(0, 'a'), (1, 'b')]",
          ],
        ],
        `def steps():
    print('begin', end=' ')
    yield 1
    print('middle', end=' ')
    yield 2
    print('end', end=' ')
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
def flat(items):
    for item in items:
        if isinstance(item, list):
            yield from flat(item)
        else:
            yield item
def guarded():
    try:
        yield 'in'
        raise ValueError(5)
    except ValueError as e:
        yield 'out'
        yield e
    finally:
        yield 'last'
def loops():
    for i in range(9):
        if i == 4:
            break
        if i % 2:
            yield 'odd'
            continue
        yield i
    else:
        yield 'never'
    yield 'done'
    return
    yield 'never'
`,
      )
    },
  ),
  check(
    'built-ins',
    'has the built-in functions of the table',
    {
      spec: 'built-in-functions',
      hint: 'Most are five lines each. min and max take key and default; zip ends with the shortest.',
    },
    async (kit) => {
      const [a, b, c] = kit.random.distinct(3, () => kit.random.int(3, 99)) as [number, number, number]
      const word = kit.random.word()
      await prints(
        kit,
        [
          [
            `abs(-${a}), abs(2.5), divmod(-${a}, 7), pow(${a}, 2), pow(${a}, ${b}, 97)`,
            `${a} 2.5 (${Math.floor(-a / 7)}, ${((-a % 7) + 7) % 7}) ${a * a} ${BigInt(a) ** BigInt(b) % 97n}`,
          ],
          [
            `max(${a}, ${b}, ${c}), min([${a}, ${b}, ${c}]), max([], default='none'), min('b', 'a', key=lambda s: -ord(s))`,
            `${Math.max(a, b, c)} ${Math.min(a, b, c)} none b`,
          ],
          ["max(['aa', 'b', 'cc'], key=len), min([(1, 'y'), (1, 'x')]), max(1, 1.0), min(True, 1)", "aa (1, 'x') 1 True"],
          [
            `sum([${a}, ${b}]), sum([0.5] * 3), sum([[1], [2]], []), sum(range(${a}))`,
            `${a + b} 1.5 [1, 2] ${(a * (a - 1)) / 2}`,
          ],
          [
            `sorted('${word}') == sorted('${word}', reverse=True)[::-1], sorted([3, 1, 2], key=lambda x: -x), list(reversed([1, 2]))`,
            'True [3, 2, 1] [2, 1]',
          ],
          [
            "list(enumerate('ab', 1)), list(zip([1, 2, 3], 'ab')), list(zip()), list(enumerate('a', start=5))",
            "[(1, 'a'), (2, 'b')] [(1, 'a'), (2, 'b')] [] [(5, 'a')]",
          ],
          [
            'list(map(str, [1, 2])), list(map(lambda x, y: x + y, [1, 2], [3, 4, 5])), list(filter(None, [0, 1, 2])), list(filter(lambda x: x > 1, [1, 2]))',
            "['1', '2'] [4, 6] [1, 2] [2]",
          ],
          [
            "any([0, 1]), any([]), all([1, 0]), all([]), isinstance(True, int), isinstance(1, (str, int)), isinstance('', int)",
            'True False False True True True False',
          ],
          [
            "bin(10), hex(255), bin(-5), ord('A'), chr(98), int('-12'), int(' 7 '), int('ff', 16), int('0'), float('1e3')",
            '0b1010 0xff -0b101 65 b -12 7 255 0 1000.0',
          ],
          [
            "len((1, 2)), len({'a': 1}), len(range(3, 9)), str(1.0), bool([]), list((1, 2)), tuple('ab'), type(None).__name__",
            "2 1 6 1.0 False [1, 2] ('a', 'b') NoneType",
          ],
          [
            "callable(len), callable(3), hash('x') == hash('x'), hash(1) == hash(1.0), hash((1, 2)) == hash((1, 2)), repr('x'), issubclass(bool, int)",
            "True False True True True 'x' True",
          ],
          [
            "getattr(o, 'x'), getattr(o, 'y', 'none'), hasattr(o, 'x'), hasattr(o, 'y'), setattr(o, 'y', 2), o.y",
            '1 none True False None 2',
          ],
          [
            `next(i), next(i), next(i, 'end'), next(i, 'end'), list(iter('ab')), round(${a}.0), round(${a}.26, 1)`,
            `1 2 end end ['a', 'b'] ${a} ${a}.3`,
          ],
        ],
        'class O: x = 1\no = O()\ni = iter([1, 2])\n',
      )
    },
  ),
  check(
    'input',
    'reads lines of standard input, and knows its end',
    { spec: 'input', hint: 'The prompt goes to standard output, with no newline. Strip one newline, no blanks.' },
    async ({ program, random, scratch }) => {
      const [one, two, three] = random.distinct(3, () => random.sentence(2)) as [string, string, string]
      const source =
        "a = input('first? ')\nb = input()\nprint(b, a, sep='|')\ntry:\n    while True: print(input().upper())\nexcept EOFError:\n    print('end')\n"
      const stdin = `${one} \n\n${two}\n${three}`
      await program
        .run([scratch.file(FILE, source)], { stdin })
        .succeeds({ stdout: `first? |${one} \n${two.toUpperCase()}\n${three.toUpperCase()}\nend\n` })
    },
  ),
]

function factorial(n: number): string {
  let product = 1n
  for (let i = 2n; i <= n; i++) product *= i
  return String(product)
}
