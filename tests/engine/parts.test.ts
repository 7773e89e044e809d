import { describe, it, expect as want } from 'vitest'
import { difference, excerpt, visible } from '../../grader/engine/difference.ts'
import { expect } from '../../grader/engine/expect.ts'
import { Failure, Unusable } from '../../grader/engine/failure.ts'
import { listSlugs, loadProjects, nearest, resolveSlug, stageOrder } from '../../grader/engine/projects.ts'
import { randomFrom } from '../../grader/engine/random.ts'

describe('random values', () => {
  it('are the same for the same seed, and others for another', () => {
    const draw = (seed: string) => {
      const random = randomFrom(seed)
      return [random.int(1, 1e9), random.text(3), random.bytes(20).toString('hex'), random.shuffle([1, 2, 3, 4, 5])]
    }
    want(draw('a')).toEqual(draw('a'))
    want(draw('a')).not.toEqual(draw('b'))
  })

  it('keep to their range, both ends included', () => {
    const random = randomFrom('range')
    const seen = new Set(Array.from({ length: 200 }, () => random.int(3, 5)))
    want([...seen].sort()).toEqual([3, 4, 5])
  })

  it('are distinct where that is asked for, and words are never empty', () => {
    const random = randomFrom('distinct')
    want(new Set(random.distinct(3, () => random.int(1, 3))).size).toBe(3)
    want(() => random.distinct(4, () => random.int(1, 3))).toThrow(/distinct/)
    for (let n = 0; n < 200; n++) want(random.word()).toMatch(/^[a-z]{4,9}$/)
  })

  it('of a fork do not depend on what was drawn before', () => {
    const [one, two] = [randomFrom('x'), randomFrom('x')]
    one.word()
    want(one.fork('f').word()).toBe(two.fork('f').word())
  })
})

describe('texts that differ', () => {
  it('are shown with what can not be seen', () => {
    want(visible('a\tb \n')).toBe('a→b·⏎')
    want(visible('a  b c')).toBe('a··b c')
    want(visible(Buffer.from([0x61, 0xff, 0x1b]))).toBe('a\\xff\\x1b')
    want(visible('\u202eevil')).toBe('\\u202eevil')
  })

  it('are the same only byte for byte', () => {
    want(difference('é', Buffer.from('é'))).toBeUndefined()
    want(difference('é', Buffer.from('é', 'latin1'))).toBeDefined()
  })

  it('say where they part', () => {
    want(difference('one\ntwo\n', 'one\ntoo\n')).toMatchObject({ where: 'the first difference is in line 2, at byte 6' })
    want(difference('one\n', '')).toMatchObject({ where: 'nothing was written', actual: '(nothing)' })
    want(difference('', 'x')).toMatchObject({ where: 'nothing should have been written' })
    want(difference('abc', 'ab')).toMatchObject({ where: 'it ends too early, after 2 bytes of 3 bytes' })
    want(difference('ab', 'abc')).toMatchObject({ where: 'all 2 bytes are right, but more follow' })
  })

  it('show the lines around the place, not megabytes', () => {
    const long = Array.from({ length: 1000 }, (_, n) => `line ${n}\n`)
    const found = difference(long.join(''), long.join('').replace('line 500\n', 'LINE 500\n'))
    want(found?.expected?.split('\n')).toHaveLength(5)
    want(found?.expected).toContain('501 │ line 500⏎')
    want(found?.actual).toContain('501 │ LINE 500⏎')
    const wide = difference(`${'x'.repeat(5000)}a`, `${'x'.repeat(5000)}b`)
    want(wide?.actual?.length).toBeLessThan(200)
    want(wide?.actual).toContain('xb')
  })

  it('are shortened in the middle', () => {
    want(excerpt('x'.repeat(500))).toHaveLength(103)
  })
})

describe('expectations', () => {
  const failure = (work: () => void): Failure => {
    try {
      work()
    } catch (error) {
      return error as Failure
    }
    throw new Error('nothing was thrown')
  }

  it('pass what is right', () => {
    expect(3, 'n').toBe(3)
    expect([1, 2], 'list').toBe([1, 2])
    expect('abc', 'text').toInclude('b')
    expect('abc', 'text').toMatch(/^a/)
    expect(5, 'n').toBeAtMost(5)
    expect(5, 'n').toBeAtLeast(5)
    expect(Buffer.from('x'), 'bytes').toBeText('x')
  })

  it('name the value, and show both sides', () => {
    const wrong = failure(() => expect(4, 'The number of lines', 'Count the newlines.').toBe(3))
    want(wrong).toBeInstanceOf(Failure)
    want(wrong.message).toBe('The number of lines is wrong. Count the newlines.')
    want(wrong.evidence).toEqual({ expected: '3', actual: '4' })
    want(failure(() => expect(6, 'n').toBeAtMost(5, 'bytes')).message).toBe('n is more than 5 bytes.')
    want(failure(() => expect('abc', 't').toInclude('z')).evidence.expected).toContain('z')
    want(() => expect('abc', 't').toMatch(/z/)).toThrow(Failure)
    want(() => expect([1], 't').toBe([2])).toThrow(Failure)
    want(() => expect(1, 't').toBeAtLeast(2)).toThrow(Failure)
    want(() => expect('a', 't').toBeText('b')).toThrow(/line 1/)
  })
})

describe('projects', () => {
  const slugs = ['stage1-io/cat', 'stage1-io/sort', 'level3-shell/shell', 'stage2-process/shell']

  it('are found by slug, by short stage, and by name alone', () => {
    for (const given of ['stage1-io/cat', 'stage1/cat', 'cat', 'my/stage1-io/cat/', './stages/stage1-io/cat', 'CAT']) {
      want(resolveSlug(given, slugs), given).toBe('stage1-io/cat')
    }
  })

  it('are answered with the nearest when they are not found or ambiguous', () => {
    want(() => resolveSlug('sotr', slugs)).toThrow('Did you mean stage1-io/sort?')
    want(() => resolveSlug('shell', slugs)).toThrow(/level3-shell\/shell, stage2-process\/shell: name the stage/)
    want(() => resolveSlug('quux', slugs)).toThrow(Unusable)
    want(nearest('srot', slugs)).toEqual(['stage1-io/sort'])
  })

  it('come stage by stage, each in its own order', () => {
    want(stageOrder('stage2-process')).toBeLessThan(stageOrder('level1-structures'))
    const projects = loadProjects()
    want(projects.map(({ slug }) => slug).sort()).toEqual(listSlugs().sort())
    want(projects[0]?.slug).toBe('stage1-io/cat')
    const stages = projects.map(({ stage }) => stageOrder(stage))
    want(stages).toEqual([...stages].sort((a, b) => a - b))
    const coreutils = projects.filter(({ stage }) => stage === 'level2-coreutils').map(({ name }) => name)
    want(coreutils).toEqual(['ls', 'cp', 'mv'])
  })
})
