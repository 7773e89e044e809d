import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { send } from './process-table.ts'

/** How much of the machine a submission gets to see and to touch. */
export interface View {
  /** `shared`: the whole system, read-only. `private`: only the system's programs, no network but loopback, nothing of the home folder or the repository. */
  system: 'shared' | 'private'
  /** Folders and files that are there in a private view too, read-only. */
  visible: string[]
  /** Folders that may be written, besides the private /tmp. */
  writable: string[]
  /** The folder that is seen as /tmp. */
  tmp: string
  cwd: string
  /** A folder that is a file system of its own, in memory, of so many bytes. */
  disk?: { folder: string; bytes: number }
  /** Runs under another number than root's, with root's files for its own. */
  nobody?: boolean
}

let found: string | undefined | null

/** Where bubblewrap is, if it is installed and works here (containers often forbid it). */
export function bubblewrap(): string | undefined {
  if (found === undefined) found = process.env.GRADE_WITHOUT_BWRAP ? null : probe()
  return found ?? undefined
}

function probe(): string | null {
  const bwrap = which('bwrap')
  if (!bwrap) return null
  const works = spawnSync(bwrap, ['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--unshare-pid', '/bin/true'])
  return works.status === 0 ? bwrap : null
}

/** Where PATH has a program, or undefined. */
export function which(program: string, searchPath = process.env.PATH ?? ''): string | undefined {
  if (program.includes('/')) return isExecutable(program) ? program : undefined
  return searchPath
    .split(':')
    .map((dir) => path.join(dir || '.', program))
    .find(isExecutable)
}

export function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}

const OWN_NETWORK = 'GRADE_NETWORK'

/** True when this process has a network that holds nothing but loopback. */
export const inOwnNetwork = (): boolean => process.env[OWN_NETWORK] === 'own'

/** Runs this very call of the grader once more, in a network of its own. @returns its exit status. */
export async function againInOwnNetwork(bwrap: string): Promise<number> {
  const argv = [
    '--unshare-net',
    '--dev-bind',
    '/',
    '/',
    '--die-with-parent',
    '--',
    process.execPath,
    ...process.execArgv,
    ...process.argv.slice(1),
  ]
  const child = spawn(bwrap, argv, { stdio: 'inherit', env: { ...process.env, [OWN_NETWORK]: 'own' } })
  // A terminal sends Ctrl-C to both; what is sent to this process alone has to be passed on, past bubblewrap.
  const pass = (signal: NodeJS.Signals) => {
    for (const pid of childrenOf(child.pid as number)) send(pid, signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, pass)
  const [status, signal] = await once(child, 'exit')
  return status ?? 128 + os.constants.signals[signal as NodeJS.Signals]
}

const childrenOf = (pid: number) =>
  fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

const NOBODY = '65534'

export const isRoot = (): boolean => process.getuid?.() === 0

/** The words to put before a command so that it runs in this view, with processes of its own that all end with it. */
export function contain(bwrap: string, view: View): string[] {
  const system = view.system === 'shared' ? ['--ro-bind', '/', '/'] : privateSystem()
  // What lies in /tmp is hidden by the private one, and must be shown again.
  const hidden = view.visible.filter((file) => view.system === 'private' || file.startsWith('/tmp/'))
  return [
    bwrap,
    ...system,
    ...['--dev', '/dev', '--proc', '/proc', '--bind', view.tmp, '/tmp'],
    ...hidden.flatMap((file) => ['--ro-bind', file, file]),
    ...view.writable.flatMap((dir) => ['--bind', dir, dir]),
    ...(view.disk ? ['--size', String(view.disk.bytes), '--tmpfs', view.disk.folder] : []),
    ...(view.system === 'private' ? ['--unshare-ipc', '--unshare-uts'] : []),
    // Within a network of the grader's own, programs share that, so that the grader can talk to them.
    ...(view.system === 'private' && !inOwnNetwork() ? ['--unshare-net'] : []),
    ...(view.nobody ? ['--unshare-user', '--uid', NOBODY, '--gid', NOBODY] : []),
    // Without capabilities root is bound by the mode bits like everybody else.
    ...['--unshare-pid', '--die-with-parent', '--cap-drop', 'ALL', '--chdir', view.cwd, '--'],
  ]
}

function privateSystem(): string[] {
  const folders = ['/usr', '/etc', '/opt', ...toolchains()].filter((dir) => fs.existsSync(dir))
  const links = ['/bin', '/sbin', '/lib', '/lib64'].filter((dir) => fs.existsSync(dir))
  return [
    ...links.flatMap((dir) =>
      fs.lstatSync(dir).isSymbolicLink() ? ['--symlink', fs.readlinkSync(dir), dir] : ['--ro-bind', dir, dir],
    ),
    ...folders.flatMap((dir) => ['--ro-bind', dir, dir]),
  ]
}

/** Toolchains that live in the home folder: the folder right below it (~/.cargo, ~/.pyenv, …) of each entry of PATH, and where rustup keeps its own. */
function toolchains(): string[] {
  const home = os.homedir()
  const tops = (process.env.PATH ?? '')
    .split(':')
    .concat(path.join(home, '.rustup'))
    .filter((dir) => dir.startsWith(`${home}/`))
    .map((dir) => path.join(home, path.relative(home, dir).split('/')[0] ?? ''))
  return [...new Set(tops)]
}

/** The settings that a submission starts with; everything else of the grader's own environment stays behind. */
export function environment(home: string): Record<string, string> {
  const passed = ['PATH', 'JAVA_HOME', 'GOROOT', 'PYENV_ROOT', 'PYENV_VERSION', 'NVM_DIR', 'RUSTUP_HOME', 'RUSTUP_TOOLCHAIN']
  const inherited = Object.fromEntries(passed.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
  const rustup = path.join(os.homedir(), '.rustup')
  return {
    ...(fs.existsSync(rustup) && { RUSTUP_HOME: rustup }),
    ...inherited,
    HOME: home,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  }
}
