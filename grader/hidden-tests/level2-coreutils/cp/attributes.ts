import fs from 'node:fs'
import { draw, holds, modeOf } from '../../../models/files.ts'
import { check, expect } from '../../../programs/kit.ts'

const OLD = new Date('2001-02-03T04:05:06Z')
const NEWER = new Date('2011-12-13T14:15:16Z')

/** What belongs to a file beside its bytes. */
export const attributeCopies = [
  check(
    'mode',
    'gives a new file the permissions of its source, less the umask, and the time of now',
    { spec: 'modes', hint: 'The third argument of open(2) is the mode; the system takes the umask off by itself.' },
    async (kit) => {
      const { one, two, first } = draw(kit)
      for (const mode of [0o751, 0o467]) {
        const run = kit.program.run([kit.scratch.file(one, first, { mode, mtime: OLD }), two])
        await run.succeeds()
        expect(modeOf(kit, two), `The mode of ${two}`).toBe((mode & ~process.umask()).toString(8))
        expect(kit.scratch.stat(two).mtimeMs, `The time of ${two}`, 'Its time is that of the copying.').toBeAtLeast(
          NEWER.getTime(),
        )
        kit.scratch.remove(two)
      }
    },
  ),
  check(
    'no-setuid',
    'does not set setuid or setgid without -p',
    {
      spec: 'modes',
      hint: 'A program with setuid runs with the rights of its owner, and the copy has another owner. Mask the mode with 0777.',
    },
    async (kit) => {
      const { one, two, first } = draw(kit)
      await kit.program.run([kit.scratch.file(one, first, { mode: 0o6711 }), two]).succeeds()
      expect(modeOf(kit, two), `The mode of ${two}`).toBe((0o711 & ~process.umask()).toString(8))
      holds(kit, two, first)
    },
  ),
  check(
    'preserve',
    '-p preserves mode and times, of a target that was there, too',
    {
      spec: 'preserving',
      hint: 'After the bytes: owner, then mode (a change of owner takes setuid away), then the two times.',
    },
    async (kit) => {
      const { one, two, three, first } = draw(kit)
      kit.scratch.file(one, first, { mode: 0o4707, mtime: OLD })
      fs.utimesSync(kit.scratch.path(one), NEWER, OLD)
      kit.scratch.file(three, first, { mode: 0o644 })
      for (const copy of [two, three]) {
        await kit.program.run(['-p', one, copy]).succeeds()
        const { mtime, atime } = kit.scratch.stat(copy)
        expect([mtime, atime], `The times of last change and access of ${copy}`).toBe([OLD, NEWER])
        expect(modeOf(kit, copy), `The mode of ${copy}`).toBe('4707')
        holds(kit, copy, first)
        fs.utimesSync(kit.scratch.path(one), NEWER, OLD)
      }
    },
  ),
  check(
    'fractions',
    '-p preserves fractions of a second, and -a the times of links',
    { spec: 'preserving', hint: 'utimensat takes nanoseconds, and with AT_SYMLINK_NOFOLLOW the link itself.' },
    async (kit) => {
      const { one, two, three, first } = draw(kit)
      const time = 1e9 + kit.random.int(1, 999) + kit.random.int(100_000, 999_999) / 1e6
      kit.scratch.link(kit.scratch.file(one, first), three)
      for (const name of [one, three]) fs.lutimesSync(kit.scratch.path(name), time, time)
      await kit.program.run(['-p', one, two]).succeeds()
      await kit.program.run(['-a', three, 'link']).succeeds()
      for (const [copy, source] of [
        [two, one],
        ['link', three],
      ] as const) {
        const late = kit.scratch.stat(copy).mtimeMs - kit.scratch.stat(source).mtimeMs
        expect(Math.abs(late), `The milliseconds between the times of ${copy} and ${source}`).toBeAtMost(0.0015, 'ms')
      }
    },
  ),
]
