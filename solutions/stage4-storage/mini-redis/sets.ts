import type { Call, Commands } from './command.ts'
import { bulk, bulks, integer, NIL } from './protocol.ts'

/** The sets of several keys, an empty one for a key that is not there. */
const setsOf = ({ db, args }: Call) => args.map((key) => db.get(key, 'set') ?? new Set<string>())

function intersection(call: Call): string {
  const [first = new Set<string>(), ...others] = setsOf(call)
  return bulks([...first].filter((member) => others.every((set) => set.has(member))))
}

function difference(call: Call): string {
  const [first = new Set<string>(), ...others] = setsOf(call)
  return bulks([...first].filter((member) => !others.some((set) => set.has(member))))
}

/** Takes a member by chance: the followers must be told which. */
function pop(call: Call): string {
  const { db, args } = call
  const [key] = args
  const members = [...(db.get(key, 'set') ?? [])]
  const member = members[Math.floor(Math.random() * members.length)]
  call.effect = []
  if (member === undefined) return NIL
  call.effect = [['SREM', key, member]]
  db.change(key, 'set', (set) => set.delete(member))
  return bulk(member)
}

export const sets: Commands = {
  SADD: {
    arity: -3,
    writes: true,
    run: ({ db, args: [key, ...members] }) =>
      integer(
        db.change(key, 'set', (set) => {
          const before = set.size
          for (const member of members) set.add(member)
          return set.size - before
        }),
      ),
  },
  SREM: {
    arity: -3,
    writes: true,
    run: ({ db, args: [key, ...members] }) =>
      integer(db.change(key, 'set', (set) => members.filter((member) => set.delete(member)).length)),
  },
  SMEMBERS: { arity: 2, run: ({ db, args: [key] }) => bulks(db.get(key, 'set') ?? []) },
  SISMEMBER: { arity: 3, run: ({ db, args: [key, member] }) => integer(db.get(key, 'set')?.has(member) ? 1 : 0) },
  SCARD: { arity: 2, run: ({ db, args: [key] }) => integer(db.get(key, 'set')?.size ?? 0) },
  SPOP: { arity: 2, writes: true, run: pop },
  SINTER: { arity: -2, run: intersection },
  SUNION: { arity: -2, run: (call) => bulks(new Set(setsOf(call).flatMap((set) => [...set]))) },
  SDIFF: { arity: -2, run: difference },
}
