#!/usr/bin/env node
// Node from 22.18 on strips types by itself; tsx does it for the ones before.
import { createRequire } from 'node:module'

const args = process.argv.slice(2)
if (process.features.typescript) {
  await (await import('./main.ts')).main(args)
} else {
  const require = createRequire(import.meta.url)
  require('tsx/cjs/api').register()
  globalThis[Symbol.for('grader.require')] = require
  await require('./main.ts').main(args)
}
