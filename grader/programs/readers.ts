import { expect } from '../engine/expect.ts'
import type { Kit } from './kit.ts'

/**
 * Runs a program on a large file whose output's reader leaves at the first bytes, as in `tail -n +1 big.log | head -1`: it must end soon, and quietly.
 * @param file on the command line, and in the scratch folder; most of it need not be read.
 * @param start what the output begins with.
 */
export async function endsWithItsReader(
  { program, scratch }: Kit,
  { args, file, start }: { args: string[]; file: string; start: string },
): Promise<void> {
  const { size } = scratch.stat(file)
  const seen: Buffer[] = []
  const onOutput = (piece: Buffer) => {
    seen.push(piece)
    live.closeOutput()
  }
  const live = program.start(args, { onOutput, limits: { output: 2 * size } })
  const run = await live.end()
  const why = 'Its reader was gone after the first bytes.'
  expect(Buffer.concat(seen).subarray(0, start.length), 'What came before the reader left').toBeText(start)
  expect(run.exit.bytesRead, `The number of bytes that \`${run.command}\` read`, why).toBeAtMost(size / 4, 'bytes')
  expect(run.stderr.toString().split('\n').length, 'The number of lines on standard error', why).toBeAtMost(2, 'lines')
}
