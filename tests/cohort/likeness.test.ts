import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { languagesOf, renderStarter } from '../../grader/authoring/starters.ts'
import { render } from '../../grader/authoring/templates.ts'
import { leftOut, likePairs, type Source, type Work } from '../../grader/cohort/likeness.ts'
import { tokensOf } from '../../grader/cohort/tokens.ts'
import { loadProject, type Project, places, ROOT } from '../../grader/engine/projects.ts'
import { randomFrom } from '../../grader/engine/random.ts'
import { likenessPage, likenessText } from '../../grader/reports/likeness.ts'
import { COUNT, DISGUISED, READ, WC } from './programs.ts'

const OTHER_WC = `import argparse
import re
import sys


class Tally:
    def __init__(self, label="", lines=0, words=0, size=0):
        self.label, self.lines, self.words, self.size = label, lines, words, size

    def add(self, chunk):
        self.lines += chunk.count(10)
        self.words += sum(1 for _ in re.finditer(rb"\\S+", chunk))
        self.size += len(chunk)

    def __add__(self, other):
        return Tally("total", self.lines + other.lines, self.words + other.words, self.size + other.size)

    def show(self):
        print("%7d %7d %7d %s" % (self.lines, self.words, self.size, self.label))


parser = argparse.ArgumentParser(prog="wc")
parser.add_argument("paths", nargs="*", default=["-"])
everything = Tally()
for path in parser.parse_args().paths:
    try:
        one = Tally(path)
        for chunk in sys.stdin.buffer if path == "-" else open(path, "rb"):
            one.add(chunk)
    except OSError as problem:
        sys.stderr.write("wc: %s: %s\\n" % (path, problem.strerror))
    else:
        one.show()
        everything += one
everything.show()
`

const work = (id: string, text: string, name = 'main.py'): Work => ({ id, files: [{ name, text }] })
const kinds = (name: string, text: string) => tokensOf(name, text).map(({ kind }) => kind)
const ENDINGS = ['py', 'ts', 'js', 'go', 'rs', 'zig', 'c', 'cpp', 'java', 'rb', 'sh']

describe('tokens', () => {
  it.each([
    ['py', '# why\nfor item in f("it\'s", 0x1F):  # and', 'for NAME in NAME ( TEXT ) :'],
    ['py', '  """What it does;\n  at length."""\n  return """a""" + 1.5e-3', 'return TEXT + NUMBER'],
    ['ts', "import a, {\n b } from 'c'\nx = `${1} //` ?? /[/\"']/g.a // yes", 'NAME = TEXT ?? TEXT . NAME'],
    ['js', 'f([1, 2, 3], /* b */ a / b / c,);', 'NAME ( [ NUMBER ] , NAME / NAME / NAME )'],
    ['go', 'package main\nimport (\n "a"\n)\nx := <-c; `raw\n"`', 'NAME := <- NAME TEXT'],
    ['rs', "use a::{b, c};\n&'a str = r#\"a\"b\"#; '\"' '\\'' 0..10", "& ' NAME NAME = TEXT TEXT TEXT NUMBER .. NUMBER"],
    ['zig', 'const std = @import("std");\nconst s = \\\\it\'s "raw"\n;', 'const NAME = TEXT'],
    ['c', '#include <a.h>\n#define A \'"\' /* " */ x->y', '# NAME NAME TEXT NAME -> NAME'],
    ['cpp', '#include <a>\nauto s = R"x(a)"b)x"; n = 1\'000;', 'auto NAME = TEXT NAME = NUMBER'],
    ['java', 'import a.b;\nString s = """\n a "b"\n""";', 'NAME NAME = TEXT'],
    ['rb', "require 'a'\n=begin\nit's\n=end\nputs x =~ /#'/ # why", 'NAME NAME = ~ TEXT'],
    ['sh', '# why\nif [ "$#" -gt 0 ]; then echo $#; fi', 'if [ TEXT - NAME NUMBER ] then echo NAME # fi'],
  ])('%s: %j', (ending, text, wanted) => {
    expect(kinds(`main.${ending}`, text).join(' ')).toBe(wanted)
  })

  it('stand where they were found, and there are none in what is no code', () => {
    expect(tokensOf('a.c', '/* one\ntwo */ x\r\n\r\n  = "a\\\nb" y')).toEqual([
      { kind: 'NAME', line: 2, column: 8 },
      { kind: '=', line: 4, column: 3 },
      { kind: 'TEXT', line: 4, column: 5 },
      { kind: 'NAME', line: 5, column: 4 },
    ])
    expect(tokensOf('README.md', 'if x then y')).toEqual([])
  })

  // Were one of these quadratic, it would take minutes.
  it.each(ENDINGS)('%s: what has no end is read to its end', (ending) => {
    const openings = ['"', "'", '`', '/*', '"""', 'r#"', 'R"(', '(', '\\', 'import\n', '=/[', '=begin\n', '\ud800', '\0', '0,']
    for (const opening of openings) {
      const [first] = tokensOf(`a.${ending}`, `x ${opening.repeat(2 ** 16 / opening.length)}`)
      expect(first).toEqual({ kind: 'NAME', line: 1, column: 1 })
    }
  })
})

