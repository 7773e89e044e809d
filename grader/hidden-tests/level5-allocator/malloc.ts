import { createHash } from 'node:crypto'
import { drive, driveSystem, drivesWell, figuresOf, isStopped } from '../../models/malloc.ts'
import { which } from '../../programs/containment.ts'
import { check, expect, Failure, hiddenTests, type Kit, tier } from '../../programs/kit.ts'
import { MIB } from '../../programs/performance.ts'

const seed = ({ random }: Kit) => random.int(1, 1_000_000)

function needs(kit: Kit, program: string, debian: string): void {
  if (!which(program)) kit.skip(`${program} (Debian package ${debian})`)
}

/** Most of what was taken is with the kernel again. */
function gaveBack({ before, full, after }: Record<string, number>, part: number): void {
  const taken = (full as number) - (before as number)
  const kept = Math.max(0, (after as number) - (before as number))
  if (kept <= taken * part) return
  throw new Failure(
    `Of ${Math.round(taken / MIB)} MiB that were all freed, ${Math.round(kept / MIB)} MiB still belong to the program (resident memory).`,
    {
      expected: `at most ${part * 100} % of it`,
      actual: `${Math.round((100 * kept) / taken)} %`,
    },
  )
}

/** Random calls, with so many blocks alive at a time, take no more than ten times as long as with the C library's malloc. */
async function keepsUpWithSystem(kit: Kit, blocks: number, calls: number): Promise<void> {
  const numbers = [seed(kit), blocks, calls]
  let best = Number.POSITIVE_INFINITY
  for (let n = 0; n < 3 && best > 10; n++) {
    const { ms = 0 } = figuresOf(await drive(kit, 'figures', ...numbers))
    const { ms: yardstick = 1 } = figuresOf(await driveSystem(kit, 'figures', ...numbers))
    if (ms / yardstick < best)
      kit.measure({ name: `time for ${calls} calls with ${blocks} blocks`, value: ms, unit: 'ms', yardstick })
    best = Math.min(best, ms / yardstick)
  }
  expect(best, `The time for ${calls} random calls with ${blocks} blocks, in proportion to that of the C library,`).toBeAtMost(
    10,
    'times',
  )
}

