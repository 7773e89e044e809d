import { difference, excerpt, lastLines, type Text } from '../engine/difference.ts'
import { Failure } from '../engine/failure.ts'
import { describeStatus } from './explain.ts'
import type { Exit } from './process.ts'

/** What must be true of a program that ended well. */
export interface Success {
  stdout?: Text | RegExp
  stderr?: Text | RegExp
  /** A sentence on what it means when this is not so. */
  why?: string
}

/** What must be true of a program that met an error and went on as far as it could. */
export interface Refusal {
  /** Any but 0 where it is left out. */
  status?: number
  stdout?: Text | RegExp
  /** What standard error has to mention: usually the file that the trouble is with. */
  names?: string
  /** How many lines there may be on standard error: a learner's own words are few, a stack trace is long. */
  lines?: number
  why?: string
}

/** A program that ended by itself. */
export class Run {
  readonly command: string
  readonly exit: Exit
  readonly stdout: Buffer
  readonly stderr: Buffer

  constructor(command: string, exit: Exit, stdout: Buffer, stderr: Buffer) {
    this.command = command
    this.exit = exit
    this.stdout = stdout
    this.stderr = stderr
  }

  get status(): number {
    return this.exit.status ?? -1
  }

  /** It did what was asked: status 0, and the output that is given. */
  succeeds({ stdout, stderr, why = '' }: Success = {}): this {
    // A wrong status explains wrong output more often than the other way round, if the program said why.
    if (this.status !== 0 && this.stderr.length > 0) this.statusIs(0, why)
    if (stdout !== undefined) this.streamIs('output', this.stdout, stdout, why)
    if (stderr !== undefined) this.streamIs('standard error', this.stderr, stderr, why)
    this.statusIs(0, why)
    return this
  }

  /** It met an error, said so on standard error, and ended with a status that tells. */
  fails({ status, stdout, names, lines = Number.POSITIVE_INFINITY, why = '' }: Refusal = {}): this {
    if (stdout !== undefined) this.streamIs('output', this.stdout, stdout, why)
    if (this.stderr.length === 0) {
      throw new Failure(`\`${this.command}\` met an error but wrote nothing to standard error. ${why}`.trim(), {
        expected: `a line that tells what is wrong${names ? ` and names ${names}` : ''}`,
        actual: '(nothing)',
      })
    }
    if (names !== undefined && !this.stderr.includes(names)) {
      throw new Failure(`What \`${this.command}\` wrote to standard error does not name ${names}. ${why}`.trim(), {
        expected: `a line that names ${names}`,
        actual: excerpt(this.stderr),
      })
    }
    const written = this.stderr.toString().trimEnd().split('\n').length
    if (written > lines) {
      throw new Failure(
        `What \`${this.command}\` wrote to standard error are ${written} lines; nobody who uses it wants to read how it is made. ${why}`.trim(),
        {
          expected: `one line that tells what is wrong (at most ${lines} are let pass)`,
          actual: excerpt(this.stderr),
        },
      )
    }
    if (status !== undefined) this.statusIs(status, why)
    else if (this.status === 0) {
      const message = `\`${this.command}\` met an error, but its exit status tells of success. ${why}`
      throw new Failure(message.trim(), { expected: 'a status other than 0', actual: 'status 0' })
    }
    return this
  }

  /** The exit status alone. */
  statusIs(expected: number, why = ''): this {
    if (this.status === expected) return this
    const said = this.stderr.length > 0 ? `, and on standard error:\n${lastLines(this.stderr)}` : ''
    throw new Failure(`The exit status of \`${this.command}\` is wrong. ${why}`.trim(), {
      expected: `status ${expected}`,
      actual: `status ${describeStatus(this.status)}${said}`,
    })
  }

  private streamIs(name: string, actual: Buffer, expected: Text | RegExp, why: string): void {
    const subject = name === 'output' ? `The output of \`${this.command}\`` : `What \`${this.command}\` wrote to ${name}`
    if (expected instanceof RegExp) {
      if (expected.test(actual.toString())) return
      const message = `${subject} is not as it must be. ${why}`
      throw new Failure(message.trim(), { expected: `something that matches ${expected}`, actual: excerpt(actual, 300) })
    }
    const found = difference(expected, actual)
    if (!found) return
    const said = name === 'output' && this.stderr.length > 0 ? ` On standard error: ${excerpt(this.stderr)}` : ''
    throw new Failure(`${subject} is wrong: ${found.where}. ${why}${said}`.trim(), found)
  }
}

/** A run that can be asked for its outcome before it has ended: `await program.run([]).succeeds({ … })`. */
export class Running implements PromiseLike<Run> {
  private readonly run: Promise<Run>

  constructor(start: () => Promise<Run>) {
    this.run = start()
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaited is what it is for
  then<A = Run, B = never>(
    done?: ((run: Run) => A | PromiseLike<A>) | null,
    failed?: ((why: unknown) => B | PromiseLike<B>) | null,
  ) {
    return this.run.then(done, failed)
  }

  succeeds(success?: Success): Promise<Run> {
    return this.run.then((run) => run.succeeds(success))
  }

  fails(refusal?: Refusal): Promise<Run> {
    return this.run.then((run) => run.fails(refusal))
  }
}