describe('works that are alike', () => {
  it('are found under other names, comments, texts and in another order, and the passages say where', () => {
    const [pair, ...others] = likePairs([work('ada', WC), work('bob', OTHER_WC), work('eve', DISGUISED, 'wc.py')], [])
    expect(others).toEqual([])
    expect(pair).toMatchObject({ left: 'ada', right: 'eve' })
    expect(pair?.similarity).toBeGreaterThan(0.9)
    const lengths = pair?.passages.map(({ tokens }) => tokens)
    expect(lengths).toEqual(lengths?.toSorted((a, b) => b - a))
    const sides = [
      { side: 'left', file: 'main.py', lines: WC.split('\n') },
      { side: 'right', file: 'wc.py', lines: DISGUISED.split('\n') },
    ] as const
    for (const { side, file, lines } of sides) {
      const spans = pair?.passages.map((passage) => passage[side]) ?? []
      expect(new Set(spans.map((span) => span.file))).toEqual(new Set([file]))
      for (const inside of ['rjust(7) for', 'OSError as', '+= 1', 'stdin.buffer']) {
        const line = lines.findIndex((text) => text.includes(inside)) + 1
        const around = spans.filter(({ from, to }) => from <= line && line <= to)
        expect(around, `${side} ${inside}`).toHaveLength(1)
      }
    }
    for (const { left, right, lines, rightLines } of pair?.passages ?? []) {
      expect(lines).toEqual(WC.split('\n').slice(left.from - 1, left.to))
      expect(rightLines).toEqual(DISGUISED.split('\n').slice(right.from - 1, right.to))
    }
  })

  it('are no two solutions of one task, and by far not', () => {
    expect(likePairs([work('ada', WC), work('bob', OTHER_WC)], [], { atLeast: 0.05 })).toEqual([])
  })

  it('are found when a half was copied, into files of other names', () => {
    const [copied, own] = [COUNT + READ, OTHER_WC.slice(OTHER_WC.indexOf('class'), OTHER_WC.indexOf('parser ='))]
    const mixed = { id: 'eve', files: [...work('', own).files, ...work('', copied, 'lib/count.py').files] }
    const [pair] = likePairs([work('ada', WC), mixed], [])
    expect(pair?.passages[0]?.right.file).toBe('lib/count.py')
  })

  it('are not those of one student, nor empty ones', () => {
    const nothing = [work('none', ''), { id: 'no files', files: [] }, work('prose', WC, 'README.md')]
    expect(likePairs([work('ada', WC), work('ada', WC), ...nothing], [])).toEqual([])
    expect(likePairs(nothing, [], { atLeast: 0 })).toEqual([])
  })

  it('are found beside a text without end, and count each token once', () => {
    const [pair] = likePairs([work('ada', `${WC}\nx = "`), work('eve', `${WC}\n${WC}\ny = '''`)], [])
    expect(pair?.tokens).toBe(kinds('main.py', `${WC}\nx = 1`).length)
  })

  it('are not looked for in files that are too large or no text, which are named', () => {
    const files = [
      { name: 'large.py', text: WC.repeat(1500) },
      { name: 'image.c', text: `GIF\0${WC}` },
      { name: 'large.md', text: WC.repeat(1500) },
    ]
    const works = ['ada', 'eve'].map((id) => ({ id, files }))
    expect(likePairs(works, [])).toEqual([])
    expect(leftOut(works.slice(1))).toEqual([
      { id: 'eve', file: 'large.py', why: 'larger than 1 MiB' },
      { id: 'eve', file: 'image.c', why: 'not a text' },
    ])
  })
})

