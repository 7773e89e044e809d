import { Failure } from '../../../engine/failure.ts'
import { CacheModel, type Policy } from '../../../models/lru-cache.ts'
import type { Kit } from '../../../programs/kit.ts'
import type { Session } from '../../../programs/session.ts'

export function open({ program }: Kit, capacity: number, policy?: Policy): Session {
  return program.session(['--capacity', `${capacity}`, ...(policy ? ['--policy', policy] : [])])
}

/** Makes requests on some keys, one after the other, each of which must be answered as by the model. */
export async function follow(kit: Kit, policy: Policy, capacity: number, requests: (keys: string[]) => string[]): Promise<void> {
  const model = new CacheModel(policy, capacity)
  const session = open(kit, capacity, policy === 'lru' && kit.random.oneIn(2) ? undefined : policy)
  for (const request of requests(kit.random.distinct(7, kit.random.word))) {
    const before = model.order().join(' ') || 'none'
    const expected = model.answer(request)
    const answer = await session.ask(request)
    const wrong = typeof expected === 'string' ? (answer === expected ? undefined : expected) : expected(answer)
    if (wrong === undefined) continue
    const why = `With ${policy}, and before this request, the keys were, in the order in which they have to go: ${before}.`
    throw new Failure(`The answer to \`${request}\` is wrong. ${why}`, { expected: wrong, actual: answer })
  }
  await session.end()
}
