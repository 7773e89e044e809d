import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { trackProblems } from '../../grader/authoring/manifests.ts'
import { listSlugs } from '../../grader/engine/projects.ts'
import { loadTracks, projectsOf, type Track } from '../../grader/engine/tracks.ts'
import { Clone } from '../clone.ts'

let clone: Clone

beforeAll(async () => {
  clone = await Clone.make()
})

afterAll(() => clone.remove())

describe('the tracks', () => {
  it('keep to their schema, and hold every project of the course', () => {
    const tracks = loadTracks()
    expect(trackProblems(tracks)).toEqual([])
    const slugs = tracks.flatMap(projectsOf)
    expect(slugs.filter((slug) => !/^(stage|level)\d+-[a-z0-9]+\/[a-z0-9-]+$/.test(slug))).toEqual([])
    expect(listSlugs().filter((slug) => !slugs.includes(slug))).toEqual([])
  })

  const phase = (weeks: string, ...projects: string[]) => ({ title: weeks, weeks, skills: [], readings: [], projects })
  const track = (...phases: Track['phases']) => ({ id: 'a', title: 'A', summary: 'To b.', pace: 'Slow.', phases })
  const WRONG: [string, Track[], RegExp][] = [
    ['weeks with a gap', [track(phase('1-2'), phase('4'))], /a: the weeks 4 of "4" do not follow/],
    ['weeks that run backwards', [track(phase('1'), phase('2-1'))], /a: the weeks 2-1 /],
    ['a phase after the one without an end', [track(phase('1+'), phase('2'))], /a: the weeks 2 /],
    ['a project of another stage', [track(phase('1', 'stage2-process/cat'))], /no stage2-process\/cat; stage1-io\/cat is meant/],
    ['an id that stands there twice', [track(phase('1')), track(phase('1'))], /the id a stands there twice/],
    ['a name that is no slug', [track(phase('1', 'cat'))], /phases\/0\/projects\/0: must match pattern/],
  ]

  it.each(WRONG)('may not have %s', (_, tracks, says) => {
    expect(trackProblems(tracks)).toEqual([expect.stringMatching(says)])
  })
})

describe('status along a track', () => {
  afterEach(() => clone.git('checkout', '--', 'stages/tracks.json'))

  it('shows phases, stars, readings and what is to come, and counts what the course has', async () => {
    clone.write('my/stage1-io/cat/run.sh', '#!/bin/sh\nexec cat "$@"\n', 0o755)
    expect((await clone.run(['grade', 'cat', '--tier', '1'])).status).toBe(0)
    clone.write('stages/tracks.json', JSON.stringify(SHORT))
    const { status, stdout, stderr } = await clone.run(['status', '--track', 'Short-Road'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain(
      'Short road\nTo cat, and back.\nAn evening.\n\nFirst  weeks 1-2\n  bytes · files\n  cat          ★☆☆☆  Copies files',
    )
    expect(stdout).toContain(
      '\n  not-there    to come\n  do    Rest.\n  read  A. Author, A Book, chapter 1\n\nLast  from week 3\n',
    )
    expect(stdout.split('\n').at(-1)).toBe('1 of 8 stars on this track.')
  })

  it('knows every track that there is', async () => {
    const help = (await clone.run(['status', '--help'])).stdout
    for (const { id, title } of loadTracks()) {
      expect(help).toContain(id)
      expect(await clone.run(['status', '--track', id])).toMatchObject({ status: 0, stdout: expect.stringContaining(title) })
    }
  })

  const CALLS: [string[], RegExp][] = [
    [['pyton-systems'], /There is no track "pyton-systems"\. Did you mean python-systems\?/],
    [['rust'], /Did you mean rust-and-c-26-weeks or cpp-to-rust\?/],
    [['haskell'], /There are: python-systems, systems-engineer, /],
    [[], /'--track <value>' argument missing\. Usage: npm run status/],
  ]

  it.each(CALLS)('--track %j is answered in one line', async (words, says) => {
    const { status, stdout, stderr } = await clone.run(['status', '--track', ...words])
    expect(stderr).toMatch(says)
    expect(stderr.split('\n')).toHaveLength(1)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })

  it('says in one line that the tracks can not be read', async () => {
    clone.write('stages/tracks.json', '[')
    const { status, stderr } = await clone.run(['status'])
    expect(status).toBe(2)
    expect(stderr).toMatch(/^stages\/tracks\.json can not be read: .*$/)
  })
})

const SHORT: Track[] = [
  {
    id: 'short-road',
    title: 'Short road',
    summary: 'To cat, and back.',
    pace: 'An evening.',
    phases: [
      {
        title: 'First',
        weeks: '1-2',
        skills: ['bytes', 'files'],
        readings: [{ author: 'A. Author', title: 'A Book', part: 'chapter 1' }],
        tasks: ['Rest.'],
        projects: ['stage1-io/cat', 'stage3-net/http-server', 'stage9-far/not-there'],
      },
      { title: 'Last', weeks: '3+', skills: [], readings: [], projects: ['stage1-io/cat'] },
    ],
  },
]
