import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest comes first, so that all workers end at about the same time. */
const LONG = ['references', 'cohort/cohort', 'commands/author', 'gallery/gallery', 'workflows/prove']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`)) >>> 0
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Processes rather than threads: a thread keeps its own account of open descriptors, which does not know of those that become sockets.
    pool: 'forks',
    // Most of their time they wait for programs: two cores keep up with three of them. The checks of speed bear company (see the proofs of stability).
    maxWorkers: 3,
    maxConcurrency: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
