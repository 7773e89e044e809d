import { check, type Kit } from '../../../programs/kit.ts'
import { growsWithWork, idleMemory, MIB, memoryStaysBounded } from '../../../programs/performance.ts'
import { FILE } from './prints.ts'

const PATIENT = { time: 60_000 }

/** Runs a program that is made for so much work, and compares what it prints. */
async function linear(
  kit: Kit,
  size: number,
  unit: string,
  program: (n: number) => [source: string, stdout: string],
): Promise<void> {
  const work = async (n: number) => {
    const [source, stdout] = program(n)
    return kit.program.run([kit.scratch.file(FILE, source)], { limits: PATIENT }).succeeds({ stdout })
  }
  await growsWithWork(kit, { size, work, unit })
}

export const growth = [
  check(
    'dicts-scale',
    'finds a key among many as quickly as among few',
    { spec: 'dicts-and-sets', hint: 'Give numbers, strings and tuples a hash of their own, and look in one bucket, not in all.' },
    async (kit) => {
      const word = kit.random.word()
      await linear(kit, 10_000, 'keys', (n) => [
        `d = {}
for i in range(${n}):
    d[i] = i
    d['${word}' + str(i)] = 1
    d[(i, '${word}')] = 1
found = 0
seen = set()
for i in range(${n}):
    found += d['${word}' + str(i)] + d[(i, '${word}')]
    seen.add(i % 5000)
    if -i in d: found += 1
print(found, len(d), len(seen))
`,
        `${2 * n + 1} ${3 * n} ${Math.min(n, 5000)}\n`,
      ])
    },
  ),
  check(
    'lists-scale',
    'appends to a long list as quickly as to a short one',
    {
      spec: 'lists-1',
      hint: 'append must not copy the list, a[i] must not walk through it, and join must not copy for each piece what came before.',
    },
    async (kit) => {
      const word = kit.random.word()
      await linear(kit, 30_000, 'items', (n) => [
        `a = []
for i in range(${n}):
    a.append('${word}')
b = []
for i in range(${n}):
    b.append(a[i])
    b[len(b) - 1] = a[-1]
text = ''.join(b)
while len(a) > 1:
    a.pop()
print(len(text), len(b), a)
`,
        `${n * word.length} ${n} ['${word}']\n`,
      ])
    },
  ),
  check(
    'calls-scale',
    'calls a function as quickly however many names there are',
    { spec: 'calls', hint: 'A call needs a table for its own variables, and a pointer to the one around it. Copy nothing.' },
    async (kit) => {
      const word = kit.random.word()
      await linear(kit, 4000, 'names and calls', (n) => [
        `${Array.from({ length: n }, (_, i) => `${word}${i} = ${i}\n`).join('')}def add(x, y=1):
    z = x + y
    return z
def outer():
    n = 0
    def inner():
        nonlocal n
        n = add(n)
    for i in range(${n}):
        inner()
    return n
total = 0
for i in range(${n}):
    total = add(total)
print(total, outer(), ${word}${n - 1})
`,
        `${n} ${n} ${n - 1}\n`,
      ])
    },
  ),
  check(
    'programs-scale',
    'reads a program in time that grows with its length',
    {
      spec: 'long-programs',
      hint: 'Keep a position in the text; do not cut off its beginning again and again, and count lines as you go.',
    },
    async (kit) => {
      const word = kit.random.word()
      await linear(kit, 4000, 'lines', (n) => [
        `${Array.from({ length: Math.ceil(n / 4) }, (_, i) => `def ${word}${i}(x):  # number ${i}\n    y = x * ${i} + len('${word}')\n    return [y, (x + 1) % 7]\n\n`).join('')}print(${word}0(3))\n`,
        `[${word.length}, 4]\n`,
      ])
    },
  ),
  check(
    'sorting-scales',
    'sorts long lists in n log n, and asks for each key once',
    { spec: 'sorting', hint: 'A merge sort is stable, and short. Work out all keys before you begin to compare.' },
    async (kit) => {
      const factor = kit.random.pick([7919, 104729, 1299709])
      await linear(kit, 15_000, 'items', (n) => {
        const values = Array.from({ length: n }, (_, i) => (i * factor) % 1_000_003)
        const [first] = [...values].sort((x, y) => x - y)
        return [
          `asked = 0
def key(x):
    global asked
    asked += 1
    return -x
a = [i * ${factor} % 1000003 for i in range(${n})]
b = sorted(a, key=key)
a.sort()
print(a[0], b[-1], asked, a == b[::-1])
`,
          `${first} ${first} ${n} True\n`,
        ]
      })
    },
  ),
  check(
    'garbage',
    'gives back the memory of what nothing leads to any more',
    {
      spec: 'garbage',
      hint: 'Do not keep frames, values or tokens in lists of your own. In C: count references, or mark and sweep.',
    },
    async (kit) => {
      const rounds = kit.random.int(3900, 4100)
      const source = `def make(n):
    items = list(range(2000))
    items[0] = str(n) * 100
    return items
input()
input()
total = 0
for i in range(${rounds}):
    total += len(make(i))
print(total)
`
      const file = kit.scratch.file(FILE, source)
      // One line comes, and it waits for the other.
      const idle = await idleMemory(kit, [file])
      const run = await kit.program.run([file], { stdin: 'x\ny\n', limits: PATIENT }).succeeds({ stdout: `${rounds * 2000}\n` })
      memoryStaysBounded(kit, run, idle, `${rounds} lists of 2000 numbers, one after another`, 96 * MIB)
    },
  ),
]
