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

/**
 * A copy of a reference under `.grade/`, where its imports still resolve, with some of its files changed. A file of the library may be changed too
 * (`#lib/session.ts`): then the copy has a library of its own.
 */
export function makeVariant(slug: string, name: string, change: (file: string, source: string) => string): Submission {
  const to = path.join(places.state(), 'variants', slug, name)
  fs.rmSync(to, { recursive: true, force: true })
  fs.mkdirSync(to, { recursive: true })
  copy(places.solution(slug), programFiles(slug), to, change)
  const library = places.library()
  const files = fs.readdirSync(library)
  const isChanged = files.some((file) => {
    const source = fs.readFileSync(path.join(library, file), 'utf8')
    return change(LIBRARY + file, source) !== source
  })
  if (isChanged) {
    fs.mkdirSync(path.join(to, 'lib'))
    copy(library, files, path.join(to, 'lib'), (file, source) => change(LIBRARY + file, source))
    fs.writeFileSync(path.join(to, 'package.json'), JSON.stringify({ type: 'module', imports: { [`${LIBRARY}*`]: './lib/*' } }))
  }
  return folderSubmission('solution', to)
}

function copy(from: string, files: string[], to: string, change: (file: string, source: string) => string): void {
  for (const file of files) {
    const source = path.join(from, file)
    fs.writeFileSync(path.join(to, file), change(file, fs.readFileSync(source, 'utf8')), { mode: fs.statSync(source).mode })
  }
}

export function removeVariants(slug: string): void {
  fs.rmSync(path.join(places.state(), 'variants', slug), { recursive: true, force: true })
}
