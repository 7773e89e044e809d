import fs from 'node:fs'
import path from 'node:path'
import { reason, STDIN, STDOUT, writeAll } from '#lib/io.ts'
import { evaluate } from './conditions.ts'
import { readLine } from './input.ts'
import { lookUp } from './processes.ts'
import { type Descriptors, Exit, type Shell } from './shell.ts'

/** A command that is part of the shell, since no other process could do it (or since it is too small to start one for). @returns its status. */
export type Builtin = (shell: Shell, operands: string[], descriptors: Descriptors) => number | Promise<number>

class BuiltinFailure extends Error {}

const NOT_FOUND = 127

function print(descriptors: Descriptors, text: string): void {
  const fd = descriptors.get(STDOUT)
  if (fd === undefined) throw new BuiltinFailure('standard output is closed')
  writeAll(fd, Buffer.from(text))
}

function cd(shell: Shell, [operand]: string[], descriptors: Descriptors): number {
  const back = operand === '-'
  const target = (back ? shell.value('OLDPWD') : (operand ?? shell.value('HOME'))) ?? ''
  const before = workingFolder(shell)
  const after = path.resolve(before, target)
  try {
    process.chdir(after)
  } catch (error) {
    throw new BuiltinFailure(`${target}: ${reason(error)}`)
  }
  shell.variables.set('OLDPWD', before)
  shell.variables.set('PWD', after)
  if (back) print(descriptors, `${after}\n`)
  return 0
}

function pwd(shell: Shell, _: string[], descriptors: Descriptors): number {
  print(descriptors, `${workingFolder(shell)}\n`)
  return 0
}

/** The folder by the name that led to it, which may go through links. What stands in PWD is believed only if it is true. */
function workingFolder(shell: Shell): string {
  const name = shell.value('PWD') ?? ''
  const [here, there] = [fs.statSync('.'), fs.statSync(name || '.', { throwIfNoEntry: false })]
  return path.isAbsolute(name) && there?.ino === here.ino && there.dev === here.dev ? name : process.cwd()
}

function exportNames(shell: Shell, operands: string[]): number {
  for (const operand of operands) {
    const [name = '', ...value] = operand.split('=')
    if (value.length > 0) shell.variables.set(name, value.join('='))
    shell.exported.add(name)
  }
  return 0
}

function unset(shell: Shell, names: string[]): number {
  for (const name of names) {
    shell.variables.delete(name)
    shell.exported.delete(name)
  }
  return 0
}

function echo(_: Shell, operands: string[], descriptors: Descriptors): number {
  const bare = operands[0] === '-n'
  print(descriptors, operands.slice(bare ? 1 : 0).join(' ') + (bare ? '' : '\n'))
  return 0
}

function type(shell: Shell, names: string[], descriptors: Descriptors): number {
  let status = 0
  for (const name of names) {
    const file = lookUp(name, shell.value('PATH'))
    if (builtins.has(name)) print(descriptors, `${name} is a shell builtin\n`)
    else if (file !== undefined) print(descriptors, `${name} is ${file}\n`)
    else {
      shell.complain(descriptors, `type: ${name}: not found`)
      status = NOT_FOUND
    }
  }
  return status
}

/** Reads a line and shares it out: a field for each name, and all that is left over for the last one. */
async function read(shell: Shell, operands: string[], descriptors: Descriptors): Promise<number> {
  const raw = operands[0] === '-r'
  const names = raw ? operands.slice(1) : operands
  const fd = descriptors.get(STDIN)
  if (fd === undefined) throw new BuiltinFailure('standard input is closed')
  let line = await readLine(fd)
  // A backslash before the newline joins the next line to this one.
  while (!raw && /(^|[^\\])(\\\\)*\\\n$/.test(line)) line = line.slice(0, -2) + (await readLine(fd))
  const values = shareOut(line.replace(/\n$/, ''), names.length, shell.value('IFS') ?? ' \t\n', raw)
  for (const [n, name] of names.entries()) shell.variables.set(name, values[n] ?? '')
  return line.endsWith('\n') ? 0 : 1
}

function shareOut(line: string, count: number, separators: string, raw: boolean): string[] {
  // Characters behind a backslash separate nothing.
  const characters = raw ? [...line] : (line.match(/\\?./gsu) ?? [])
  const isBlank = (character: string | undefined) =>
    character !== undefined && ' \t\n'.includes(character) && separators.includes(character)
  const isSeparator = (character: string | undefined) => character !== undefined && separators.includes(character)
  const values: string[] = []
  let at = 0
  const skip = () => {
    while (isBlank(characters[at])) at += 1
  }
  skip()
  while (values.length < count - 1) {
    const from = at
    while (at < characters.length && !isSeparator(characters[at])) at += 1
    values.push(plain(characters.slice(from, at)))
    skip()
    if (isSeparator(characters[at])) at += 1
    skip()
  }
  let end = characters.length
  while (end > at && isBlank(characters[end - 1])) end -= 1
  const rest = characters.slice(at, end)
  // A separator that only ends the last field is no part of it; between others it is.
  if (rest.findIndex(isSeparator) === rest.length - 1) rest.pop()
  values.push(plain(rest))
  return values
}

const plain = (characters: string[]) =>
  characters.map((character) => (character.length > 1 ? character.slice(1) : character)).join('')

async function wait(shell: Shell, operands: string[]): Promise<number> {
  if (operands.length === 0) {
    await Promise.all(shell.jobs.values())
    shell.jobs.clear()
    return 0
  }
  let status = 0
  for (const pid of operands) status = (await shell.jobs.get(pid)) ?? NOT_FOUND
  return status
}

export const builtins = new Map<string, Builtin>([
  [':', () => 0],
  ['[', (_, operands) => evaluate(operands.at(-1) === ']' ? operands.slice(0, -1) : undefined)],
  ['cd', cd],
  ['echo', echo],
  [
    'exit',
    (shell, [status]) => {
      throw new Exit(status === undefined ? shell.status : Number(status) & 255)
    },
  ],
  ['export', exportNames],
  ['false', () => 1],
  ['pwd', pwd],
  ['read', read],
  ['test', (_, operands) => evaluate(operands)],
  ['true', () => 0],
  ['type', type],
  ['unset', unset],
  ['wait', wait],
])
