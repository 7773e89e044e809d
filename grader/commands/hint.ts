import pc from 'picocolors'
import { Unusable } from '../engine/failure.ts'
import { loadHiddenTests, loadProject, resolveSlug } from '../engine/projects.ts'
import { allChecks } from '../engine/report.ts'
import { recall, remember } from '../engine/state.ts'
import { readArguments } from './arguments.ts'
import { nextProject } from './choose.ts'

export const HELP = `npm run hint [project]

The next hint for the first check that failed in the last grading; each call tells more, as long as there is more to tell.`

export async function run(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, { help: HELP })
  const { slug } = positionals[0] === undefined ? nextProject() : loadProject(resolveSlug(positionals[0]))
  const memory = recall(slug)
  if (!memory) throw new Unusable(`${slug} has not been graded yet: npm run grade ${slug}`)
  const failed = allChecks(memory.report).find(({ verdict }) => verdict === 'fail')
  if (!failed) {
    console.log(`Nothing failed the last time that ${slug} was graded. \`npm run next\` says how to go on.`)
    return 0
  }
  const { tiers } = await loadHiddenTests(slug)
  const check = tiers.flatMap((tier) => tier.checks).find(({ id }) => id === failed.id)
  const hints = check?.hints ?? []
  if (hints.length === 0) {
    console.log(
      `What failed is hidden in this classroom, and its hints are too. The spec has all that is checked: stages/${slug}/README.md`,
    )
    return 0
  }
  const shown = Math.min((memory.hints[failed.id] ?? 0) + 1, hints.length)
  console.log(`${pc.bold(failed.id)}  ${failed.title}\n`)
  for (const [index, hint] of hints.slice(0, shown).entries()) console.log(`  ${index + 1}. ${hint}`)
  const more =
    shown < hints.length
      ? 'Another call tells more.'
      : `That was the last one. The spec has the rest: ${failed.spec ?? `stages/${slug}/README.md`}`
  console.log(`\n${pc.dim(more)}`)
  remember(slug, { ...memory, hints: { ...memory.hints, [failed.id]: shown } })
  return 0
}
