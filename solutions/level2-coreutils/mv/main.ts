import { destinations } from '#lib/destination.ts'
import type { Complaints } from '#lib/io.ts'
import { parseCommandLine } from '#lib/options.ts'
import { runProgram } from '#lib/program.ts'
import { Mover } from './mover.ts'

const USAGE = 'usage: mv [-finuv] SOURCE TARGET\n       mv [-finuv] [-t FOLDER] SOURCE... [FOLDER]'

function main(args: string[], complaints: Complaints): number {
  const { options, operands } = parseCommandLine(args, 'fint:uv')
  const letters = options.map((option) => option.name)
  const folder = options.findLast((option) => option.name === 't')?.value
  const mover = new Mover(
    {
      existing: letters.findLast((letter) => 'fin'.includes(letter)),
      update: letters.includes('u'),
      verbose: letters.includes('v'),
    },
    complaints,
  )
  for (const [source, target] of destinations(operands, folder)) mover.move(source, target)
  return complaints.status
}

runProgram('mv', USAGE, main)
