import type { Report } from '../../grader/engine/report.ts'

/** A report with one of everything, as hostile as a learner's output can make it. */
export const SAMPLE: Report = {
  schema: 1,
  project: 'stage1-io/cat',
  submission: { kind: 'mine', path: 'my/stage1-io/cat', language: 'python' },
  seed: '5eed',
  grader: '0.1.0',
  stars: 1,
  verdict: 'fail',
  ms: 1234,
  tiers: [
    { tier: 'runs', verdict: 'pass', checks: [{ id: 'one-file', title: 'copies a file', verdict: 'pass', ms: 12 }] },
    {
      tier: 'works',
      verdict: 'fail',
      checks: [
        { id: 'number', title: 'numbers lines', verdict: 'pass', ms: 10 },
        {
          id: 'squeeze',
          title: 'squeezes <blank> lines',
          verdict: 'fail',
          ms: 34,
          message: 'The output of `cat -s` is wrong: ]]> & \x1b[31m ```',
          expected: '   1 │ a⏎\n   2 │ b⏎',
          actual: '   1 │ ::error::forged\n   2 │ </failure>',
          transcript: ["$ printf 'a\\n' > a", '$ cat -s a', '# status 0, 4 bytes of output'],
          hint: 'Count newlines.',
          spec: 'stages/stage1-io/cat/README.md#squeezing',
          replay: 'npm run grade stage1-io/cat -- --only squeeze --seed 5eed',
        },
        { id: 'tty', title: 'knows a terminal', verdict: 'skip', ms: 0, message: 'no script on this machine' },
      ],
    },
    {
      tier: 'holds',
      verdict: 'skip',
      checks: [{ id: 'folder', title: 'reports a folder', verdict: 'skip', ms: 0, message: 'needs tier works first' }],
    },
    { tier: 'flies', verdict: 'skip', checks: [] },
  ],
  figures: [{ name: 'copying 256 MiB', value: 456, unit: 'ms', yardstick: 228 }],
}
