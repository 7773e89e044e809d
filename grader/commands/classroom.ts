import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { render } from '../authoring/templates.ts'
import { type Classroom, REVEAL, type Reveal } from '../engine/classroom.ts'
import { Unusable } from '../engine/failure.ts'
import { loadProjects, ROOT } from '../engine/projects.ts'
import { readArguments } from './arguments.ts'

export const HELP = `npm run classroom FOLDER -- [options]

Makes a copy of the course for students: a Git repository of its own, without references, impostors and proofs, and without the history that has them.
In a folder that has such a copy already, it is brought up to date by one more commit; what is in my/ stays.

  --reveal LEVEL   how much a failed check shows the students: full (default), title, none

For inputs in their CI that nobody knows beforehand, give their repositories a secret GRADE_SEED. docs/trust.md says what that is worth.`

const OPTIONS = { reveal: { type: 'string', default: 'full' } } as const

/** What students do not get: answers, and what is only for authors and instructors. */
const LEFT_OUT = [
  /^solutions\//,
  /^tests\//,
  /^my\//,
  /^\.ci\//,
  /^\.husky\/pre-commit$/,
  /^\.github\/workflows\/(?!grade\.yml$)/,
  /^grader\/(proofs|cohort)\/|^grader\/engine\/(impostors|equivalents)\.ts$/,
  /^grader\/commands\/(bench|classroom|cohort.*|compare|curriculum|new|prove)\.ts$/,
  /^templates\/(classroom|cohort|project)\//,
  /^(CONTRIBUTING|CHANGELOG|README)\.md$/,
  /^(knip|biome)\.json$/,
  /^vitest\.config\.ts$/,
]
/** The commands of package.json that a student has. */
const SCRIPTS = ['grade', 'start', 'next', 'status', 'plan', 'progress', 'hint', 'prepare']
const AUTHOR = ['-c', 'user.name=course', '-c', 'user.email=course@localhost', '-c', 'commit.gpgsign=false']

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, { help: HELP })
  const [name] = positionals
  if (name === undefined) throw new Unusable('Name a folder for the copy, as in `npm run classroom ../course-for-students`.')
  const reveal = REVEAL.find((level) => level === values.reveal)
  if (!reveal) throw new Unusable(`--reveal knows ${REVEAL.join(', ')}, not "${values.reveal}".`)
  const folder = path.resolve(name)
  if (git(ROOT, 'status', '--porcelain', '--', '.', ':!my') !== '')
    throw new Unusable(
      'The course has changes that are not committed: commit them first, or `git stash` them. The copy names the commit that it was made of.',
    )
  const isNew = prepare(folder)
  copy(folder)
  writeOwn(folder, reveal)
  git(folder, 'add', '--all')
  const shown = path.relative(process.cwd(), folder) || '.'
  if (!isNew && git(folder, 'status', '--porcelain') === '') {
    console.log(`${shown} is up to date.`)
    return 0
  }
  git(folder, ...AUTHOR, 'commit', '--quiet', '--no-verify', '--message', isNew ? 'The course' : 'The course, brought up to date')
  console.log(
    `${shown} ${isNew ? 'is ready' : 'is brought up to date'}: push it to where your students can fork it. A failed check shows: ${reveal}.`,
  )
  if (isNew) console.log(`A seed for the secret GRADE_SEED, if you want one: ${randomBytes(16).toString('hex')}`)
  return 0
}

/** Makes the folder a repository, or empties the one that is there of what came from here. @returns whether it is new. */
function prepare(folder: string): boolean {
  if (fs.existsSync(path.join(folder, 'classroom.json')) && fs.existsSync(path.join(folder, '.git'))) {
    if (git(folder, 'status', '--porcelain') !== '')
      throw new Unusable(`${folder} has changes that are not committed: commit them, or take them back.`)
    for (const file of listed(folder)) if (!file.startsWith('my/')) fs.rmSync(path.join(folder, file))
    return false
  }
  if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0)
    throw new Unusable(`${folder} is not empty, and no copy of the course.`)
  fs.mkdirSync(folder, { recursive: true })
  git(folder, 'init', '--quiet', '--initial-branch', 'main')
  return true
}

function copy(folder: string): void {
  for (const file of listed(ROOT)) {
    if (LEFT_OUT.some((pattern) => pattern.test(file)) || !fs.existsSync(path.join(ROOT, file))) continue
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    fs.copyFileSync(path.join(ROOT, file), path.join(folder, file))
  }
}

/** What a copy has of its own: its README, its commands, and what the classroom has settled. */
function writeOwn(folder: string, reveal: Reveal): void {
  const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text)
  const settled: Classroom = { reveal, course: git(ROOT, 'rev-parse', 'HEAD') }
  write('classroom.json', `${JSON.stringify(settled, null, 2)}\n`)
  const description = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'))
  description.scripts = Object.fromEntries(SCRIPTS.map((script) => [script, description.scripts[script]]))
  delete description.imports
  write('package.json', `${JSON.stringify(description, null, 2)}\n`)
  const shows = { full: '', title: 'its title only', none: 'only that it failed' }[reveal]
  write('README.md', render(path.join(ROOT, 'templates/classroom/README.md.hbs'), { shows, first: loadProjects()[0]?.slug }))
}

const listed = (folder: string): string[] => git(folder, 'ls-files', '-z').split('\0').filter(Boolean)

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 }).trim()
}
