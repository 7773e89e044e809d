import fs from 'node:fs'
import pc from 'picocolors'
import { loadProjects, type Project, places } from '../engine/projects.ts'
import { TIERS } from '../engine/report.ts'
import { recall } from '../engine/state.ts'
import { stars } from '../reports/text.ts'
import { readArguments } from './arguments.ts'

export const HELP = `npm run status

The map of the course: each stage and project, and the stars that your work has earned in its last grading.`

export async function run(args: string[]): Promise<number> {
  readArguments(args, {}, { operands: 0, help: HELP })
  const projects = loadProjects()
  const width = Math.max(...projects.map(({ name }) => name.length))
  let stage = ''
  let earned = 0
  for (const project of projects) {
    if (project.stage !== stage) {
      stage = project.stage
      console.log(`\n${pc.bold(stage)}`)
    }
    const { shown, count } = standing(project)
    earned += count
    console.log(`  ${project.name.padEnd(width)}  ${shown}  ${pc.dim(project.manifest.summary)}`)
  }
  console.log(`\n${earned} of ${projects.length * TIERS.length} stars. \`npm run next\` says what to do next.`)
  return 0
}

function standing({ slug }: Project): { shown: string; count: number } {
  if (!fs.existsSync(places.mine(slug))) return { shown: pc.dim(stars(0)), count: 0 }
  const count = recall(slug)?.report.stars ?? 0
  const paint = count === TIERS.length ? pc.green : pc.yellow
  return { shown: paint(stars(count)), count }
}
