import { check, expect, type Kit } from '../programs/kit.ts'
import type { Session } from '../programs/session.ts'
import { ARGS, contents, DATA, flipped, meanwhile, placesIn, sizesIn, type Written } from './data-folder.ts'

/** What a program is asked after a start, and the answers that it must give. */
export interface Questions {
  stdin: string
  stdout: string
}

/** A request that changes what is stored, one that tells how much there is, and the answer to that as long as nothing is added. */
interface Change {
  change: string
  count: string
  unchanged: string
}

/** A second process is refused while a session has the folder open; when that ends, the folder is free. */
export async function refusesSecond({ program }: Kit, session: Session, { change, count, unchanged }: Change): Promise<void> {
  const why = 'Another process has the folder open.'
  const run = await program.run(ARGS, { stdin: `${change}\n` }).fails({ status: 1, stdout: '', why })
  expect(run.stderr.toString(), `What \`${run.command}\` wrote to standard error`).toMatch(/^.+\n$/)
  await session.answersTo(count, unchanged, 'A second process has tried to open the folder meanwhile.')
  await session.end()
  await program.run(ARGS, { stdin: `${count}\n` }).succeeds({ stdout: `${unchanged}\n`, why: 'The folder is free again.' })
}

/** After kill -9 the next start works at once, again and again. */
export async function startsAgainAtOnce({ program }: Kit, session: Session, request: string, answer: string): Promise<void> {
  for (let round = 0, now = session; round < 3; round++) {
    await now.kill()
    now = program.session(ARGS)
    await now.answersTo(request, answer, 'It was killed (kill -9), and started again at once.')
  }
}

/** One bit of the last record changes: it is dropped, or was repaired. */
export async function dropsDamaged(
  kit: Kit,
  last: Written,
  lost: Questions,
  kept: Questions,
  { places = placesIn(kit, last, 3), why = '' } = {},
): Promise<void> {
  for (const at of places) {
    await meanwhile(kit, last.file, flipped(at, kit.random.int(0, 7)), async () => {
      const run = await kit.program.run(ARGS, { stdin: lost.stdin })
      if (run.status === 0 && run.stdout.toString() === kept.stdout) return
      run.succeeds({
        stdout: lost.stdout,
        why: `One bit had changed in byte ${at - last.from} of the last record. ${why}`.trim(),
      })
    })
  }
}

/** A request whose last word is made of copied records, and its answer. */
interface Copies {
  request: string
  copies: Buffer
  answer: string
}

/** So many bits of the record around the copies are tried. */
const BITS = 12

/**
 * The last record has copies of others in it. It is torn, and then damaged in what stands around them: either way nothing whole follows it.
 * @param lost what is asked then, and answered without that record.
 * @param kept the answers with it.
 */
export async function dropsWithCopies(
  kit: Kit,
  session: Session,
  { request, copies, answer }: Copies,
  lost: Questions,
  kept: Questions,
): Promise<void> {
  const { program, random, scratch } = kit
  const before = sizesIn(scratch.path(DATA))
  await session.live.process.write(Buffer.concat([Buffer.from(`${request} `), copies, Buffer.from('\n')]))
  const [given] = await session.answers(1)
  expect(given, `The answer to \`${request} …\`, with copies of records behind it,`).toBe(answer)
  await session.kill()
  const [name, to] = [...sizesIn(scratch.path(DATA))].find(([name, size]) => size > (before.get(name) ?? 0)) ?? ['', 0]
  const last = { file: `${DATA}/${name}`, from: before.get(name) ?? 0, to }
  const record = name === '' ? Buffer.alloc(0) : scratch.read(last.file).subarray(last.from)
  const at = last.from + record.indexOf(copies)
  expect(at >= last.from, `That what \`${request} …\` stores stands in a file as it was given`).toBe(true)
  const torn = random.int(1, 3)
  await meanwhile(
    kit,
    last.file,
    (bytes) => bytes.subarray(0, to - torn),
    () =>
      program
        .run(ARGS, { stdin: lost.stdin })
        .succeeds({ stdout: lost.stdout, why: `The last record lacks its last ${torn} bytes. ${COPIES}` }),
  )
  const around = Array.from({ length: to - last.from }, (_, n) => last.from + n).filter((n) => n < at || n >= at + copies.length)
  const places = random.shuffle(around).slice(0, BITS)
  await dropsDamaged(kit, last, lost, kept, { places, why: COPIES })
}

const COPIES = 'It contains copies of other records, which are no records where they stand now: nothing whole follows it.'

/** One bit of a record in the middle changes: the program does not start, names the file, and leaves all as it is; or it was repaired. */
export async function refusesDamaged(kit: Kit, record: Written, which: string, { stdin, stdout }: Questions): Promise<void> {
  for (const at of placesIn(kit, record, 3)) {
    await meanwhile(kit, record.file, flipped(at, kit.random.int(0, 7)), async () => {
      const before = contents(kit)
      const run = await kit.program.run(ARGS, { stdin })
      if (run.status === 0 && run.stdout.toString() === stdout) return
      const why = `One bit had changed in byte ${at - record.from} of ${which}.`
      run.fails({ status: 1, stdout: '', names: record.file.slice(DATA.length + 1), why })
      expect(contents(kit), 'What is in the folder after a start that was refused', why).toBe(before)
    })
  }
}

/**
 * The check of the command line of a program that stores something.
 * @param stdin a request, which nobody answers.
 * @param more arguments that are wrong, behind right ones.
 */
export const badArguments = (stdin: string, more: (word: string) => string[][] = () => []) =>
  check(
    'bad-arguments',
    'refuses bad arguments with status 2, and a folder that is not there with status 1',
    { spec: 'bad-arguments', hint: 'One line on standard error, nothing on standard output. Do not make the folder yourself.' },
    async ({ program, random, scratch }: Kit) => {
      const missing = random.word()
      scratch.folder(DATA)
      const behind = [[`--${random.word()}`], [random.word()], ...more(random.word())]
      for (const args of [[], ['--data'], ...behind.map((words) => [...ARGS, ...words])]) {
        const run = await program.run(args, { stdin }).fails({ status: 2, stdout: '' })
        expect(run.stderr.toString(), `What \`${run.command}\` wrote to standard error`).toMatch(/^.+\n$/)
      }
      const run = await program.run(['--data', missing], { stdin }).fails({ status: 1, stdout: '', names: missing })
      expect(run.stderr.toString(), `What \`${run.command}\` wrote to standard error`).toMatch(/^.+\n$/)
    },
  )
