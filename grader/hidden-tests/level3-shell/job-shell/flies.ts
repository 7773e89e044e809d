import { jobLine, manyFiles, Shell, sleeper } from '../../../models/job-shell.ts'
import { check, expect, type Kit } from '../../../programs/kit.ts'
import { growsWithWork, KIB } from '../../../programs/performance.ts'
import type { Run } from '../../../programs/run.ts'

const PATIENT = { limits: { time: 160_000 } }
/** So many lines are pasted at once: what a terminal takes while nobody reads. */
const BATCH = 40
/** Milliseconds that may pass on a busy machine until a part of the work is done. */
const LONG = 60_000

/** Pastes lines without waiting for each; the last one must print a word of its own. */
async function paste(kit: Kit, shell: Shell, lines: string[]): Promise<void> {
  for (let n = 0; n < lines.length; n += BATCH) {
    const mark = `${kit.random.word()}${n}`
    for (const line of lines.slice(n, n + BATCH)) shell.terminal.live.process.write(`${line}\r`)
    shell.terminal.live.process.write(`echo "${mark.slice(0, 3)}"${mark.slice(3)}\r`)
    // In what came, and not on the screen: looking through thousands of rows again and again would take longer than the work.
    const there = await shell.terminal.until(() => shell.terminal.output.includes(`${mark}\r`), LONG)
    if (!there) throw shell.terminal.notShown(mark, `${n + BATCH} lines were pasted one after the other.`)
    await shell.isReady('All that was pasted is done.')
  }
}

export const flies = [
  check(
    'many-jobs',
    'forgets jobs that are done: hundreds of them leave nothing behind',
    {
      spec: 'many-jobs',
      hint: 'Take a job out of the table once it was reported, and go on looking as long as waitpid finds one.',
    },
    async (kit) => {
      const shell = await Shell.open(kit, PATIENT)
      const memory = () => shell.memory()
      const round = async () => {
        for (let n = 0; n < 15; n++) await shell.run('true & true & true & true & true & true & true & true & true & true &')
        await shell.run('wait')
        await shell.run('true')
      }
      await round()
      const before = memory()
      await round()
      await round()
      expect(shell.zombies(), 'The number of zombies after 450 jobs in the background').toBe(0)
      expect(await shell.run('jobs'), 'What `jobs` shows when all are done').toBe('')
      const job = sleeper(kit)
      await shell.run(`${job} &`)
      await shell.prints('jobs', jobLine(1, 'Running', job), 'All jobs are forgotten, so numbers begin at 1 again.')
      kit.measure({
        name: 'memory after 450 jobs',
        value: Math.round(memory() / KIB),
        unit: 'KiB',
        yardstick: Math.round(before / KIB),
      })
      expect(memory() / before, 'The memory after 450 jobs, in proportion to that after 150,').toBeAtMost(1.5, 'times')
    },
  ),
  check(
    'history-scales',
    'takes about four times as long for four times the lines of history',
    { spec: 'long-history', hint: 'A new line must not make you copy or look through all the lines before it.' },
    async (kit) => {
      const [name, value] = kit.random.distinct(2, kit.random.word) as [string, string]
      const work = async (lines: number): Promise<Run> => {
        const shell = await Shell.open(kit, PATIENT)
        await paste(
          kit,
          shell,
          Array.from({ length: lines }, (_, n) => `export ${name}=${value}${n}`),
        )
        await shell.prints(`echo $${name}`, `${value}${lines - 1}`)
        return shell.exit(0)
      }
      await growsWithWork(kit, { size: 800, work, unit: 'lines' })
    },
  ),
  check(
    'long-paste',
    'draws what is added at the end of a line, and not the whole line for each character',
    { spec: 'a-long-line-pasted', hint: 'Where the cursor is at the end, a new character is all that changes on the screen.' },
    async (kit) => {
      const { random, measure } = kit
      const [one, two, ...words] = random.distinct(320, random.word)
      const line = `echo ${words.join(' ')} "${one}"${two}`
      const shell = await Shell.open(kit)
      const before = shell.terminal.output.length
      shell.terminal.enter(line)
      await shell.shows(`${one}${two}`, 'A long line is run like any other.')
      // What the command itself writes is no part of it.
      const each = Math.max(0, shell.terminal.output.length - before - line.length) / line.length
      measure({ name: `bytes drawn for each of ${line.length} characters`, value: Number(each.toFixed(1)), unit: 'bytes' })
      expect(each, `For each of ${line.length} characters that were typed, what was sent to the terminal`).toBeAtMost(20, 'bytes')
    },
  ),
  check(
    'large-folder',
    'completes a name among four times as many in about four times the time',
    {
      spec: 'large-folders',
      hint: 'Collect first, sort once, and compare neighbours; do not compare each name with all others.',
    },
    async (kit) => {
      const { random, scratch } = kit
      const [prefix, end] = random.distinct(2, random.word) as [string, string]
      const result = random.word()
      const work = async (names: number): Promise<Run> => {
        const folder = `D${names}`
        if (!scratch.exists(folder)) manyFiles(scratch, folder, names, prefix)
        if (!scratch.exists(`${folder}/${prefix}-${end}`)) scratch.file(`${folder}/${prefix}-${end}`, `${result}\n`)
        const shell = await Shell.open(kit, PATIENT)
        // First all names are possible, and have one letter more in common than was typed; then only one is.
        shell.terminal.type(`cat ${folder}/${prefix}\t${end.slice(0, 2)}\t\r`)
        await shell.shows(new RegExp(`^${result}$`, 'm'), 'Only one name begins like that.', 1, LONG)
        return shell.exit(0)
      }
      await growsWithWork(kit, { size: 2000, work, unit: 'names' })
    },
  ),
]
