import { check } from '../../../programs/kit.ts'
import { does, prints, raises } from './prints.ts'

export const edges = [
  check(
    'deep-recursion',
    'calls 900 deep, refuses to call 1100 deep, and goes on after that',
    {
      spec: 'deep-recursion',
      hint: 'Count the open calls yourself. If your own stack ends before, make it larger (a thread with a stack of its own), or keep the calls in a list.',
    },
    async (kit) => {
      const n = kit.random.int(880, 900)
      await does(
        kit,
        [
          [`print(down(${n}), Deep().down(${n}))`, `${n} ${n}`],
          [
            'print(caught(lambda: down(1100)), caught(lambda: endless()), caught(lambda: Deep().down(10 ** 6)))',
            'RecursionError RecursionError RecursionError',
          ],
          [`print(down(${n}), isinstance(RecursionError(), RuntimeError))`, `${n} True`],
          [
            'print(caught(lambda: str(Shown())), caught(lambda: ping(0)), caught(lambda: Shown() == 1))',
            'RecursionError RecursionError RecursionError',
          ],
          [`print(sum(chain(${Math.floor(n / 3)})))`, String(Math.floor(n / 3))],
          ['for i in range(3000): down(1)\nprint(down(500))', '500'],
        ],
        `def down(n): return 0 if n == 0 else 1 + down(n - 1)
def endless(): return endless()
def ping(n): return pong(n + 1)
def pong(n):
    x = [ping(i) for i in [n]]
    return x
class Deep:
    def down(self, n):
        if n == 0:
            return 0
        else:
            for i in [1]:
                return self.down(n - 1) + i
class Shown:
    def __str__(self): return str(self)
    def __eq__(self, other): return other == self
def chain(n):
    if n > 0:
        yield 1
        yield from chain(n - 1)
def caught(f):
    try: return f()
    except Exception as e: return type(e).__name__
`,
      )
    },
  ),
  check(
    'characters',
    'takes a string as characters, not as bytes or halves of characters',
    {
      spec: 'characters',
      hint: 'If your language counts in bytes or UTF-16 units, take a text apart into characters where it has others than ASCII.',
    },
    async (kit) => {
      const snake = String.fromCodePoint(kit.random.int(0x1f400, 0x1f43c))
      const word = kit.random.word()
      await prints(
        kit,
        [
          ['len(s), s[1], s[-2], s[::-1]', `${word.length + 5} ${snake} ß ${[...`a${snake}${word}éß€`].reverse().join('')}`],
          [`s.find('é'), s.rfind('ß'), s.index('${word}'), s.find('${snake}')`, `${word.length + 2} ${word.length + 3} 2 1`],
          ["s.upper()[:1], 'É'.lower(), 'é'.isalpha(), s.split('é')[1], s.replace('ß', 'ss')[-3:]", 'A é True ß€ ss€'],
          [
            `list('é${snake}'), ord('${snake}'), chr(${snake.codePointAt(0)}), '${snake}' in s, ord('\\u20ac')`,
            `['é', '${snake}'] ${snake.codePointAt(0)} ${snake} True 8364`,
          ],
          [
            `f'[{s[1]:>3}] [{s[1]:*^3}]', '${snake}'.center(3, '-'), '${snake}'.rjust(2), '${snake}' * 2`,
            `[  ${snake}] [*${snake}*] -${snake}-  ${snake} ${snake}${snake}`,
          ],
          [
            `'\\U0001f40d\\x41\\u00e9', '${snake}b'.strip('b'), '${snake}ab'[1:], '${snake}${snake}x'.count('${snake}'), sorted('${snake}éa')`,
            `🐍Aé ${snake} ab 2 ['a', 'é', '${snake}']`,
          ],
          ['größe, repr(größe), {größe: 1}', `é 'é' {'é': 1}`],
        ],
        `s = 'a${snake}${word}éß€'\ngröße = 'é'\n`,
      )
    },
  ),
  check(
    'number-edges',
    'compares and converts numbers exactly, also where they are large, infinite or none',
    {
      spec: 'numbers-at-their-edges',
      hint: 'Never turn an integer into a float to compare it. Divide large integers by shifting them first.',
    },
    async (kit) => {
      const n = BigInt(kit.random.int(2, 99))
      const big = 10n ** 20n + n
      await prints(kit, [
        [
          `2 ** 53 + 1 == float(2 ** 53), 2 ** 53 == float(2 ** 53), 2 ** 53 + 1 > float(2 ** 53), ${big} < 1e20, ${big} > 1e20`,
          'False True True False True',
        ],
        [
          `{2 ** 53: 'x'}.get(float(2 ** 53)), {1e20: 'y'}.get(10 ** 20), {1e20: 'y'}.get(${big}), ${big} in [1e20]`,
          'x y None False',
        ],
        [
          `10 ** 400 / 10 ** 399, ${n} * 10 ** 400 // 10 ** 400, -(10 ** 400) / (10 ** 399 * 4), 10 ** 330 / 3 ** 690`,
          `10.0 ${n} -2.5 6.11412401500927`,
        ],
        [
          "float('inf') > 10 ** 400, float('-inf') < -(10 ** 400), float('nan') == float('nan'), float('nan') < 1",
          'True True False False',
        ],
        [
          "float('inf'), -float('inf'), float('nan'), float('inf') - float('inf'), 1e308 * 10, -1e400",
          'inf -inf nan nan inf -inf',
        ],
        ['-0.0, 0.0 == -0.0, 0 * -1.5, -0, 5.0 % 5, -3 % 3.0', '-0.0 True -0.0 0 0.0 0.0'],
        [
          '1e22, 1e23, 123456789012345680.0, 5e-324, 1.7976931348623157e308, 0.1 + 0.7, 4.35 * 100',
          '1e+22 1e+23 1.2345678901234568e+17 5e-324 1.7976931348623157e+308 0.7999999999999999 434.99999999999994',
        ],
        [
          'round(1234.5, -2), round(-0.4, 1), round(0.5), round(-1.5), round(1e300) == int(1e300), round(2.5, 0), round(-0.4), round(1250, -2), round(1350, -2)',
          '1200.0 -0.4 0 -2 True 2.0 0 1200 1400',
        ],
        [
          `int(1e20), int(-1.9), int(${n}.99), int('-0'), float(${n}), float('.5'), float(' 2e1 '), float('1_0')`,
          `100000000000000000000 -1 ${n} 0 ${n}.0 0.5 20.0 10.0`,
        ],
        [
          'True + True, True == 1.0, [0, 1][True], sum([True, True]), True * 2.5, -True, ~False, True & False, True | 2, str(True)',
          '2 True 1 2 2.5 -1 -1 False 3 True',
        ],
        [
          `(-7) ** 3, 4 ** -2 == 1 / 16, -7 // 2.0, 7.5 // -2, 2 ** 0, 0 ** 0, 0.0 ** 0, (-8) ** 2.0, 1 << 100 >> 98, -1 >> 50`,
          '-343 True -4.0 -4.0 1 1 1.0 64.0 4 -1',
        ],
        [
          `2 ** 200 & 2 ** 200 - 1, -1 & 2 ** 70 - 1, ~(2 ** 65), -5 ^ 3, -5 | 2 ** 40, f'{2 ** 70:,}', f'{2 ** 70:x}'`,
          `0 1180591620717411303423 -36893488147419103233 -8 -5 1,180,591,620,717,411,303,424 400000000000000000`,
        ],
      ])
    },
  ),
  check(
    'changing',
    'walks through lists that grow, and refuses dicts that do; writes what contains itself',
    {
      spec: 'walking-through-what-changes',
      hint: 'Walk through a list by index. Remember the size of a dict when the walk begins. Remember which containers you are in the middle of writing.',
    },
    async (kit) => {
      const n = kit.random.int(4, 9)
      await does(kit, [
        [
          `a = [1]\nfor x in a:\n    if x < ${n}: a.append(x + 1)\nprint(a)`,
          `[${Array.from({ length: n }, (_, i) => i + 1).join(', ')}]`,
        ],
        [
          'for x in a:\n    a.remove(x)\nprint(a)',
          `[${Array.from({ length: n }, (_, i) => i + 1)
            .filter((_, i) => i % 2)
            .join(', ')}]`,
        ],
        [
          'b = [1, 2]\nb.append(b)\nb.append((b,))\nd = {1: b}\nd[2] = d\nprint(b, d)',
          '[1, 2, [...], ([...],)] {1: [1, 2, [...], ([...],)], 2: {...}}',
        ],
        ['c = [[]] * 2\nprint(c, [c, c])', '[[], []] [[[], []], [[], []]]'],
        ['d = {1: 2}\nfor k in d: d[k] = 3\nprint(d)', '{1: 3}'],
        ['e = [3, 1, 2]\nfor x in e[:]: e.append(x)\nfor x in list(d): d[9] = 1\nprint(e, d)', '[3, 1, 2, 3, 1, 2] {1: 3, 9: 1}'],
        ['i = iter(e)\ne.clear()\nprint(list(i), [x for x in e])', '[] []'],
      ])
      await raises(kit, [
        ['d = {1: 2}\nfor k in d: d[k + 1] = 3', 'RuntimeError'],
        ['d = {1: 2, 2: 3}\nfor k, v in d.items(): del d[k]', 'RuntimeError'],
        ['s = {1}\nfor x in s: s.add(x + 1)', 'RuntimeError'],
        ['d = {1: 2, 3: 4}\nfor v in d.values(): d.clear()', 'RuntimeError'],
      ])
    },
  ),
  check(
    'lazy',
    'does no more of an iterator than is asked for',
    {
      spec: 'lazy',
      hint: 'map, filter, zip, enumerate and generator expressions give something that has a next, not a list. `in` of a range is a calculation.',
    },
    async (kit) => {
      const n = kit.random.int(3, 9)
      await does(
        kit,
        [
          [
            `print(list(zip('abc', naturals())), [x for x, _ in zip(naturals(), range(${n}))][-1])`,
            `[('a', 0), ('b', 1), ('c', 2)] ${n - 1}`,
          ],
          [`m = map(lambda x: x * ${n}, naturals())\nprint(next(m), next(m), next(m))`, `0 ${n} ${2 * n}`],
          [
            `f = filter(lambda x: x % ${n} == 0, naturals())\nprint(next(f), next(f), next(enumerate(naturals(), 5)))`,
            `0 ${n} (5, 0)`,
          ],
          ['g = (say(x) for x in naturals())\nprint(next(g), next(g))', 'say 0 say 1 0 1'],
          [`print(any(x > ${n} for x in naturals()), all(x < ${n} for x in naturals()), ${n} in naturals())`, 'True False True'],
          [
            `print(10 ** 11 in range(10 ** 12), -1 in range(10 ** 12), 7 in range(0, 10 ** 12, 2), len(range(0, 10 ** 12, 7)))`,
            'True False False 142857142858',
          ],
          [
            "for x in range(10 ** 12):\n    if x == 3: break\nprint(x, range(10 ** 15)[-1], range(5, 0, -2)[1], 3 in range(9, 0, -3), '3' in range(5))",
            '3 999999999999999 3 True False',
          ],
          [
            'print(next(x for x in naturals() if x * x > 50), sorted(map(str, range(3))), next(iter(range(10 ** 12))))',
            "8 ['0', '1', '2'] 0",
          ],
          [
            'z = zip([1, 2], [3, 4])\nprint(list(z), list(z), list(reversed([1])), next(map(str, [5])))',
            '[(1, 3), (2, 4)] [] [1] 5',
          ],
        ],
        `def naturals():
    n = 0
    while True:
        yield n
        n += 1
def say(x):
    print('say', x, end=' ')
    return x
`,
      )
    },
  ),
]
