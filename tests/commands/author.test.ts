import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anchorsOf, examplesOf } from '../../grader/proofs/spec.ts'
import { Clone } from '../clone.ts'

let clone: Clone

beforeAll(async () => {
  clone = await Clone.make()
})

afterAll(() => clone.remove())

describe('the way of an author', () => {
  it('makes a project that passes its own proofs', { timeout: 240_000 }, async () => {
    const made = await clone.run(['new', 'stage1/rev'])
    expect(made).toMatchObject({ status: 0, stderr: '' })
    // That all its proofs succeed, tests/workflows/prove.test.ts shows.
    const proven = await clone.run(['prove', 'rev', '--part', 'reference', '--part', 'spec'])
    expect(proven, proven.stderr).toMatchObject({ status: 0, stderr: '' })
  })

  it('makes a stage of its own', async () => {
    expect((await clone.run(['new', 'stage9-games/pong'])).status).toBe(0)
    expect(clone.read('stages/stage9-games/README.md')).toContain('# ')
    expect((await clone.run(['grade', 'pong', '--solution', '--tier', '3'])).stdout).toContain('★★★☆')
  })

  it('learns what is stale, and rebuilds it', async () => {
    expect((await clone.run(['curriculum', '--check'])).status).toBe(1)
    expect((await clone.run(['curriculum'])).stdout).toContain('Rebuilt CURRICULUM.md')
    expect(clone.read('stages/stage1-io/rev/README.md')).toContain(
      '| runs | [greets-input](#greeting) | greets a line of standard input |',
    )
    expect(await clone.run(['curriculum', '--check'])).toMatchObject({ status: 0 })
  })

  it('may not let a released check vanish or change its meaning in silence', async () => {
    const file = 'grader/hidden-tests/stage1-io/rev.ts'
    const source = clone.read(file)
    clone.write(file, source.replace("'greets a line of standard input'", "'greets somebody'"))
    const { status, stderr } = await clone.run(['curriculum', '--check'])
    expect(status).toBe(1)
    expect(stderr).toContain('was "runs: greets a line of standard input" and is now "runs: greets somebody"')
    const changelog = clone.read('CHANGELOG.md')
    clone.write('CHANGELOG.md', `${changelog}\n- \`stage1-io/rev\`: \`greets-input\` greets anybody.\n`)
    expect((await clone.run(['curriculum'])).stdout).toContain('Rebuilt grader/hidden-tests/released.json')
    clone.write('CHANGELOG.md', changelog)
    clone.write(file, source)
    expect((await clone.run(['curriculum', '--check'])).status).toBe(1)
    clone.write('CHANGELOG.md', `${changelog}\n- \`stage1-io/rev\`: \`greets-input\` greets a line again.\n`)
    expect((await clone.run(['curriculum'])).status).toBe(0)
    clone.write('CHANGELOG.md', changelog)
  })

  it('learns what is wrong with a manifest', async () => {
    const manifest = JSON.parse(clone.read('stages/stage1-io/rev/project.json'))
    clone.write('stages/stage1-io/rev/project.json', JSON.stringify({ ...manifest, order: 1, colour: 'red' }))
    const { status, stderr } = await clone.run(['curriculum', '--check'])
    expect(status).toBe(1)
    expect(stderr).toContain('stages/stage1-io/rev/project.json: must NOT have additional properties (colour)')
    clone.write('stages/stage1-io/rev/project.json', JSON.stringify({ ...manifest, order: 1 }))
    expect((await clone.run(['curriculum', '--check'])).stderr).toContain('order 1 is also that of stage1-io/cat')
    clone.write('stages/stage1-io/rev/project.json', JSON.stringify(manifest))
  })
})

describe('a proof notices', () => {
  const spoil = (name: string, from: string, to: string) => {
    const text = clone.read(name)
    expect(text).toContain(from)
    clone.write(
      name,
      text.replace(from, () => to),
    )
  }
  const prove = (part: string) => clone.run(['prove', 'rev', '--part', part])

  it('an impostor that is caught by another check, or by none, or does not fit', { timeout: 240_000 }, async () => {
    const file = 'solutions/stage1-io/rev/impostors.ts'
    const before = clone.read(file)
    spoil(file, "says: 'line 1'", "says: 'the moon'")
    spoil(file, 'names.slice(0, 1)', 'names')
    spoil(file, "find: 'return complaints.status'", "find: 'return nothing'")
    const { status, stdout } = await prove('impostors')
    expect(status).toBe(1)
    expect(stdout).toContain('impostor wrong-word: is caught for another reason than "the moon"')
    expect(stdout).toContain('impostor first-file-only: greets-files gives pass: it is not caught')
    expect(stdout).toContain('impostor forgets-the-error: its text stands 0 times in main.ts, not once')
    expect(stdout).toContain('check missing-file catches no impostor')
    clone.write(file, before)
  })

  it('a spec that drifts', async () => {
    const file = 'stages/stage1-io/rev/README.md'
    const before = clone.read(file)
    spoil(file, 'hello, world', 'hello, moon')
    spoil(file, '### Long inputs', '### Wide inputs')
    const { status, stdout } = await prove('spec')
    expect(status).toBe(1)
    expect(stdout).toContain('`echo world | rev` prints something else')
    expect(stdout).toContain('check scales cites #long-inputs, which the spec does not have')
    clone.write(file, before)
  })

  it('a reference that is wrong, and a check that anybody passes', { timeout: 240_000 }, async () => {
    const file = 'grader/hidden-tests/stage1-io/rev.ts'
    const before = clone.read(file)
    spoil(
      file,
      "await program.run([scratch.file('one', one), scratch.file('two', two)]).succeeds({ stdout: greeted(one + two) })",
      "void [one, two]; scratch.file('x', ''); await program.run([], { stdin: '' })",
    )
    expect((await prove('clueless')).stdout).toContain('a program that does nothing passes greets-files')
    clone.write(file, before)
    spoil('solutions/stage1-io/rev/main.ts', "'hello, '", "'hullo, '")
    expect((await prove('reference')).stdout).toContain('the reference fails greets-input')
  })
})

describe('the examples of a spec', () => {
  it('are the console blocks, command by command', () => {
    const text = '```console\n$ one \\\n> more\nout 1\n\nout 2\n$ two\n```\n```sh\n$ not run\n```\n'
    expect(examplesOf(text)).toEqual([
      { command: 'one \\\nmore', output: 'out 1\n\nout 2\n', line: 2 },
      { command: 'two', output: '', line: 7 },
    ])
  })

  it('stand under headings with the anchors that GitHub gives', () => {
    expect([...anchorsOf('# A b\n## -n and `-b`!\n## A b\n```\n# no\n```\n')]).toEqual(['a-b', '-n-and--b', 'a-b-1'])
  })
})
