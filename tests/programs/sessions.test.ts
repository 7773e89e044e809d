import { afterAll, describe, expect, it } from 'vitest'
import { agreesWithModel } from '../../grader/models/operations.ts'
import { killedInTheMiddle } from '../../grader/programs/session.ts'
import { readTrace } from '../../grader/programs/strace.ts'
import { leave } from '../../grader/programs/workroom.ts'
import { failureOf, javascript, withKit } from './kit.ts'

afterAll(leave)

const answering = (answer: string) =>
  javascript(`require('readline').createInterface({ input: process.stdin }).on('line', (line) => { ${answer} })`)

describe('a session', () => {
  it('gives a line for a line, also for many at once', async () => {
    await withKit(answering('console.log("got " + line)'), async ({ program }, transcript) => {
      const session = program.session([])
      expect(await session.ask('a')).toBe('got a')
      const many = Array.from({ length: 5000 }, (_, n) => `r${n}`)
      expect((await session.askAll(many)).at(-1)).toBe('got r4999')
      expect((await session.end()).status).toBe(0)
      expect(transcript()).toContain('→ a')
      expect(transcript().length).toBeLessThan(20)
    })
  })

  it('tells of an answer that is kept back, of an end, and of one answer too many', async () => {
    const silent = await withKit('exec cat >/dev/null', async ({ program }) => failureOf(program.session([]).ask('get x')), 0.05)
    expect(silent).toContain('The answer to `get x` did not come')
    expect(silent).toContain('flush')
    const dead = await withKit('echo "no such thing" >&2; exit 7', async ({ program }) =>
      failureOf(program.session([]).ask('get x')),
    )
    expect(dead).toContain('has ended, with status 7')
    expect(dead).toContain('no such thing')
    const chatty = await withKit(answering('console.log("a\\nb")'), async ({ program }) => {
      const session = program.session([])
      await session.ask('x')
      return failureOf(session.end())
    })
    expect(chatty).toContain('more than one answer')
  })

  it('is killed in the middle of its work, and what it had answered counts', async () => {
    const slow = answering('setTimeout(() => console.log("ok " + line), 2 * Number(line))')
    await withKit(slow, async ({ program }) => {
      const session = program.session([])
      const requests = Array.from({ length: 4000 }, (_, n) => String(n))
      const answers = await killedInTheMiddle(session, requests, 20)
      expect(answers.length).toBeGreaterThanOrEqual(20)
      expect(answers.length).toBeLessThan(4000)
      expect(session.live.process.ended).toBe(true)
    })
  })
})

describe('random requests against a model', () => {
  /** A store of numbers that forgets all when the sum becomes 7. */
  const broken = answering(
    'const [op, n] = line.split(" "); globalThis.sum ??= 0; if (op === "add") sum += Number(n); if (sum === 7) sum = 0; console.log(op === "sum" ? "value " + sum : "ok")',
  )
  const model = () => {
    let sum = 0
    return {
      answer(request: string) {
        const [op, n] = request.split(' ')
        if (op === 'add') sum += Number(n)
        return op === 'sum' ? `value ${sum}` : 'ok'
      },
    }
  }

  it('fail with the fewest requests that show the mistake', async () => {
    await withKit(broken, async ({ program, random }) => {
      const requests = Array.from({ length: 400 }, () => random.pick(['add 1', 'add 7', 'noop', 'sum']))
      const text = await failureOf(
        agreesWithModel({ open: () => program.session([]), model, requests: ['add 7', ...requests, 'sum'] }),
      )
      expect(text).toContain('The answer to `sum` is wrong')
      expect(text).not.toContain('noop')
      expect(text.match(/^add/gm)?.length).toBeLessThanOrEqual(4)
      expect(text).toContain('value 7\nvalue 0')
    })
  })

  it('fail with the fewest requests that a program does not survive', async () => {
    const crashes = javascript(`
      let seen = 0
      require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
        if (line === 'add 7') seen += 1
        if (line === 'noop' && seen > 1) throw new Error('seven came twice')
        console.log(line === 'sum' ? 'value 0' : 'ok')
      })`)
    const zero = () => ({ answer: (request: string) => (request === 'sum' ? 'value 0' : 'ok') })
    await withKit(crashes, async ({ program, random }) => {
      const requests = Array.from({ length: 200 }, () => random.pick(['add 1', 'add 7', 'noop', 'sum']))
      const text = await failureOf(agreesWithModel({ open: () => program.session([]), model: zero, requests }))
      expect(text).toMatch(/There is no answer to `noop`, after 2 other requests .*:\nadd 7 .*\nadd 7 .*\nnoop /)
      expect(text).toContain('seven came twice')
    })
  })

  it('pass when program and model agree', async () => {
    await withKit(broken, async ({ program }) => {
      await agreesWithModel({
        open: () => program.session([]),
        model,
        requests: ['add 3', 'add 5', 'sum', 'noop', 'add 1', 'sum'],
      })
    })
  })
})

describe('the notes of strace', () => {
  it('are read in the order of the returns, also of calls that were interrupted', () => {
    const text = [
      '12    fsync(3</d/log> <unfinished ...>',
      '10    write(1<pipe:[7]>, "a\\n", 2)       = 2',
      '12    <... fsync resumed>)              = 0',
      '10    openat(AT_FDCWD, "/x", O_RDONLY) = -1 ENOENT (No such file or directory)',
    ].join('\n')
    expect(readTrace(text).map(({ name, result }) => [name, result])).toEqual([
      ['write', 2],
      ['fsync', 0],
      ['openat', -1],
    ])
  })
})
