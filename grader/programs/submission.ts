import fs from 'node:fs'
import path from 'node:path'
import { classroom } from '../engine/classroom.ts'
import { Unusable } from '../engine/failure.ts'
import { places, ROOT } from '../engine/projects.ts'
import type { SubmissionInfo } from '../engine/report.ts'
import { isExecutable, which } from './containment.ts'
import { languageOf } from './sources.ts'

/** A program to be graded, wherever it comes from. */
export interface Submission {
  info: SubmissionInfo
  /** The words that start it, before its arguments. */
  command: string[]
  /** Its folder, with `run.sh`; undefined for a program that is installed on this machine. */
  folder?: string
  /** What else it may see in a private view. */
  visible: string[]
  /** Settings added to its environment, and folders that it may write to: how a mutant is chosen and tells what it reached. */
  env: Record<string, string>
  writable: string[]
  /** What still runs at the end of a check is asked to stop (SIGTERM) before it is killed, so that it can tell what it reached; and whatever is killed before is left alone for a moment. */
  gently?: boolean
}

/** Where the grader looks for a submission. */
export interface Choice {
  solution?: boolean | undefined
  dir?: string | undefined
  command?: string | undefined
}

export function chooseSubmission(slug: string, choice: Choice): Submission {
  if (choice.command !== undefined) return installedProgram(choice.command)
  if (choice.solution) return reference(slug)
  if (choice.dir !== undefined) return folderSubmission('folder', path.resolve(choice.dir))
  const mine = places.mine(slug)
  if (!fs.existsSync(mine)) {
    throw new Unusable(
      `There is no folder my/${slug} yet. \`npm start ${slug} -- --lang python\` makes it (or another language).`,
    )
  }
  return folderSubmission('mine', mine)
}

/** @throws {Unusable} this is a classroom's copy, which has no references. */
function reference(slug: string): Submission {
  if (classroom()) throw new Unusable("This is a classroom's copy of the course: it has no references.")
  return folderSubmission('solution', places.solution(slug))
}

/** @throws {Unusable} no folder, or no `run.sh` in it that can be executed. */
export function folderSubmission(kind: 'mine' | 'solution' | 'folder', folder: string): Submission {
  const shown = path.relative(process.cwd(), folder) || '.'
  if (!fs.existsSync(folder)) throw new Unusable(`There is no folder ${shown}.`)
  // The folder may be a link; what is mounted and hashed is what it points to.
  const real = fs.realpathSync(folder)
  const run = path.join(real, 'run.sh')
  if (!fs.existsSync(run)) {
    throw new Unusable(`${shown} has no run.sh. It starts your program; its last line is \`exec\` and your program with "$@".`)
  }
  if (!isExecutable(run)) throw new Unusable(`${shown}/run.sh can not be executed. \`chmod +x ${shown}/run.sh\` mends that.`)
  const library = [path.join(ROOT, 'solutions/lib'), path.join(ROOT, 'package.json')]
  const visible = [real, path.join(ROOT, 'node_modules'), ...(kind === 'solution' ? library : [])]
  const inside = path.relative(ROOT, real)
  const info: SubmissionInfo = { kind, path: inside.startsWith('..') ? real : inside, ...languageOf(real) }
  return { info, command: [run], folder: real, visible: visible.filter((file) => fs.existsSync(file)), env: {}, writable: [] }
}

/** @throws {Unusable} a program that this machine does not have. */
function installedProgram(command: string): Submission {
  const [name = '', ...rest] = command.match(/"[^"]*"|'[^']*'|\S+/g)?.map((word) => word.replace(/^(["'])(.*)\1$/, '$2')) ?? []
  if (!name) throw new Unusable('--command wants a program: --command "sort".')
  const program = which(name.includes('/') && !path.isAbsolute(name) ? path.join(ROOT, name) : name)
  if (!program) throw new Unusable(`--command: there is no program "${name}" on this machine.`)
  // An adapter is a file of this repository, and has to be seen in a private view too.
  const visible = path.resolve(program).startsWith(`${ROOT}/`) ? [path.resolve(program)] : []
  return { info: { kind: 'command', command }, command: [path.resolve(program), ...rest], visible, env: {}, writable: [] }
}

/** The places that `--command` may leave for what the grader gives: `redis-server --port {port} --dir {data}`. */
const PLACE = /\{(port|data|id|peers)\}/g

/** Fills the places of a command; undefined when it has none. */
export function fillPlaces(command: string[], values: Partial<Record<string, string | number>>): string[] | undefined {
  if (!command.some((word) => word.search(PLACE) >= 0)) return undefined
  return command.map((word) => word.replace(PLACE, (_, name: string) => String(values[name] ?? '')))
}
