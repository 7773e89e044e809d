import { afterAll, describe, expect, it } from 'vitest'
import { manifestProblems } from '../grader/authoring/manifests.ts'
import { loadProjects } from '../grader/engine/projects.ts'
import { leave } from '../grader/programs/workroom.ts'
import { referenceProblems } from '../grader/proofs/reference.ts'

afterAll(leave)

describe.each(loadProjects())('$slug', (project) => {
  it('has a manifest that keeps to its schema', () => {
    expect(manifestProblems(project.slug)).toEqual([])
  })

  // A cluster is killed, cut and paused for longer than all the others together: here it gets half of that, in `npm run prove` all.
  const tiers = project.manifest.interface === 'cluster' ? 2 : 4

  it(`has a reference that earns ${tiers} stars`, async () => {
    expect(await referenceProblems(project, String(Date.now()), tiers)).toEqual([])
  })
})
