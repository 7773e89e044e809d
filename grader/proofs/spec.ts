import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import GithubSlugger from 'github-slugger'
import { difference } from '../engine/difference.ts'
import { loadHiddenTests, places } from '../engine/projects.ts'
import { build } from '../programs/build.ts'
import { environment } from '../programs/containment.ts'
import { chooseSubmission } from '../programs/submission.ts'
import { makeFolder, removeFolder } from '../programs/workroom.ts'
import type { Proof, ProofContext } from './proof.ts'

/** What a spec must have, in this order. */
const HEADINGS = [
  /^The idea/,
  /^The interface/,
  /^Tier 1: runs/,
  /^Tier 2: works/,
  /^Tier 3: holds/,
  /^Tier 4: flies/,
  /^Break it/,
  /^Read on/,
  /^What is checked/,
]

export interface Example {
  command: string
  output: string
  line: number
}

/** Every section that a check cites exists, the headings are in the agreed order, and each console example is what the reference prints. */
export async function proveSpec({ project, onStep }: ProofContext): Promise<Proof<{ examples: number }>> {
  const text = fs.readFileSync(places.spec(project.slug), 'utf8')
  const problems = [...missingSections(text, await citations(project.slug)), ...misplacedHeadings(text)]
  const examples = examplesOf(text)
  await build(chooseSubmission(project.slug, { solution: true }))
  problems.push(...(await runExamples(project.slug, project.name, examples)))
  onStep(1, 1, `${examples.length} examples of the spec`)
  return { problems, figures: { examples: examples.length } }
}

async function citations(slug: string): Promise<{ id: string; spec: string }[]> {
  const { tiers } = await loadHiddenTests(slug)
  return tiers.flatMap((tier) => tier.checks)
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(text: string): Set<string> {
  const slugger = new GithubSlugger()
  return new Set(headingsOf(text).map(({ title }) => slugger.slug(title)))
}

function headingsOf(text: string): { level: number; title: string }[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '')
  return [...prose.matchAll(/^(#+) (.*)$/gm)].map(([, marks = '', title = '']) => ({ level: marks.length, title }))
}

function missingSections(text: string, cited: { id: string; spec: string }[]): string[] {
  const anchors = anchorsOf(text)
  return cited
    .filter(({ spec }) => !anchors.has(spec))
    .map(({ id, spec }) => `check ${id} cites #${spec}, which the spec does not have`)
}

function misplacedHeadings(text: string): string[] {
  const titles = headingsOf(text)
    .filter(({ level }) => level === 2)
    .map(({ title }) => title)
  let from = 0
  for (const wanted of HEADINGS) {
    const at = titles.findIndex((title, index) => index >= from && wanted.test(title))
    if (at < 0) return [`the spec has no section ${wanted} where it should be (they are: ${titles.join(', ')})`]
    from = at + 1
  }
  return []
}

/** The commands of all blocks marked `console`, each with the output that follows it. */
export function examplesOf(text: string): Example[] {
  const examples: Example[] = []
  let inside = false
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('```')) inside = line === '```console'
    else if (inside && line.startsWith('$ ')) examples.push({ command: line.slice(2), output: '', line: index + 1 })
    else if (inside && line.startsWith('> ') && examples.at(-1)?.output === '') {
      const last = examples.at(-1) as Example
      last.command += `\n${line.slice(2)}`
    } else if (inside && examples.length > 0) (examples.at(-1) as Example).output += `${line}\n`
  }
  return examples
}

/** Runs all examples in one scratch folder, with the reference on PATH under the project's name. */
async function runExamples(slug: string, name: string, examples: Example[]): Promise<string[]> {
  const dir = makeFolder('examples')
  const [bin, work] = [path.join(dir, 'bin'), path.join(dir, 'work')]
  fs.mkdirSync(bin)
  fs.mkdirSync(work)
  const run = path.join(places.solution(slug), 'run.sh')
  fs.writeFileSync(path.join(bin, name), `#!/bin/sh\nexec ${run} "$@"\n`, { mode: 0o755 })
  const settings = environment(dir)
  const env = { ...settings, PATH: `${bin}:${settings.PATH}` }
  const problems = examples.flatMap(({ command, output, line }) => {
    const { stdout } = spawnSync('/bin/sh', ['-c', `exec 2>&1\n${command}`], { cwd: work, env, timeout: 20_000 })
    const found = difference(output, stdout)
    return found
      ? [`README.md:${line}: \`${command}\` prints something else: ${found.where}\n${found.expected}\n--\n${found.actual}`]
      : []
  })
  await removeFolder(dir)
  return problems
}
