import { destinations } from '#lib/destination.ts'
import type { Complaints } from '#lib/io.ts'
import { parseCommandLine } from '#lib/options.ts'
import { runProgram } from '#lib/program.ts'
import { Copier } from './copier.ts'

const USAGE = 'usage: cp [-afiLlnPpRrsu] SOURCE TARGET\n       cp [-afiLlnPpRrsu] [-t FOLDER] SOURCE... [FOLDER]'

function main(args: string[], complaints: Complaints): number {
  const { options, operands } = parseCommandLine(args, 'afiLlnPpRrst:u')
  const letters = options.map((option) => option.name)
  const last = (choice: string) => letters.findLast((letter) => choice.includes(letter))
  const has = (choice: string) => last(choice) !== undefined
  const copier = new Copier(
    {
      recursive: has('aRr'),
      // A tree is copied as it is, links and all; a link named alone stands for its file.
      follow: last('aLP') === 'L' || !has('aPRr'),
      preserve: has('ap'),
      keepHardLinks: has('a'),
      existing: last('in'),
      force: has('f'),
      update: has('u'),
      linkInstead: last('ls'),
    },
    complaints,
  )
  const folder = options.findLast((option) => option.name === 't')?.value
  for (const [source, target] of destinations(operands, folder)) copier.copy(source, target)
  return complaints.status
}

runProgram('cp', USAGE, main)
