import pc from 'picocolors'
import type { Reading, Track } from '../engine/tracks.ts'

/**
 * The map along a track, line by line: its phases with their weeks, skills, projects, tasks and readings.
 *
 * @param rows by slug what to show of each project that the course has; the others are to come.
 */
export function trackMap(track: Track, rows: Map<string, string>): string[] {
  const nameOf = (slug: string) => slug.split('/')[1] as string
  const width = Math.max(...track.phases.flatMap(({ projects }) => projects.map((slug) => nameOf(slug).length)))
  const head = ['', pc.bold(track.title), track.summary, pc.dim(track.pace)]
  const phases = track.phases.flatMap(({ title, weeks, skills, readings, tasks = [], projects }) => [
    '',
    `${pc.bold(title)}  ${pc.cyan(when(weeks))}`,
    ...(skills.length > 0 ? [pc.dim(`  ${skills.join(' · ')}`)] : []),
    ...projects.map((slug) => {
      const name = nameOf(slug).padEnd(width)
      const row = rows.get(slug)
      return row === undefined ? pc.dim(`  ${name}  to come`) : `  ${name}  ${row}`
    }),
    ...tasks.map((task) => `  ${pc.dim('do  ')}  ${task}`),
    ...readings.map((reading) => `  ${pc.dim('read')}  ${citation(reading)}`),
  ])
  return [...head, ...phases]
}

function when(weeks: string): string {
  if (weeks.endsWith('+')) return `from week ${weeks.slice(0, -1)}`
  return `${weeks.includes('-') ? 'weeks' : 'week'} ${weeks}`
}

const citation = ({ author, title, part }: Reading): string => `${author}, ${title}${part ? `, ${part}` : ''}`
