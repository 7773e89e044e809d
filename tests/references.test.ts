import { afterAll, expect, it } from 'vitest'
import { manifestProblems } from '../grader/authoring/manifests.ts'
import { loadProjects } from '../grader/engine/projects.ts'
import { leave } from '../grader/programs/workroom.ts'
import { referenceProblems } from '../grader/proofs/reference.ts'

afterAll(leave)

it.each(loadProjects())('$slug has a manifest that keeps to its schema', ({ slug }) => {
  expect(manifestProblems(slug)).toEqual([])
})

// Most of their time they wait: a few at a time.
it.concurrent.each(loadProjects())('$slug has a reference that earns its stars', { timeout: 300_000 }, async (project) => {
  // A cluster is killed, cut and paused for longer than all the others together: here it gets half of that, in `npm run prove` all.
  const tiers = project.manifest.interface === 'cluster' ? 2 : 4
  expect(await referenceProblems(project, String(Date.now()), { upTo: tiers })).toEqual([])
})
