import { inPeace } from '../../../models/raft-situations.ts'
import { type Command, register } from '../../../models/register.ts'
import { check, expect, Failure, type Kit } from '../../../programs/kit.ts'
import { MIB } from '../../../programs/performance.ts'
import { connect, encodeCommand } from '../../../protocols/resp.ts'

/** Random commands over a few keys, so that each meets all kinds of states. */
function draw({ random }: Kit, keys: string[]): Command {
  const key = random.pick(keys)
  const small = () => random.pick(['a', 'bc', 'def'])
  const command: Record<string, string[]> = {
    GET: [],
    SET: [small()],
    DEL: [],
    APPEND: [small()],
    CAS: [small(), random.word()],
  }
  const name = random.pick(Object.keys(command))
  return [name, key, ...(command[name] as string[])]
}

/** What a client sees of a cluster in which nothing fails. */
export const clients = [
  check(
    'commands',
    'does what GET, SET, DEL, APPEND and CAS are there for',
    { spec: 'commands', hint: 'Commands are applied in the order of the log. CAS of a key that has no value is 0.', alone: true },
    (kit) =>
      inPeace(kit, async ({ client }) => {
        const keys = kit.random.distinct(3, kit.random.word)
        const states = new Map<string, string | null>()
        for (let n = 0; n < 150; n++) {
          const command = draw(kit, keys)
          const before = states.get(command[1]) ?? null
          const { state, output } = register.step(before, command)
          states.set(command[1], state)
          const reply = await client.call(...command)
          expect(reply, `The reply to ${command.join(' ')}`, `${command[1]} was ${before ?? 'without a value'}.`).toBe(output)
        }
      }),
  ),
  check(
    'any-byte',
    'keeps keys and values of any bytes, empty ones and a megabyte',
    {
      spec: 'commands',
      hint: 'Bulk strings have a length: never look for their end. Keep bytes as bytes, on the disk and between the nodes, too.',
      alone: true,
    },
    (kit) =>
      inPeace(kit, async ({ nodes, client }) => {
        const { connection } = client
        const exactly = async (command: (string | Buffer)[], reply: Buffer | string, what: string) => {
          await connection.write(encodeCommand(command))
          expect(await connection.take(Buffer.byteLength(reply), `The reply to ${what}`), `The reply to ${what}`).toBeText(reply)
        }
        const bulk = (value: Buffer) => Buffer.concat([Buffer.from(`$${value.length}\r\n`), value, Buffer.from('\r\n')])
        const odd = Buffer.concat([Buffer.from('\0\r\n$3\r\n"\\\n'), kit.random.bytes(300), Buffer.from([0xff, 0xc3, 0x80, 0])])
        const key = kit.random.bytes(40)
        await exactly(['SET', key, odd], '+OK\r\n', 'SET of 300 odd bytes')
        await exactly(['APPEND', key, odd], `:${2 * odd.length}\r\n`, 'APPEND of 300 odd bytes')
        await exactly(['GET', key], bulk(Buffer.concat([odd, odd])), 'GET of odd bytes')
        await exactly(['SET', '', ''], '+OK\r\n', 'SET of an empty key to an empty value')
        await exactly(['GET', ''], '$0\r\n\r\n', 'GET of an empty value')
        const large = Buffer.alloc(MIB, kit.random.sentence(40))
        await exactly(['SET', 'large', large], '+OK\r\n', 'SET of a megabyte')
        await exactly(['GET', 'large'], bulk(large), 'GET of a megabyte')
        await nodes.converge()
        await nodes.kill(await nodes.leader())
        const heir = await nodes.client(await nodes.leader())
        await heir.connection.write(encodeCommand(['GET', key]))
        const wanted = bulk(Buffer.concat([odd, odd]))
        expect(await heir.connection.take(wanted.length, 'The value'), 'The odd bytes, as the next leader has them,').toBeText(
          wanted,
        )
      }),
  ),
  check(
    'pipelining',
    'answers commands that come without waiting, in order and in pieces',
    {
      spec: 'pipelining',
      hint: 'Answers leave in the order of the commands, though one may be ready before another. A GET takes its place in the log between the writes around it.',
      alone: true,
    },
    (kit) =>
      inPeace(kit, async ({ client }) => {
        const [key, ...values] = kit.random.distinct(60, kit.random.word) as [string, ...string[]]
        const commands = values.flatMap((value) => [['SET', key, value], ['GET', key], ['PING'], ['NONSENSE']])
        const replies = await client.pipeline(commands)
        for (const [n, value] of values.entries()) {
          const [set, get, ping, wrong] = replies.slice(4 * n)
          expect(set, `The reply to SET ${key} ${value}, number ${4 * n + 1} of ${commands.length} at once,`).toBe('+OK')
          expect(get, `The reply to the GET between SET ${key} ${value} and the next SET`).toBe(value)
          expect(ping, 'The reply to PING behind it').toBe('+PONG')
          expect(String(wrong), 'The reply to NONSENSE behind it').toMatch(/^-ERR/)
        }
        const bytes = encodeCommand(['SET', key, 'in-pieces'])
        const cut = kit.random.int(2, bytes.length - 3)
        await client.connection.write(bytes.subarray(0, cut))
        const other = await connect(client.connection.server, { name: 'another' })
        expect(await other.call('PING'), 'The reply to another client, while a command is half there,').toBe('+PONG')
        await client.connection.write(bytes.subarray(cut))
        expect(await client.reply(), 'The reply to a command that came in two pieces').toBe('+OK')
      }),
  ),
  check(
    'wrong-commands',
    'answers wrong commands with -ERR on every node, and goes on; takes names in any case',
    { spec: 'wrong-commands', hint: 'Look at the command before you ask who leads.', alone: true },
    (kit) =>
      inPeace(kit, async ({ nodes, client }) => {
        const wrong = [
          [kit.random.word()],
          ['GET'],
          ['SET', 'a'],
          ['SET', 'a', 'b', 'c'],
          ['CAS', 'a', 'b'],
          ['DEL', 'a', 'b'],
          ['PING', 'x'],
        ]
        for (const id of nodes.ids) {
          for (const command of wrong)
            expect(String(await nodes.ask(id, ...command)), `The reply of node ${id} to ${command.join(' ')}`).toMatch(/^-ERR/)
          expect(await nodes.ask(id, 'ping'), `The reply of node ${id} to ping`).toBe('+PONG')
        }
        expect(await client.call('set', 'a', 'b'), 'The reply to set a b').toBe('+OK')
        expect(await client.call('Get', 'a'), 'The reply to Get a').toBe('b')
      }),
  ),
  check(
    'moved',
    'sends clients from the followers to the leader, and does nothing itself',
    {
      spec: 'moved',
      hint: 'A follower knows the leader from its last AppendEntries. It never answers from its own memory.',
      alone: true,
    },
    (kit) =>
      inPeace(kit, async ({ nodes, leader }) => {
        const [key, value] = kit.random.distinct(2, kit.random.word) as [string, string]
        await nodes.set(key, value)
        await nodes.converge()
        const commands = [
          ['GET', key],
          ['SET', key, 'x'],
          ['DEL', key],
          ['APPEND', key, 'x'],
          ['CAS', key, value, 'x'],
        ]
        for (const id of nodes.others(leader)) {
          for (const command of commands) {
            const reply = await nodes.ask(id, ...command)
            expect(
              String(reply).split(' ').slice(0, 2).join(' '),
              `The reply of node ${id}, a follower, to ${command.join(' ')}`,
            ).toBe(`-MOVED ${leader}`)
          }
        }
        expect(await nodes.ask(leader, 'GET', key), `The value of ${key}`, 'What was answered with MOVED has not happened.').toBe(
          value,
        )
      }),
  ),
  check(
    'bad-arguments',
    'refuses arguments that make no sense, with one line and status 2',
    { spec: 'the-interface', hint: 'Check all of them before you open a port.', alone: true },
    async ({ program, scratch }) => {
      const data = ['--data', scratch.folder('data')]
      const peers = ['--peers', '1=127.0.0.1:7101,2=127.0.0.1:7102,3=127.0.0.1:7103']
      for (const args of [
        ['--id', '1', ...data, ...peers],
        ['--id', '4', '--port', '7001', ...data, ...peers],
        ['--id', '1', '--port', 'many', ...data, ...peers],
        ['--id', '1', '--port', '7001', ...data, '--peers', '1=127.0.0.1:7101,two'],
      ]) {
        const run = await program.run(args).fails({ status: 2, stdout: '' })
        const lines = run.stderr.toString().trimEnd().split('\n').length
        if (lines > 1)
          throw new Failure(`\`${run.command}\` should say in one line what is wrong.`, {
            expected: 'one line on standard error',
            actual: `${lines} lines`,
          })
      }
    },
  ),
]
