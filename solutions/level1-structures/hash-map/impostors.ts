import { impostors } from '../../../grader/engine/impostors.ts'

export default impostors('level1-structures/hash-map', [
  { id: 'bare-value', caughtBy: 'set-get', says: 'is wrong', find: '`value ${value}`', replace: 'value' },
  {
    id: 'empty-value-for-none',
    caughtBy: 'no-value',
    says: 'is wrong',
    find: "value === undefined ? 'none'",
    replace: "value === undefined ? 'value '",
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
    id: 'takes-the-first-free-slot',
    caughtBy: 'overwrite',
    says: 'is wrong',
    file: 'map.ts',
    find: '    if (entry) {\n',
    replace: '    if (entry && false) {\n',
  },
  {
    id: 'empties-the-slot',
    caughtBy: 'delete',
    says: 'The last thing that was deleted',
    file: 'map.ts',
    find: 'this.slots[at] = DELETED',
    replace: 'this.slots[at] = undefined',
  },
  {
    id: 'clears-the-count',
    caughtBy: 'listing',
    says: 'is wrong',
    file: 'map.ts',
    find: '  clear(): void {\n    this.slots = emptySlots(LEAST)\n',
    replace: '  clear(): void {\n',
  },
  {
    id: 'one-place-for-all',
    caughtBy: 'iteration',
    says: 'The answer to `next',
    find: 'state.map.walk())',
    replace: "state.iterators.get('1') ?? state.map.walk())",
  },
  {
    id: 'iterations-never-end',
    caughtBy: 'iteration',
    says: 'This iteration has ended',
    find: "  iterators.delete(id)\n  return 'end'\n",
    replace: "  return 'end'\n",
  },
  {
    id: 'grows-by-steps',
    caughtBy: 'doubling',
    says: 'The number of times that `capacity` changed',
    file: 'map.ts',
    find: 'while (capacity < 2 * (entries.length + 1)) capacity *= 2',
    replace: 'while (capacity * 0.75 <= entries.length + 8) capacity += 16',
  },
  {
    id: 'load-in-percent',
    caughtBy: 'stats',
    says: 'The answer to `stats`',
    find: '(size / capacity)',
    replace: '((100 * size) / capacity)',
  },
  {
    id: 'tombstones-outlive-all',
    caughtBy: 'stats',
    says: '`tombstones` in stats after clear',
    file: 'map.ts',
    find: '    this.used = 0\n    this.marks = 0\n',
    replace: '    this.used = 0\n',
  },
  {
    id: 'ignores-superfluous-words',
    caughtBy: 'errors',
    says: 'as the table of requests',
    file: '#lib/session.ts',
    find: '![shortest.length, longest.length].includes(words.length)',
    replace: 'words.length < shortest.length',
  },
  {
    id: 'cuts-off-the-rest',
    caughtBy: 'random-requests',
    says: 'other requests from the start',
    file: 'map.ts',
    find: 'this.capacity > LEAST) this.rebuild()',
    replace: 'this.capacity > LEAST) this.slots = this.slots.slice(0, this.capacity / 2)',
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
    id: 'any-seed-will-do',
    caughtBy: 'bad-arguments',
    says: 'nothing should have been written',
    find: 'given !== undefined && !/^',
    replace: "given === '' && !/^",
  },
  {
    id: 'old-place-in-the-new-table',
    caughtBy: 'growth-while-iterating',
    says: 'A key that was there all the time did not come once',
    file: 'map.ts',
    find: '    const { slots } = this\n',
    replace: '    const slots = new Proxy([], { get: (_, name) => Reflect.get(this.slots, name) }) as Slot[]\n',
  },
  {
    id: 'shows-the-dead',
    caughtBy: 'random-iterations',
    says: 'The answer to `next',
    file: 'map.ts',
    find: 'isEntry(slot) ? this.entryOf(slot.key) : undefined',
    replace: 'isEntry(slot) ? slot : undefined',
  },
  {
    id: 'counts-the-living-only',
    caughtBy: 'queue',
    says: 'did not come',
    file: 'map.ts',
    find: 'this.used + this.marks >= this.capacity',
    replace: 'this.used + (this.capacity < 256 ? this.marks : 0) >= this.capacity',
  },
  {
    id: 'never-shrinks',
    caughtBy: 'shrinks',
    says: '`capacity` in stats',
    file: 'map.ts',
    find: '    if (this.used < this.capacity / 8 && this.capacity > LEAST) this.rebuild()\n',
    replace: '',
  },
  {
    id: 'one-seed-for-all',
    caughtBy: 'seed',
    says: 'in two runs without a seed',
    find: 'given ?? randomUUID()',
    replace: "given ?? 'pepper'",
  },
  {
    id: 'ignores-the-seed',
    caughtBy: 'seed',
    says: 'with the same seed',
    find: 'given ?? randomUUID()',
    replace: 'randomUUID()',
  },
  {
    id: 'moves-all-each-time',
    caughtBy: 'growth',
    says: 'Four times the keys',
    file: 'map.ts',
    find: '    if (entry) {\n',
    replace: '    for (let n = 0; n < this.used ** 2 / 40_000; n++);\n    if (entry) {\n',
  },
  {
    id: 'shrinks-where-it-grows',
    caughtBy: 'up-and-down',
    says: 'Four times the keys',
    file: 'map.ts',
    find: 'if (this.used < this.capacity / 8 && this.capacity > LEAST) this.rebuild()',
    replace:
      'if (this.used <= this.capacity * 0.375 && this.capacity > LEAST) {\n' +
      '      const entries = [...this.entries()]\n' +
      '      this.slots = emptySlots(this.capacity / 2)\n' +
      '      this.marks = 0\n' +
      '      for (const each of entries) this.place(each)\n' +
      '    }\n',
  },
  {
    id: 'seeds-the-start-only',
    caughtBy: 'hostile-sums',
    says: "under that of Java's strings",
    file: 'hash.ts',
    find: '    let hash = 1\n',
    replace: '    const [high, low] = [0, 31]\n    let hash = place\n',
  },
  {
    id: 'seeds-the-end-only',
    caughtBy: 'hostile-mixes',
    says: 'FNV-1a with 32 bits',
    file: 'hash.ts',
    find: '    let hash = 1\n',
    replace:
      '    let fnv = 0x811c9dc5\n' +
      '    for (let at = 0; at < key.length; at++) fnv = Math.imul(fnv ^ key.charCodeAt(at), 16777619)\n' +
      '    if (place) return (fnv ^ place) >>> 0\n' +
      '    let hash = 1\n',
  },
  {
    id: 'keeps-old-values',
    caughtBy: 'passing-keys',
    says: 'It seems to keep',
    file: 'map.ts',
    find: '      entry.value = value\n',
    replace:
      "      Reflect.set(this, 'old', { before: Reflect.get(this, 'old'), values: new Array(40).fill(entry.value) })\n      entry.value = value\n",
  },
  {
    id: 'remembers-what-was-missing',
    caughtBy: 'after-deletions',
    says: 'Four times the keys',
    file: 'map.ts',
    find: '      if (slot === undefined) return -1\n',
    replace:
      '      if (slot === undefined) {\n' +
      "        const missed = Number(Reflect.get(this, 'missed') ?? 0) + 1\n" +
      "        Reflect.set(this, 'missed', missed)\n" +
      '        for (let n = 0; n < missed ** 2 / 50_000; n++);\n' +
      '        return -1\n' +
      '      }\n',
  },
  {
    id: 'walks-over-the-deleted',
    caughtBy: 'iterators',
    says: 'Four times the iterations',
    file: 'map.ts',
    find: '    const { slots } = this\n',
    replace: '    const { slots } = this\n    for (let n = 0; n < this.marks ** 2 / 600; n++);\n',
  },
  {
    id: 'copies-the-map',
    caughtBy: 'iterators',
    says: 'Four times the iterations',
    file: 'map.ts',
    find: '    const { slots } = this\n',
    replace: '    const slots = [...this.slots]\n    for (let n = 0; n < this.used ** 2 / 8000; n++);\n',
  },
])
