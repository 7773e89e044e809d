import fs from 'node:fs'
import path from 'node:path'
import * as engine from '../engine/check.ts'
import { Skipped } from '../engine/failure.ts'
import type { Workplace } from '../engine/grade.ts'
import { type Random, randomFrom } from '../engine/random.ts'
import type { Figure } from '../engine/report.ts'
import { keepFiles } from './kept-files.ts'
import type { Exit } from './process.ts'
import { Program } from './program.ts'
import { Scratch } from './scratch.ts'
import type { Submission } from './submission.ts'
import { Transcript } from './transcript.ts'
import { makeFolder, removeFolder } from './workroom.ts'

export { expect } from '../engine/expect.ts'
export { Failure } from '../engine/failure.ts'

/** What a check of the interface `command` has to work with. */
export interface Kit {
  program: Program
  random: Random
  scratch: Scratch
  /** Notes a figure for the report; it decides nothing. */
  measure(figure: Figure): void
  /** Has something done when the check ends, however it ends. */
  onClose(what: () => void): void
  /** Ends the check with verdict `skip`: this machine lacks what it needs. */
  skip(missing: string): never
}

export const hiddenTests = engine.hiddenTests<Kit>
export const tier = engine.tier<Kit>
export const check = engine.check<Kit>

/** What all checks of one grading have in common. */
export interface Session {
  name: string
  slug: string
  submission: Submission
  seed: string
  sandbox: boolean
  patience: number
  onFigure?: (figure: Figure) => void
  onRun?: (exit: Exit) => void
  /** The folder for what failed checks have made of their files. */
  keep?: string | undefined
}

/** Lays out the folders of one check and the kit that works in them. */
export async function openWorkplace(check: engine.Check<Kit>, session: Session): Promise<Workplace<Kit>> {
  const dir = makeFolder(check.id)
  const [work, tmp, home] = ['work', 'tmp', 'home'].map((name) => path.join(dir, name)) as [string, string, string]
  for (const folder of [work, tmp, home]) fs.mkdirSync(folder)
  const transcript = new Transcript()
  const scratch = new Scratch(work, transcript)
  const { submission, sandbox, name, patience, onRun } = session
  const context = { name, submission, scratch, tmp, home, sandbox, transcript, patience, ...(onRun && { onRun }) }
  const program = new Program(context)
  const closing: (() => void)[] = []
  const kit: Kit = {
    program,
    random: randomFrom(`${session.seed}/${session.slug}/${check.id}`),
    scratch,
    measure: (figure) => session.onFigure?.(figure),
    onClose: (what) => closing.push(what),
    skip(missing) {
      throw new Skipped(missing)
    },
  }
  return {
    kit,
    transcript: () => transcript.lines,
    async close(failed = false) {
      for (const what of closing) what()
      await program.close()
      const kept = failed && session.keep ? keepFiles(work, path.join(session.keep, check.id)) : undefined
      await scratch.close()
      await removeFolder(dir)
      return kept
    },
  }
}
