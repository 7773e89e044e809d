import type { Complaints } from '#lib/io.ts'
import { runProgram } from '#lib/program.ts'
import { Actions } from './actions.ts'
import { Parser } from './expression.ts'
import { Walker, type WalkOptions } from './walk.ts'

const USAGE = 'usage: find [-L] [PATH]... [EXPRESSION]'

function main(args: string[], complaints: Complaints): number {
  const follow = args[0] === '-L'
  const words = follow ? args.slice(1) : args
  const firstOfExpression = words.findIndex((word) => /^(-.|[!(]$)/.test(word))
  const end = firstOfExpression < 0 ? words.length : firstOfExpression
  const starts = end === 0 ? ['.'] : words.slice(0, end)

  const options: WalkOptions = { follow, minDepth: 0, maxDepth: Number.POSITIVE_INFINITY, depthFirst: false }
  const actions = new Actions(complaints)
  const test = new Parser(words.slice(end), options, actions).parse()
  const walker = new Walker(options, complaints, test)
  for (const start of starts) walker.walk(start)
  actions.finish()
  return complaints.status
}

runProgram('find', USAGE, main)
