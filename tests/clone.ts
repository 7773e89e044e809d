import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { ROOT } from '../grader/engine/projects.ts'

export interface Outcome {
  status: number
  stdout: string
  stderr: string
}

/** A copy of the repository as it is now, in Git and clean, for commands to be tried on from the outside. */
export class Clone {
  readonly dir: string

  constructor(dir: string) {
    this.dir = dir
  }

  static async make(): Promise<Clone> {
    const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'clone-')))
    const { stdout } = await execa('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
    for (const name of stdout.split('\0')) {
      const source = path.join(ROOT, name)
      if (!name || name.startsWith('my/') || !fs.existsSync(source)) continue
      fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
      fs.copyFileSync(source, path.join(dir, name))
    }
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(dir, 'node_modules'))
    fs.appendFileSync(path.join(dir, '.gitignore'), 'node_modules\n')
    const clone = new Clone(dir)
    await clone.git('init', '-q', '-b', 'main')
    await clone.commit('clone')
    return clone
  }

  /** Runs a command of the course as a learner would. */
  async run(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
    const result = await execa('node', ['grader/main.js', ...args], {
      cwd: this.dir,
      env: { NO_COLOR: '1', ...env },
      reject: false,
      stdin: 'ignore',
    })
    return { status: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr }
  }

  async git(...args: string[]): Promise<string> {
    return (await execa('git', args, { cwd: this.dir })).stdout
  }

  /** Commits all that there is. */
  async commit(message: string): Promise<void> {
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false']
    await this.git('add', '--all')
    await this.git(...author, 'commit', '-q', '--no-verify', '-m', message)
  }

  /** Makes a bare repository of it, which is its remote `origin` from then on. */
  async publish(remote: string): Promise<void> {
    await this.git('clone', '-q', '--bare', this.dir, remote)
    await this.git('remote', 'add', 'origin', remote)
  }

  /** What Git sees changed, new files included. */
  async changes(): Promise<string> {
    return this.git('status', '--porcelain')
  }

  write(name: string, content: string, mode = 0o644): void {
    const file = path.join(this.dir, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, content, { mode })
    fs.chmodSync(file, mode)
  }

  read(name: string): string {
    return fs.readFileSync(path.join(this.dir, name), 'utf8')
  }

  remove(): void {
    fs.rmSync(this.dir, { recursive: true, force: true })
  }
}
