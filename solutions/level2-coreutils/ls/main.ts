import { isatty } from 'node:tty'
import { type Complaints, STDOUT } from '#lib/io.ts'
import { parseCommandLine } from '#lib/options.ts'
import { runProgram } from '#lib/program.ts'
import { type Layout, Lister } from './lister.ts'

const USAGE = 'usage: ls [-1AaCdFhilnRrSt] [FILE]...'
const USUAL_WIDTH = 80

/** The last letter wins, except that -1 has nothing to say once -l asked for lines. */
function layoutOf(letters: string[], usual: Layout): Layout {
  let layout = usual
  for (const letter of letters) {
    if (letter === 'l' || letter === 'n') layout = 'long'
    if (letter === 'C') layout = 'columns'
    if (letter === '1' && layout !== 'long') layout = 'lines'
  }
  return layout
}

function main(args: string[], complaints: Complaints): number {
  const { options, operands } = parseCommandLine(args, '1AaCdFhilnRrSt')
  const letters = options.map((option) => option.name)
  const last = (choice: string) => letters.findLast((letter) => choice.includes(letter))
  const toTerminal = isatty(STDOUT)
  const lister = new Lister(
    {
      hidden: last('aA'),
      layout: layoutOf(letters, toTerminal ? 'columns' : 'lines'),
      width: Number(process.env.COLUMNS) || (toTerminal && process.stdout.columns) || USUAL_WIDTH,
      toTerminal,
      order: last('St'),
      reverse: letters.includes('r'),
      recursive: letters.includes('R'),
      foldersAsFiles: letters.includes('d'),
      classify: letters.includes('F'),
      inodes: letters.includes('i'),
      human: letters.includes('h'),
      numericIds: letters.includes('n'),
    },
    complaints,
  )
  lister.list((operands.length > 0 ? operands : ['.']).map((operand) => Buffer.from(operand)))
  return complaints.status
}

runProgram('ls', USAGE, main)
