import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { writeRendered } from '../authoring/templates.ts'
import { Unusable } from '../engine/failure.ts'
import { loadProjects, ROOT } from '../engine/projects.ts'
import type { Report } from '../engine/report.ts'
import { enter, NO_PROGRESS, type Progress } from '../reports/progress.ts'
import { readProgress, readReport } from '../reports/schemas.ts'
import { readArguments } from './arguments.ts'
import { progressPages } from './progress-pages.ts'

export const HELP = `npm run progress -- record REPORT [REPORT …] [options]

Enters reports (of grade --report json:FILE) into the branch progress of your remote: progress.json, a map of the course, and badges.
Stars are never taken away; what broke later is shown as broken. Two that record at the same time lose nothing.

  --commit SHA     the commit that was graded (default: HEAD)
  --at TIME        when, as in 2026-11-21T18:00:00Z (default: now)
  --remote NAME    where the branch is (default: origin)`

const OPTIONS = {
  commit: { type: 'string' },
  at: { type: 'string' },
  remote: { type: 'string', default: 'origin' },
} as const

const BRANCH = 'progress'
/** Somebody else may push in between; each time it is begun anew on top of that. */
const TRIES = 20
const AUTHOR = { name: 'course', email: 'course@localhost' }

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, { operands: Number.POSITIVE_INFINITY, help: HELP })
  const [verb, ...files] = positionals
  if (verb !== 'record' || files.length === 0) throw new Unusable('Usage: npm run progress -- record REPORT [REPORT …]')
  const reports = files.flatMap((file) =>
    fs.existsSync(file) ? [readReport(fs.readFileSync(file, 'utf8'), file)] : missing(file),
  )
  const mark = { commit: fullName(values.commit ?? 'HEAD'), at: time(values.at) }
  const other = reports.find(({ submission }) => submission.kind !== 'mine')
  if (other)
    throw new Unusable(
      `Only gradings of your own work are recorded, and that of ${other.project} is of a ${other.submission.kind}.`,
    )
  const known = new Set(loadProjects().map(({ slug }) => slug))
  const stranger = reports.find(({ project }) => !known.has(project))
  if (stranger) throw new Unusable(`The course has no project "${stranger.project}".`)
  for (let n = 0; n < TRIES; n++) {
    const base = newest(values.remote)
    const before = base
      ? readProgress(git('show', `${base}:progress.json`), `progress.json on ${values.remote}/${BRANCH}`)
      : NO_PROGRESS
    const after = reports.reduce<Progress>((progress, report: Report) => enter(progress, report, mark), before)
    const commit = commitOf(after, base, `Record ${reports.map(({ project, stars }) => `${project} ${stars}`).join(', ')}`)
    if (commit === undefined || push(values.remote, commit)) {
      console.log(commit ? `Recorded on ${values.remote}/${BRANCH}.` : 'Nothing has changed.')
      return 0
    }
  }
  throw new Unusable(`Others push to ${values.remote}/${BRANCH} all the time: ${TRIES} tries were in vain. Try again later.`)
}

function missing(file: string): never {
  throw new Unusable(`There is no report ${file}. \`npm run grade PROJECT -- --report json:${file}\` writes it.`)
}

function time(text = new Date().toISOString()): string {
  if (!Number.isNaN(Date.parse(text)) && /Z$/.test(text)) return text
  throw new Unusable(`--at takes a time in UTC, as in 2026-11-21T18:00:00Z, not "${text}".`)
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function fullName(commit: string): string {
  try {
    return git('rev-parse', '--verify', '--quiet', `${commit}^{commit}`).trim()
  } catch {
    throw new Unusable(`--commit: Git knows no commit "${commit}".`)
  }
}

/** @returns the newest commit of the branch, or undefined where there is none yet. @throws {Unusable} there is no such remote. */
function newest(remote: string): string | undefined {
  let listed: string
  try {
    listed = git('ls-remote', remote, `refs/heads/${BRANCH}`)
  } catch {
    throw new Unusable(`--remote: "${remote}" can not be reached. \`git remote -v\` lists what there is.`)
  }
  const [commit] = listed.split('\t')
  if (commit) git('fetch', '--quiet', '--no-tags', remote, commit)
  return commit || undefined
}

/** Makes a commit with all files of the branch. @returns undefined when they are as they were. */
function commitOf(progress: Progress, base: string | undefined, message: string): string | undefined {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'progress-'))
  try {
    const tree = path.join(folder, 'tree')
    const content = `${JSON.stringify(progress, null, 2)}\n`
    writeRendered(tree, [{ name: 'progress.json', content, executable: false }, ...progressPages(progress, loadProjects())])
    const env = {
      ...process.env,
      GIT_DIR: git('rev-parse', '--absolute-git-dir').trim(),
      GIT_WORK_TREE: tree,
      GIT_INDEX_FILE: path.join(folder, 'index'),
      ...{ GIT_AUTHOR_NAME: AUTHOR.name, GIT_AUTHOR_EMAIL: AUTHOR.email },
      ...{ GIT_COMMITTER_NAME: AUTHOR.name, GIT_COMMITTER_EMAIL: AUTHOR.email },
    }
    const inTree = (...args: string[]) =>
      execFileSync('git', args, { cwd: tree, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
    inTree('add', '--all', '--force', '.')
    const written = inTree('write-tree')
    if (base && written === git('rev-parse', `${base}^{tree}`).trim()) return undefined
    return inTree('commit-tree', written, ...(base ? ['-p', base] : []), '-m', message)
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

/** @returns false when somebody else was quicker. */
function push(remote: string, commit: string): boolean {
  try {
    git('push', '--quiet', '--no-verify', remote, `${commit}:refs/heads/${BRANCH}`)
    return true
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr)
    if (/rejected|fetch first|non-fast-forward|failed to update ref|cannot lock ref/.test(said)) return false
    throw new Unusable(`${remote} does not take the branch ${BRANCH}: ${said.trim().split('\n').at(-1)}`)
  }
}
