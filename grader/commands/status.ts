import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import pc from 'picocolors'
import { load } from '../engine/load.ts'
import { byStage, loadHiddenTests, loadProjects, type Project, places, ROOT } from '../engine/projects.ts'
import { allChecks, TIERS } from '../engine/report.ts'
import { recall } from '../engine/state.ts'
import { findTrack, loadTracks, projectsOf } from '../engine/tracks.ts'
import type { Progress, Standing } from '../reports/progress.ts'
import { stars } from '../reports/text.ts'
import { readArguments } from './arguments.ts'
import { trackMap } from './status-track.ts'

export const HELP = `npm run status -- [--track TRACK | --new]

The map of the course: each stage and project, and the stars that your work has earned: in its last grading here, or as recorded on the branch progress.

  --track TRACK  the map along one of the tracks: ${loadTracks()
    .map(({ id }) => id)
    .join(', ')}
  --new          only the finished projects that have new checks since; after a \`git pull\` a hook asks for these`

const OPTIONS = { track: { type: 'string' }, new: { type: 'boolean' } } as const

/** What there is to say of a project. */
interface Shown {
  stars: number
  /** The checks that its last grading knew. */
  checks: string[]
  broken?: string
}

export async function run(args: string[]): Promise<number> {
  const { values } = readArguments(args, OPTIONS, { operands: 0, help: HELP })
  const track = values.track === undefined ? undefined : findTrack(values.track)
  const wanted = track && projectsOf(track)
  const projects = loadProjects().filter(({ slug }) => !wanted || wanted.includes(slug))
  const recorded = await recordedProgress()
  if (values.new) return showNew(projects, recorded)
  const rows = new Map<string, string>()
  let earned = 0
  for (const project of projects) {
    const shown = standing(project, recorded?.projects[project.slug])
    earned += shown?.stars ?? 0
    rows.set(project.slug, await row(project, shown))
  }
  console.log((track ? trackMap(track, rows) : stageMap(projects, rows)).join('\n'))
  const end = track ? ' on this track.' : '. `npm run next` says what to do next.'
  console.log(`\n${earned} of ${projects.length * TIERS.length} stars${end}`)
  return 0
}

/** What the map shows of a project after its name. */
async function row(project: Project, shown: Shown | undefined): Promise<string> {
  const notes = shown ? await notesOn(project, shown) : []
  const summary = notes.length > 0 ? pc.yellow(notes.join('; ')) : pc.dim(project.manifest.summary)
  return `${paint(shown?.stars ?? 0)}  ${summary}`
}

/** The map of the whole course, line by line. */
function stageMap(projects: Project[], rows: Map<string, string>): string[] {
  const width = Math.max(...projects.map(({ name }) => name.length))
  return byStage(projects).flatMap(({ name: stage, projects: own }) => [
    '',
    pc.bold(stage),
    ...own.map(({ slug, name }) => `  ${name.padEnd(width)}  ${rows.get(slug)}`),
  ])
}

function paint(count: number): string {
  const colour = count === TIERS.length ? pc.green : count > 0 ? pc.yellow : pc.dim
  return colour(stars(count))
}

/** The branch progress as it was last fetched, or as it is here. A damaged one counts as none. */
async function recordedProgress(): Promise<Progress | undefined> {
  for (const branch of ['origin/progress', 'progress']) {
    try {
      const text = execFileSync('git', ['show', `${branch}:progress.json`], {
        cwd: ROOT,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const { readProgress } = await load<typeof import('../reports/schemas.ts')>('../reports/schemas.ts', import.meta.url)
      return readProgress(text, branch)
    } catch {
      // Not there: the next.
    }
  }
  return undefined
}

/** What was graded here last counts, if it was; else what is recorded. Stars that were recorded stay. */
function standing({ slug }: Project, recorded: Standing | undefined): Shown | undefined {
  const own = fs.existsSync(places.mine(slug)) ? recall(slug)?.report : undefined
  if (!own && !recorded) return undefined
  const checks = own ? allChecks(own).map(({ id }) => id) : Object.keys(recorded?.latest.checks ?? {})
  const most = Math.max(own?.stars ?? 0, recorded?.stars ?? 0)
  const broken = recorded?.broken && (own?.stars ?? 0) < most ? recorded.broken.commit.slice(0, 7) : undefined
  return { stars: most, checks, ...(broken && { broken }) }
}

/** Of the finished ones those that ask for more than when they were finished; nothing, where there are none. */
async function showNew(projects: Project[], recorded: Progress | undefined): Promise<number> {
  for (const project of projects) {
    const shown = standing(project, recorded?.projects[project.slug])
    const fresh = shown ? await newChecks(project, shown) : []
    if (fresh.length > 0) console.log(`${project.slug} was finished, and has ${fresh.length} new: ${fresh.join(' ')}`)
  }
  return 0
}

/** What has happened to a project since it was graded. */
async function notesOn(project: Project, shown: Shown): Promise<string[]> {
  const fresh = await newChecks(project, shown)
  return [
    ...(shown.broken ? [`broken since ${shown.broken}`] : []),
    ...(fresh.length > 0 ? [`${fresh.length} new: ${fresh.join(' ')}`] : []),
  ]
}

/** For finished projects only: checks that their last grading did not know. */
async function newChecks({ slug }: Project, { stars, checks }: Shown): Promise<string[]> {
  if (stars < TIERS.length) return []
  const { tiers } = await loadHiddenTests(slug)
  return tiers.flatMap((tier) => tier.checks.map(({ id }) => id)).filter((id) => !checks.includes(id))
}
