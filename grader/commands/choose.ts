import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { Unusable } from '../engine/failure.ts'
import { loadProject, loadProjects, type Project, places, ROOT } from '../engine/projects.ts'
import { TIERS } from '../engine/report.ts'
import { recall } from '../engine/state.ts'

/** All references, or all projects that the learner has begun. */
export function everyProject(solution: boolean): Project[] {
  const there = solution ? places.solution : places.mine
  const projects = loadProjects().filter(({ slug }) => fs.existsSync(there(slug)))
  if (projects.length === 0)
    throw new Unusable('There is nothing in my/ yet. `npm start cat -- --lang python` makes a beginning.')
  return projects
}

/**
 * Files that differ from a commit, uncommitted and new ones included, relative to the repository.
 * @throws {Unusable} Git does not know the commit.
 */
export function changedFiles(base: string): string[] {
  const git = (...args: string[]) => {
    try {
      return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    } catch {
      throw new Unusable(`--changed: Git knows no commit "${base}". Name one, as in --changed HEAD~1.`)
    }
  }
  const changed = git('diff', '--name-only', '-z', base, '--') + git('ls-files', '-z', '--others', '--exclude-standard')
  return changed.split('\0').filter(Boolean)
}

/** Projects of the learner whose files differ from a commit. */
export function changedProjects(base = 'origin/main'): Project[] {
  const files = changedFiles(base).filter((file) => file.startsWith('my/'))
  const slugs = new Set(files.map((file) => file.split('/').slice(1, 3).join('/')))
  return [...slugs]
    .filter((slug) => fs.existsSync(places.manifest(slug)) && fs.existsSync(places.mine(slug)))
    .map((slug) => loadProject(slug))
}

/** The first begun project that is not finished; if all are, the first that is not begun. */
export function nextProject(): Project {
  const projects = loadProjects()
  const begun = projects.find(({ slug }) => fs.existsSync(places.mine(slug)) && recall(slug)?.report.stars !== TIERS.length)
  const next = begun ?? projects.find(({ slug }) => !fs.existsSync(places.mine(slug)))
  if (!next)
    throw new Unusable('Every project has its four stars. There is nothing left to do but to build something of your own.')
  return next
}
