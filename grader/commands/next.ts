import fs from 'node:fs'
import pc from 'picocolors'
import { type Project, places } from '../engine/projects.ts'
import { allChecks, TIERS } from '../engine/report.ts'
import { recall } from '../engine/state.ts'
import { stars } from '../reports/text.ts'
import { readArguments } from './arguments.ts'
import { nextProject } from './choose.ts'

export const HELP = `npm run next

Says what to do next: the project that you are in the middle of, or the first that you have not begun.`

export async function run(args: string[]): Promise<number> {
  readArguments(args, {}, { operands: 0, help: HELP })
  console.log(advice(nextProject()).join('\n'))
  return 0
}

function advice({ slug, manifest }: Project): string[] {
  const head = `${pc.bold(slug)}  ${manifest.summary}`
  if (!fs.existsSync(places.mine(slug))) {
    return [head, '', `Begin:  npm start ${slug} -- --lang python   (or another language)`, `Spec:   stages/${slug}/README.md`]
  }
  const memory = recall(slug)
  if (!memory) return [head, '', `Not graded yet:  npm run grade ${slug}`, `Spec:            stages/${slug}/README.md`]
  const { report } = memory
  const failed = allChecks(report).find(({ verdict }) => verdict === 'fail' || verdict === 'error')
  const status = `${stars(report.stars)}  ${report.stars < TIERS.length ? `next tier: ${TIERS[report.stars]}` : ''}`
  if (!failed) return [head, status, '', `Grade:  npm run grade ${slug}`]
  return [
    head,
    status,
    '',
    `Failing:  ${failed.id}  ${failed.title}`,
    `Again:    npm run grade ${slug}`,
    `Hint:     npm run hint ${slug}`,
    `Spec:     ${failed.spec ?? `stages/${slug}/README.md`}`,
  ]
}
