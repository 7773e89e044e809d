import fs from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'

export const PROJECT = 'stage1-io/cat'
const DEADLINE = '2026-10-01T12:00:00Z'

/** A student's repository: commits, each with files (their names may say that they are executable, by ending in `.sh`) and a time. */
export interface Student {
  id: string
  commits: { at: string; files: Record<string, string>; links?: Record<string, string> }[]
}

const IN_TIME = '2026-09-30T10:00:00Z'
const LATE = '2026-10-01T12:00:01Z'

const script = (body: string) => ({ [`my/${PROJECT}/run.sh`]: `#!/bin/sh\n${body}\n` })

/** Kinds of students, and how many stars each must get for cat (undefined: nothing of it can be graded). */
export const KINDS: { kind: string; stars: number | undefined; commits: Student['commits'] }[] = [
  { kind: 'good', stars: 4, commits: [{ at: IN_TIME, files: script('exec cat "$@"') }] },
  { kind: 'half', stars: 1, commits: [{ at: IN_TIME, files: script('case "$1" in -?*) exit 3 ;; esac; exec cat "$@"') }] },
  {
    kind: 'late',
    stars: 0,
    commits: [
      { at: IN_TIME, files: script('echo soon') },
      { at: LATE, files: script('exec cat "$@"') },
    ],
  },
  { kind: 'broken', stars: 0, commits: [{ at: IN_TIME, files: { [`my/${PROJECT}/main.py`]: 'print(' } }] },
  { kind: 'hostile', stars: 0, commits: [{ at: IN_TIME, files: script('yes & exec yes >&2') }] },
  { kind: 'idle', stars: 0, commits: [{ at: IN_TIME, files: { 'README.md': 'Soon.\n' } }] },
  { kind: 'absent', stars: undefined, commits: [] },
  { kind: 'overdue', stars: undefined, commits: [{ at: LATE, files: script('exec cat "$@"') }] },
]

/** Makes the repository of a student, `ID` in the folder; none, where there is no commit. */
export async function makeRepository(folder: string, { id, commits }: Student): Promise<void> {
  const dir = path.join(folder, id)
  const git = (args: string[], at = IN_TIME) =>
    execa('git', ['-c', 'user.name=student', '-c', 'user.email=student@localhost', '-c', 'commit.gpgsign=false', ...args], {
      cwd: dir,
      env: { GIT_COMMITTER_DATE: at, GIT_AUTHOR_DATE: at },
    })
  if (commits.length === 0) return
  fs.mkdirSync(dir, { recursive: true })
  await git(['init', '-q', '-b', 'main'])
  for (const { at, files, links = {} } of commits) {
    for (const [name, content] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
      fs.writeFileSync(path.join(dir, name), content, { mode: name.endsWith('.sh') ? 0o755 : 0o644 })
    }
    for (const [name, target] of Object.entries(links)) {
      fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
      fs.symlinkSync(target, path.join(dir, name))
    }
    await git(['add', '--all'])
    await git(['commit', '-q', '-m', 'work'], at)
  }
}

/** Writes a roster of such repositories. @returns its name. */
export function writeRoster(folder: string, ids: string[]): string {
  const file = path.join(folder, 'roster.csv')
  fs.writeFileSync(
    file,
    `id,name,repository,deadline\n${ids.map((id) => `${id},"=Name, ${id}",./${id},${DEADLINE}`).join('\n')}\n`,
  )
  return file
}

/** A class of so many students, of each kind in turn. @returns its roster. */
export async function makeClass(folder: string, count: number): Promise<string> {
  const ids = Array.from({ length: count }, (_, n) => `${(KINDS[n % KINDS.length] as (typeof KINDS)[number]).kind}-${n + 1}`)
  for (const [n, id] of ids.entries()) await makeRepository(folder, { id, commits: KINDS[n % KINDS.length]?.commits ?? [] })
  return writeRoster(folder, ids)
}
