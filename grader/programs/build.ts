import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { Failure } from '../engine/failure.ts'
import { places } from '../engine/projects.ts'
import { bubblewrap, contain, environment, isExecutable, type View } from './containment.ts'
import { type Limits, Process, watched } from './process.ts'
import type { Submission } from './submission.ts'
import { makeFolder, removeFolder } from './workroom.ts'

const GIB = 1024 ** 3
const LAST_LINES = 30
const BUILD_SECONDS = 300

/** What a build may use. `GRADE_BUILD_SECONDS` sets the time. */
function buildLimits(): Limits {
  const seconds = Number(process.env.GRADE_BUILD_SECONDS ?? BUILD_SECONDS)
  return { time: seconds * 1000, output: 16 * 1024 ** 2, memory: 8 * GIB, processes: 500 }
}

/** What is being built at this moment, by its folder. */
const underWay = new Map<string, Promise<void>>()

/**
 * Runs the submission's `build.sh`, if it has one and anything in its folder changed since the last time that it succeeded. Who asks for what is
 * being built already waits for that.
 * @throws {Failure} it failed, or did not end.
 */
export async function build(submission: Submission, options: { sandbox?: boolean; onStart?: () => void } = {}): Promise<void> {
  const folder = submission.folder ?? ''
  const building = underWay.get(folder) ?? buildIfChanged(submission, options)
  underWay.set(folder, building)
  try {
    await building
  } finally {
    underWay.delete(folder)
  }
}

async function buildIfChanged(
  submission: Submission,
  { sandbox = false, onStart = () => {} }: { sandbox?: boolean; onStart?: () => void },
): Promise<void> {
  const { folder } = submission
  if (!folder || !fs.existsSync(path.join(folder, 'build.sh'))) return
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  const stamp = path.join(places.state(), 'builds', key)
  if (readIfThere(stamp) === fingerprint(submission)) return
  if (!isExecutable(path.join(folder, 'build.sh'))) {
    throw new Failure(`build.sh can not be executed. \`chmod +x ${submission.info.path}/build.sh\` mends that.`)
  }
  onStart()
  await runBuild(submission, folder, key, sandbox)
  fs.mkdirSync(path.dirname(stamp), { recursive: true })
  fs.writeFileSync(stamp, fingerprint(submission))
}

async function runBuild(submission: Submission, folder: string, key: string, sandbox: boolean): Promise<void> {
  // Compilers keep caches in the home folder: one for each submission, so that none can poison another's.
  const home = path.join(places.state(), 'homes', key)
  fs.mkdirSync(home, { recursive: true })
  const tmp = makeFolder('build')
  const bwrap = bubblewrap()
  const view: View = {
    system: sandbox ? 'private' : 'shared',
    visible: submission.visible,
    writable: [folder, home],
    tmp,
    cwd: folder,
  }
  const process = new Process({
    argv: [...(bwrap ? contain(bwrap, view) : []), ...watched([path.join(folder, 'build.sh')])],
    cwd: folder,
    env: { ...environment(home), TMPDIR: bwrap ? '/tmp' : tmp },
    limits: buildLimits(),
    stdin: 'ignore',
    stdout: 'pipe',
    keepOutput: true,
    contained: bwrap !== undefined,
  })
  const exit = await process.exited
  await removeFolder(tmp)
  if (exit.status === 0) return
  const log = Buffer.concat([process.stdout.bytes, process.stderr.bytes]).toString()
  const actual = log.trimEnd().split('\n').slice(-LAST_LINES).join('\n') || '(it wrote nothing)'
  throw new Failure(
    exit.cut
      ? CUT[exit.cut](buildLimits())
      : `build.sh ended with status ${exit.status ?? 'unknown'}: your program was not built, so nothing was run.`,
    { expected: 'status 0', actual },
  )
}

const CUT: Record<keyof Limits, (limits: Limits) => string> = {
  time: (limits) =>
    `build.sh was still running after ${limits.time / 1000} s and was stopped. Does it wait for input, or start the program itself?`,
  output: (limits) => `build.sh wrote more than ${limits.output / 1024 ** 2} MiB and was stopped.`,
  memory: (limits) => `build.sh used more than ${limits.memory / GIB} GiB of memory and was stopped.`,
  processes: (limits) => `build.sh had more than ${limits.processes} processes at once and was stopped.`,
}

function readIfThere(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined
}

/** Names, sizes and times of all that a build reads: differs when any of it, the build's own results included, has changed. */
function fingerprint(submission: Submission): string {
  const hash = createHash('sha256')
  const look = (dir: string) => {
    const entries = fs.readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      const file = path.join(dir, entry.name)
      if (entry.isDirectory() && !['node_modules', '.git', '__pycache__'].includes(entry.name)) look(file)
      else if (!entry.isDirectory()) {
        const { size, mtimeMs, mode } = fs.lstatSync(file)
        hash.update(`${file}\0${size}\0${mtimeMs}\0${mode}\n`)
      }
    }
  }
  for (const dir of submission.visible) if (path.basename(dir) !== 'node_modules' && fs.statSync(dir).isDirectory()) look(dir)
  return hash.digest('hex')
}
