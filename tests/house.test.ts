import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Impostors } from '../grader/engine/impostors.ts'
import { listSlugs, loadHiddenTests, places, ROOT } from '../grader/engine/projects.ts'

/** What each part of the grader may import, beside itself. */
const MAY_IMPORT: Record<string, string[]> = {
  engine: [],
  programs: ['engine'],
  protocols: ['engine', 'programs'],
  models: ['engine', 'programs', 'protocols'],
  'hidden-tests': ['engine', 'programs', 'protocols', 'models'],
  cohort: ['engine', 'programs'],
  reports: ['engine', 'cohort'],
  authoring: ['engine', 'programs'],
  proofs: ['engine', 'programs', 'protocols', 'models', 'hidden-tests', 'authoring'],
  commands: ['engine', 'programs', 'models', 'cohort', 'reports', 'authoring', 'proofs'],
}

function sources(folder: string): string[] {
  const names = fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.ts')).map((name) => path.join(folder, name))
}

const lines = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8').split('\n').length - 1

describe('the house', () => {
  it.each(Object.keys(MAY_IMPORT))('grader/%s imports only what it may', (part) => {
    const wrong = sources(`grader/${part}`).flatMap((file) => {
      const imported = [
        ...fs.readFileSync(path.join(ROOT, file), 'utf8').matchAll(/(?:from|import|load<[^>]*>)\s*\(?'(\.[^']+)'/g),
      ]
      const parts = imported.map(
        ([, target]) =>
          path
            .relative(path.join(ROOT, 'grader'), path.resolve(ROOT, path.dirname(file), target as string))
            .split('/')[0] as string,
      )
      return parts
        .filter((other) => other !== part && !MAY_IMPORT[part]?.includes(other))
        .map((other) => `${file} imports ${other}`)
    })
    expect(wrong).toEqual([])
  })

  it('keeps its files small', () => {
    const long = [...sources('grader'), ...sources('solutions'), ...sources('tests')].filter((file) => {
      // A list of impostors is as long as the list of checks.
      if (file.endsWith('/impostors.ts')) return false
      const limit = file.includes('hidden-tests') ? 400 : 300
      return lines(file) > limit
    })
    expect(long).toEqual([])
  })

  it('waits for conditions, never for the clock', () => {
    const waiting = sources('grader/hidden-tests').filter((file) =>
      /setTimeout|setInterval|\bsleep\(|Atomics\.wait/.test(fs.readFileSync(path.join(ROOT, file), 'utf8')),
    )
    expect(waiting).toEqual([])
  })

  it.each(listSlugs())('%s has all its places', (slug) => {
    const wanted = [
      places.spec(slug),
      places.manifest(slug),
      places.hiddenTests(slug),
      places.impostors(slug),
      path.join(places.solution(slug), 'run.sh'),
    ]
    expect(wanted.filter((file) => !fs.existsSync(file))).toEqual([])
    expect(fs.readFileSync(path.join(places.stages(), slug.split('/')[0] as string, 'README.md'), 'utf8')).toContain(
      `(${slug.split('/')[1]}/README.md)`,
    )
  })

  // What each of them comes to only a proof can say; that it still fits its reference, and that every check has one, is seen at once.
  it.each(listSlugs())('%s has an impostor for every check, and each fits the reference as it is', async (slug) => {
    const { impostors }: Impostors = (await import(pathToFileURL(places.impostors(slug)).href)).default
    const misfits = impostors.filter(({ file = 'main.ts', find }) => {
      const source = file.startsWith('#lib/')
        ? path.join(places.library(), file.slice(5))
        : path.join(places.solution(slug), file)
      return fs.readFileSync(source, 'utf8').split(find).length !== 2
    })
    expect(misfits.map(({ id }) => id)).toEqual([])
    const caught = new Set(impostors.map(({ caughtBy }) => caughtBy))
    const { tiers } = await loadHiddenTests(slug)
    const checks = tiers.flatMap((tier) => tier.checks.map(({ id }) => id))
    expect(checks.filter((id) => !caught.has(id))).toEqual([])
    expect([...caught].filter((id) => !checks.includes(id))).toEqual([])
  })

  // docs/trust.md: whoever doubts a defence can run its test.
  it('names a test, that there is, for each defence', () => {
    const page = fs.readFileSync(path.join(ROOT, 'docs/trust.md'), 'utf8')
    const [defended = ''] = page.split('## What it does not stop')
    const defences = defended.split('\n').filter((line) => line.startsWith('- '))
    const LINK = /\]\(\.\.\/(tests\/[^ )]+) "([^"]+)"\)/g
    expect(defences.filter((line) => !line.match(LINK))).toEqual([])
    const missing = [...page.matchAll(LINK)].filter(
      ([, file = '', name = '']) => !fs.readFileSync(path.join(ROOT, file), 'utf8').includes(name),
    )
    expect(missing.map(([link]) => link)).toEqual([])
  })
})
