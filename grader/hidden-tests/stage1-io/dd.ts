import { holds, source, told } from '../../models/dd.ts'
import { check, expect, Failure, hiddenTests, tier } from '../../programs/kit.ts'
import { growsWithWork, idleMemory, KIB, MIB, memoryStaysBounded } from '../../programs/performance.ts'
import { ddHolds } from './dd/holds.ts'

export default hiddenTests('stage1-io/dd', [
  tier('runs', [
    check(
      'copies',
      'copies one file to another',
      {
        spec: 'copying',
        hint: 'Cut each argument at its first =. Open if for reading and of for writing, then read and write until nothing comes.',
      },
      async (kit) => {
        const { name, bytes } = source(kit, 3000)
        await kit.program.run([`if=${name}`, 'of=out']).succeeds({ stdout: '' })
        holds(kit, 'out', bytes)
      },
    ),
    check(
      'standard-streams',
      'copies standard input to standard output where no file is named',
      { spec: 'copying', hint: 'File descriptors 0 and 1 are open already.' },
      async ({ program, random }) => {
        const bytes = random.bytes(2000)
        await program.run(['bs=700'], { stdin: bytes }).succeeds({ stdout: bytes })
      },
    ),
  ]),

  tier('works', [
    check(
      'count-and-skip',
      'copies count blocks after leaving out skip blocks',
      {
        spec: 'blocks-and-counts',
        hint: 'Both are counted in input blocks. In a file, go to the place; do not read what is left out.',
      },
      async (kit) => {
        const block = kit.random.int(20, 90)
        const { name, bytes } = source(kit, block * 9 + 5)
        const cut = (from: number, to: number) => bytes.subarray(from * block, to * block)
        const first = await kit.program.run([`if=${name}`, `bs=${block}`, 'skip=2', 'count=3'])
        told(first.succeeds({ stdout: cut(2, 5) }), '3+0', '3+0')
        const rest = await kit.program.run([`if=${name}`, `ibs=${block}`, 'skip=7', 'obs=1k'])
        told(rest.succeeds({ stdout: cut(7, 10) }), '2+1', '0+1')
        await kit.program.run([`if=${name}`, `bs=${block}`, 'count=0']).succeeds({ stdout: '' })
      },
    ),
    check(
      'skips-in-pipes',
      'skips in a pipe by reading and forgetting',
      { spec: 'blocks-and-counts', hint: 'A pipe can not be sought. Blocks that were skipped are not counted.' },
      async ({ program, random }) => {
        const block = random.int(20, 90)
        const bytes = random.bytes(block * 5)
        const run = await program.run([`bs=${block}`, 'skip=3', 'iflag=fullblock'], { stdin: bytes })
        told(run.succeeds({ stdout: bytes.subarray(3 * block) }), '2+0', '2+0')
        told(await program.run([`bs=${block}`, 'skip=7', 'iflag=fullblock'], { stdin: bytes }), '0+0', '0+0')
      },
    ),
    check(
      'units',
      'knows the units of numbers, and their products',
      { spec: 'the-interface', hint: 'Take the digits, then the letters behind them. With x, multiply.' },
      async (kit) => {
        const { name, bytes } = source(kit, 6000)
        const sizes = { '3c': 3, '7w': 14, '1b': 512, '2kB': 2000, '1k': 1024, '2K': 2048 }
        for (const [size, count] of Object.entries(sizes))
          await kit.program
            .run([`if=${name}`, `bs=${size}`, 'count=1'])
            .succeeds({ stdout: bytes.subarray(0, count), why: `A block is ${count} bytes.` })
      },
    ),
    check(
      'products',
      'multiplies numbers that are joined by x',
      { spec: 'the-interface', hint: 'Each factor may have a unit of its own.' },
      async (kit) => {
        const { name, bytes } = source(kit, 6000)
        await kit.program.run([`if=${name}`, 'bs=3x5', 'count=1x2w']).succeeds({ stdout: bytes.subarray(0, 60) })
      },
    ),
    check(
      'large-units',
      'knows M, MB, G and GB',
      { spec: 'the-interface', hint: 'M is 1024 times 1024, MB is 1000 times 1000; likewise with G.' },
      async (kit) => {
        const name = kit.scratch.sparse('big', 4 * 1024 ** 3, kit.random.text(1))
        const sizes = { M: 1024 ** 2, MB: 1000 ** 2, G: 1024 ** 3, GB: 1000 ** 3 }
        for (const [unit, size] of Object.entries(sizes)) {
          await kit.program.run([`if=${name}`, 'of=out', 'bs=1', 'count=1', `seek=3${unit}`]).succeeds()
          expect(kit.scratch.stat('out').size, `The size of out after seek=3${unit}`).toBe(3 * size + 1)
        }
      },
    ),
    check(
      'gathers-blocks',
      'gathers input blocks into output blocks',
      { spec: 'records', hint: 'Keep a buffer of obs bytes; write it when it is full, and at the end what is left in it.' },
      async (kit) => {
        const { name, bytes } = source(kit, 100)
        const run = await kit.program.run([`if=${name}`, 'ibs=30', 'obs=13'])
        told(run.succeeds({ stdout: bytes }), '3+1', '7+1')
        told(
          (await kit.program.run([`if=${name}`, 'ibs=10', 'obs=40', 'count=7'])).succeeds({ stdout: bytes.subarray(0, 70) }),
          '7+0',
          '1+1',
        )
      },
    ),
    check(
      'default-blocks',
      'has blocks of 512 bytes unless told otherwise, and bs wins over ibs and obs',
      { spec: 'the-interface', hint: 'Collect all operands first, then decide.' },
      async (kit) => {
        const { name, bytes } = source(kit, 1300)
        told((await kit.program.run([`if=${name}`])).succeeds({ stdout: bytes }), '2+1', '2+1')
        told((await kit.program.run([`if=${name}`, 'ibs=100'])).succeeds({ stdout: bytes }), '13+0', '2+1')
        told((await kit.program.run([`if=${name}`, 'bs=300', 'obs=7', 'ibs=9'])).succeeds({ stdout: bytes }), '4+1', '4+1')
      },
    ),
    check(
      'seeks',
      'begins its output behind seek blocks, and cuts the file off there',
      {
        spec: 'seeking',
        hint: 'seek is counted in output blocks. Open without truncation, then cut the file to the length of what is left out.',
      },
      async (kit) => {
        const { name, bytes } = source(kit, 25)
        const old = kit.random.bytes(90)
        kit.scratch.file('old', old)
        await kit.program.run([`if=${name}`, 'of=old', 'ibs=7', 'obs=11', 'seek=2']).succeeds()
        holds(kit, 'old', Buffer.concat([old.subarray(0, 22), bytes]), 'The first two output blocks stay as they were.')
        await kit.program.run([`if=${name}`, 'of=new', 'bs=10', 'seek=3']).succeeds()
        holds(kit, 'new', Buffer.concat([Buffer.alloc(30), bytes]), 'What was never written reads as zeros.')
      },
    ),
    check(
      'not-truncated',
      'conv=notrunc leaves all that is not written over',
      { spec: 'seeking', hint: 'Neither O_TRUNC nor ftruncate.' },
      async (kit) => {
        const { name, bytes } = source(kit, 25)
        const old = kit.random.bytes(90)
        kit.scratch.file('old', old)
        await kit.program.run([`if=${name}`, 'of=old', 'bs=10', 'seek=2', 'conv=notrunc']).succeeds()
        holds(kit, 'old', Buffer.concat([old.subarray(0, 20), bytes, old.subarray(45)]))
      },
    ),
    check(
      'truncates',
      'empties a file that was longer',
      { spec: 'copying', hint: 'Without conv=notrunc and seek nothing of the old content is left.' },
      async (kit) => {
        const { name, bytes } = source(kit, 25)
        kit.scratch.file('old', kit.random.bytes(90))
        await kit.program.run([`if=${name}`, 'of=old']).succeeds()
        holds(kit, 'old', bytes)
      },
    ),
    check(
      'appends',
      'oflag=append writes at the end of the file',
      { spec: 'appending', hint: 'Open with O_APPEND. The file is emptied all the same, unless conv=notrunc is there too.' },
      async (kit) => {
        const { name, bytes } = source(kit, 25)
        const old = kit.random.bytes(40)
        kit.scratch.file('old', old)
        await kit.program.run([`if=${name}`, 'of=old', 'bs=10', 'oflag=append', 'conv=notrunc']).succeeds()
        holds(kit, 'old', Buffer.concat([old, bytes]))
        await kit.program.run([`if=${name}`, 'of=old', 'oflag=append']).succeeds()
        holds(kit, 'old', bytes, 'Without notrunc the file is emptied first.')
      },
    ),
    check(
      'pads',
      'conv=sync fills partial blocks with zeros',
      { spec: 'padding', hint: 'Fill the rest of the buffer with zeros: what an earlier block left there must not come out.' },
      async (kit) => {
        const { name, bytes } = source(kit, 25)
        const stdout = Buffer.concat([bytes, Buffer.alloc(5)])
        told((await kit.program.run([`if=${name}`, 'bs=10', 'conv=sync'])).succeeds({ stdout }), '2+1', '3+0')
        told((await kit.program.run([`if=${name}`, 'ibs=10', 'obs=15', 'conv=sync'])).succeeds({ stdout }), '2+1', '2+0')
      },
    ),
    check(
      'status',
      'status=none leaves out the report, status=noxfer all but the records',
      { spec: 'status', hint: 'The report goes to standard error: without status= the two lines on records come first.' },
      async (kit) => {
        const { name, bytes } = source(kit, 25)
        const run = (status: string) => kit.program.run([`if=${name}`, 'bs=10', ...(status ? [`status=${status}`] : [])])
        await run('none').succeeds({ stdout: bytes, stderr: '' })
        await run('noxfer').succeeds({ stdout: bytes, stderr: '2+1 records in\n2+1 records out\n' })
        await run('').succeeds({ stdout: bytes, stderr: /^2\+1 records in\n2\+1 records out\n/ })
      },
    ),
  ]),

  tier('holds', ddHolds),

  tier('flies', [
    check(
      'block-sizes',
      'is much faster with large blocks than with small ones',
      {
        spec: 'block-sizes',
        hint: 'bs is the size of your reads and writes: nothing is to be gathered or divided behind its back.',
      },
      async (kit) => {
        const cost = async (block: number, size: number) => {
          const args = ['if=/dev/zero', 'of=/dev/null', `bs=${block}`, `count=${size / block}`]
          const run = await kit.program.run(args, { limits: { time: 60_000 } })
          told(run.succeeds(), `${size / block}+0`, `${size / block}+0`)
          return run.exit.cpu
        }
        const start = await cost(512, 512)
        const small = (await cost(512, 128 * MIB)) - start
        const large = Math.max((await cost(128 * KIB, 128 * MIB)) - start, 10)
        kit.measure({ name: '128 MiB in blocks of 128 KiB', value: large, unit: 'ms', yardstick: small })
        if (small >= 3 * large) return
        throw new Failure(
          `128 MiB took ${small} ms of processor time in blocks of 512 bytes, and ${large} ms in blocks of 128 KiB. There are 256 times fewer calls to make.`,
          { expected: `at most ${Math.round(small / 3)} ms`, actual: `${large} ms` },
        )
      },
    ),
    check(
      'grows',
      'takes about four times as long for four times the blocks',
      { spec: 'block-sizes', hint: 'Nothing may be kept of a block once it is written.' },
      async (kit) => {
        const work = async (blocks: number) => {
          const args = ['if=/dev/zero', 'of=out', 'ibs=100', 'obs=300', `count=${blocks}`]
          const run = (await kit.program.run(args, { limits: { time: 60_000 } })).succeeds()
          expect(kit.scratch.stat('out').size, 'The size of out').toBe(blocks * 100)
          return run
        }
        await growsWithWork(kit, { size: 30_000, work, unit: 'blocks' })
      },
    ),
    check(
      'memory',
      'has no more than its blocks in memory',
      { spec: 'memory', hint: 'One buffer for all blocks.' },
      async (kit) => {
        const idle = await idleMemory(kit, ['bs=512'])
        const run = await kit.program.run(['if=/dev/zero', 'of=/dev/null', 'bs=1M', 'count=512'], { limits: { time: 60_000 } })
        told(run.succeeds(), '512+0', '512+0')
        memoryStaysBounded(kit, run, idle, '512 MiB in blocks of 1 MiB', 24 * MIB)
      },
    ),
    check(
      'far-away',
      'goes to a far place in a file without reading what lies before it',
      { spec: 'blocks-and-counts', hint: 'lseek or pread: the place is skip times the block size.' },
      async (kit) => {
        const end = kit.random.bytes(100)
        const name = kit.scratch.sparse('big', 2048 * MIB + 100, end)
        const run = await kit.program.run([`if=${name}`, 'bs=1M', 'skip=2k'])
        told(run.succeeds({ stdout: end }), '0+1', '0+1')
        expect(run.exit.bytesRead, `The number of bytes that \`${run.command}\` read`).toBeAtMost(64 * MIB, 'bytes')
      },
    ),
  ]),
])
