import fs from 'node:fs'
import path from 'node:path'
import { fingerprint } from '../engine/fingerprint.ts'
import { type Project, places, ROOT } from '../engine/projects.ts'
import type { ProjectProof } from './prove-project.ts'

/** What every proof rests on, beside the four places of its project. */
const COMMON = [
  'grader/engine',
  'grader/programs',
  'grader/protocols',
  'grader/models',
  'grader/proofs',
  'grader/authoring',
  'solutions/lib',
  'templates/starters',
]

/** The files and folders that decide how the proof of a project comes out, relative to the repository. */
export function basis(slug: string): string[] {
  const tests = [places.hiddenTests(slug), places.testParts(slug)]
  const own = [path.dirname(places.manifest(slug)), ...tests, places.solution(slug)]
  return [...COMMON, ...own.map((file) => path.relative(ROOT, file))]
}

/** Proofs that succeeded, kept between calls so that a long run can be resumed. */
export class ProofRecord {
  private readonly how: string

  /** @param how what was asked for: parts, sample. A proof of less does not stand for a proof of more. */
  constructor(how: unknown) {
    this.how = JSON.stringify(how)
  }

  find(project: Project): ProjectProof | undefined {
    try {
      const { key, proof } = JSON.parse(fs.readFileSync(fileOf(project), 'utf8'))
      return key === this.keyOf(project) ? proof : undefined
    } catch {
      return undefined
    }
  }

  keep(project: Project, proof: ProjectProof): void {
    if (proof.problems.length > 0 || !proof.complete) return
    fs.mkdirSync(path.dirname(fileOf(project)), { recursive: true })
    fs.writeFileSync(fileOf(project), JSON.stringify({ key: this.keyOf(project), proof }))
  }

  private keyOf({ slug }: Project): string {
    return fingerprint(basis(slug), ROOT, this.how)
  }
}

const fileOf = ({ slug }: Project) => path.join(places.state(), 'proofs', `${slug}.json`)
