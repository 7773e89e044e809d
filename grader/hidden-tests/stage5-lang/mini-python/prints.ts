import { excerpt, lastLines } from '../../../engine/difference.ts'
import { Failure, type Kit } from '../../../programs/kit.ts'
import type { Run } from '../../../programs/run.ts'

/** A piece of a program that prints one line, and that line. */
export type Piece = [code: string, line: string]

/** The file that programs are in, so that a failure can be replayed by hand. */
export const FILE = 'program.py'

/** Each expression, printed on a line of its own. */
export async function prints(kit: Kit, cases: Piece[], before = ''): Promise<void> {
  await does(
    kit,
    cases.map(([expression, line]) => [`print(${expression})`, line]),
    before,
  )
}

/** Pieces of code, one after another in the same program, each of which prints one line. */
export async function does({ program, scratch }: Kit, pieces: Piece[], before = ''): Promise<void> {
  const source = `${before}${pieces.map(([code]) => `${code}\n`).join('')}`
  const stdout = pieces.map(([, line]) => `${line}\n`).join('')
  const run = await program.run([scratch.file(FILE, source)])
  const got = run.stdout.toString().split('\n').slice(0, -1)
  const wrong = pieces.findIndex(([, line], n) => got[n] !== line)
  if (wrong >= 0) throw failureOf(run, pieces[wrong] as Piece, got[wrong], before)
  run.succeeds({ stdout })
}

function failureOf(run: Run, [code, line]: Piece, got: string | undefined, before: string): Failure {
  const shown = code.includes('\n') ? `\n${code}\n` : `\`${code}\` `
  const where = before === '' ? '' : ` (It needs what stands before it in the program: a replay keeps ${FILE}.)`
  if (got === undefined) {
    return new Failure(`The program ended before ${shown}could print its line.${where}`, {
      expected: excerpt(line, 300),
      actual: run.stderr.length > 0 ? `on standard error:\n${lastLines(run.stderr)}` : '(nothing)',
    })
  }
  return new Failure(`The program prints something wrong for ${shown.trimEnd()}.${where}`, {
    expected: excerpt(line, 300),
    actual: excerpt(got, 300),
  })
}

/** A program, and all that it prints. */
export async function runs({ program, scratch }: Kit, source: string, stdout: string, why = ''): Promise<void> {
  await program.run([scratch.file(FILE, source)]).succeeds({ stdout, why })
}

/** What a program prints before an exception ends it, and the last line on standard error: all of it, or the type, with a colon where a message must follow. */
export async function dies(kit: Kit, source: string, { stdout, last, why = '' }: { stdout: string; last: string; why?: string }) {
  const run = await kit.program.run([kit.scratch.file(FILE, source)])
  endedBy(run, { stdout, last, why })
}

export function endedBy(run: Run, { stdout, last, why }: { stdout: string; last: string; why: string }): void {
  run.fails({ stdout, names: last.split(':')[0] as string, status: 1, why })
  const told = run.stderr.toString().trimEnd().split('\n').at(-1) ?? ''
  const right = last.endsWith(':')
    ? told.startsWith(last) && told.length > last.length + 1
    : told === last || (!last.includes(':') && told.startsWith(`${last}:`))
  if (right) return
  throw new Failure(`The last line that \`${run.command}\` wrote to standard error is wrong. ${why}`.trim(), {
    expected: last.endsWith(':')
      ? `${last} and a message`
      : last.includes(':')
        ? last
        : `${last}: and a message, or ${last} alone`,
    actual: excerpt(told, 300),
  })
}

/** Code that raises an exception, and which: caught by the program itself, by the name of its class. What the language raises must have a message, too. */
export async function raises(kit: Kit, cases: [code: string, type: string][], before = ''): Promise<void> {
  const guarded = cases.map(([code, type]): Piece => {
    const body = code.split('\n').map((line) => `    ${line}`)
    const silent = type === 'StopIteration' || /^(raise|assert)/.test(code)
    const shown = silent ? '' : ", 'with a message' if str(e) else 'without a message'"
    return [
      `try:\n${body.join('\n')}\n    print('nothing was raised')\nexcept Exception as e:\n    print(type(e).__name__${shown})`,
      silent ? type : `${type} with a message`,
    ]
  })
  await does(kit, guarded, before)
}
