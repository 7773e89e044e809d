import { check } from '../../../programs/kit.ts'
import { does } from './prints.ts'

export const objects = [
  check(
    'classes',
    'makes instances, and finds their methods in their class and above it',
    {
      spec: 'classes',
      hint: 'An instance has its own attributes; what it has not comes from its class, then from the base. super() starts above the class that the method was written in.',
    },
    async (kit) => {
      const [a, b] = kit.random.distinct(2, kit.random.word) as [string, string]
      const n = kit.random.int(2, 99)
      await does(
        kit,
        [
          [`x, y = A('${a}'), B('${b}', ${n})\nprint(x.hello(), y.hello(), y.n)`, `${a}! ${b}!${n} ${n}`],
          ['print(x.kind, y.kind, A.kind, C(0).kind)', 'a b a b'],
          ["x.kind = 'own'\nprint(x.kind, A.kind)\nA.kind = 'new'", 'own a'],
          [`f = x.hello\nx.name = 'changed'\nprint(f(), A.hello(x), A('${b}').kind)`, `changed! changed! new`],
          [`print(C('${a}').hello(), C('${a}').loud())`, `${a}!7? ${`${a}!7?`.toUpperCase()}`],
          [
            'print(isinstance(y, A), isinstance(x, B), isinstance(y, (int, B)), type(y) is B, type(y).__name__, issubclass(C, A))',
            'True False True True B True',
          ],
          [
            "x.count = 0\nx.count += 1\nx.items = [1]\nx.items += [2]\nprint(x.count, x.items, hasattr(y, 'count'))",
            '1 [1, 2] False',
          ],
          [`del x.kind\nprint(x.kind, A.__name__, x == x, x == A('changed'), x != y)`, 'new A True False True'],
          [
            "x.later = lambda: 'no self'\nA.extra = lambda self: self.name + ' extra'\nprint(x.later(), y.extra())",
            `no self ${b} extra`,
          ],
          ['D.shared.append(1)\nprint(D().shared is D.shared, D().shared, D.Inner().v, D.twice(4))', 'True [1] inner 8'],
          ['print(Chain(1).add(2).add(3).total, [o.total for o in [Chain(5)]])', '6 [5]'],
        ],
        `class A:
    kind = 'a'
    def __init__(self, name):
        self.name = name
    def hello(self):
        return self.name + self.mark()
    def mark(self): return '!'
class B(A):
    kind = 'b'
    def __init__(self, name, n=7):
        super().__init__(name)
        self.n = n
    def hello(self):
        return super().hello() + str(self.n)
class C(B):
    def hello(self): return super().hello() + '?'
    def loud(self): return self.hello().upper()
class D:
    shared = []
    class Inner:
        v = 'inner'
    def twice(n): return n * 2
class Chain:
    def __init__(self, total): self.total = total
    def add(self, n):
        self.total += n
        return self
`,
      )
    },
  ),
  check(
    'special-methods',
    'asks an instance for what operators and built-in functions need',
    { spec: 'special-methods', hint: 'Before you refuse an operand, look in its class; then in that of the right side.' },
    async (kit) => {
      const [a, b, c] = kit.random.distinct(3, () => kit.random.int(3, 99)) as [number, number, number]
      await does(
        kit,
        [
          [`print(V(${a}), [V(${a})], str(V(1)), f'{V(2)} {V(2)!r}', S())`, `<${a}> [V(${a})] <1> <2> V(2) only repr`],
          [
            `print(repr(V(${a}) + V(${b})), repr(V(${a}) - ${b}), repr(${c} + V(${a})), repr(V(${a}) * 2), repr(${c} - V(${a})))`,
            `V(${a + b}) V(${a - b}) V(${a + c}) V(${a * 2}) V(${c - a})`,
          ],
          [
            `print(V(${a}) == V(${a}), V(${a}) != V(${a}), V(1) == 1, V(1) in [V(2), V(1)], [V(1)] == [V(1)], [V(3), V(1)].index(V(1)))`,
            'True False False True True 1',
          ],
          [
            `print(V(1) < V(2), V(1) > V(2), V(2) >= V(2), V(1) <= V(0), sorted([V(3), V(1)]), max(V(1), V(4)))`,
            'True False True False [V(1), V(3)] <4>',
          ],
          [
            `d = {V(${a}): 'x'}\nd[V(${a})] = 'y'\nprint(d, len({V(1), V(1), V(2)}), V(${a}) in d, V(0) in d)`,
            `{V(${a}): 'y'} 2 True False`,
          ],
          [
            "b = Box('p', 'q')\nprint(len(b), b[0], b[-1], 'q' in b, 'z' in b, list(b), bool(b), bool(Box()))",
            "2 p q True False ['p', 'q'] True False",
          ],
          [
            "b[1] = 'r'\ndel b[0]\nprint([x for x in b], [*b], b[:], 'yes' if V(0) else 'no', not V(1))",
            "['r'] ['r'] ['r'] no False",
          ],
          [
            'print(list(Down(3)), sum(Down(4)), max(Down(2)), [x for x in Twice()], next(Down(2)), 2 in Down(3))',
            '[3, 2, 1] 10 2 [1, 2] 2 True',
          ],
          [
            `print(V(${a})(${b}), callable(V(1)), V(7) // 2, V(7) % 4, V(1) / 2, V(2) ** 3)`,
            `called ${a + b} True floor mod div pow`,
          ],
          ["print('k' in Has(), 5 in Has(), Loose() == Loose(), hash(V(3)) == hash(V(3)))", 'True False False True'],
          ['x = V(5)\nx += V(1)\nprint(x)', '<6>'],
        ],
        `class V:
    def __init__(self, n): self.n = n
    def __str__(self): return f'<{self.n}>'
    def __repr__(self): return f'V({self.n})'
    def __add__(self, other): return V(self.n + other.n)
    def __radd__(self, other): return V(other + self.n)
    def __sub__(self, other): return V(self.n - other)
    def __rsub__(self, other): return V(other - self.n)
    def __mul__(self, k): return V(self.n * k)
    def __floordiv__(self, k): return 'floor'
    def __mod__(self, k): return 'mod'
    def __truediv__(self, k): return 'div'
    def __pow__(self, k): return 'pow'
    def __eq__(self, other): return isinstance(other, V) and self.n == other.n
    def __hash__(self): return hash(self.n)
    def __lt__(self, other): return self.n < other.n
    def __le__(self, other): return self.n <= other.n
    def __ge__(self, other): return self.n >= other.n
    def __bool__(self): return self.n != 0
    def __call__(self, k): return f'called {self.n + k}'
class S:
    def __repr__(self): return 'only repr'
class Box:
    def __init__(self, *items): self.items = list(items)
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]
    def __setitem__(self, i, item): self.items[i] = item
    def __delitem__(self, i): del self.items[i]
class Down:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0: raise StopIteration
        self.n -= 1
        return self.n + 1
class Twice:
    def __iter__(self):
        yield 1
        yield 2
class Has:
    def __contains__(self, x): return x == 'k'
class Loose: pass
`,
      )
    },
  ),
  check(
    'exceptions',
    'raises exceptions, and catches them by their class or one above it',
    {
      spec: 'exceptions',
      hint: 'Handlers are tried in order. A class that is raised stands for an instance of it. finally comes last, whatever happens.',
    },
    async (kit) => {
      const [a, b] = kit.random.distinct(2, kit.random.word) as [string, string]
      const n = kit.random.int(2, 99)
      await does(
        kit,
        [
          [
            `print(caught(lambda: boom(ValueError('${a}'))), caught(lambda: boom(KeyError('${a}'))), caught(lambda: boom(Own('${b}', ${n}))))`,
            `value ${a} lookup '${a}' own ('${b}', ${n}) ${n}`,
          ],
          [
            `print(caught(lambda: boom(ZeroDivisionError)), caught(lambda: boom(IndexError())), caught(lambda: boom(RuntimeError('${b}'))), caught(lambda: ${n}))`,
            `arithmetic  lookup  other RuntimeError ${n}`,
          ],
          [`order(lambda: 1)`, 'try else finally after'],
          [`order(lambda: boom(ValueError))`, 'try except finally after'],
          [
            `try:\n    order(lambda: boom(KeyError('${a}')))\nexcept KeyError as e:\n    print('out', e)`,
            `try finally out '${a}'`,
          ],
          [
            `try:\n    try:\n        boom(ValueError('${a}'))\n    except ValueError:\n        print('again', end=' ')\n        raise\nexcept Exception as e:\n    print(repr(e), e.args)`,
            `again ValueError('${a}') ('${a}',)`,
          ],
          [
            `try:\n    try:\n        1 // 0\n    except ZeroDivisionError as e:\n        raise Low('${b}')\nexcept Own as e:\n    print(type(e).__name__, e, isinstance(e, Own), e.code)`,
            `Low low ${b} True 3`,
          ],
          ["try: boom(Own('x', 1))\nexcept: print('bare')", 'bare'],
          [
            `class Missing(KeyError): pass\ntry: boom(Missing('${a}'))\nexcept LookupError as e: print(e, repr(e))`,
            `'${a}' Missing('${a}')`,
          ],
          [
            `for x in [1, 0, ${n}]:\n    try:\n        y = 10 * ${n} // x\n    except ZeroDivisionError: continue\n    print(y, end=' ')\nprint()`,
            `${10 * n} 10 `,
          ],
          [`try:\n    assert ${n} < 0, '${a}'\nexcept AssertionError as e:\n    print('assert', e)\nassert ${n}`, `assert ${a}`],
          [
            `def find():\n    for i in range(9):\n        try:\n            boom(KeyError(i)) if i > 2 else None\n        except LookupError as e:\n            return e.args[0]\nprint(find())`,
            '3',
          ],
        ],
        `class Own(Exception):
    def __init__(self, message, code):
        super().__init__(message, code)
        self.code = code
class Low(Own):
    def __init__(self, message): super().__init__('low ' + message, 3)
    def __str__(self): return self.args[0]
def boom(e): raise e
def caught(f):
    try:
        return f()
    except ValueError as e:
        return f'value {e}'
    except (KeyError, IndexError) as e:
        return f'lookup {e}'
    except ArithmeticError as e:
        return f'arithmetic {e}'
    except Own as e:
        return f'own {e} {e.code}'
    except Exception as e:
        return 'other ' + type(e).__name__
def order(f):
    print('try', end=' ')
    try:
        f()
    except ValueError:
        print('except', end=' ')
    else:
        print('else', end=' ')
    finally:
        print('finally', end=' ')
    print('after')
`,
      )
    },
  ),
]
