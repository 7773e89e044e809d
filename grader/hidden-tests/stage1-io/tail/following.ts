import fs from 'node:fs'
import { headed, lastLines, twoFiles } from '../../../models/lines.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'

/** Writes to a named pipe and leaves, once somebody has it open for reading. */
function wrote(file: string, text: string): boolean {
  try {
    const fd = fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK)
    fs.writeSync(fd, text)
    fs.closeSync(fd)
    return true
  } catch {
    return false
  }
}

/** Starts the program on a file with some lines, and waits until it shows the last two of them. */
async function following({ program, random, scratch }: Kit, option: '-f' | '-F') {
  const text = random.text(5)
  const name = scratch.file(`${random.word()}.log`, text)
  const live = program.start(['-n', '2', option, name])
  const shown = lastLines(text, 2)
  await live.shows(shown, 'These are the last lines of the file as it is at first.')
  return { name, live, shown }
}

export const followingWorks = [
  check(
    'follow',
    '-f goes on with what is added to the file, in half lines too',
    { spec: 'following', hint: 'At the end of the file wait a little, then read again. Empty your buffers before you wait.' },
    async (kit) => {
      const { name, live, shown } = await following(kit, '-f')
      const [one, two] = kit.random.distinct(2, kit.random.word) as [string, string]
      kit.scratch.append(name, one)
      await live.shows(shown + one, 'This was added to the file: it has to come out within about a second.')
      kit.scratch.append(name, `${two}\n`)
      await live.shows(`${shown}${one}${two}\n`, 'More was added to the file.')
    },
  ),
  check(
    'follow-several',
    '-f follows several files, and says which one speaks',
    { spec: 'following', hint: 'Remember whose text was printed last: another file needs a header first.' },
    async (kit) => {
      const { names, texts } = twoFiles(kit)
      const [one, two, three] = kit.random.distinct(3, () => kit.random.text(1)) as [string, string, string]
      const live = kit.program.start(['-n', '1', '-f', ...names])
      let shown = names.map((name, n) => headed(name, lastLines(texts[n] as string, 1))).join('\n')
      await live.shows(shown, 'This is how it begins.')
      kit.scratch.append(names[1], one)
      shown += one
      await live.shows(shown, 'The last text was of this file already, so it needs no header again.')
      kit.scratch.append(names[0], two)
      shown += `\n${headed(names[0], two)}`
      await live.shows(shown, `Now ${names[0]} has something to say.`)
      kit.scratch.append(names[1], three)
      await live.shows(`${shown}\n${headed(names[1], three)}`, `And ${names[1]} again.`)
    },
  ),
]

