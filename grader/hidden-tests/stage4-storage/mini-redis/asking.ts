import { expect, Failure, type Kit } from '../../../programs/kit.ts'
import type { Reply, Resp } from '../../../protocols/resp.ts'

/** A command, written as one line, and its reply; of an error only what a pattern says. */
type Wanted = [command: string, reply: Reply | RegExp]

/** The same reply to many commands, written behind each other with `|` between them; the first word `k` of each stands for a key. */
export const each = (commands: string, reply: Reply | RegExp, key = 'k'): Wanted[] =>
  commands.split('|').map((command) => [command.replace(' k', ` ${key}`), reply])

/** Sends a command, written as one line, and compares its reply; of an error only what a pattern says. */
export async function gives(redis: Resp, command: string, reply: Reply | RegExp, why = ''): Promise<void> {
  judge(await redis.call(...command.split(' ')), reply, command, why)
}

/** The same, where the order of the members is the server's own affair. */
export async function givesMembers(redis: Resp, command: string, members: string[], why = ''): Promise<void> {
  const reply = await redis.call(...command.split(' '))
  const got = Array.isArray(reply) ? [...reply].map(String).sort() : reply
  expect(got, `The reply to \`${command}\`, sorted,`, why).toBe([...members].sort())
}

/** Sends many commands at once, each written as one line, and compares each reply. */
export async function givesAll(redis: Resp, wanted: Wanted[], why = ''): Promise<void> {
  const replies = await redis.pipeline(wanted.map(([command]) => command.split(' ')))
  for (const [n, [command, reply]] of wanted.entries()) judge(replies[n] as Reply, reply, command, why)
}

/** Compares a reply with what it must be; of an error only what a pattern says. */
function judge(reply: Reply, wanted: Reply | RegExp, command: string, why: string): void {
  const expectation = expect(reply, `The reply to \`${command}\``, why)
  if (wanted instanceof RegExp) expectation.toMatch(wanted)
  else expectation.toBe(wanted)
}

/** Waits until a reply is what it must become. */
export async function becomes(
  redis: Resp,
  words: string[],
  wanted: (reply: Reply) => boolean,
  what: string,
  within = 15_000,
): Promise<void> {
  const deadline = performance.now() + within * redis.connection.server.patience
  let reply = await redis.call(...words)
  while (!wanted(reply)) {
    if (performance.now() > deadline) {
      throw new Failure(`\`${words.join(' ')}\` did not come to give what it must: ${what}.`, {
        expected: what,
        actual: JSON.stringify(reply),
      })
    }
    reply = await redis.call(...words)
  }
}

/** Between which two moments each key expires, by what PTTL says. */
export async function deadlines(redis: Resp, keys: string[]): Promise<{ earliest: number; latest: number }[]> {
  const asked = Date.now()
  const left = (await redis.pipeline(keys.map((key) => ['PTTL', key]))).map(Number)
  const answered = Date.now()
  return left.map((ms) => ({ earliest: asked + ms, latest: answered + ms }))
}

/** What INFO says, by name. */
export async function infoOf(redis: Resp): Promise<Map<string, string>> {
  const lines = String(await redis.call('INFO')).split('\r\n')
  return new Map(
    lines
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  )
}

/** So many different words. */
export const words = ({ random }: Kit, count: number) =>
  random.distinct(count, random.word) as [string, string, string, string, string, string, string]
