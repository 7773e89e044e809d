import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Nothing here keeps state in modules that another file could trip over, and starting a worker for each file costs more than most files.
    // Processes rather than threads: a thread keeps its own account of open descriptors, which does not know of those that become sockets.
    pool: 'forks',
    isolate: false,
    // By itself vitest leaves one core free. The checks of speed bear company (see the proofs of stability).
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
