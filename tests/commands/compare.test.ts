import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Clone } from '../clone.ts'

const CAT = 'my/stage1-io/cat/run.sh'

let clone: Clone

beforeAll(async () => {
  clone = await Clone.make()
  clone.write(CAT, '#!/bin/sh\nexec head -n 1 "$@"\n', 0o755)
  await clone.commit('work')
  clone.write(CAT, '#!/bin/sh\nexec cat "$@"\n', 0o755)
})

afterAll(() => clone.remove())

describe('compare', () => {
  it('shows two commits side by side, as text, JSON and a page', async () => {
    const now = await clone.run(['compare', 'cat', '--with', '@HEAD', '--json', '--html', 'page.html'])
    expect(now.status).toBe(0)
    const { sides, checks } = JSON.parse(now.stdout)
    expect(sides.map(({ name, stars }: { name: string; stars: number }) => [name, stars])).toEqual([
      ['your work', 4],
      ['@HEAD', 0],
    ])
    expect(checks.find(({ id }: { id: string }) => id === 'one-file').verdicts).toEqual(['pass', 'fail'])
    expect(clone.read('page.html')).toContain('<td class="pass">pass, ')
    expect(clone.read('page.html')).toContain('<td class="fail">fail, ')
  })

  it('shows work beside the reference, with how many times its time, memory and size', async () => {
    const { stdout } = await clone.run(['compare', 'cat'])
    expect(stdout).toMatch(/stars +★★★★ +★★★★/)
    expect(stdout).toMatch(/lines of code +0 +\d+/)
    expect(stdout).toMatch(/peak memory +\d+ MiB +\d+ MiB +[\d.]+ ×/)
    expect(stdout).toContain('there is none that they do not pass alike')
  })

  it('says in one line what it can not use', async () => {
    for (const [args, said] of [
      [[], 'Name a project'],
      [['cat', '--with', 'nowhere'], 'There is no folder nowhere'],
      [['cat', '--dir', '@nothing'], 'Git knows no my/stage1-io/cat in the commit "nothing"'],
      [['wc'], 'There is no folder my/stage1-io/wc yet'],
    ] as const) {
      const { status, stderr } = await clone.run(['compare', ...args])
      expect([status, stderr.trim().split('\n').length]).toEqual([2, 1])
      expect(stderr).toContain(said)
    }
  })
})
