import { impostors } from '../../../grader/engine/impostors.ts'

export default impostors('stage4-storage/lru-cache', [
  { id: 'bare-value', caughtBy: 'put-get', says: 'is wrong', find: '`value ${value}`', replace: 'value' },
  {
    id: 'empty-value-for-none',
    caughtBy: 'no-value',
    says: 'is wrong',
    find: "value === undefined ? 'none'",
    replace: "value === undefined ? 'value '",
  },
  {
    id: 'one-too-many',
    caughtBy: 'capacity',
    says: 'is wrong',
    file: 'cache.ts',
    find: 'this.evict(this.capacity - 1)',
    replace: 'this.evict(this.capacity)',
  },
  {
    id: 'one-request-a-read',
    caughtBy: 'several-at-once',
    says: 'did not come',
    file: '#lib/session.ts',
    find: 'yield requests\n',
    replace: 'yield requests.slice(0, 1)\n',
  },
  {
    id: 'first-in-first-out',
    caughtBy: 'least-recent',
    says: 'With lru',
    file: 'policies.ts',
    find: '    this.remove(entry)\n    this.add(entry)\n',
    replace: '',
  },
  {
    id: 'lfu-is-lru',
    caughtBy: 'least-frequent',
    says: 'With lfu',
    find: 'new LeastFrequent()',
    replace: 'new LeastRecent()',
  },
  {
    id: 'latest-of-equals',
    caughtBy: 'equally-frequent',
    says: 'With lfu',
    file: 'policies.ts',
    find: 'entry.group.entries.append(entry)',
    replace: 'entry.group.entries.insert(entry)',
  },
  {
    id: 'makes-room-for-nobody',
    caughtBy: 'overwrite',
    says: 'The answer to `put',
    file: 'cache.ts',
    find: 'known ? [] : this',
    replace: 'this',
  },
  {
    id: 'overwriting-is-no-use',
    caughtBy: 'overwrite',
    says: 'The answer to `keys`',
    file: 'cache.ts',
    find: '    if (known) this.policy.touch(known)\n',
    replace: '',
  },
  {
    id: 'peek-is-get',
    caughtBy: 'peek',
    says: 'With l',
    find: 'found(cache.peek(key))',
    replace: 'found(cache.get(key))',
  },
  {
    id: 'leaves-the-dead-in-the-list',
    caughtBy: 'delete',
    says: 'is wrong',
    file: 'cache.ts',
    find: 'if (entry) this.remove(entry)',
    replace: 'if (entry) this.entries.delete(key)',
  },
  {
    id: 'one-tick-longer',
    caughtBy: 'time-to-live',
    says: 'is wrong',
    file: 'cache.ts',
    find: '<= this.now',
    replace: '< this.now',
  },
  {
    id: 'old-deadline-stays',
    caughtBy: 'new-deadline',
    says: 'is wrong',
    file: 'cache.ts',
    find: '    this.deadlines.remove(entry)\n    if (lifetime',
    replace: '    if (lifetime !== undefined) this.deadlines.remove(entry)\n    if (lifetime',
  },
  {
    id: 'shrinks-later',
    caughtBy: 'resize',
    says: 'The answer to `resize',
    file: 'cache.ts',
    find: 'return this.evict(capacity)',
    replace: 'return []',
  },
  {
    id: 'expired-is-evicted',
    caughtBy: 'stats',
    says: 'The answer to `stats`',
    file: 'cache.ts',
    find: 'this.expired += 1',
    replace: 'this.evictions += 1',
  },
  {
    id: 'takes-any-number',
    caughtBy: 'errors',
    says: 'as the table of requests',
    find: '/^[1-9]\\d{0,8}$/',
    replace: '/^\\d+$/',
  },
  {
    id: 'evicts-then-complains',
    caughtBy: 'errors',
    says: 'must not change anything',
    find: "  if (word !== undefined && word !== 'ttl')",
    replace: "  if (word !== undefined) cache.put(key, value)\n  if (word !== undefined && word !== 'ttl')",
  },
  {
    id: 'every-tenth-use-is-lost',
    caughtBy: 'random-lru',
    says: 'other requests from the start',
    file: 'cache.ts',
    find: '    if (entry) this.policy.touch(entry)\n',
    replace: '    if (entry && this.hits % 10 !== 9) this.policy.touch(entry)\n',
  },
  {
    id: 'counts-to-seven',
    caughtBy: 'random-lfu',
    says: 'other requests from the start',
    file: 'policies.ts',
    find: 'group.uses + 1',
    replace: 'Math.min(group.uses + 1, 7)',
  },
  {
    id: 'ends-at-a-zero',
    caughtBy: 'any-byte',
    says: 'The output of',
    file: '#lib/session.ts',
    find: "rest + chunk.toString('latin1', from, end))",
    replace: "(rest + chunk.toString('latin1', from, end)).split('\\0')[0] as string)",
  },
  {
    id: 'takes-half-a-request',
    caughtBy: 'unfinished-request',
    says: 'no newline',
    file: '#lib/session.ts',
    find: 'yield requests\n  }\n',
    replace: "yield requests\n  }\n  if (rest !== '') yield [rest]\n",
  },
  {
    id: 'a-capacity-of-its-own',
    caughtBy: 'bad-arguments',
    says: 'nothing should have been written',
    find: "?? 'none given'",
    replace: "?? '100'",
  },
  {
    id: 'one-goes-at-a-time',
    caughtBy: 'expired-first',
    says: 'is wrong',
    file: 'cache.ts',
    find: 'for (let entry = this.deadlines.first; entry && (entry.deadline as number) <= this.now; entry = this.deadlines.first) {',
    replace: 'const entry = this.deadlines.first\n    if (entry && (entry.deadline as number) <= this.now) {',
  },
  {
    id: 'deadline-outlives-the-deleted',
    caughtBy: 'new-life',
    says: 'is wrong',
    file: 'cache.ts',
    find: 'if (entry) this.remove(entry)',
    replace: 'if (entry) this.entries.delete(key)\n    if (entry) this.policy.remove(entry)',
  },
  {
    id: 'heap-that-never-sinks',
    caughtBy: 'random-deadlines',
    says: 'other requests from the start',
    file: 'deadlines.ts',
    find: '    this.sink(last, last.place)\n',
    replace: '',
  },
  {
    id: 'one-always-stays',
    caughtBy: 'one-place',
    says: 'is wrong',
    file: 'cache.ts',
    find: 'while (this.size > most)',
    replace: 'while (this.size > Math.max(most, 1))',
  },
  {
    id: 'room-for-all-at-once',
    caughtBy: 'huge-capacity',
    says: 'of memory for one entry',
    file: 'cache.ts',
    find: '    this.policy = policy\n',
    replace: "    this.policy = policy\n    Reflect.set(this, 'slots', new Array(Math.min(capacity, 30_000_000)).fill(0))\n",
  },
  {
    id: 'looks-for-it-in-the-list',
    caughtBy: 'lru-growth',
    says: 'Four times the entries',
    file: 'cache.ts',
    find: '    if (entry) this.policy.touch(entry)\n',
    replace: '    for (let n = 0; n < this.size ** 2 / 30_000; n++);\n    if (entry) this.policy.touch(entry)\n',
  },
  {
    id: 'scans-for-the-least',
    caughtBy: 'lfu-growth',
    says: 'Four times the entries',
    file: 'policies.ts',
    find: '    return this.groups.first?.entries.first\n',
    replace:
      '    let least = this.groups.first?.entries.first\n' +
      '    for (const { entries } of this.groups) {\n' +
      '      for (let each = entries.first; each; each = entries.after(each)) {\n' +
      '        if (each.group.uses < (least as Entry).group.uses) least = each\n' +
      '      }\n' +
      '    }\n' +
      '    return least\n',
  },
  {
    id: 'counts-up-to-the-least',
    caughtBy: 'lfu-gaps',
    says: 'Four times the uses',
    file: 'policies.ts',
    find: '    entry.group.entries.remove(entry)\n    this.dropIfEmpty(entry.group)\n',
    replace:
      '    entry.group.entries.remove(entry)\n    this.dropIfEmpty(entry.group)\n' +
      '    for (let uses = 1; uses < (this.groups.first?.uses ?? 0); uses++);\n',
  },
  {
    id: 'looks-at-all-deadlines',
    caughtBy: 'deadlines',
    says: 'Four times the entries with a deadline',
    file: 'cache.ts',
    find: '    this.now += milliseconds\n',
    replace: '    this.now += milliseconds\n    for (let n = 0; n < this.size ** 2 / 40_000; n++);\n',
  },
  {
    id: 'keeps-old-deadlines',
    caughtBy: 'overwritten-deadlines',
    says: 'Four times the requests',
    file: 'cache.ts',
    find: '    this.deadlines.remove(entry)\n    if (lifetime',
    replace:
      "    Reflect.set(this, 'old', { before: Reflect.get(this, 'old'), stale: new Array(20).fill(entry.deadline) })\n" +
      '    this.deadlines.remove(entry)\n    if (lifetime',
  },
  {
    id: 'keeps-a-note-of-each-deadline',
    caughtBy: 'overwritten-deadlines',
    says: 'It seems to keep',
    file: 'cache.ts',
    find: '    this.deadlines.remove(entry)\n    if (lifetime',
    replace:
      "    Reflect.set(this, 'old', { before: Reflect.get(this, 'old'), until: lifetime, since: this.now })\n" +
      '    this.deadlines.remove(entry)\n    if (lifetime',
  },
  {
    id: 'looks-at-equal-deadlines',
    caughtBy: 'equal-deadlines',
    says: 'Four times the values with the same deadline',
    file: 'deadlines.ts',
    find: '    entry.deadline = undefined\n',
    replace:
      "    if (entry !== this.heap[0]) Reflect.set(this, 'equal', this.heap.filter(({ deadline }) => deadline === entry.deadline).length)\n" +
      '    entry.deadline = undefined\n',
  },
  {
    id: 'goes-through-all-numbers-of-uses',
    caughtBy: 'lfu-spread',
    says: 'Four times the numbers of uses',
    file: 'policies.ts',
    find: '    return this.groups.first?.entries.first\n',
    replace:
      '    let least = this.groups.first\n' +
      '    for (const group of this.groups) if (group.uses < (least as Group).uses) least = group\n' +
      '    return least?.entries.first\n',
  },
  {
    id: 'keeps-empty-groups',
    caughtBy: 'passing-uses',
    says: 'Four times the requests',
    file: 'policies.ts',
    find: '    if (!group.entries.first) this.groups.remove(group)\n',
    replace:
      '    if (group.entries.first) return\n    this.groups.remove(group)\n' +
      "    Reflect.set(this, 'old', { before: Reflect.get(this, 'old'), group })\n",
  },
])
