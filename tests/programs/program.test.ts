import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { bubblewrap } from '../../grader/programs/containment.ts'
import { send } from '../../grader/programs/process-table.ts'
import { leave } from '../../grader/programs/workroom.ts'
import { failureOf, withKit } from './kit.ts'

const MIB = 1024 ** 2

afterAll(leave)

describe('a run', () => {
  it('gives arguments, input, output and status', async () => {
    await withKit('cat; printf "%s|" "$@"; echo oops >&2; exit 3', async ({ program }) => {
      const run = await program.run(['a b', ''], { stdin: 'in\n' })
      expect(run.stdout.toString()).toBe('in\na b||')
      expect(run.stderr.toString()).toBe('oops\n')
      expect(run.status).toBe(3)
    })
  })

  it('has an empty folder, an empty home, a clean environment and no input', async () => {
    process.env.SECRET_OF_THE_GRADER = 'x'
    await withKit(
      'pwd; ls -A; ls -A "$HOME"; touch "$HOME/x" "$TMPDIR/y"; env | grep -c SECRET; wc -c',
      async ({ program, scratch }) => {
        const run = await program.run([])
        expect(run.stdout.toString()).toBe(`${scratch.dir}\n0\n0\n`)
        expect(run.stderr.toString()).toBe('')
      },
    )
  })

  it('can not keep whoever reads its files', async () => {
    await withKit('mkfifo pipe; mkdir folder; ln -s /dev/zero device', async ({ program, scratch }) => {
      await program.run([])
      for (const [name, kind] of [
        ['pipe', 'a named pipe'],
        ['folder', 'a folder'],
        ['device', 'a device'],
      ] as const) {
        for (const read of [() => scratch.read(name), () => scratch.pieces(name)])
          expect(await failureOf((async () => read())())).toContain(`${name} is ${kind}, where a file must be.`)
      }
    })
  })

  it('that has ended takes no signal, and nobody minds', async () => {
    const { pid } = spawnSync('true')
    expect(send(pid, 'SIGINT')).toBe(false)
  })

  it('may read a file as its input and write one as its output', async () => {
    await withKit('cat', async ({ program, scratch }) => {
      scratch.file('in', 'new\n')
      scratch.file('out', 'old\n')
      await program.run([], { stdin: { file: 'in' }, stdout: { file: 'out', append: true } }).succeeds()
      expect(scratch.read('out').toString()).toBe('old\nnew\n')
    })
  })

  it('takes input that never ends, and is not waited for by its feeder', async () => {
    await withKit('head -c 5', async ({ program }) => {
      const endless = (function* () {
        for (;;) yield Buffer.alloc(65536, 'x')
      })()
      await program.run([], { stdin: endless }).succeeds({ stdout: 'xxxxx' })
    })
  })

  it('measures memory, bytes read and processor time', async () => {
    await withKit(
      // It is looked at now and then: what it holds it has to hold for a while.
      '{ head -c 50000000 /dev/zero; sleep 0.5; } | tail -c 40000000 | wc -c; head -c 3000000 "$1" | wc -c',
      async ({ program, scratch }) => {
        const { exit } = await program.run([scratch.sparse('big', 8 * MIB)])
        expect(exit.peakMemory).toBeGreaterThan(8 * MIB)
        expect(exit.bytesRead).toBeGreaterThan(90 * MIB)
        expect(exit.cpu).toBeGreaterThanOrEqual(0)
      },
    )
    await withKit('head -c 3000000 "$1" | wc -c', async ({ program, scratch }) => {
      const { exit } = await program.run([scratch.sparse('big', 80 * MIB)])
      expect(exit.bytesRead).toBeGreaterThan(6_000_000)
      expect(exit.bytesRead).toBeLessThan(7_000_000)
    })
  })

  it('tells what it was and what came of it', async () => {
    await withKit('cat "$@"', async ({ program, scratch }, transcript) => {
      await program.run(['-', scratch.file("it's", 'a\tb\n', { mode: 0o600 })], { stdin: '50%\n' })
      expect(transcript()).toEqual([
        "$ printf 'a\\tb\\n' > 'it'\\''s'",
        "$ chmod 600 'it'\\''s'",
        "$ printf '50%%\\n' | prog - 'it'\\''s'",
        '# status 0, 8 bytes of output',
      ])
    })
  })
})

