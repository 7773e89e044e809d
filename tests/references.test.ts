import { afterAll, describe, expect, it } from 'vitest'
import { manifestProblems } from '../grader/authoring/manifests.ts'
import { loadProjects } from '../grader/engine/projects.ts'
import { allChecks } from '../grader/engine/report.ts'
import { gradeSubmission } from '../grader/programs/grade-submission.ts'
import { chooseSubmission } from '../grader/programs/submission.ts'
import { leave } from '../grader/programs/workroom.ts'

afterAll(leave)

describe.each(loadProjects())('$slug', (project) => {
  it('has a manifest that keeps to its schema', () => {
    expect(manifestProblems(project.slug)).toEqual([])
  })

  // A cluster is killed, cut and paused for longer than all the others together: here it gets half of that, in `npm run prove` all.
  const tiers = project.manifest.interface === 'cluster' ? 2 : 4

  it(`has a reference that earns ${tiers} stars`, async () => {
    const report = await gradeSubmission(project, chooseSubmission(project.slug, { solution: true }), {
      seed: String(Date.now()),
      allTiers: true,
      upTo: tiers,
    })
    const bad = allChecks(report).filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
    expect(bad.map(({ id, message }) => `seed ${report.seed}, ${id}: ${message}`)).toEqual([])
    expect(report.stars).toBe(tiers)
  })
})
