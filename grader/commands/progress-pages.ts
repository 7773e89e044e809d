import path from 'node:path'
import { type Rendered, render } from '../authoring/templates.ts'
import { byStage, type Project, ROOT } from '../engine/projects.ts'
import { TIERS } from '../engine/report.ts'
import type { Progress, Standing } from '../reports/progress.ts'
import { stars } from '../reports/text.ts'

const MOST = TIERS.length
const template = (name: string) => path.join(ROOT, 'templates/progress', name)

/** Pixels of a letter in the badges' type, on average. */
const LETTER = 7
const STARS_WIDTH = 60

/** From grey to green. */
const colourOf = (share: number) => (share >= 1 ? '#2da44e' : share >= 0.5 ? '#9a9a2b' : share > 0 ? '#c47f17' : '#888')

/** All files of the branch `progress` that are made from its `progress.json`: a map of the course, and badges. */
export function progressPages(progress: Progress, projects: Project[]): Rendered[] {
  const stages = byStage(projects).map(({ name, projects: own }) => ({
    name,
    projects: own.map((project) => row(project, progress.projects[project.slug])),
    ...sum(progress, own),
  }))
  const overall = sum(progress, projects)
  const rings = [...stages, { name: 'overall', ...overall }].map(({ name, earned, possible }) => ({
    name: `badges/${name}.svg`,
    content: ring(name, earned, possible),
  }))
  const badges = projects.map(({ slug, name }) => ({
    name: `badges/${slug}.svg`,
    content: badge(name, progress.projects[slug]?.stars ?? 0),
  }))
  const readme = { name: 'README.md', content: render(template('README.md.hbs'), { ...overall, stages }) }
  return [readme, ...rings, ...badges].map((file) => ({ ...file, executable: false }))
}

function sum(progress: Progress, projects: Project[]): { earned: number; possible: number } {
  const earned = projects.reduce((total, { slug }) => total + (progress.projects[slug]?.stars ?? 0), 0)
  return { earned, possible: projects.length * MOST }
}

function row({ name, slug }: Project, standing: Standing | undefined) {
  return {
    name,
    spec: `../../tree/main/stages/${slug}`,
    stars: stars(standing?.stars ?? 0),
    note: standing ? noteOn(standing) : '',
  }
}

/** What there is to say of the last grading, in a few words. */
function noteOn({ broken, latest }: Standing): string {
  const when = `${latest.at.slice(0, 10)}, ${latest.commit.slice(0, 7)}${latest.language ? `, ${latest.language}` : ''}`
  return broken ? `broken since ${broken.commit.slice(0, 7)}: ${stars(latest.stars)} (${when})` : when
}

function badge(label: string, count: number): string {
  const split = label.length * LETTER + 12
  return render(template('project.svg.hbs'), {
    label,
    count,
    most: MOST,
    stars: stars(count),
    split,
    rest: STARS_WIDTH,
    width: split + STARS_WIDTH,
    textAt: split + 6,
    colour: colourOf(count / MOST),
  })
}

function ring(label: string, earned: number, possible: number): string {
  const percent = possible === 0 ? 0 : Math.floor((100 * earned) / possible)
  return render(template('ring.svg.hbs'), { label, earned, possible, percent, colour: colourOf(percent / 100) })
}