describe('an outcome', () => {
  const failed = (body: string, judge: (kit: Parameters<Parameters<typeof withKit>[1]>[0]) => PromiseLike<unknown>) =>
    withKit(body, (kit) => failureOf(judge(kit)))

  it('that is right passes', async () => {
    await withKit('echo yes; echo "x: no" >&2; exit 1', async ({ program }) => {
      await program.run([]).fails({ status: 1, stdout: 'yes\n', names: 'x' })
    })
  })

  it('that is wrong tells why', async () => {
    expect(await failed('echo no', ({ program }) => program.run([]).succeeds({ stdout: 'yes\n' }))).toMatch(
      /`prog` is wrong: the first difference is in line 1/,
    )
    expect(await failed('echo no', ({ program }) => program.run([]).succeeds({ stdout: /^yes/ }))).toMatch(/matches \/\^yes\//)
    expect(await failed('echo hm >&2; exit 4', ({ program }) => program.run([]).succeeds({ stdout: 'x' }))).toMatch(
      /status 0\nstatus 4, and on standard error:\nhm$/,
    )
    expect(await failed('exit 1', ({ program }) => program.run([]).fails())).toMatch(/wrote nothing to standard error/)
    expect(await failed('echo e >&2', ({ program }) => program.run([]).fails())).toMatch(/tells of success/)
    expect(await failed('echo e >&2; exit 1', ({ program }) => program.run([]).fails({ names: 'file' }))).toMatch(
      /does not name file/,
    )
    expect(await failed('echo e >&2; exit 1', ({ program }) => program.run([]).fails({ status: 2 }))).toMatch(
      /status 2\nstatus 1/,
    )
    expect(await failed('echo e >&2', ({ program }) => program.run([]).succeeds({ stderr: '' }))).toMatch(
      /wrote to standard error is wrong/,
    )
    expect(await failed('kill -KILL $$', ({ program }) => program.run([]).succeeds())).toMatch(/137 \(SIGKILL ended it\)/)
  })

  it('of a file that is not there names its neighbours', async () => {
    expect(
      await failed('touch other', async ({ program, scratch }) => {
        await program.run([])
        scratch.read('wanted')
      }),
    ).toMatch(/There should be wanted.*ENOENT[\s\S]*in its folder: other/)
  })
})

describe('a live program', () => {
  it('is fed and watched piece by piece', async () => {
    await withKit('while read -r line; do echo "got $line"; done', async ({ program }) => {
      const live = program.start([], { stdin: 'open' })
      await live.write('one\n')
      await live.shows('got one\n', '')
      await live.write('two\n')
      await live.shows('got one\ngot two\n', '')
      live.endInput()
      ;(await live.end()).succeeds({ stdout: 'got one\ngot two\n' })
    })
  })

  it('fails when it keeps back what it should show', async () => {
    await withKit(
      'cat | sort',
      async ({ program }) => {
        const live = program.start([], { stdin: 'open' })
        await live.write('one\n')
        expect(await failureOf(live.shows('one\n', 'It has to come now.'))).toMatch(
          /so far is wrong: nothing was written\. Waited[\s\S]*It has to come now/,
        )
      },
      0.05,
    )
  })

  it('loses its reader', async () => {
    await withKit('exec yes', async ({ program }) => {
      const live = program.start([], { onOutput: () => live.closeOutput() })
      expect((await live.end()).status).toBe(128 + 13)
    })
  })

  it('gets signals itself, past the shell that watches it', async () => {
    await withKit(
      "trap 'echo usr1' USR1; trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.02; done",
      async ({ program }) => {
        const live = program.start([])
        await live.shows('ready\n', '')
        live.signal('SIGUSR1')
        await live.shows('ready\nusr1\n', '')
        live.signal('SIGTERM')
        ;(await live.end()).succeeds({ stdout: 'ready\nusr1\nbye\n' })
      },
    )
  })

  it('reads a named pipe that is written from here', async () => {
    await withKit('cat "$1"', async ({ program, scratch }) => {
      const fifo = scratch.fifo('pipe')
      const live = program.start([fifo.name])
      fifo.write('one\n')
      await live.shows('one\n', '')
      fifo.close()
      ;(await live.end()).succeeds()
    })
  })
})

describe('a scratch folder', () => {
  it('is gone after, however its modes were left', async () => {
    const dir = await withKit('mkdir -p a/b; touch a/b/c; chmod 000 a/b a; mkfifo p', async ({ program, scratch }) => {
      await program.run([]).succeeds()
      return scratch.dir
    })
    expect(fs.existsSync(dir)).toBe(false)
  })

  it.skipIf(!bubblewrap())('can hold what the program may not read, even as root', async () => {
    await withKit('cat secret open', async ({ program, scratch }) => {
      scratch.forbid(scratch.file('secret', 'x'), program.contained)
      scratch.file('open', 'y')
      await program.run([]).fails({ status: 1, stdout: 'y', names: 'secret' })
    })
  })

  it('has another on a second file system, where there is one', async () => {
    await withKit('ln "$1" here', async ({ program, scratch }) => {
      const other = scratch.elsewhere()
      fs.writeFileSync(`${other}/file`, 'x')
      await program.run([`${other}/file`]).fails()
      expect(scratch.exists('here')).toBe(false)
    })
  })
})
