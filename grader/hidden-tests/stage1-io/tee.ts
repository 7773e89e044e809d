import { bulkBytes, Digest } from '../../models/bulk.ts'
import { check, expect, hiddenTests, type Kit, tier } from '../../programs/kit.ts'
import { comparesWith, idleMemory, MIB, memoryStaysBounded } from '../../programs/performance.ts'

/** Every one of these files holds this. */
function hold({ scratch }: Kit, names: string[], content: string | Buffer, why = ''): void {
  for (const name of names) expect(scratch.read(name), `The file ${name}`, why).toBeText(content)
}

/** Different names for files. */
const names = ({ random }: Kit, count: number) => random.distinct(count, random.word) as [string, string, ...string[]]

/** Waits until a file holds this. */
async function grows(kit: Kit, live: ReturnType<Kit['program']['start']>, name: string, content: string, why: string) {
  await live.until(() => kit.scratch.exists(name) && kit.scratch.stat(name).size >= content.length)
  hold(kit, [name], content, why)
}

export default hiddenTests('stage1-io/tee', [
  tier('runs', [
    check(
      'one-file',
      'copies its input to standard output and to a file',
      {
        spec: 'copies',
        hint: 'Read a piece from standard input, write it to standard output, and write the same piece to the file.',
      },
      async (kit) => {
        const [name] = names(kit, 1)
        const content = kit.random.text(4)
        await kit.program.run([name], { stdin: content }).succeeds({ stdout: content })
        hold(kit, [name], content)
      },
    ),
    check(
      'no-file',
      'copies its input to standard output when there is no file',
      { spec: 'copies', hint: 'Standard output is always one of the outputs, whatever else there is.' },
      async ({ program, random }) => {
        const content = random.text(3)
        await program.run([], { stdin: content }).succeeds({ stdout: content })
      },
    ),
    check(
      'several-files',
      'copies its input to several files',
      { spec: 'copies', hint: 'Keep a list of outputs, and write each piece to all of them before you read the next.' },
      async (kit) => {
        const files = names(kit, 4)
        const content = kit.random.text(40)
        await kit.program.run(files, { stdin: content }).succeeds({ stdout: content })
        hold(kit, files, content)
      },
    ),
  ]),

  tier('works', [
    check(
      'overwrites',
      'empties a file that is there already',
      { spec: 'overwriting', hint: 'Open for writing with truncation (O_TRUNC): else the end of a longer old content stays.' },
      async (kit) => {
        const [name, fresh] = names(kit, 2)
        kit.scratch.file(name, kit.random.text(9))
        const content = kit.random.text(1)
        await kit.program.run([name, fresh], { stdin: content }).succeeds({ stdout: content })
        hold(kit, [name, fresh], content)
      },
    ),
    check(
      'empty-input',
      'creates and empties files even if no input comes',
      { spec: 'overwriting', hint: 'Open the files before the first read, not with the first piece.' },
      async (kit) => {
        const [old, fresh, other] = names(kit, 3) as [string, string, string]
        const kept = kit.random.text(2)
        kit.scratch.file(old, kit.random.text(2))
        await kit.program.run([old, fresh], { stdin: '' }).succeeds({ stdout: '' })
        hold(kit, [old, fresh], '')
        kit.scratch.file(other, kept)
        await kit.program.run(['-a', other], { stdin: '' }).succeeds({ stdout: '' })
        hold(kit, [other], kept, '-a empties nothing.')
      },
    ),
    check(
      'appends',
      '-a adds to the end of files, and creates those that are not there',
      { spec: 'appending', hint: 'Open with O_APPEND and O_CREAT, and without O_TRUNC.' },
      async (kit) => {
        const [name, fresh] = names(kit, 2)
        const [before, after] = kit.random.distinct(2, () => kit.random.text(3)) as [string, string]
        kit.scratch.file(name, before)
        await kit.program.run(['-a', name, fresh], { stdin: after }).succeeds({ stdout: after })
        hold(kit, [name], before + after)
        hold(kit, [fresh], after)
      },
    ),
    check(
      'appends-where-the-end-is',
      '-a adds to the end that the file has when it writes, not when it opened it',
      {
        spec: 'appending',
        hint: 'With O_APPEND the system finds the end anew at each write. Seeking to the end once is not the same.',
      },
      async (kit) => {
        const [name] = names(kit, 1)
        const [one, two, three] = kit.random.distinct(3, () => kit.random.text(1)) as [string, string, string]
        kit.scratch.file(name, '')
        const live = kit.program.start(['-a', name], { stdin: 'open' })
        await live.write(one)
        await grows(kit, live, name, one, 'The first line has come in and has to be in the file now.')
        kit.scratch.append(name, two)
        await live.write(three)
        live.endInput()
        ;(await live.end()).succeeds({ stdout: one + three })
        hold(kit, [name], one + two + three, 'Another program appended the second of these lines meanwhile.')
      },
    ),
    check(
      'streams',
      'passes on to every output what has come before more comes',
      {
        spec: 'streaming',
        hint: 'One read, then one write for each output, with no buffer in between that would wait to be full.',
      },
      async (kit) => {
        const [one, two] = names(kit, 2)
        const [first, second] = kit.random.distinct(2, () => kit.random.sentence()) as [string, string]
        const live = kit.program.start([one, two], { stdin: 'open' })
        await live.write(first)
        const why = 'This much has come in, and the input stays open: it has to be there now.'
        await live.shows(first, why)
        for (const name of [one, two]) await grows(kit, live, name, first, why)
        await live.write(second)
        await live.shows(first + second, why)
        live.endInput()
        ;(await live.end()).succeeds({ stdout: first + second })
        hold(kit, [one, two], first + second)
      },
    ),
    check(
      'options-anywhere',
      'takes options before and after files, and -- as their end',
      { spec: 'the-interface', hint: 'Sort the arguments into options and files first; after -- there are only files.' },
      async (kit) => {
        const [one, two] = names(kit, 2)
        const [before, after] = kit.random.distinct(2, () => kit.random.text(2)) as [string, string]
        kit.scratch.file(one, before)
        await kit.program.run([one, '-ia'], { stdin: after }).succeeds({ stdout: after })
        hold(kit, [one], before + after)
        await kit.program.run(['--', '-a', two], { stdin: after }).succeeds({ stdout: after })
        hold(kit, ['-a', two], after)
      },
    ),
  ]),

  tier('holds', [
    check(
      'missing-folder',
      'goes on without a file that can not be opened, and ends with status 1',
      { spec: 'errors', hint: 'Report it with its name, remember that there was an error, and leave the file out of the list.' },
      async (kit) => {
        const [one, two, missing] = names(kit, 3) as [string, string, string]
        const content = kit.random.text(3)
        await kit.program
          .run([one, `${missing}/x`, two], { stdin: content })
          .fails({ status: 1, stdout: content, names: `${missing}/x` })
        hold(kit, [one, two], content)
      },
    ),
    check(
      'folder-and-forbidden',
      'goes on without folders and files that it may not write',
      { spec: 'errors', hint: 'Opening can fail for many reasons; one way of handling it serves them all.' },
      async (kit) => {
        const { scratch, program, random } = kit
        const [folder, secret, good] = names(kit, 3) as [string, string, string]
        const [old, content] = random.distinct(2, () => random.text(2)) as [string, string]
        scratch.folder(folder)
        scratch.forbid(scratch.file(secret, old), program.contained)
        const run = await program.run([folder, secret, good], { stdin: content })
        run.fails({ status: 1, stdout: content, names: folder })
        run.fails({ names: secret })
        hold(kit, [good], content)
      },
    ),
    check(
      'full-file',
      'goes on with the others when a file can not be written any more, and says so once',
      {
        spec: 'errors',
        hint: 'Check each write. An output that failed leaves the list: else every further piece brings the same message.',
      },
      async (kit) => {
        const [one, two] = names(kit, 2)
        const content = [...bulkBytes(kit.random, MIB)]
        const all = Buffer.concat(content)
        const run = await kit.program.run([one, '/dev/full', two], { stdin: content })
        run.fails({ status: 1, stdout: all, names: '/dev/full' })
        hold(kit, [one, two], all)
        expect(run.stderr.toString().trim().split('\n').length, 'The number of lines on standard error').toBeAtMost(1, 'line')
      },
    ),
    check(
      'full-standard-output',
      'fills its files when standard output can not be written',
      { spec: 'errors', hint: 'Standard output is an output like the others: its failure is reported, and the rest goes on.' },
      async (kit) => {
        const [name] = names(kit, 1)
        const content = [...bulkBytes(kit.random, MIB / 2)]
        kit.scratch.link('/dev/full', 'out')
        await kit.program.run([name], { stdin: content, stdout: { file: 'out', append: true } }).fails({ status: 1 })
        hold(kit, [name], Buffer.concat(content), 'Only standard output had no room.')
      },
    ),
    check(
      'unknown-option',
      'refuses an option that it does not know, and touches no file',
      { spec: 'errors', hint: 'Look at all arguments before you open the first file.' },
      async (kit) => {
        const [name, other] = names(kit, 2)
        const old = kit.random.text(2)
        kit.scratch.file(name, old)
        await kit.program.run([name, '-Q', other], { stdin: kit.random.text(1) }).fails({ status: 1, stdout: '' })
        hold(kit, [name], old, 'It was there before, and must be as it was.')
        expect(kit.scratch.exists(other), `That there is a file ${other}`).toBe(false)
      },
    ),
    check(
      'unreadable-input',
      'reports an input that can not be read',
      { spec: 'errors', hint: 'A failed read is not the end of the input: it is an error, and the status tells.' },
      async (kit) => {
        const [name] = names(kit, 1)
        kit.scratch.folder('folder')
        await kit.program.run([name], { stdin: { file: 'folder' } }).fails({ status: 1, stdout: '' })
        const content = kit.random.text(2)
        await kit.program.run([name], { stdin: { file: kit.scratch.file('in', content) } }).succeeds({ stdout: content })
        hold(kit, [name], content)
      },
    ),
    check(
      'any-byte',
      'copies every byte as it is',
      { spec: 'any-byte', hint: 'Read and write bytes, not text: decoding and encoding again changes what is not valid UTF-8.' },
      async (kit) => {
        const [name] = names(kit, 1)
        const bytes = Buffer.concat([
          kit.random.bytes(3000),
          Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
          Buffer.from('\xe9'),
        ])
        await kit.program.run([name], { stdin: bytes }).succeeds({ stdout: bytes })
        hold(kit, [name], bytes)
      },
    ),
    check(
      'interrupt',
      'ends on SIGINT, as programs do',
      { spec: 'interrupts', hint: 'Nothing needs to be done for this: only -i changes what the signal does.' },
      async (kit) => {
        const [name] = names(kit, 1)
        const content = kit.random.text(1)
        const live = kit.program.start([name], { stdin: 'open' })
        await live.write(content)
        await live.shows(content, 'It has to be running before the signal comes.')
        live.signal('SIGINT')
        expect(await live.until(() => live.process.ended), 'That it ended soon after SIGINT').toBe(true)
        hold(kit, [name], content)
      },
    ),
    check(
      'ignores-interrupts',
      '-i ignores SIGINT',
      { spec: 'interrupts', hint: 'Set the action for SIGINT to "ignore" before you read.' },
      async (kit) => {
        const [name] = names(kit, 1)
        const [first, second] = kit.random.distinct(2, () => kit.random.text(1)) as [string, string]
        const live = kit.program.start(['-i', name], { stdin: 'open' })
        await live.write(first)
        await live.shows(first, 'It has to be running before the signal comes.')
        live.signal('SIGINT')
        live.signal('SIGINT')
        await live.write(second)
        await live.shows(first + second, 'SIGINT came in between, and had to be ignored.')
        live.endInput()
        ;(await live.end()).succeeds({ stdout: first + second })
        hold(kit, [name], first + second)
      },
    ),
    check(
      'reader-leaves',
      'comes to an end when nobody reads its output any more',
      {
        spec: 'readers-that-leave',
        hint: 'EPIPE means that this output is done with. When no other is left, stop reading; do not print a stack trace.',
      },
      async (kit) => {
        const { program, random } = kit
        const seen: Buffer[] = []
        const onOutput = (piece: Buffer) => {
          seen.push(piece)
          live.closeOutput()
        }
        const head = random.text(2)
        const endless = function* () {
          for (;;) yield Buffer.from(head)
        }
        const live = program.start([], { stdin: endless(), onOutput, limits: { output: 512 * MIB } })
        const run = await live.end()
        const why = 'Its only reader was gone after the first bytes.'
        expect(Buffer.concat(seen).subarray(0, head.length), 'What came before the reader left').toBeText(head)
        expect(run.stderr.toString().split('\n').length, 'The number of lines on standard error', why).toBeAtMost(2, 'lines')
        const content = kit.random.text(2)
        await kit.program.run(['file'], { stdin: content }).succeeds({ stdout: content })
        hold(kit, ['file'], content)
      },
    ),
    check(
      'nowhere-to-write',
      'stops reading when every output has failed',
      { spec: 'errors', hint: 'With an empty list of outputs there is nothing left to do: end with status 1.' },
      async ({ program, random, scratch }) => {
        scratch.link('/dev/full', 'out')
        const line = Buffer.from(random.text(1).repeat(100))
        const endless = function* () {
          for (;;) yield line
        }
        await program
          .run(['/dev/full'], { stdin: endless(), stdout: { file: 'out', append: true } })
          .fails({ status: 1, names: '/dev/full' })
        await program.run([], { stdin: line }).succeeds({ stdout: line })
      },
    ),
  ]),

  tier('flies', [
    check(
      'large-input',
      'copies 128 MiB to two files in bounded memory, and not many times slower than the system does',
      { spec: 'large-inputs', hint: 'Use one buffer of some dozens of kilobytes, and no reading by lines or bytes.' },
      async (kit) => {
        const { program, random, scratch } = kit
        const size = 128 * MIB
        const wanted = new Digest()
        const pieces = [...bulkBytes(random, 16 * MIB)]
        const stream = function* () {
          for (let n = 0; n < 8; n++) yield* pieces
        }
        for (const piece of stream()) wanted.add(piece)
        const idle = await idleMemory(kit, [])
        const limits = { output: size + MIB, time: 60_000 }
        const copy = async () => {
          const digest = new Digest()
          const run = await program.run(['one', 'two'], { stdin: stream(), onOutput: digest.add, limits }).succeeds()
          expect(digest.value, 'The output for 128 MiB').toBe(wanted.value)
          memoryStaysBounded(kit, run, idle, '128 MiB')
          return run
        }
        const yardstick = () => program.plain(['tee', 'three', 'four'], { stdin: stream(), onOutput: () => {}, limits })
        await comparesWith(kit, { name: 'copying 128 MiB', run: copy, yardstick, atMost: 15 })
        for (const name of ['one', 'two']) {
          const digest = new Digest()
          digest.add(scratch.read(name))
          expect(digest.value, `The file ${name}`).toBe(wanted.value)
        }
      },
    ),
  ]),
])
