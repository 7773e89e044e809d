import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../grader/engine/random.ts'
import { findViolation, type Operation } from '../../grader/models/linearizability.ts'
import { type Command, register } from '../../grader/models/register.ts'
import { drawTimeline, tellViolation } from '../../grader/models/timeline.ts'
import type { Reply } from '../../grader/protocols/resp.ts'

type Op = Operation<Command, Reply>

const op = (client: string, command: string, output: Reply | undefined, start: number, end = Number.POSITIVE_INFINITY): Op => ({
  client,
  input: command.split(' ') as unknown as Command,
  output,
  start,
  end,
})

describe('histories that can be explained', () => {
  const good: Record<string, Op[]> = {
    'nothing at all': [],
    'one after the other': [op('A', 'SET x 1', '+OK', 0, 1), op('B', 'GET x', '1', 2, 3)],
    'a read beside a write sees the old value': [op('A', 'SET x 1', '+OK', 0, 9), op('B', 'GET x', null, 1, 2)],
    'a read beside a write sees the new value': [op('A', 'SET x 1', '+OK', 0, 9), op('B', 'GET x', '1', 1, 2)],
    'a write without an answer takes effect': [
      op('A', 'SET x 1', undefined, 0),
      op('B', 'GET x', null, 1, 2),
      op('B', 'GET x', '1', 30, 31),
    ],
    'a write without an answer never does': [
      op('A', 'SET x 1', undefined, 0),
      op('B', 'GET x', null, 1, 2),
      op('B', 'GET x', null, 30, 31),
    ],
    'keys have nothing to do with each other': [op('A', 'SET x 1', '+OK', 0, 1), op('B', 'GET y', null, 2, 3)],
    'two writes beside each other, seen in either order': [
      op('A', 'SET x 1', '+OK', 0, 5),
      op('B', 'SET x 2', '+OK', 0, 5),
      op('C', 'GET x', '2', 1, 2),
      op('C', 'GET x', '1', 3, 4),
    ],
    'appends are applied once each': [
      op('A', 'APPEND x a', 1, 0, 5),
      op('B', 'APPEND x b', 2, 1, 4),
      op('C', 'GET x', 'ab', 6, 7),
    ],
    'an append without an answer is found by a length': [op('A', 'APPEND x abc', undefined, 0), op('B', 'APPEND x d', 4, 9, 10)],
    'compare and set': [
      op('A', 'SET x 1', '+OK', 0, 1),
      op('A', 'CAS x 1 2', 1, 2, 3),
      op('B', 'CAS x 1 3', 0, 4, 5),
      op('B', 'GET x', '2', 6, 7),
    ],
  }
  it.each(Object.entries(good))('%s', (_, history) => {
    expect(findViolation(register, history)).toBeUndefined()
  })
})

describe('histories that can not', () => {
  const bad: Record<string, Op[]> = {
    'a stale read': [op('A', 'SET x 1', '+OK', 0, 1), op('A', 'SET x 2', '+OK', 2, 3), op('B', 'GET x', '1', 4, 5)],
    'a lost write': [op('A', 'SET x 1', '+OK', 0, 1), op('B', 'GET x', null, 2, 3)],
    'a value from nowhere': [op('B', 'GET x', '7', 2, 3)],
    'time goes back between two reads': [
      op('A', 'SET x 1', '+OK', 0, 9),
      op('B', 'GET x', '1', 1, 2),
      op('C', 'GET x', null, 3, 4),
    ],
    'a write without an answer is seen, and then no more': [
      op('A', 'SET x 1', undefined, 0),
      op('B', 'GET x', '1', 1, 2),
      op('B', 'GET x', null, 30, 31),
    ],
    'an append is applied twice': [op('A', 'APPEND x a', 1, 0, 1), op('B', 'GET x', 'aa', 2, 3)],
    'two compare-and-sets win': [op('A', 'SET x 1', '+OK', 0, 1), op('A', 'CAS x 1 2', 1, 2, 5), op('B', 'CAS x 1 3', 1, 2, 5)],
  }
  it.each(Object.entries(bad))('%s', (_, history) => {
    expect(findViolation(register, history)).toMatchObject({ key: 'x' })
  })

  it('is told as its shortest piece, drawn over time', () => {
    const noise = Array.from({ length: 40 }, (_, n) => op('N', `SET x ${n}`, '+OK', n, n + 0.5))
    const history = [
      ...noise,
      op('A', 'SET x 90', '+OK', 50, 60),
      op('C', 'GET x', '90', 52, 54),
      op('B', 'GET x', '39', 61, 63),
      op('N', 'SET x 5', '+OK', 70, 71),
    ]
    const violation = findViolation(register, history)
    expect(violation?.before).toEqual(['90'])
    expect(violation?.operations.map(({ input }) => input.join(' '))).toEqual(['GET x'])
    expect(tellViolation(register, violation as NonNullable<typeof violation>)).toContain('Before: x was 90')
    expect(drawTimeline(register, history.slice(-4))).toBe(
      [
        'A  ├──────────────────┤                            SET x 90 → +OK',
        'C        ├──────┤                                  GET x → 90',
        'B                           ├─────┤                GET x → 39',
        'N                                        ├─────┤   SET x 5 → +OK',
      ].join('\n'),
    )
  })
})

describe('random histories', () => {
  /** Clients that use one real object, each operation taking effect at a random moment between its call and its answer. */
  function simulate(seed: string, lie: boolean): Op[] {
    const random = randomFrom(seed)
    const pending: { at: number; op: Op }[] = []
    for (const client of ['A', 'B', 'C', 'D']) {
      let time = random.int(0, 10)
      for (let n = 0; n < 25; n++) {
        const [start, end] = [time, time + random.int(2, 40)]
        const value = `${client}${n}`
        const command = random.pick([`SET x ${value}`, 'GET x', 'GET x', `APPEND x ${client}`, `CAS x ${value} z`])
        pending.push({
          at: start + random.int(1, end - start - 1) + random.int(1, 999) / 1000,
          op: op(client, command, undefined, start, end),
        })
        time = end + random.int(1, 5)
      }
    }
    let state = register.initial
    for (const { op } of pending.sort((a, b) => a.at - b.at)) {
      const next = register.step(state, op.input)
      state = next.state
      op.output = next.output
      if (random.oneIn(15)) Object.assign(op, { output: undefined, end: Number.POSITIVE_INFINITY })
    }
    const reads = pending.filter(({ op }) => op.input[0] === 'GET' && op.output !== undefined)
    if (lie) (random.pick(reads).op as { output: Reply }).output = 'never written'
    return pending.map(({ op }) => op)
  }

  it('are explained when they happened, and not when one answer is a lie', () => {
    for (let n = 0; n < 10; n++) {
      expect(findViolation(register, simulate(`seed ${n}`, false)), `seed ${n}`).toBeUndefined()
      expect(findViolation(register, simulate(`seed ${n}`, true)), `seed ${n}`).toBeDefined()
    }
  })
})
