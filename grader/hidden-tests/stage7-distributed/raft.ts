import { Nodes } from '../../models/raft.ts'
import { inPeace } from '../../models/raft-situations.ts'
import { check, expect, hiddenTests, tier } from '../../programs/kit.ts'
import { clients } from './raft/clients.ts'
import { elections } from './raft/elections.ts'
import { faults } from './raft/faults.ts'
import { flies } from './raft/flies.ts'
import { logs } from './raft/logs.ts'
import { recovery } from './raft/recovery.ts'

export default hiddenTests('stage7-distributed/raft', [
  tier('runs', [
    check(
      'ping',
      'answers PING and INFO, and is not the leader while it is alone',
      {
        spec: 'starting',
        hint: 'Begin with the clients: listen on --port, take arrays of bulk strings apart, answer. The other nodes may come later or never.',
        alone: true,
      },
      async (kit) => {
        const nodes = await Nodes.start(kit)
        await nodes.kill(...nodes.ids)
        const id = kit.random.int(1, 3)
        await nodes.restart(id)
        expect(await nodes.ask(id, 'PING'), 'The reply to PING').toBe('+PONG')
        const end = performance.now() + 3000
        let { term } = await nodes.info(id)
        await nodes.cluster.settles('some time passes', async () => {
          const now = await nodes.info(id)
          expect(now.role === 'leader', `That node ${id}, alone, leads`, 'One of three is no majority.').toBe(false)
          expect(now.term, `The term of node ${id}`, 'Terms never go back.').toBeAtLeast(term)
          term = now.term
          return performance.now() > end || undefined
        })
      },
    ),
    check(
      'one-leader',
      'elects one leader of three, whom all know',
      {
        spec: 'a-leader',
        hint: [
          'Who hears no leader for 300 to 600 ms (drawn anew each time) raises its term, votes for itself and asks the others. The leader sends heartbeats, and all who hear them know it.',
          'When nobody wins, look whether a message of a later term makes everybody take over that term, and whether the patience is really drawn anew.',
        ],
        alone: true,
      },
      (kit) =>
        inPeace(kit, async ({ nodes, leader }) => {
          const roles = (await nodes.infos()).map(({ id, role }) => `${id}:${role}`)
          const wanted = nodes.ids.map((id) => `${id}:${id === leader ? 'leader' : 'follower'}`)
          expect(roles.join(' '), 'The roles').toBe(wanted.join(' '))
        }),
    ),
    check(
      'set-get',
      'stores a value at the leader and gives it back',
      {
        spec: 'values',
        hint: 'A command goes into the log; when a majority has it, it is applied, and then answered.',
        alone: true,
      },
      (kit) =>
        inPeace(kit, async ({ nodes, leader }) => {
          const [key, other, value] = kit.random.distinct(3, kit.random.word) as [string, string, string]
          expect(await nodes.ask(leader, 'SET', key, value), `The reply to SET ${key}`).toBe('+OK')
          expect(await nodes.ask(leader, 'GET', key), `The reply to GET ${key}`).toBe(value)
          expect(await nodes.ask(leader, 'GET', other), `The reply to GET ${other}, which was never set,`).toBe(null)
        }),
    ),
  ]),
  tier('works', [...clients, ...recovery]),
  tier('holds', [...elections, ...logs, ...faults]),
  tier('flies', flies),
])
