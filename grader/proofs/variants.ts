import fs from 'node:fs'
import path from 'node:path'
import { places } from '../engine/projects.ts'
import { folderSubmission, type Submission } from '../programs/submission.ts'

/** The files of a reference that the program is made from. */
export function programFiles(slug: string): string[] {
  const files = fs.readdirSync(places.solution(slug), { withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ name }) => name).filter((name) => !['impostors.ts', 'equivalent.ts'].includes(name))
}

/** A copy of a reference under `.grade/`, where its imports still resolve, with some of its files changed. */
export function makeVariant(slug: string, name: string, change: (file: string, source: string) => string): Submission {
  const from = places.solution(slug)
  const to = path.join(places.state(), 'variants', slug, name)
  fs.rmSync(to, { recursive: true, force: true })
  fs.mkdirSync(to, { recursive: true })
  for (const file of programFiles(slug)) {
    const source = path.join(from, file)
    fs.writeFileSync(path.join(to, file), change(file, fs.readFileSync(source, 'utf8')), { mode: fs.statSync(source).mode })
  }
  return folderSubmission('solution', to)
}

export function removeVariants(slug: string): void {
  fs.rmSync(path.join(places.state(), 'variants', slug), { recursive: true, force: true })
}
