import fs from 'node:fs'
import path from 'node:path'
import { CsvError, parse } from 'csv-parse/sync'
import { Unusable } from '../engine/failure.ts'
import { resolveSlug } from '../engine/projects.ts'

/** One student, or one team. */
export interface Entry {
  id: string
  /** What `git fetch` takes: an address, or a path (relative ones from the roster's own folder). */
  repository: string
  /** Undefined: the one that the repository calls its own. */
  branch?: string
  /** The last commit before this moment counts. */
  deadline?: Date
  /** Undefined: whatever is wanted of all. */
  projects?: string[]
  /** The roster's other columns, as they are: names, groups, addresses. */
  others: Record<string, string>
}

const ID = /^[\w][\w.@-]{0,63}$/
const OWN = ['id', 'repository', 'branch', 'deadline', 'projects']

/** Reads a roster: CSV with the columns id and repository, and perhaps branch, deadline, projects and others. @throws {Unusable} with the line that is wrong. */
export function readRoster(file: string): Entry[] {
  if (!fs.existsSync(file))
    throw new Unusable(`There is no roster ${file}: a CSV file with the columns id, repository, branch, deadline.`)
  const entries = records(file).map(({ record, info }) => entryOf(record, path.dirname(file), `${file}, line ${info.lines}`))
  const twice = entries.find(({ id }, at) => entries.findIndex((other) => other.id.toLowerCase() === id.toLowerCase()) !== at)
  if (twice) throw new Unusable(`${file} has the id "${twice.id}" twice: each row needs one of its own.`)
  if (entries.length === 0) throw new Unusable(`${file} has no rows below its first line.`)
  return entries
}

type Line = { record: Record<string, string>; info: { lines: number } }

function records(file: string): Line[] {
  try {
    return parse(fs.readFileSync(file), {
      columns: (names: string[]) =>
        columnsOf(
          names.map((name) => name.trim()),
          file,
        ),
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
    }) as unknown as Line[]
  } catch (error) {
    if (error instanceof CsvError) throw new Unusable(`${file} can not be read: ${error.message}.`)
    throw error
  }
}

function columnsOf(names: string[], file: string): string[] {
  const missing = ['id', 'repository'].find((name) => !names.includes(name))
  if (missing)
    throw new Unusable(`${file} has no column "${missing}". Its first line names the columns: id,repository,branch,deadline.`)
  return names
}

function entryOf(record: Record<string, string>, folder: string, place: string): Entry {
  const { id = '', repository = '', branch, deadline, projects } = record
  if (!ID.test(id)) throw new Unusable(`${place}: an id has up to 64 letters, digits, dots and dashes, and "${id}" does not.`)
  if (!repository || repository.startsWith('-')) throw new Unusable(`${place}: ${id} has no repository.`)
  return {
    id,
    repository: /^\.{0,2}\//.test(repository) ? path.resolve(folder, repository) : repository,
    ...(branch && { branch: checkedBranch(branch, place) }),
    ...(deadline && { deadline: readTime(deadline, place) }),
    ...(projects && {
      projects: projects
        .split(/[\s;]+/)
        .filter(Boolean)
        .map((name) => resolveSlug(name)),
    }),
    others: Object.fromEntries(Object.entries(record).filter(([name]) => !OWN.includes(name))),
  }
}

function checkedBranch(branch: string, place: string): string {
  if (/^[\w][\w./-]*$/.test(branch) && !branch.includes('..')) return branch
  throw new Unusable(`${place}: "${branch}" can not be the name of a branch.`)
}

/** A moment with its zone: without one it would be another moment on another machine. @throws {Unusable} it is none. */
export function readTime(text: string, place: string): Date {
  const time = new Date(text)
  if (/(Z|[+-]\d\d:?\d\d)$/.test(text) && !Number.isNaN(time.valueOf())) return time
  throw new Unusable(`${place}: a deadline is a time with its zone, as in 2026-11-21T23:59:00+01:00, not "${text}".`)
}
