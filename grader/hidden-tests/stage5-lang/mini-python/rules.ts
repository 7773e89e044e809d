import { check } from '../../../programs/kit.ts'
import { does, runs } from './prints.ts'

export const rules = [
  check(
    'whose-name',
    'finds the variable that a name means, where that is not obvious',
    {
      spec: 'whose-name-is-it',
      hint: 'Find out before a function runs which names it assigns: those are its own from its first line on.',
    },
    async (kit) => {
      const [a, b] = kit.random.distinct(2, kit.random.word) as [string, string]
      await does(
        kit,
        [
          ["try: early()\nexcept UnboundLocalError: print('unbound')", 'unbound'],
          ["try: half(0)\nexcept UnboundLocalError: print('unbound', half(1))", 'unbound 1'],
          ['print(str(grow(1)), grow(2), grow(3, []))', '[1] [1, 2] [3]'],
          [`print(K().get(), K.x, K.y)`, `${a} class class+`],
          ["for k in range(3): pass\n[k2 for k2 in range(5)]\nprint(k)\ntry: k2\nexcept NameError: 'gone'", '2'],
          ["e = 'old'\ntry: 1 // 0\nexcept ZeroDivisionError as e: pass\ntry: e\nexcept NameError: print('gone')", 'gone'],
          [`print(reader(), end=' ')\nx = '${b}'\nprint(reader())`, `${a} ${b}`],
          ["def later(): return not_yet()\ndef not_yet(): return 'defined'\nprint(later())", 'defined'],
          ['len = lambda items: 42\nprint(len([]))\ndel len', '42'],
          ['print(len([]))\nint, kept = str, int\nprint(end="")\nint = kept', '0'],
          [
            'def outer():\n    fs = []\n    for i in range(3):\n        def f(i=i): return i, j\n        fs.append(f)\n    j = i * 10\n    return [f() for f in fs]\nprint(outer())',
            '[(0, 20), (1, 20), (2, 20)]',
          ],
          [
            "def unset():\n    def inner(): return v\n    try: inner()\n    except NameError: print('not yet', end=' ')\n    v = 1\n    return inner()\nprint(unset())",
            'not yet 1',
          ],
          [
            'class M:\n    n = 3\n    for i in range(2): n += i\n    def get(self): return self.n + self.i\nprint(M().get(), M.n)',
            '5 4',
          ],
          ["def param(x):\n    del x\n    x = 'new'\n    return x\nprint(param(1), None if True else missing)", 'new None'],
        ],
        `x = '${a}'
def early():
    print(x)
    x = 1
def half(n):
    if n: v = n
    return v
def grow(item, to=[]):
    to.append(item)
    return to
class K:
    x = 'class'
    y = x + '+'
    def get(self): return x
def reader(): return x
`,
      )
    },
  ),
  check(
    'finally-always',
    'runs finally whichever way its block is left',
    { spec: 'finally', hint: 'A return within try is only a plan: finally comes first, and may change it.' },
    async (kit) => {
      const n = kit.random.int(10, 99)
      await does(
        kit,
        [
          ['print(returns())', `tidy ${n}`],
          ['print(wins(), swallows())', `2 ${n}`],
          ['print(loop())', "['a', 0, 'f', 'f', 2, 'f', 'end']"],
          ['try: replaced()\nexcept Exception as e: print(type(e).__name__)', 'KeyError'],
          ['print(nested())', '[1, 2, 3, 4]'],
          ['print(kept())', `${n}`],
          ['print(list(gen()))', "['try', 'finally', 'after']"],
          ['print(early_gen())', "['a', 'closed']"],
          [
            "try:\n    try: raise KeyError('k')\n    finally: print('f', end=' ')\nexcept KeyError as e: print('c', e)",
            "f c 'k'",
          ],
        ],
        `def returns():
    try: return ${n}
    finally: print('tidy', end=' ')
def wins():
    try: return 1
    finally: return 2
def swallows():
    try: raise ValueError
    finally: return ${n}
def loop():
    log = ['a']
    for i in range(9):
        try:
            if i == 1: continue
            log.append(i)
            if i == 2: break
        finally:
            log.append('f')
    else:
        log.append('never')
    log.append('end')
    return log
def replaced():
    try: raise ValueError
    finally: raise KeyError
def nested():
    log = []
    try:
        try:
            log.append(1)
            raise ValueError
        except TypeError: log.append('never')
        finally: log.append(2)
    except ValueError:
        try: raise KeyError
        except KeyError: log.append(3)
        else: log.append('never')
        finally: log.append(4)
    return log
def kept():
    for i in range(3):
        try:
            x = ${n}
            return x
        finally:
            x = 0
            if i > 5: return 'never'
def gen():
    try:
        yield 'try'
    finally:
        yield 'finally'
    yield 'after'
def early_gen():
    log = []
    def g():
        for x in 'ab':
            try:
                yield x
                if x == 'a': return
            finally:
                log.append('closed')
    return [x for x in g()] + log
`,
      )
    },
  ),
  check(
    'order',
    'evaluates from left to right, each part once, and no part that is not needed',
    {
      spec: 'order-of-evaluation',
      hint: 'The right side of = comes before its targets; the object and the index of x[i] += 1 are evaluated once.',
    },
    async (kit) => {
      const [a, b, c] = kit.random.distinct(3, kit.random.word) as [string, string, string]
      await runs(
        kit,
        `log = []
def t(name, value=1):
    log.append(name)
    return value
def shown(what):
    print(what, *log)
    log.clear()
def f(*args, **kwargs): pass
t('${a}') + t('${b}') * t('${c}') ** t('d')
shown('operands')
f(t('${b}'), *t('star', []), k=t('${a}'), **t('stars', {}))
t('f', f)(t('x'), t('y'))
shown('arguments')
[t('${a}'), t('${c}')], (t('x'), t('y')), {t('k1'): t('v1'), t('k2', 2): t('v2')}
shown('items')
d = {}
t('d', d)[t('key')] = t('value')
shown('assignment')
t('d', d)[t('key')] += t('more')
shown('augmented')
t('low', 1) < t('middle', 2) < t('high', 3)
t('low', 3) < t('middle', 2) < t('high', 3)
shown('chain')
t('and', 0) and t('never')
t('or') or t('never')
t('yes') if t('condition') else t('never')
shown('short')
t('a', [0, 0, 0])[t('from', 0):t('to', 1):t('step')]
class A: pass
t('object', A()).x = t('value')
shown('slice')
def g(a=t('default a'), b=t('default b')): pass
g()
g()
shown('defaults')
x, d[t('first')] = t('tuple 1'), t('tuple 2')
[t('e') for _ in t('outer', [1, 2]) if t('if')]
shown('more')
print(f"{t('one')}{t('two')}", d)
shown('text')
assert t('assert'), t('never')
x = [t(i) for i in 'ab'][t('index', 0)]
shown('last')
`,
        `operands ${a} ${b} ${c} d
arguments ${b} star ${a} stars f x y
items ${a} ${c} x y k1 v1 k2 v2
assignment value d key
augmented d key more
chain low middle high low middle
short and or condition yes
slice a from to step value object
defaults default a default b
more tuple 1 tuple 2 first outer if e if e
11 {1: 1}
text one two
last assert a b index
`,
        'Each line shows in which order the parts of an expression were evaluated: compare it with the line of the program before that `shown(…)`.',
      )
    },
  ),
]