describe('what everybody was given', () => {
  const code = (folder: string): Source[] =>
    fs
      .readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !/impostors|equivalent/.test(name))
      .map((name) => ({ name, text: fs.readFileSync(path.join(folder, name), 'utf8') }))
  const starter = async (project: Project, language: string): Promise<Source[]> =>
    (await renderStarter(project, language)).map(({ name, content }) => ({ name, text: content }))

  it.each(['stage1-io/wc', 'stage2-process/shell', 'stage3-net/echo-server', 'level5-allocator/malloc'])(
    'is no likeness in the starters of %s',
    async (slug) => {
      const project = loadProject(slug)
      for (const { id } of languagesOf(project)) {
        const files = await starter(project, id)
        const works = ['ada', 'eve'].map((student) => ({ id: student, files }))
        expect(likePairs(works, files, { atLeast: 0 }), id).toEqual([])
      }
    },
  )

  it('is no likeness where each student went on from it alone', async () => {
    const files = await starter(loadProject('stage3-net/echo-server'), 'python')
    const begun = files.find(({ name }) => name === 'main.py')?.text as string
    const works = [work('ada', `${begun}\n${COUNT}`), work('bob', `${begun}\n${READ}`)]
    expect(likePairs(works, [])).toHaveLength(1)
    expect(likePairs(works, files, { atLeast: 0 })).toEqual([])
  })

  it('is no likeness where both took pieces of the reference, and what they share beside it is', () => {
    const reference = [...code(places.solution('stage1-io/wc')), ...code(places.library())]
    const piece = reference.map(({ text }) => text).join('\n')
    const own = code(places.solution('stage7-distributed/raft'))
    const [one, other] = [own[0]?.text, own[1]?.text] as [string, string]
    const taken = [work('ada', `${piece}\n${one}`, 'main.ts'), work('bob', `${other}\n${piece}`, 'main.js')]
    expect(likePairs(taken, [])).toHaveLength(1)
    expect(likePairs(taken, reference, { atLeast: 0 })).toEqual([])
    const shared = taken.map(({ id, files }) => ({ id, files: [...files, ...own.slice(2, 4)] }))
    const [pair] = likePairs(shared, reference)
    expect(new Set(pair?.passages.map(({ left }) => left.file))).toEqual(new Set(own.slice(2, 4).map(({ name }) => name)))
  })
})

describe('the time', () => {
  /** A program that is like no other. */
  function program(seed: string, lines: number): string {
    const random = randomFrom(seed)
    const operator = () => random.pick(['+', '-', '*', '/', '%', '<', '>', '==', 'and', 'or', 'in', '<<'])
    const head = () => random.pick(['x =', 'x +=', 'if', 'for x in', 'return', 'while', 'x[0] =', 'yield', 'x.y ='])
    return Array.from({ length: lines }, () => `${head()} x ${operator()} f(y ${operator()} 1)`).join('\n')
  }
  const cohort = (works: number) => Array.from({ length: works }, (_, n) => work(`${n}`, program(`${n}`, 150)))
  const copies = (text: string) => [work('ada', text), work('eve', text)]
  /** Processor time, the least of three, so that others on the machine do not count. */
  function time(works: Work[]): number {
    const times = [1, 2, 3].map(() => {
      const start = process.cpuUsage()
      likePairs(works, [])
      return process.cpuUsage(start).user
    })
    return Math.min(...times)
  }

  it('of four times the works grows no faster than the number of pairs', () => {
    expect(time(cohort(200)) / time(cohort(50))).toBeLessThan(2 * 4 ** 2)
  })

  it.each([
    ['all lines differ', (lines: number) => program('large', lines)],
    ['one line comes again and again', (lines: number) => 'f(x); g[1] = y\n'.repeat(lines)],
  ])('of a copy eight times as large, in which %s, grows no faster than the text', (_, text) => {
    expect(time(copies(text(16_000))) / time(copies(text(2000)))).toBeLessThan(3 * 8)
  })
})

describe('the report', () => {
  const works = [work('ada', WC), work('eve<b>', DISGUISED, 'a\x1b<i>.py'), { id: 'bob', files: [{ name: 'a.c', text: '\0' }] }]
  const likeness = { project: 'stage1-io/wc', works: works.length, pairs: likePairs(works, []), leftOut: leftOut(works) }

  it('as a text names the pair, its passages, and what was not looked into', () => {
    const text = likenessText(likeness)
    expect(text).toMatch(
      /^stage1-io\/wc {2}1 pair of 3 works to look at\n\n {2}ada {3}eve<b> +\d+ % {3}\d+ tokens in \d passages?\n/,
    )
    expect(text).toMatch(/\n {4}main\.py:\d+-\d+ +a\\x1b<i>\.py:\d+-\d+ +\d+ tokens\n/)
    expect(text).toMatch(/\nNot looked into:\n {2}bob {3}a\.c {3}not a text$/)
    expect(likenessText({ ...likeness, pairs: [], leftOut: [] })).toBe('stage1-io/wc  No two of 3 works share too much')
  })

  it('as a page has both texts side by side, and nothing of them becomes markup', () => {
    const file = path.join(ROOT, 'templates/cohort/likeness.html.hbs')
    const page = render(file, likenessPage(likeness), { escaped: true })
    expect(page).toContain('eve&lt;b&gt;')
    expect(page).not.toMatch(/<[bi]>|https?:/)
    expect(page).toContain('def count(data):')
    expect(page).toContain('def my_count_2(my_data_2):')
    expect(page.match(/<pre>/g)).toHaveLength(2 * (likeness.pairs[0]?.passages.length ?? 0))
  })
})
