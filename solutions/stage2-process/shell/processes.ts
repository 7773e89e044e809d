import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Descriptors, Shell, State } from './shell.ts'
import type { List } from './syntax.ts'

const NOT_FOUND = 127
const NOT_EXECUTABLE = 126
const SIGNALLED = 128
/** Where a subshell reads what it is to do. Scripts can name descriptors 0 to 9 only. */
const MESSAGE = 10

/** What a subshell is told by the shell that started it. */
export interface Message {
  state: State
  descriptors: number[]
  list: List
}

export interface Started {
  /** Nothing, if it could not be started. */
  pid: number | undefined
  status: Promise<number>
}

/** Starts a program with these descriptors and no others. */
export function start(
  shell: Shell,
  args: string[],
  descriptors: Descriptors,
  environment: Record<string, string>,
  background = false,
): Started {
  const [name = ''] = args
  const file = lookUp(name, shell.value('PATH'))
  if (file === undefined) return refused(shell, descriptors, `${name}: not found`, NOT_FOUND)
  const child = launch(file, args, { argv0: name, stdio: stdio(descriptors), env: environment, detached: background })
  if (child?.pid === undefined) return refused(shell, descriptors, `${name}: can not be executed`, NOT_EXECUTABLE)
  return { pid: child.pid, status: statusOf(child) }
}

/** Node tells of some failures at once, and of some in an event to come; either way there is no process. */
function launch(file: string, args: string[], options: SpawnOptions): ChildProcess | undefined {
  try {
    return spawn(file, args.slice(1), options).on('error', () => {})
  } catch {
    return undefined
  }
}

/**
 * Starts this shell once more, for a part of the script that needs a process of its own. Unix has fork(2) for it: the copy has all that the original has. Node can not fork
 * (its threads would not come along), so the copy is told what it has to know: the part of the script and the shell's state.
 */
export function startSubshell(shell: Shell, list: List, descriptors: Descriptors, background = false): Started {
  const fds = stdio(descriptors)
  const channel = [...fds, ...Array(MESSAGE - fds.length).fill('ignore'), 'pipe']
  const env = { ...process.env, [SUBSHELL]: '1' }
  const child = spawn(process.execPath, [process.argv[1] as string], { stdio: channel, env, detached: background })
  const message: Message = { state: shell.state, descriptors: [...descriptors.keys()], list }
  const pipe = (child.stdio as unknown[])[MESSAGE] as NodeJS.WritableStream
  // A subshell that was killed reads no message.
  pipe.on('error', () => {})
  pipe.end(JSON.stringify(message))
  return { pid: child.pid, status: statusOf(child) }
}

/** The setting by which a process knows that it is a subshell. */
const SUBSHELL = 'SHELL_IS_SUBSHELL'

/** What this process was told, if it is a subshell. */
export function receiveMessage(): Message | undefined {
  if (!(SUBSHELL in process.env)) return undefined
  const message = JSON.parse(fs.readFileSync(MESSAGE, 'utf8')) as Message
  fs.closeSync(MESSAGE)
  return message
}

async function statusOf(child: ChildProcess): Promise<number> {
  const [status, signal] = await once(child, 'exit')
  return status ?? SIGNALLED + os.constants.signals[signal as NodeJS.Signals]
}

/** The descriptors of a child: those that the map has, in their places. */
function stdio(descriptors: Descriptors): (number | 'ignore')[] {
  const last = Math.max(2, ...descriptors.keys())
  return Array.from({ length: last + 1 }, (_, fd) => descriptors.get(fd) ?? 'ignore')
}

function refused(shell: Shell, descriptors: Descriptors, text: string, status: number): Started {
  shell.complain(descriptors, text)
  return { pid: undefined, status: Promise.resolve(status) }
}

/** The file of a program: a name without a slash is looked for along the path. */
export function lookUp(name: string, searchPath = ''): string | undefined {
  if (name.includes('/')) return fs.existsSync(name) ? name : undefined
  const files = searchPath.split(':').map((folder) => path.join(folder || '.', name))
  return files.find((file) => isProgram(file, fs.constants.X_OK)) ?? files.find((file) => isProgram(file, fs.constants.F_OK))
}

function isProgram(file: string, mode: number): boolean {
  try {
    fs.accessSync(file, mode)
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}