export const followingHolds = [
  check(
    'follow-what-is-there',
    '-f follows the files that there are, and ends if there is none',
    { spec: 'errors', hint: 'Follow those files only that could be opened; with nothing left to follow, end with status 1.' },
    async ({ program, random, scratch }) => {
      const [text, more] = random.distinct(2, () => random.text(2)) as [string, string]
      const name = scratch.file(`${random.word()}.log`, text)
      await program.run(['-f', 'nope']).fails({ status: 1, stdout: '', names: 'nope' })
      const live = program.start(['-qf', 'nope', name])
      await live.shows(text, 'One of the two files is there.')
      scratch.append(name, more)
      await live.shows(text + more, 'One of the two files is there, and grows.')
    },
  ),
  check(
    'truncated',
    '-f begins anew when the file has been emptied',
    { spec: 'truncation', hint: 'Compare the size of the file (fstat) with the place that you have read to.' },
    async (kit) => {
      const { name, live, shown } = await following(kit, '-f')
      const [one, two] = kit.random.distinct(2, kit.random.word) as [string, string]
      kit.scratch.truncate(name)
      kit.scratch.append(name, `${one}\n`)
      await live.shows(`${shown}${one}\n`, 'The file is shorter than what was read of it: it was written anew.')
      kit.scratch.append(name, two)
      await live.shows(`${shown}${one}\n${two}`, 'The file grows again.')
    },
  ),
  check(
    'follows-the-file',
    '-f stays with a file that is renamed',
    { spec: 'rotation', hint: 'An open file does not care for its name: keep it open and go on reading.' },
    async (kit) => {
      const { name, live, shown } = await following(kit, '-f')
      const [one, two] = kit.random.distinct(2, () => kit.random.text(1)) as [string, string]
      kit.scratch.rename(name, `${name}.1`)
      kit.scratch.file(name, two)
      kit.scratch.append(`${name}.1`, one)
      await live.shows(shown + one, 'This was added to the file that is open, which has another name now.')
    },
  ),
  check(
    'follows-the-name',
    '-F goes over to the file that takes the name, and loses nothing of the old one',
    { spec: 'rotation', hint: 'Compare stat of the name with fstat of the open file. Read the old one to its end first.' },
    async (kit) => {
      const { name, live, shown } = await following(kit, '-F')
      const [one, two, three, four] = kit.random.distinct(4, () => kit.random.text(1)) as [string, string, string, string]
      kit.scratch.append(name, one)
      kit.scratch.rename(name, `${name}.1`)
      kit.scratch.file(name, two)
      await live.shows(shown + one + two, 'First what was still written to the old file, then all of the new one.')
      kit.scratch.append(`${name}.1`, three)
      kit.scratch.append(name, four)
      await live.shows(shown + one + two + four, 'The new file grows; the old one is of no interest any more.')
    },
  ),
  check(
    'waits-for-the-name',
    '-F waits while there is no file of that name, and says so',
    { spec: 'rotation', hint: 'When stat fails, say so once and go on asking. The first open may fail in the same way.' },
    async (kit) => {
      const { program, random, scratch } = kit
      const { name, live, shown } = await following(kit, '-F')
      const [one, two] = random.distinct(2, () => random.text(2)) as [string, string]
      const says = async (who: typeof live, file: string) => {
        await who.until(() => who.stderr.includes(file))
        expect(who.stderr, 'What it says on standard error when there is no such file').toInclude(file)
      }
      scratch.remove(name)
      await says(live, name)
      scratch.file(name, one)
      await live.shows(shown + one, 'There is a file of that name again.')
      const late = program.start(['-F', 'late.log'])
      await says(late, 'late.log')
      scratch.file('late.log', two)
      await late.shows(two, 'The file has come into being.')
    },
  ),
  check(
    'pipe-ends',
    '-f ends with the pipe on its standard input',
    { spec: 'pipes-do-not-grow', hint: 'Ask fstat what standard input is. After the end of a pipe nothing follows.' },
    async ({ program, random, scratch }) => {
      const text = random.text(5)
      const fifo = scratch.fifo('pipe')
      const fd = fs.openSync(scratch.path(fifo.name), 'r')
      fifo.write(text)
      fifo.close()
      try {
        const why = 'Its standard input is a pipe that nobody can write to any more.'
        const run = await program.run(['-n', '2', '-f'], { stdin: { file: fifo.name, fd } })
        run.succeeds({ stdout: lastLines(text, 2), why })
      } finally {
        fs.closeSync(fd)
      }
    },
  ),
  check(
    'input-grows',
    '-f follows a file on standard input',
    { spec: 'pipes-do-not-grow', hint: 'What counts is not how the file was named but what it is.' },
    async ({ program, random, scratch }) => {
      const [one, two] = random.distinct(2, () => random.text(2)) as [string, string]
      const file = scratch.file('server.log', one)
      const live = program.start(['-f'], { stdin: { file } })
      await live.shows(one, 'This is in the file at first.')
      scratch.append(file, two)
      await live.shows(one + two, 'This was added to the file that standard input comes from.')
    },
  ),
  check(
    'named-pipe',
    '-f waits for the next writer of a named pipe',
    { spec: 'pipes-do-not-grow', hint: 'The end of a named pipe is the end of one writer: read again later.' },
    async ({ program, random, scratch }) => {
      const [one, two] = random.distinct(2, () => random.text(2)) as [string, string]
      const { name } = scratch.fifo('pipe')
      scratch.close()
      const live = program.start(['-f', name])
      await live.until(() => wrote(scratch.path(name), one))
      await live.shows(one, 'A writer has written this to the named pipe, and gone.')
      await live.until(() => wrote(scratch.path(name), two))
      await live.shows(one + two, 'Another writer has written to the named pipe.')
    },
  ),
]

export const followingFlies = [
  check(
    'idles',
    'uses next to no processor time while nothing happens',
    { spec: 'waiting', hint: 'Between two looks at the file sleep for a while, or let inotify wake you.' },
    async (kit) => {
      const cost = async (ms: number) => {
        const { live } = await following(kit, '-f')
        await live.until(() => false, ms)
        live.signal('SIGTERM')
        return (await live.end()).exit.cpu
      }
      const waiting = (await cost(1000)) - (await cost(1))
      expect(waiting, 'The processor time that it uses while it waits for a second').toBeAtMost(250, 'ms')
    },
  ),
]
