import { afterAll, expect, it } from 'vitest'
import { idleMemory, MIB } from '../../grader/programs/performance.ts'
import { leave } from '../../grader/programs/workroom.ts'
import { javascript, withKit } from './kit.ts'

afterAll(leave)

it.concurrent('takes the idle memory of a program when it waits for input, not while it is still about to begin', async () => {
  const slow = javascript(`
    for (const end = Date.now() + 1000; Date.now() < end; );
    globalThis.own = Buffer.alloc(80 * 2 ** 20, 1)
    process.stdin.resume()`)
  await withKit(slow, async (kit) => {
    expect(await idleMemory(kit, [])).toBeGreaterThan(100 * MIB)
  })
})

it.concurrent('does not wait for ever until a program that never sleeps has settled', { timeout: 60_000 }, async () => {
  await withKit('while :; do :; done', async (kit) => {
    expect(await idleMemory(kit, [])).toBeLessThan(20 * MIB)
  })
})
