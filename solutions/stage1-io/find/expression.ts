import fs from 'node:fs'
import { Glob } from '#lib/glob.ts'
import { reason } from '#lib/io.ts'
import { UsageError } from '#lib/options.ts'
import { FatalError } from '#lib/program.ts'
import type { Actions } from './actions.ts'
import { decode, type Entry, statOf } from './entry.ts'
import type { WalkOptions } from './walk.ts'

export type Test = (entry: Entry) => boolean

const SIZE_UNITS: Record<string, number> = { c: 1, w: 2, '': 512, b: 512, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }
const DAY = 24 * 60 * 60 * 1000

/**
 * Reads an expression, each rule of its grammar in a function of its own:
 *
 *     either := all { -o all }      all := factor { [-a] factor }      factor := ! factor | ( either ) | primary
 */
export class Parser {
  private readonly words: string[]
  private readonly options: WalkOptions
  private readonly actions: Actions
  private readonly now = Date.now()
  private at = 0
  /** Something is done with the files: then they are not printed unasked. */
  private acts = false

  /** @param options are set by the words that say how to walk, wherever they stand. */
  constructor(words: string[], options: WalkOptions, actions: Actions) {
    this.words = words
    this.options = options
    this.actions = actions
  }

  parse(): Test {
    const print: Test = (entry) => this.actions.print(entry, '\n')
    if (this.words.length === 0) return print
    const test = this.either()
    if (this.at < this.words.length) throw new UsageError(`unexpected '${this.words[this.at]}'`)
    return this.acts ? test : (entry) => test(entry) && print(entry)
  }

  private either(): Test {
    const alternatives = [this.all()]
    while (this.skip('-o')) alternatives.push(this.all())
    return (entry) => alternatives.some((test) => test(entry))
  }

  private all(): Test {
    const tests = [this.factor()]
    while (this.skip('-a') || ![undefined, '-o', ')'].includes(this.words[this.at])) tests.push(this.factor())
    return (entry) => tests.every((test) => test(entry))
  }

  private factor(): Test {
    if (this.skip('!')) {
      const test = this.factor()
      return (entry) => !test(entry)
    }
    if (!this.skip('(')) return this.primary(this.next('expression'))
    const test = this.either()
    if (!this.skip(')')) throw new UsageError("missing ')'")
    return test
  }

  private primary(name: string): Test {
    const argument = () => this.next(`argument of ${name}`)
    switch (name) {
      case '-name':
        return this.pattern(argument(), (entry) => entry.baseName)
      case '-iname':
        return this.pattern(argument(), (entry) => entry.baseName, true)
      case '-path':
        return this.pattern(argument(), (entry) => entry.path)
      case '-type':
        return ofType(argument())
      case '-size':
        return ofSize(argument())
      case '-mtime': {
        const matches = amount(argument())
        return ({ stat }) => matches(Math.floor((this.now - Number(stat.mtimeMs)) / DAY))
      }
      case '-newer': {
        const { mtimeNs } = this.statOf(argument())
        return ({ stat }) => stat.mtimeNs > mtimeNs
      }
      case '-empty':
        return isEmpty
      case '-maxdepth':
        return this.setting('maxDepth', argument())
      case '-mindepth':
        return this.setting('minDepth', argument())
      case '-depth':
        this.options.depthFirst = true
        return () => true
      case '-prune':
        return prune
      case '-print':
        return this.action((entry) => this.actions.print(entry, '\n'))
      case '-print0':
        return this.action((entry) => this.actions.print(entry, '\0'))
      case '-delete':
        this.options.depthFirst = true
        return this.action((entry) => this.actions.delete(entry))
      case '-exec':
        return this.action(this.command())
      default:
        throw new UsageError(`unknown predicate '${name}'`)
    }
  }

  private action(action: Test): Test {
    this.acts = true
    return action
  }

  private pattern(pattern: string, textOf: (entry: Entry) => string, ignoreCase = false): Test {
    const glob = new Glob(pattern, { ignoreCase })
    return (entry) => glob.matches(decode(textOf(entry)))
  }

  private setting(name: 'minDepth' | 'maxDepth', text: string): Test {
    if (!/^\d+$/.test(text)) throw new UsageError(`not a depth: '${text}'`)
    this.options[name] = Number(text)
    return () => true
  }

  private statOf(file: string): fs.BigIntStats {
    try {
      return statOf(file, this.options.follow)
    } catch (error) {
      throw new FatalError(`${file}: ${reason(error)}`)
    }
  }

  /** `-exec COMMAND ;` or `-exec COMMAND {} +`: a plus sign elsewhere is a word like others. */
  private command(): Test {
    const words: string[] = []
    for (;;) {
      const word = this.next("';' after -exec")
      if (word === '+' && words.length > 1 && words.at(-1) === '{}') return this.actions.batch(words.slice(0, -1))
      if (word === ';' && words.length > 0) return (entry) => this.actions.run(words, entry)
      words.push(word)
    }
  }

  private next(what: string): string {
    const word = this.words[this.at]
    if (word === undefined) throw new UsageError(`missing ${what}`)
    this.at += 1
    return word
  }

  private skip(word: string): boolean {
    const isHere = this.words[this.at] === word
    if (isHere) this.at += 1
    return isHere
  }
}

/** `5` exactly, `+5` more, `-5` less. */
function amount(text: string): (value: number) => boolean {
  const [, sign, digits] = /^([+-]?)(\d+)$/.exec(text) ?? []
  if (digits === undefined) throw new UsageError(`not a number: '${text}'`)
  const wanted = Number(digits)
  if (sign === '+') return (value) => value > wanted
  return sign === '-' ? (value) => value < wanted : (value) => value === wanted
}

function ofType(letter: string): Test {
  if (!/^[bcdflps]$/.test(letter)) throw new UsageError(`unknown type '${letter}'`)
  return (entry) => entry.type === letter
}

/** Sizes are in whole units, begun ones counted: a file of one byte is one kilobyte. */
function ofSize(text: string): Test {
  const [, number = '', letter = ''] = /^(.*?)([cwbkMG]?)$/.exec(text) ?? []
  const unit = SIZE_UNITS[letter] as number
  const matches = amount(number)
  return ({ stat }) => matches(Math.ceil(Number(stat.size) / unit))
}

function isEmpty(entry: Entry): boolean {
  if (entry.type === 'd') return fs.readdirSync(entry.file).length === 0
  return entry.type === 'f' && entry.stat.size === 0n
}

function prune(entry: Entry): boolean {
  entry.pruned = true
  return true
}
