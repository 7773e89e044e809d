import fs from 'node:fs'
import path from 'node:path'
import { places } from '../engine/projects.ts'
import { folderSubmission, type Submission } from '../programs/submission.ts'

/** The files of a reference that the program is made from. */
export function programFiles(slug: string): string[] {
  const files = fs.readdirSync(places.solution(slug), { withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ name }) => name).filter((name) => !['impostors.ts', 'equivalent.ts'].includes(name))
}

/** What references share, which each imports as `#lib/…`. */
const LIBRARY = '#lib/'

/** What this process has made: another one may be proving something else of the same project. */
const made = new Set<string>()

/**
 * A copy of a reference under `.grade/`, where its imports still resolve, with some of its files changed. A file of the library may be changed too
 * (`#lib/session.ts`): then the copy has a library of its own.
 */
export function makeVariant(slug: string, name: string, change: (file: string, source: string) => string): Submission {
  const to = path.join(places.state(), 'variants', slug, name)
  made.add(to)
  fs.rmSync(to, { recursive: true, force: true })
  fs.mkdirSync(to, { recursive: true })
  copy(places.solution(slug), programFiles(slug), to, change)
  const library = places.library()
  const files = fs.readdirSync(library)
  let isChanged = false
  const changeLibrary = (file: string, source: string) => {
    const changed = change(LIBRARY + file, source)
    isChanged ||= changed !== source
    return changed
  }
  fs.mkdirSync(path.join(to, 'lib'))
  copy(library, files, path.join(to, 'lib'), changeLibrary)
  if (isChanged)
    fs.writeFileSync(path.join(to, 'package.json'), JSON.stringify({ type: 'module', imports: { [`${LIBRARY}*`]: './lib/*' } }))
  else fs.rmSync(path.join(to, 'lib'), { recursive: true })
  return folderSubmission('solution', to)
}

function copy(from: string, files: string[], to: string, change: (file: string, source: string) => string): void {
  for (const file of files) {
    const source = path.join(from, file)
    fs.writeFileSync(path.join(to, file), change(file, fs.readFileSync(source, 'utf8')), { mode: fs.statSync(source).mode })
  }
}

/** Removes all variants that were made. */
export function removeVariants(): void {
  for (const folder of made) fs.rmSync(folder, { recursive: true, force: true })
  made.clear()
}
