import { floorDivide, modulo } from '../../../models/mini-python.ts'
import { check, type Kit } from '../../../programs/kit.ts'
import { type Piece, prints } from './prints.ts'

const large = ({ random }: Kit) => BigInt(random.int(1e9, 2e9)) ** BigInt(random.int(3, 6)) + BigInt(random.int(1, 1e9))

/** A float that is exactly so many eighths: JavaScript writes it as Python does. */
const eighths = ({ random }: Kit) => (random.int(10, 900) * 8 + random.pick([1, 3, 5, 7])) / 8

export const values = [
  check(
    'integers',
    'calculates with integers of any size, and rounds divisions down',
    {
      spec: 'integers',
      hint: 'If your numbers end at 64 bits, or lose digits above 2 ** 53, use big ones. C rounds towards zero; Python does not.',
    },
    async (kit) => {
      const { random } = kit
      const [a, b] = [large(kit), large(kit)]
      const [x, y] = [BigInt(random.int(11, 99)), BigInt(random.int(3, 9))]
      const signs = [
        [x, y],
        [-x, y],
        [x, -y],
        [-x, -y],
      ] as const
      await prints(kit, [
        [`${a} * ${b} - ${a}`, String(a * b - a)],
        [`${a} ** 3 // ${b}`, String(floorDivide(a ** 3n, b))],
        [`${a} % ${b}`, String(modulo(a, b))],
        ...signs.flatMap(([p, q]): Piece[] => [
          [`${p} // ${q}`, String(floorDivide(p, q))],
          [`${p} % ${q}`, String(modulo(p, q))],
        ]),
        ['5 ^ 6 & 3 | 8', '15'],
        [`-${y} ** 2`, String(-(y ** 2n))],
        [`2 ** ${y} ** 2`, String(2n ** (y ** 2n))],
        [`${x} - ${y} - 1`, String(x - y - 1n)],
        [`${x} & ${y} | ${x} ^ ${y} << 3`, String((x & y) | (x ^ (y << 3n)))],
        [`~${x} + (-${x} >> 2)`, String(~x + (-x >> 2n))],
        [`0x${x.toString(16)} + 0b${y.toString(2)} + 0o${x.toString(8)} + 1_000`, String(x + y + x + 1000n)],
        [`10 ** 30 + ${x} == 10 ** 30 + ${x} + 1`, 'False'],
      ])
    },
  ),
  check(
    'floats',
    'calculates with floats, and writes them with the fewest digits',
    {
      spec: 'floats',
      hint: 'An integer and a float are two types: 6 / 3 is 2.0. Find the shortest digits, then choose between point and exponent.',
    },
    async (kit) => {
      const { random } = kit
      const [x, n] = [eighths(kit), random.int(2, 9)]
      const digit = random.int(2, 9)
      await prints(kit, [
        [`${n * 6} / ${n}`, '6.0'],
        [`${x} + ${n}`, String(x + n)],
        [`${n} * 0.5, ${x} - ${x}`, `${n % 2 ? n * 0.5 : `${n / 2}.0`} 0.0`],
        ['0.1 + 0.2, 1 / 3', '0.30000000000000004 0.3333333333333333'],
        [`${digit}e15, ${digit}e16, ${digit}.5e22`, `${digit}000000000000000.0 ${digit}e+16 ${digit}.5e+22`],
        [`0.000${digit}, 0.0000${digit}, ${digit}e-7, ${digit}e-300`, `0.000${digit} ${digit}e-05 ${digit}e-07 ${digit}e-300`],
        [`-7.5 // 2, -7.5 % 2, ${n}.0 // 1`, `-4.0 0.5 ${n}.0`],
        [`int(-${x}), int('${n}') + float('${x}')`, `${-Math.trunc(x)} ${n + x}`],
        ['round(0.5), round(1.5), round(2.5), round(-2.6)', '0 2 2 -3'],
        [`round(${x}, 1), round(2.675, 2), round(${n}1, -1)`, `${rounded(x)} 2.67 ${n}0`],
        [`2 ** -1, 4 ** 0.5, ${n} == ${n}.0, 1e3`, '0.5 2.0 True 1000.0'],
      ])
    },
  ),
  check(
    'truth',
    'knows what is true, and gives the operand that decided',
    { spec: 'truth', hint: '`and` and `or` give one of their operands, not True or False; a chain evaluates its middle once.' },
    async (kit) => {
      const [one, two] = kit.random.distinct(2, kit.random.word) as [string, string]
      const n = kit.random.int(3, 90)
      const empty = ['0', '0.0', "''", '[]', '()', '{}', 'None', 'False', 'set()', 'range(0)']
      await prints(kit, [
        ...empty.map((value): Piece => [`'yes' if ${value} else 'no', not ${value}`, 'no True']),
        ...["'0'", '[0]', '(0,)', '-1', '0.1', "{'a': 0}"].map((value): Piece => [`bool(${value})`, 'True']),
        [`'${one}' or '${two}', '' or '${two}', [] or None`, `${one} ${two} None`],
        [`'${one}' and '${two}', 0 and '${two}'`, `${two} 0`],
        [`not '${one}' == '${two}', not 0 or 1`, 'True True'],
        [`${n} < ${n + 1} < ${n + 2}, ${n} < ${n + 2} < ${n + 1}, ${n} == ${n} != ${n + 1}`, 'True False True'],
        [`${n + 1} > ${n} < ${n + 2}, 3 > 2 == True`, 'True False'],
        [`True + ${n}, False == 0, True is True, None is not None`, `${n + 1} True True False`],
        [`1 if ${n} > 2 else 2 if ${n} > 1 else 3`, '1'],
      ])
    },
  ),
  check(
    'strings',
    'knows strings and their methods',
    { spec: 'strings', hint: 'The table of methods in the spec is a list of small functions: tick them off one by one.' },
    async (kit) => {
      const [a, b, c] = kit.random.distinct(3, kit.random.word) as [string, string, string]
      const title = (word: string) => word[0]?.toUpperCase() + word.slice(1)
      await prints(
        kit,
        [
          ['s[0], s[-1], s[2], len(s)', `${a[0]} ${c.at(-1)} ${a[2]} ${a.length + b.length + c.length + 2}`],
          [
            's.upper(), s.title(), s.capitalize()',
            `${`${a} ${b} ${c}`.toUpperCase()} ${[a, b, c].map(title).join(' ')} ${title(`${a} ${b} ${c}`)}`,
          ],
          [`s.split(), s.split('${b}'), s.split(' ', 1)`, `['${a}', '${b}', '${c}'] ['${a} ', ' ${c}'] ['${a}', '${b} ${c}']`],
          [
            `'  ${a}\\n '.strip() + '|', 'xx${b}xyx'.strip('xy'), ' ${a} '.lstrip() + '|' + ' ${a} '.rstrip() + '|'`,
            `${a}| ${b} ${a} | ${a}|`,
          ],
          [
            `s.find('${b}'), s.find('${a}${a}'), s.rfind('${c}'), s.index('${c}')`,
            `${`${a} ${b}`.indexOf(b)} -1 ${`${a} ${b} ${c}`.lastIndexOf(c)} ${`${a} ${b} ${c}`.indexOf(c)}`,
          ],
          [`'${a}${a}'.count('${a}'), 'aaaa'.count('aa'), 'aaaa'.replace('a', '${b}', 2)`, `2 2 ${b}${b}aa`],
          [
            `'${b}' in s, '${b}' not in s, '' in s, s.startswith('${a}'), s.endswith(('x-', '${c}'))`,
            'True False True True True',
          ],
          [`', '.join(['${c}', '${b}']), '${a}'.join('xy'), '-' * 3 + 2 * '='`, `${c}, ${b} x${a}y ---==`],
          [
            `'${a}'.rjust(12, '.'), '${a}'.ljust(12) + '|', '7'.center(4, '*'), '7'.center(5, '*'), '-7'.zfill(4)`,
            `${a.padStart(12, '.')} ${a.padEnd(12)}| *7** **7** -007`,
          ],
          [
            `'12'.isdigit(), ''.isdigit(), 'a1'.isalnum(), '${a}'.isalpha(), ' \\t'.isspace(), 'A1'.isupper(), '${b}'.islower(), 'a b'.isalpha()`,
            'True False True True True True True False',
          ],
          [
            `'a=b=c'.partition('='), '${a}'.partition('='), 'a\\nb\\n'.splitlines()`,
            `('a', '=', 'b=c') ('${a}', '', '') ['a', 'b']`,
          ],
          [`'${a}' 'X' "it's" '''q"q''' r'a\\n'`, `${a}Xit'sq"qa\\n`],
          [`'a\\tb\\\\c\\x41\\u00e9\\'', '''two\\\nlines'''`, "a\tb\\cA\u00e9' twolines"],
          [`'${a}' < '${a}x', 'Z' < 'a', '${a}' == '${a}', max('b', 'abc')`, 'True True True b'],
          [
            `'XyZ'.lower(), '${a}'.replace('${a.slice(1, 3)}', ''), ' a  b '.split(' ')`,
            `xyz ${a.replaceAll(a.slice(1, 3), '')} ['', 'a', '', 'b', '']`,
          ],
        ],
        `s = '${a} ${b} ${c}'\n`,
      )
    },
  ),
  check(
    'text-of-values',
    'writes values as str and as repr, also within each other',
    { spec: 'the-text-of-a-value', hint: 'print uses str of what it gets; a list uses repr of what is in it.' },
    async (kit) => {
      const [a, b] = kit.random.distinct(2, kit.random.word) as [string, string]
      const n = kit.random.int(2, 90)
      await prints(kit, [
        [`'${a}', ['${a}', ${n}, ${n}.0, None, True]`, `${a} ['${a}', ${n}, ${n}.0, None, True]`],
        [`["it's", '"${b}"', '\\'${a}\\'"', '']`, `["it's", '"${b}"', '\\'${a}\\'"', '']`],
        [`['\\n\\t\\r\\\\', '\\x00\\x1b', 'é🐍']`, `['\\n\\t\\r\\\\', '\\x00\\x1b', 'é🐍']`],
        [`(${n},), (), (1, '${a}'), [()]`, `(${n},) () (1, '${a}') [()]`],
        [`{'${a}': [${n}, {}], ${n}: ('${b}',)}`, `{'${a}': [${n}, {}], ${n}: ('${b}',)}`],
        [`set(), {${n}}, range(${n}), range(1, ${n}, 2)`, `set() {${n}} range(0, ${n}) range(1, ${n}, 2)`],
        [`repr('${a}'), str('${a}'), repr(str(${n}))`, `'${a}' ${a} '${n}'`],
        [`int, str, ValueError, type([])`, "<class 'int'> <class 'str'> <class 'ValueError'> <class 'list'>"],
        [
          `repr(ValueError('${a}')), str(ValueError('${a}')), repr(KeyError()), [TypeError('${b}', ${n})]`,
          `ValueError('${a}') ${a} KeyError() [TypeError('${b}', ${n})]`,
        ],
        [
          `{'${a}': 1}.keys(), {'${a}': 1}.values(), {'${a}': 1}.items()`,
          `dict_keys(['${a}']) dict_values([1]) dict_items([('${a}', 1)])`,
        ],
        [`'${a}', '${b}', sep='-', end='!\\n'`, `${a}-${b}!`],
      ])
    },
  ),
  check(
    'f-strings',
    'puts values into f-strings, in the format that they ask for',
    {
      spec: 'f-strings',
      hint: 'Cut what is in the braces into its expression (up to the !, : or } that is outside its brackets and quotes), its conversion and its format, and the format into the parts that the spec names. Rounding is decimal and exact.',
    },
    async (kit) => {
      const [a, b] = kit.random.distinct(2, kit.random.word) as [string, string]
      const n = kit.random.int(1e6, 9e6)
      const hex = n.toString(16)
      await prints(
        kit,
        [
          ["f'{a} {b!r} {n + 1}{{}}{a.upper()}'", `${a} '${b}' ${n + 1}{}${a.toUpperCase()}`],
          [
            "f'[{a:12}] [{a:>12}] [{a:^13}] [{a:*<12}] [{a:.2}]'",
            `[${a.padEnd(12)}] [${a.padStart(12)}] [${centred(a, 13)}] [${a.padEnd(12, '*')}] [${a.slice(0, 2)}]`,
          ],
          [
            "f'[{n:10}] [{n:<10}] [{n:,}] [{n:+}] [{n:012}] [{-n:012}]'",
            `[${String(n).padStart(10)}] [${String(n).padEnd(10)}] [${n.toLocaleString('en-US')}] [+${n}] [${String(n).padStart(12, '0')}] [-${String(n).padStart(11, '0')}]`,
          ],
          ["f'{n:x} {n:X} {n:b} {n:o} {n:d}'", `${hex} ${hex.toUpperCase()} ${n.toString(2)} ${n.toString(8)} ${n}`],
          [
            "f'{0.125:.2f} {0.375:.2f} {2.5:.0f} {1:f} {-1.005:.2f} {1e21:.1f}'",
            '0.12 0.38 2 1.000000 -1.00 1000000000000000000000.0',
          ],
          [
            "f'{0.256:.1%} {n / 4:,.2f} {3.14159:8.3f}|'",
            `25.6% ${(n / 4).toLocaleString('en-US', { minimumFractionDigits: 2 })}    3.142|`,
          ],
          [`f'{a:{width}}|{n:>{width + 2}}|'`, `${a.padEnd(14)}|${String(n).padStart(16)}|`],
          [`f"{'x' if n else 'y'}" f'{[i for i in (1, 2)]}' 'z' f'''{{{a}}}'''`, `x[1, 2]z{${a}}`],
          ["f'{d[\"k\"]}{(lambda: 7)()}' rf'\\n{a}'", `${n}7\\n${a}`],
          [
            "format(n, '>10'), format(a), f'{None} {[a]!s:>14}'",
            `${String(n).padStart(10)} ${a} None ${`['${a}']`.padStart(14)}`,
          ],
        ],
        `a, b, n, width = '${a}', '${b}', ${n}, 14\nd = {'k': n}\n`,
      )
    },
  ),
]

/** To one digit; eighths end in .125, .375, .625 or .875, so that nothing lies in the middle. */
const rounded = (x: number) => {
  const text = (Math.round(x * 10) / 10).toString()
  return text.includes('.') ? text : `${text}.0`
}

function centred(text: string, width: number): string {
  const missing = Math.max(0, width - text.length)
  const left = Math.floor(missing / 2)
  return ' '.repeat(left) + text + ' '.repeat(missing - left)
}