export default hiddenTests('level5-allocator/malloc', [
  tier('runs', [
    check(
      'loaded',
      'is the malloc of a program that is run with it',
      {
        spec: 'taking-over',
        hint: 'run.sh sets LD_PRELOAD for the program in its arguments; the library exports malloc. A static or hidden function is not seen.',
      },
      async (kit) => {
        const run = await drive(kit, 'nothing-at-all')
        const where = /^malloc is in (.*)$/m.exec(run.stdout.toString())?.[1] ?? ''
        if (!where || /\/libc[.-]|\/ld[.-]|-driver$/.test(where)) {
          throw new Failure('A program that was started by run.sh does not use your malloc.', {
            expected: 'malloc comes from your shared object',
            actual: where ? `it comes from ${where}` : run.stdout.toString() || '(the program did not even start)',
          })
        }
        figuresOf(run)
      },
    ),
    check(
      'blocks',
      'gives blocks that do not overlap and keep what is written into them',
      { spec: 'malloc-and-free', hint: 'The simplest that works: one large mapping, and a pointer that only moves up.' },
      async (kit) => {
        await drivesWell(kit, 'blocks', seed(kit))
      },
    ),
  ]),

  tier('works', [
    check(
      'alignment',
      'gives blocks at addresses that are multiples of 16',
      { spec: 'alignment', hint: 'Round sizes up to 16, and let the payload, not the header, be aligned.' },
      async (kit) => {
        await drivesWell(kit, 'alignment', seed(kit))
      },
    ),
    check(
      'calloc',
      'calloc gives zeros, also where something stood before',
      { spec: 'calloc', hint: 'Only what comes fresh from the kernel is zero already.' },
      async (kit) => {
        await drivesWell(kit, 'calloc', seed(kit))
      },
    ),
    check(
      'realloc',
      'realloc keeps what fits, wherever the block goes',
      { spec: 'realloc', hint: 'Copy the smaller of the two sizes. realloc(NULL, n) is malloc(n).' },
      async (kit) => {
        await drivesWell(kit, 'realloc', seed(kit))
      },
    ),
    check(
      'nothing',
      'gets along with NULL and with blocks of no bytes',
      {
        spec: 'nothing-at-all',
        hint: 'free(NULL) does nothing. malloc(0) gives a block that can be freed, and no other has its address.',
      },
      async (kit) => {
        await drivesWell(kit, 'nothing')
      },
    ),
    check(
      'usable',
      'tells how much of a block may be used, and means it',
      { spec: 'usable-size', hint: 'At least what was asked for; all of it may be written without touching a neighbour.' },
      async (kit) => {
        await drivesWell(kit, 'usable', seed(kit))
      },
    ),
    check(
      'aligned',
      'gives blocks at larger multiples when asked, and takes them back',
      {
        spec: 'larger-alignments',
        hint: 'Take more than is asked for and cut off the front; free must find the header all the same.',
      },
      async (kit) => {
        await drivesWell(kit, 'aligned', seed(kit))
      },
    ),
    check(
      'reuse',
      'gives freed memory to those who ask next',
      { spec: 'free-lists', hint: 'Look into the list of free blocks before you ask the kernel.' },
      async (kit) => {
        const { grew } = await drivesWell(kit, 'again', seed(kit))
        expect(
          (grew as number) / MIB,
          'What 400,000 times malloc and free, one block at a time, added to the resident memory',
        ).toBeAtMost(2, 'MiB')
      },
    ),
    check(
      'random',
      'survives random calls of all kinds, with every byte checked',
      {
        spec: 'malloc-and-free',
        hint: 'Write a loop that goes through all blocks and checks that sizes and flags agree, and call it after each call while you look for this.',
      },
      async (kit) => {
        await drivesWell(kit, 'random', seed(kit), 60_000, 500, 4000)
      },
    ),
    check(
      'ls',
      'runs ls',
      { spec: 'real-programs', hint: 'If it crashes at once: malloc is called before any constructor of yours ran.' },
      async (kit) => {
        const names = kit.random.distinct(30, kit.random.word).sort()
        for (const name of names) kit.scratch.file(`folder/${name}`, kit.random.word())
        await kit.program.run(['ls', '-1', 'folder']).succeeds({ stdout: names.map((name) => `${name}\n`).join('') })
      },
    ),
  ]),

  tier('holds', [
    check(
      'too-much',
      'refuses what can not be, with ENOMEM, and leaves the old block alone',
      {
        spec: 'impossible-sizes',
        hint: 'Rounding up a size near SIZE_MAX gives a small number; so may a product. Check before you compute.',
      },
      async (kit) => {
        await drivesWell(kit, 'too-much')
      },
    ),
    check(
      'bad-alignment',
      'posix_memalign refuses alignments that make no sense',
      {
        spec: 'larger-alignments',
        hint: 'A power of two and a multiple of sizeof(void *), else EINVAL; errno and the pointer stay as they were.',
      },
      async (kit) => {
        await drivesWell(kit, 'bad-alignment')
      },
    ),
    check(
      'errno',
      'free leaves errno as it is',
      { spec: 'malloc-and-free', hint: 'munmap and madvise may set it. Keep it before, put it back after.' },
      async (kit) => {
        // A call that fails inside free is rare: what matters is that large and small blocks are tried.
        await drivesWell(kit, 'errno')
      },
    ),
    check(
      'large-blocks',
      'survives random calls with blocks up to a megabyte',
      { spec: 'large-blocks', hint: 'A block may be a mapping of its own now, and realloc may lead from one kind to the other.' },
      async (kit) => {
        await drivesWell(kit, 'random', seed(kit), 3000, 60, 900_000)
      },
    ),
    check(
      'coalescing',
      'joins freed neighbours into room for larger blocks',
      { spec: 'coalescing', hint: 'Both neighbours: the one behind is found by the size, the one before by a boundary tag.' },
      async (kit) => {
        const { full = 0, after = 0 } = await drivesWell(kit, 'coalescing')
        const message = 'The resident memory after 90,000 blocks of 480 bytes were freed and 300 of 120,000 bytes taken'
        expect(after / full, `${message}, in proportion to that before`).toBeAtMost(1.5, 'times')
      },
    ),
    check(
      'large-returned',
      'gives large blocks back to the kernel',
      { spec: 'large-blocks', hint: 'munmap when a mapping of its own is freed.' },
      async (kit) => {
        gaveBack(await drivesWell(kit, 'returned', seed(kit), 2 * MIB, 40), 0.1)
      },
    ),
    check(
      'untouched',
      'takes no memory for what is never touched',
      { spec: 'large-blocks', hint: 'Fresh mappings are zero: calloc need not write to them, and nobody has to fill them.' },
      async (kit) => {
        const { grew = 0 } = await drivesWell(kit, 'untouched')
        expect(grew / MIB, 'Resident memory for 1.5 GiB of which one byte was written').toBeAtMost(8, 'MiB')
      },
    ),
    check(
      'threads',
      'serves threads that free what others allocated',
      { spec: 'threads', hint: 'One lock around everything is enough for this.' },
      async (kit) => {
        await drivesWell(kit, 'threads', seed(kit), 4, 200_000)
      },
    ),
    check(
      'forks',
      'works in a child that was forked while other threads were inside malloc',
      { spec: 'threads', hint: 'pthread_atfork: take the lock before the fork, let go of it after, on both sides.' },
      async (kit) => {
        await drivesWell(kit, 'forks')
      },
    ),
    check(
      'double-free',
      'notices that a block is freed twice',
      { spec: 'misuse', hint: 'The header knows whether a block is free.' },
      async (kit) => {
        isStopped(await drive(kit, 'double-free', seed(kit), kit.random.int(20, 3000)), 'A block was freed twice')
      },
    ),
    check(
      'wrong-pointer',
      'notices a pointer into the middle of a block',
      {
        spec: 'misuse',
        hint: 'Something in a header that payload has only by accident: a magic number, better mixed with the address and a secret.',
      },
      async (kit) => {
        for (const offset of [8, 16 * kit.random.int(1, 20)]) {
          isStopped(
            await drive(kit, 'middle-free', seed(kit), offset),
            `free was called with a pointer ${offset} bytes into a block`,
          )
        }
      },
    ),
    check(
      'overflow',
      'notices that something was written beyond the end of a block',
      { spec: 'misuse', hint: 'Whoever writes beyond the end hits the next header first. Look at it when the block is freed.' },
      async (kit) => {
        isStopped(
          await drive(kit, 'overflow', seed(kit), kit.random.int(10, 1000)),
          'A program wrote 16 bytes beyond the end of a block',
        )
      },
    ),
    check(
      'python',
      'runs Python',
      {
        spec: 'real-programs',
        hint: 'With PYTHONMALLOC=malloc Python leaves every one of its objects to you, from four threads here.',
      },
      async (kit) => {
        needs(kit, 'python3', 'python3')
        const words = kit.random.distinct(40, kit.random.word)
        const code = `import threading\nd = {}\ndef work(n):\n  for i in range(2000): d[n, i] = str(i) * (i % 50)\nts = [threading.Thread(target=work, args=(n,)) for n in range(4)]\n[t.start() for t in ts]\n[t.join() for t in ts]\nprint(len(d), *sorted(${JSON.stringify(words)}))`
        await kit.program
          .run(['python3', '-c', code], { env: { PYTHONMALLOC: 'malloc' }, limits: { time: 30_000 } })
          .succeeds({ stdout: `8000 ${[...words].sort().join(' ')}\n` })
      },
    ),
    check(
      'sqlite',
      'runs SQLite',
      { spec: 'real-programs', hint: 'SQLite asks for the usable size of its blocks, and shrinks many with realloc.' },
      async (kit) => {
        needs(kit, 'sqlite3', 'sqlite3')
        const [a, b] = [kit.random.int(2, 9), kit.random.int(20_000, 24_000)]
        const sql = `create table t (n integer primary key, s text); with recursive c(n) as (select 1 union all select n + 1 from c where n < ${b}) insert into t select n, printf('%*d', n % 300, n) from c; create index i on t (s); select count(*), sum(n * ${a}) from t;`
        await kit.program.run(['sqlite3', ':memory:', sql]).succeeds({ stdout: `${b}|${(a * b * (b + 1)) / 2}\n` })
      },
    ),
    check(
      'git',
      'runs Git',
      { spec: 'real-programs', hint: 'Git starts other programs, which inherit LD_PRELOAD.' },
      async (kit) => {
        needs(kit, 'git', 'git')
        const text = kit.random.text(300)
        kit.scratch.file('repo/file', text)
        const blob = createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex')
        const script =
          'git init -q && git add file && git -c user.name=a -c user.email=a@b commit -qm one && git gc -q && git fsck && git rev-parse HEAD:file'
        await kit.program.run(['sh', '-c', script], { cwd: 'repo', limits: { time: 30_000 } }).succeeds({ stdout: `${blob}\n` })
      },
    ),
    check(
      'node',
      'runs Node',
      { spec: 'real-programs', hint: 'Node begins a dozen threads, and asks for large alignments.' },
      async (kit) => {
        const n = kit.random.int(1000, 9000)
        const code = `const a = Array.from({ length: ${n} }, (_, i) => ({ i, s: 'x'.repeat(i % 100) })); console.log(JSON.parse(JSON.stringify(a)).reduce((sum, { i, s }) => sum + i + s.length, 0), require('zlib').gunzipSync(require('zlib').gzipSync(Buffer.alloc(3e6, 'ab'))).length)`
        const sum = Array.from({ length: n }, (_, i) => i + (i % 100)).reduce((all, one) => all + one, 0)
        await kit.program
          .run([process.execPath, '-e', code], { limits: { time: 30_000 } })
          .succeeds({ stdout: `${sum} 3000000\n` })
      },
    ),
  ]),

  tier('flies', [
    check(
      'small-returned',
      'gives small blocks back to the kernel, too, when all of them are free',
      { spec: 'giving-back', hint: 'A region whose blocks are all free can be unmapped; keep one, for the next call.' },
      async (kit) => {
        gaveBack(await drivesWell(kit, 'returned', seed(kit), 1000, 60_000), 0.25)
      },
    ),
    check(
      'scales',
      'does not get slower with the number of blocks',
      {
        spec: 'speed',
        hint: 'A list of all free blocks that is gone through at each call grows with the program. Sort free blocks by size into many lists.',
      },
      (kit) => keepsUpWithSystem(kit, 150_000, 1_500_000),
    ),
    check(
      'throughput',
      'is not much slower than the malloc of the C library',
      {
        spec: 'speed',
        hint: 'Measure with perf: is the time in your lists, in the kernel (too many mmap), or in filling memory?',
      },
      (kit) => keepsUpWithSystem(kit, 3000, 1_500_000),
    ),
    check(
      'utilisation',
      'needs little more memory than its blocks have bytes',
      { spec: 'memory', hint: 'Which sizes are rounded up most? How long does a hole stay empty that is a little too small?' },
      async (kit) => {
        const own = seed(kit)
        const { resident = 0, live = 1 } = figuresOf(await drive(kit, 'figures', own, 60_000, 800_000))
        const { resident: yardstick = 1 } = figuresOf(await driveSystem(kit, 'figures', own, 60_000, 800_000))
        const mib = (bytes: number) => Math.round(bytes / MIB)
        kit.measure({
          name: `memory for ${mib(live)} MiB in blocks`,
          value: mib(resident),
          unit: 'MiB',
          yardstick: mib(yardstick),
        })
        expect(
          resident / yardstick,
          `Resident memory for ${mib(live)} MiB in blocks, in proportion to that of the C library,`,
        ).toBeAtMost(2, 'times')
      },
    ),
  ]),
])
