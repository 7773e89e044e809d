import fs from 'node:fs'
import path from 'node:path'
import { Unusable } from '../engine/failure.ts'
import { listSlugs } from '../engine/projects.ts'
import type { Entry } from './roster.ts'

const MIB = 1024 ** 2
const FETCH_SECONDS = 300
/** The largest file that a fetch may write, its pack, and all files of one project together. */
const LARGEST_PACK = 1024 * MIB
const LARGEST_WORK = 100 * MIB
const REF = 'refs/heads/cohort'

/** What of a repository counts. */
export interface Counted {
  commit: string
  /** The committer's own clock; nobody else has seen it. */
  committed: string
  /** Set when the repository could not be reached this time, and what was fetched before is graded. */
  stale?: string
}

/** A bare copy of a student's repository. Nothing of it is ever run or checked out here: there are no hooks, no filters, no submodules. */
export class Repository {
  private readonly folder: string
  private readonly entry: Entry

  constructor(entry: Entry, folder: string) {
    this.entry = entry
    this.folder = folder
  }

  /** Fetches the branch, and finds the last commit before the deadline. @throws {Unusable} there is none; the message is one line. */
  async count(deadline: Date | undefined): Promise<Counted> {
    const stale = await this.fetch()
    const before = deadline ? [`--min-age=${Math.floor(deadline.valueOf() / 1000)}`] : []
    const found = await this.git('rev-list', '-1', '--format=%cI', ...before, REF)
    const [, commit = '', committed = ''] = /^commit (\w+)\n(\S+)/.exec(found) ?? []
    if (!commit) throw new Unusable(`It has no commit before the deadline (${deadline?.toISOString()}).`)
    return { commit, committed, ...(stale && { stale }) }
  }

  /** @returns why it could not be updated, if an earlier fetch can stand in. */
  private async fetch(): Promise<string | undefined> {
    if (!fs.existsSync(path.join(this.folder, 'HEAD'))) {
      fs.mkdirSync(this.folder, { recursive: true })
      await this.git('init', '--quiet', '--bare')
    }
    const { repository, branch } = this.entry
    const source = branch ? `refs/heads/${branch}` : 'HEAD'
    const argv = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--force', '--', repository, `${source}:${REF}`]
    // A limit for files makes Git end, with its last words, before the disk is full.
    const limited = ['-c', `ulimit -f ${LARGEST_PACK / 512} && exec git "$@"`, 'git', ...argv]
    const { execa } = await import('execa')
    const { exitCode, stderr, timedOut } = await execa('sh', limited, {
      ...this.here,
      reject: false,
      timeout: FETCH_SECONDS * 1000,
    })
    if (exitCode === 0) return undefined
    const why = timedOut ? `it took more than ${FETCH_SECONDS} s` : reasonIn(stderr)
    if (await this.has(REF)) return why
    throw new Unusable(`It can not be fetched: ${why}.`)
  }

  /** The projects that have been begun at a commit. */
  async begun(commit: string): Promise<string[]> {
    const listed = await this.git('ls-tree', '-d', '-r', '--name-only', '-z', commit, '--', 'my')
    const folders = new Set(listed.split('\0'))
    return listSlugs().filter((slug) => folders.has(`my/${slug}`))
  }

  /**
   * Takes a project's folder out of a commit, into a folder of its own; what an earlier run took is taken for it.
   * @returns undefined when there is no such folder (a link or a submodule is none). @throws {Unusable} it is too large.
   */
  async take(commit: string, slug: string, into: string): Promise<string | undefined> {
    const target = path.join(into, commit, 'my', slug)
    if (fs.existsSync(target)) return target
    const listed = await this.git('ls-tree', '-r', '-l', '-t', commit, '--', `my/${slug}`)
    const entries = listed.split('\n').map((line) => /^(\d+) (\w+) \w+ +(\d+|-)\t(.*)$/.exec(line))
    if (!entries.some((entry) => entry?.[2] === 'tree' && entry[4] === `my/${slug}`)) return undefined
    const bytes = entries.reduce((sum, entry) => sum + (Number(entry?.[3]) || 0), 0)
    if (bytes > LARGEST_WORK)
      throw new Unusable(`my/${slug} has ${Math.round(bytes / MIB)} MiB; at most ${LARGEST_WORK / MIB} are graded.`)
    fs.mkdirSync(into, { recursive: true })
    const half = fs.mkdtempSync(path.join(into, 'half-'))
    const { execa } = await import('execa')
    const archive = execa('git', ['archive', '--format=tar', commit, '--', `my/${slug}`], { ...this.here, encoding: 'buffer' })
    await archive.pipe('tar', ['-x', '--no-same-owner', '-C', half])
    fs.mkdirSync(path.dirname(target), { recursive: true })
    fs.renameSync(path.join(half, 'my', slug), target)
    fs.rmSync(half, { recursive: true, force: true })
    return target
  }

  /** How Git is run on it. */
  private get here() {
    return { cwd: this.folder, env: { ...QUIET, GIT_DIR: this.folder }, stdin: 'ignore' } as const
  }

  private async has(ref: string): Promise<boolean> {
    return (await this.git('for-each-ref', ref)) !== ''
  }

  private async git(...args: string[]): Promise<string> {
    const { execa } = await import('execa')
    return (await execa('git', args, this.here)).stdout
  }
}

/** Git asks nobody for a password. */
const QUIET = { GIT_TERMINAL_PROMPT: '0', GIT_LFS_SKIP_SMUDGE: '1', GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' }

/** Of Git's words the line that says why. */
function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  const telling = lines.find((line) => /^(fatal|error|remote):/.test(line)) ?? lines.find(Boolean) ?? 'Git did not say why'
  return telling.replace(/^(fatal|error|remote): */, '').replace(/\.$/, '')
}
