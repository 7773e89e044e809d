import fs from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../grader/engine/projects.ts'
import type { Report } from '../../grader/engine/report.ts'
import { FORMATS } from '../../grader/reports/formats.ts'
import { stars, text, wrap } from '../../grader/reports/text.ts'
import { SAMPLE } from './sample.ts'

const PLAIN = { colors: pc.createColors(false), columns: 100, failures: 3, lines: 14 }

const one = async (format: string, report: Report = SAMPLE) => ((await FORMATS[format]?.()) ?? { one: () => '' }).one(report)
const many = async (format: string, reports: Report[]) => ((await FORMATS[format]?.()) ?? { many: () => '' }).many(reports)

describe('the text', () => {
  it('shows everything that a learner needs of a failure, and nothing of what passed', () => {
    expect(text(SAMPLE, PLAIN)).toBe(
      [
        'stage1-io/cat  your work in my/stage1-io/cat (python)  seed 5eed',
        '',
        '  runs    ★  1 of 1',
        '  works   ✗  1 of 2, 1 skipped',
        '  holds   –  needs tier works first',
        '  flies   –  not reached',
        '',
        '  ✗ squeeze  squeezes <blank> lines',
        '    The output of `cat -s` is wrong: ]]> & \x1b[31m ```',
        '',
        "        $ printf 'a\\n' > a",
        '        $ cat -s a',
        '        # status 0, 4 bytes of output',
        '',
        '    expected     1 │ a⏎',
        '                 2 │ b⏎',
        '    got          1 │ ::error::forged',
        '                 2 │ </failure>',
        '',
        '    hint      Count newlines.',
        '    spec      stages/stage1-io/cat/README.md#squeezing',
        '    replay    npm run grade stage1-io/cat -- --only squeeze --seed 5eed',
        '',
        '  – tty skipped: no script on this machine',
        "  copying 256 MiB: 456 ms (2.0 × the yardstick's 228 ms)",
        '  ★☆☆☆  2 of 5 checks passed  1.2 s',
      ].join('\n'),
    )
  })

  it('names only the first failures in full', () => {
    const checks = Array.from({ length: 5 }, (_, n) => ({
      id: `c${n}`,
      title: `does ${n}`,
      verdict: 'fail' as const,
      ms: 1,
      message: `wrong ${n}`,
    }))
    const shown = text({ ...SAMPLE, tiers: [{ tier: 'runs', verdict: 'fail', checks }] }, PLAIN)
    expect(shown).toContain('wrong 2')
    expect(shown).not.toContain('wrong 3')
    expect(shown).toContain('And 2 more:\n    ✗ c3  does 3\n    ✗ c4  does 4')
  })

  it('keeps the fault of the grader apart', () => {
    const checks = [{ id: 'c', title: 'does c', verdict: 'error' as const, ms: 1, message: 'TypeError: x' }]
    expect(text({ ...SAMPLE, tiers: [{ tier: 'runs', verdict: 'error', checks }] }, PLAIN)).toContain('this is not your fault')
  })

  it('has colours only where they are wanted', () => {
    expect(text(SAMPLE, { ...PLAIN, colors: pc.createColors(true) })).toContain('\x1b[1msqueeze')
  })

  it('wraps at blanks', () => {
    expect(wrap('aa bb cc', 5)).toBe('aa bb\ncc')
    expect(wrap('aaaaaaaa b', 5)).toBe('aaaaaaaa\nb')
    expect(stars(2)).toBe('★★☆☆')
  })
})

describe('the machine-readable forms', () => {
  const schema = JSON.parse(fs.readFileSync(path.join(ROOT, 'grader/reports/report.schema.json'), 'utf8'))
  const valid = new Ajv({ allErrors: true }).compile(schema)

  it('json is the report, and keeps to its schema', async () => {
    expect(JSON.parse(await one('json'))).toEqual(SAMPLE)
    expect(valid(JSON.parse(await one('json')))).toBe(true)
    expect(valid(JSON.parse(await many('json', [SAMPLE, SAMPLE])))).toBe(true)
    expect(valid({ ...SAMPLE, stars: 5 })).toBe(false)
    expect(valid({ ...SAMPLE, more: 1 })).toBe(false)
  })

  it('junit counts, and nothing in it breaks out of its element', async () => {
    const xml = await one('junit')
    expect(xml).toContain('<testsuite name="stage1-io/cat" tests="5" failures="1" errors="0" skipped="2" time="1.234">')
    expect(xml).toContain('squeezes &lt;blank&gt; lines')
    expect(xml).toContain(']]&gt; &amp; \ufffd[31m')
    expect(xml.match(/<\/failure>/g)).toHaveLength(1)
    expect(xml.match(/<testcase /g)).toHaveLength(5)
    expect((await many('junit', [SAMPLE, SAMPLE])).match(/<testsuite /g)).toHaveLength(2)
  })

  it('exercism has version 3, with tiers as tasks and without what was not reached', async () => {
    const result = JSON.parse(await one('exercism'))
    expect(result).toMatchObject({ version: 3, status: 'fail' })
    expect(
      result.tests.map(({ name, status, task_id }: { name: string; status: string; task_id: number }) => [name, status, task_id]),
    ).toEqual([
      ['one-file: copies a file', 'pass', 1],
      ['number: numbers lines', 'pass', 2],
      ['squeeze: squeezes <blank> lines', 'fail', 2],
    ])
    expect(result.tests[2].message).toContain('hint: Count newlines.')
    expect(Object.keys(JSON.parse(await many('exercism', [SAMPLE])))).toEqual(['stage1-io/cat'])
  })

  it('gradescope gives each tier the same weight', async () => {
    const result = JSON.parse(await one('gradescope'))
    expect(result.tests).toHaveLength(5)
    expect(result.score).toBeCloseTo(25 + 25 / 3)
    expect(result.tests[0]).toMatchObject({ number: '1.1', score: 25, max_score: 25, status: 'passed' })
    expect(result.tests[2]).toMatchObject({ number: '2.2', score: 0, status: 'failed' })
  })

  it('markdown shows failures, and output can not become markup', async () => {
    const page = await one('markdown')
    expect(page).toContain('### stage1&#45;io/cat ★☆☆☆')
    expect(page).toContain('| ✅ | runs | 1 of 1 |')
    expect(page).toContain('squeezes &#60;blank&#62; lines')
    expect(page).toContain('```text\n   1 │ ::error::forged')
    const fenced = await one('markdown', {
      ...SAMPLE,
      tiers: [{ tier: 'runs', verdict: 'fail', checks: [{ id: 'c', title: 't', verdict: 'fail', ms: 1, actual: 'x\n````\ny' }] }],
    })
    expect(fenced).toContain('`````text\nx\n````\ny\n`````')
  })
})
