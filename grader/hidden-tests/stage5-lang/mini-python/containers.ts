import { slice } from '../../../models/mini-python.ts'
import { check, type Kit } from '../../../programs/kit.ts'
import { does, type Piece, prints } from './prints.ts'

const numbers = ({ random }: Kit, count: number) => random.distinct(count, () => random.int(2, 99))
const show = (items: (number | string)[]) =>
  `[${items.map((item) => (typeof item === 'string' ? `'${item}'` : item)).join(', ')}]`

export const containers = [
  check(
    'lists',
    'changes lists in place, for every name that they have',
    {
      spec: 'lists',
      hint: 'A list is one object, however many names lead to it: assignment copies nothing, += and the methods change it.',
    },
    async (kit) => {
      const [a, b, c, d, e] = numbers(kit, 5) as [number, number, number, number, number]
      const sorted = [a, b, c, d].sort((x, y) => x - y)
      await does(
        kit,
        [
          [`a.append(${d})\nprint(a, b, a is b, c)`, `${show([a, b, c, d])} ${show([a, b, c, d])} True ${show([a, b, c])}`],
          ['b.sort()\nprint(a)', show(sorted)],
          ['b.sort(reverse=True)\nprint(a)', show([...sorted].reverse())],
          [`a += [${e}]\nprint(b, len(b))`, `${show([...sorted].reverse().concat(e))} 5`],
          ['a = a + [0]\nprint(len(a), len(b))', '6 5'],
          [
            `print(b.pop(), b.pop(0), b.pop(-1), b)`,
            `${e} ${sorted[3]} ${sorted[0]} ${show([sorted[2] as number, sorted[1] as number])}`,
          ],
          [
            `b.insert(1, 'x')\nb.insert(99, 'y')\nb.extend('zx')\nprint(b, b.count('x'), b.index('x'))`,
            `${show([sorted[2] as number, 'x', sorted[1] as number, 'y', 'z', 'x'])} 2 1`,
          ],
          [`b.remove('x')\nb.reverse()\nprint(b)`, show(['x', 'z', 'y', sorted[1] as number, sorted[2] as number])],
          ['del b[0], b[-1]\nb[0] = b[1] = 0\nprint(b)', show([0, 0, sorted[1] as number])],
          ['d = b.copy()\nb.clear()\nprint(b, d)', `[] ${show([0, 0, sorted[1] as number])}`],
          [`m = [[${a}] * 2] * 2\nm[0][1] = 'q'\nprint(m)`, `[[${a}, 'q'], [${a}, 'q']]`],
          [
            `print([1, 2] < [1, 3], [1, 2] < [1, 2, 0], [${a}, 'x'] == [${a}.0, 'x'], ${b} in c, [] < [0])`,
            'True True True True True',
          ],
          [
            `words = ['bb', 'a', 'cc', 'd']\nwords.sort(key=len)\nprint(words, sorted(words, key=lambda w: -len(w)))`,
            "['a', 'd', 'bb', 'cc'] ['bb', 'cc', 'a', 'd']",
          ],
          [
            `print(sorted([${a}, ${b}, ${c}], reverse=True), list('ab') + list((1, 2)), (1,) + (2, 3), (1, 2).index(2))`,
            `${show([a, b, c].sort((x, y) => y - x))} ['a', 'b', 1, 2] (1, 2, 3) 1`,
          ],
        ],
        `a = [${a}, ${b}, ${c}]\nb = a\nc = list(a)\n`,
      )
    },
  ),
  check(
    'slices',
    'takes, assigns and deletes slices',
    {
      spec: 'slices',
      hint: 'First bring start and stop into range: add the length to what is negative, then cut; a step below zero has other defaults.',
    },
    async (kit) => {
      const { random } = kit
      const items = numbers(kit, 8)
      const word = random.word() + random.word()
      const bound = () => (random.oneIn(4) ? undefined : BigInt(random.int(-10, 10)))
      const cases = Array.from({ length: 24 }, (): Piece => {
        const [start, stop] = [bound(), bound()]
        const step = BigInt(random.pick([1, 1, 1, 2, 3, -1, -1, -2, -3]))
        const text = `[${start ?? ''}:${stop ?? ''}${step === 1n ? '' : `:${step}`}]`
        return [
          `a${text}, '${word}'${text}`,
          `${show(slice(items, start, stop, step))} ${slice(word, start, stop, step).join('')}`,
        ]
      })
      const [first, , , , ...others] = items
      await does(
        kit,
        [
          ...cases.map(([expression, line]): Piece => [`print(${expression})`, line]),
          ["print((1, 2, 3)[::-1], range(10)[3], 'abc'[::2], a[:] == a, a[:] is a)", '(3, 2, 1) 3 ac True False'],
          ["b = a[:]\nb[1:4] = 'xy'\nprint(b)", show([first as number, 'x', 'y', ...others])],
          ['b[1:1] = [0]\nb[:1] = []\nprint(b)', show([0, 'x', 'y', ...others])],
          ['del b[3:]\nb[::2] = [7, 8]\nprint(b)', show([7, 'x', 8])],
          ['del a[::3]\nprint(a)', show(items.filter((_, n) => n % 3))],
        ],
        `a = ${show(items)}\n`,
      )
    },
  ),
  check(
    'unpacking',
    'unpacks what is on the right into the targets on the left',
    { spec: 'unpacking', hint: 'Make a list of the right side first; then assign to each target as if it stood alone.' },
    async (kit) => {
      const [a, b, c, d] = numbers(kit, 4) as [number, number, number, number]
      await does(kit, [
        [`a, b = ${a}, ${b}\na, b = b, a\nprint(a, b)`, `${b} ${a}`],
        [`first, *rest = [${a}, ${b}, ${c}]\nprint(first, rest)`, `${a} ${show([b, c])}`],
        [`*start, last = (${a}, ${b})\nprint(start, last)`, `[${a}] ${b}`],
        [`x, *none, y = 'pq'\nprint(x, none, y)`, 'p [] q'],
        [`(a, [b, c]), d = (${a}, 'uv'), ${d}\nprint(a, b, c, d)`, `${a} u v ${d}`],
        [`a = b = [${c}]\nb.append(${d})\nprint(a)`, show([c, d])],
        [
          `for i, (k, v) in enumerate([('p', ${a}), ('q', ${b})], ${c}): print(i, k, v, end=';')\nprint()`,
          `${c} p ${a};${c + 1} q ${b};`,
        ],
        [`l = [0, 0]\ni, l[i] = 1, ${d}\nprint(i, l)`, `1 [0, ${d}]`],
        [`t = ${a}, ${b},\nprint(t, (${a}), (${a},))`, `(${a}, ${b}) ${a} (${a},)`],
        [`print([*range(3), *'ab'], (*[${a}], ${b}), *[${c}, ${d}])`, `[0, 1, 2, 'a', 'b'] (${a}, ${b}) ${c} ${d}`],
        [`[x, y] = {'k': 1, 'l': 2}\nprint(x, y, sep='')`, 'kl'],
      ])
    },
  ),
  check(
    'dicts',
    'keeps the keys of dicts in order, and equal keys as one',
    { spec: 'dicts', hint: 'What is equal must have the same hash: 1, 1.0 and True, and two tuples with equal items.' },
    async (kit) => {
      const { random } = kit
      const [a, b, c] = random.distinct(3, random.word) as [string, string, string]
      const n = random.int(3, 99)
      await does(
        kit,
        [
          [`d['${a}'] = 9\nd['${c}'] = ${n}\nprint(d, len(d))`, `{'${b}': 1, '${a}': 9, '${c}': ${n}} 3`],
          [`del d['${b}']\nd['${b}'] = 5\nprint(list(d), list(d.values()))`, `['${a}', '${c}', '${b}'] [9, ${n}, 5]`],
          [
            `print('${a}' in d, 'x' not in d, 9 in d, d.get('${a}'), d.get('x'), d.get('x', ${n}))`,
            `True True False 9 None ${n}`,
          ],
          [
            `print(d.pop('${c}'), d.pop('x', 0), d.setdefault('${a}', 4), d.setdefault('y'), d)`,
            `${n} 0 9 None {'${a}': 9, '${b}': 5, 'y': None}`,
          ],
          [`d.update({'${a}': 0, 'z': 1})\nd['z'] += ${n}\nprint(d)`, `{'${a}': 0, '${b}': 5, 'y': None, 'z': ${n + 1}}`],
          [`for k, v in d.items(): print(k, v, end=',')\nprint()`, `${a} 0,${b} 5,y None,z ${n + 1},`],
          [
            "e = {1: 'int', 2.5: 'x'}\ne[1.0] = 'float'\ne[True] = 'bool'\nprint(e, e[1], 2.5 in e)",
            "{1: 'bool', 2.5: 'x'} bool True",
          ],
          [
            `t = {(1, '${a}'): 1, (): 2}\nprint(t[(1.0, '${a}')], t[()], (1, '${b}') in t, t.get((1, ('${a}',))))`,
            '1 2 False None',
          ],
          [
            `print({'1': 'text', 1: 'number', None: 0, (1,): 't'}, '(1,)' in {(1,): 0})`,
            "{'1': 'text', 1: 'number', None: 0, (1,): 't'} False",
          ],
          [
            `print({'p': 1, 'q': [2]} == {'q': [2], 'p': 1.0}, {1: 2} == {1: 3}, dict([('k', ${n})]), dict(k=1), dict({'l': 2}))`,
            `True False {'k': ${n}} {'k': 1} {'l': 2}`,
          ],
          ["v = d.keys()\nd['new'] = 1\nprint('new' in v, len(v))", 'True 5'],
          ['f = d.copy()\nd.clear()\nprint(d, len(f), sorted(f))', `{} 5 ${show([a, b, 'new', 'y', 'z'].sort())}`],
        ],
        `d = {'${b}': 1, '${a}': 2}\n`,
      )
    },
  ),
  check('sets', 'has each member of a set once', { spec: 'sets', hint: 'A set is a dict without values.' }, async (kit) => {
    const [a, b, c, d] = numbers(kit, 4) as [number, number, number, number]
    const sorted = (...items: number[]) => show(items.sort((x, y) => x - y))
    await prints(
      kit,
      [
        [`sorted(s), len(s), ${a} in s, ${d} in s, ${a}.0 in s`, `${sorted(a, b, c)} 3 True False True`],
        [
          `sorted(s | t), sorted(s & t), sorted(s - t), sorted(s ^ t)`,
          `${sorted(a, b, c, d)} [${c}] ${sorted(a, b)} ${sorted(a, b, d)}`,
        ],
        [
          `sorted(s.union([${d}])), sorted(s.intersection(t)), sorted(s.difference(t)), {${a}}.issubset(s)`,
          `${sorted(a, b, c, d)} [${c}] ${sorted(a, b)} True`,
        ],
        [
          `s.add(${d}), s.add(${d}), len(s), s.discard(${d}), s.discard(${d}), s.remove(${a}), sorted(s)`,
          `None None 4 None None None ${sorted(b, c)}`,
        ],
        [`s == {${c}, ${b}}, s != t, s <= s, s < s, {${b}} < s, s >= {${c}}`, 'True True True False True True'],
        ["len(set('hello')), sorted(set([2, 1, 2])), set(), type({}).__name__, {(1, 2), (1, 2)}", '4 [1, 2] set() dict {(1, 2)}'],
        [
          `sorted({x % 3 for x in range(10)}), bool(set()), s.update([1000]), max(s), s.copy() == s, s is s.copy()`,
          '[0, 1, 2] False None 1000 True False',
        ],
      ],
      `s = {${a}, ${b}, ${c}, ${a}}\nt = {${c}, ${d}}\n`,
    )
  }),
]
