import { MapModel, mapRequests, mapStats } from '../../../models/hash-map.ts'
import { agreesWithModel } from '../../../models/operations.ts'
import { check, expect, Failure } from '../../../programs/kit.ts'
import { KIB } from '../../../programs/performance.ts'

export const holds = [
  check(
    'any-byte',
    'takes any bytes in keys and values, of any length',
    {
      spec: 'any-byte',
      hint: 'Do not decode, and compare all bytes of two keys: their hashes, lengths or beginnings may be the same.',
    },
    async ({ program, random }) => {
      const all = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10 && byte !== 32)
      const long = Buffer.alloc(100 * KIB, random.word())
      const short = random.shuffle(all).flatMap((byte) => [Buffer.from([byte]), Buffer.from([0, byte]), Buffer.from([byte, 0])])
      const keys = [...short, long, Buffer.concat([long, Buffer.from([0])]), Buffer.concat([Buffer.from([0]), long])]
      const different = [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()]
      const value = (n: number) => Buffer.concat([Buffer.from(`${n}`), Buffer.from(random.shuffle(all).slice(0, 9))])
      const values = different.map((_, n) => value(n))
      const join = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
      const stdin = join(
        ...different.map((key, n) => join('set ', key, ' ', values[n] as Buffer, '\n')),
        ...different.map((key) => join('get ', key, '\n')),
        'len\n',
      )
      const stdout = join(
        'ok\n'.repeat(different.length),
        ...values.map((each) => join('value ', each, '\n')),
        `len ${different.length}\n`,
      )
      await program.run([], { stdin }).succeeds({ stdout })
    },
  ),
  check(
    'unfinished-request',
    'does not answer a request that has no newline at its end',
    { spec: 'unfinished-requests', hint: 'A line that was cut off may look like a whole request: only its newline tells.' },
    async ({ program, random }) => {
      const [key, value] = random.distinct(2, random.word)
      await program
        .run([], { stdin: `set ${key} ${value}\nget ${key}\nget ${key}` })
        .succeeds({ stdout: `ok\nvalue ${value}\n`, why: 'The third request has no newline.' })
    },
  ),
  check(
    'bad-arguments',
    'refuses bad arguments with status 2',
    { spec: 'bad-arguments', hint: 'One line on standard error, and nothing on standard output.' },
    async ({ program, random }) => {
      for (const args of [['--seed'], ['--seed', random.word()], ['--seed', '-1'], [`--${random.word()}`], [random.word()]]) {
        const run = await program.run(args, { stdin: 'len\n' }).fails({ status: 2, stdout: '' })
        expect(run.stderr.toString(), `What \`${run.command}\` wrote to standard error`).toMatch(/^.+\n$/)
      }
    },
  ),
  check(
    'growth-while-iterating',
    'gives each key once although the table grows and shrinks in the middle of an iteration',
    {
      spec: 'change-while-iterating',
      hint: 'A place in the old table means nothing in the new one. Keep the old one for those who walk through it.',
    },
    async ({ program, random }) => {
      const [kept, passing] = split(
        random.distinct(1040, () => random.word() + random.word()),
        40,
      )
      const map = program.session([])
      await map.askAll(kept.map((key) => `set ${key} ${key}`))
      await map.answersTo('iter', 'iter 1')
      const capacity = async () => mapStats(await map.ask('stats')).capacity
      const seen: string[] = []
      const step = async () => {
        const [word, key = ''] = (await map.ask('next 1')).split(' ')
        if (word === 'entry') seen.push(key)
        return word
      }
      for (let n = 0; n < 15; n++) await step()
      const sizes = [await capacity()]
      await map.askAll(passing.map((key) => `set ${key} ${key}`))
      sizes.push(await capacity())
      for (let n = 0; n < 10; n++) await step()
      await map.askAll(passing.map((key) => `del ${key}`))
      sizes.push(await capacity())
      const story = `${kept.length} keys were set, an iteration begun, 1000 keys set and deleted in its course: the capacity was ${sizes.join(', then ')}.`
      for (let n = 0; (await step()) === 'entry'; n++) if (n > 2000) throw new Failure(`The iteration does not end. ${story}`)
      for (const key of kept) {
        const times = seen.filter((each) => each === key).length
        if (times !== 1)
          throw new Failure(`A key that was there all the time did not come once. ${story}`, {
            expected: `${key} once`,
            actual: `${times} times`,
          })
      }
    },
  ),
  check(
    'random-iterations',
    'agrees with a model on iterations while keys come and go',
    { spec: 'change-while-iterating', hint: 'The requests above are the fewest that show it: try them by hand.' },
    async ({ program, random }) => {
      const requests = mapRequests(random, 4000, true)
      await agreesWithModel({ open: () => program.session([]), model: () => new MapModel(), requests })
    },
  ),
  check(
    'queue',
    'stays small while thousands of keys pass through',
    {
      spec: 'tombstones',
      hint: 'Count tombstones as used when you decide to build a new table, and only the living when you choose its size.',
    },
    async ({ program, random }) => {
      const word = random.word()
      const map = program.session([])
      const alive = 100
      const total = random.int(6000, 8000)
      const requests = Array.from({ length: total }, (_, n) => [
        `set ${word}${n} ${n}`,
        n >= alive ? `del ${word}${n - alive}` : `get ${word}-`,
        `has ${n}`,
      ])
      const answers = await map.askAll(requests.flat())
      const wrong = requests
        .flat()
        .findIndex((request, n) => answers[n] !== (request.startsWith('has') ? 'no' : request.startsWith('get') ? 'none' : 'ok'))
      if (wrong >= 0)
        throw new Failure(`The answer to \`${requests.flat()[wrong]}\` is wrong, after ${wrong} others.`, {
          expected: 'ok, no or none',
          actual: answers[wrong] as string,
        })
      const told = mapStats(await map.ask('stats'))
      expect(told.len, `\`len\` after ${total} keys have passed`).toBe(alive)
      const why = `${total} keys have passed, and never more than ${alive + 1} were there.`
      expect(told.capacity, '`capacity` in stats', why).toBeAtMost(16 * alive)
    },
  ),
  check(
    'shrinks',
    'shrinks when most keys are deleted',
    {
      spec: 'shrinking',
      hint: 'Look at the load when you delete as well; leave room between the load at which you grow and that at which you shrink.',
    },
    async ({ program, random }) => {
      const word = random.word()
      const [total, left] = [20_000, random.int(80, 120)]
      const map = program.session([])
      await map.askAll(Array.from({ length: total }, (_, n) => `set ${word}${n} ${n}`))
      const gone = Array.from({ length: total - left }, (_, n) => `del ${word}${n}`)
      const answers = await map.askAll(gone)
      expect(answers.filter((answer) => answer === 'ok').length, `The number of answers ok to ${gone.length} times del`).toBe(
        gone.length,
      )
      const told = mapStats(await map.ask('stats'))
      expect(told.len, '`len` in stats').toBe(left)
      expect(told.capacity, '`capacity` in stats', `There were ${total} keys; ${left} are left.`).toBeAtMost(16 * left)
      for (let n = total - left; n < total; n++) await map.answersTo(`get ${word}${n}`, `value ${n}`)
    },
  ),
  check(
    'seed',
    'hashes otherwise in each run, unless it is given a seed',
    {
      spec: 'a-seed-for-each-run',
      hint: 'Take the seed from a source of randomness that the system has, not from a clock or a process number.',
    },
    async ({ program, random }) => {
      const keys = random.distinct(3, random.word)
      const hashes = async (args: string[]) => {
        const map = program.session(args)
        const answers = await map.askAll(keys.map((key) => `hash ${key}`))
        for (const [n, answer] of answers.entries()) expect(answer, `The answer to \`hash ${keys[n]}\``).toMatch(/^hash \d+$/)
        expect(new Set(answers).size, `The number of different hashes of ${keys.join(', ')}`).toBe(keys.length)
        await map.end()
        return answers.join(', ')
      }
      const [one, two] = random.distinct(2, () => String(random.int(2, 1_000_000)))
      const differ = (first: string, second: string, when: string) => {
        if (first === second)
          throw new Failure(`The hashes of ${keys.join(', ')} are the same ${when}.`, {
            expected: `others than ${first}`,
            actual: second,
          })
      }
      const first = await hashes(['--seed', one as string])
      expect(await hashes(['--seed', one as string]), `The hashes of ${keys.join(', ')} in another run with the same seed`).toBe(
        first,
      )
      differ(first, await hashes(['--seed', two as string]), 'with another seed')
      differ(await hashes([]), await hashes([]), 'in two runs without a seed')
    },
  ),
]

const split = <T>(list: T[], at: number): [T[], T[]] => [list.slice(0, at), list.slice(at)]
