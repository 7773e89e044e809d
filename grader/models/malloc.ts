import { Failure } from '../engine/failure.ts'
import { driver } from '../programs/driver.ts'
import type { Kit } from '../programs/kit.ts'
import type { Run } from '../programs/run.ts'

const LONG = 60_000

/** Has the driver (`grader/programs/drivers/malloc.c`) use the library in one of its ways. */
export async function drive(kit: Kit, mode: string, ...numbers: number[]): Promise<Run> {
  return kit.program.run([driver(kit, 'malloc'), mode, ...numbers.map(String)], { limits: { time: LONG } })
}

/** The same with the C library's own malloc, as a yardstick. */
export async function driveSystem(kit: Kit, mode: string, ...numbers: number[]): Promise<Run> {
  return kit.program.plain([driver(kit, 'malloc'), mode, ...numbers.map(String)], { limits: { time: LONG } })
}

/** It must get to its end and find nothing wrong. @returns the figures that it printed. */
export async function drivesWell(kit: Kit, mode: string, ...numbers: number[]): Promise<Record<string, number>> {
  return figuresOf(await drive(kit, mode, ...numbers))
}

/** @throws {Failure} the driver found something wrong, or did not get to its end. */
export function figuresOf(run: Run): Record<string, number> {
  const text = run.stdout.toString()
  const wrong = /^wrong: (.*)$/m.exec(text)?.[1]
  if (wrong !== undefined) {
    throw new Failure(`A program that uses your library found something wrong: ${wrong}.`, {
      expected: 'what malloc(3) promises',
      actual: wrong,
    })
  }
  run.succeeds({ why: 'A program that does nothing forbidden runs on your library.' })
  if (!/^done$/m.test(text)) {
    throw new Failure('A program that was run with your library did not get to its end.', {
      expected: '… done',
      actual: text || '(nothing)',
    })
  }
  return Object.fromEntries([...text.matchAll(/(\w+)=(-?[\d.]+)/g)].map(([, name, value]) => [name as string, Number(value)]))
}

/** A program that misuses memory has to be stopped: SIGABRT, and a line on standard error. */
export function isStopped(run: Run, misuse: string): void {
  if (/^wrong: it went on$/m.test(run.stdout.toString())) {
    throw new Failure(
      `${misuse}, and nobody noticed: the program went on. Sooner or later its memory is in ruins, far from the place of the mistake.`,
      {
        expected: 'abort() with a line on standard error',
        actual: 'the program ends as if nothing had happened',
      },
    )
  }
  run.fails({ status: 134, why: `${misuse}: say so and call abort().` })
}
