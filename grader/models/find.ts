import { expect, type Kit } from '../programs/kit.ts'
import type { RunOptions } from '../programs/program.ts'

/** Paths in an order of their own, since find may give them in any. */
const sorted = (paths: string[]) =>
  [...paths]
    .sort()
    .map((path) => `${path}\n`)
    .join('')

/** Runs it and compares the paths that it prints, in whatever order they come. */
export async function finds(
  { program }: Kit,
  args: string[],
  expected: string[],
  why = '',
  options: RunOptions = {},
): Promise<void> {
  const run = await program.run(args, options).succeeds()
  expectPaths(run.stdout, run.command, expected, why)
}

export function expectPaths(output: Buffer, command: string, expected: string[], why = '', end = '\n'): void {
  const paths = output.toString('latin1').split(end).slice(0, -1)
  expect(Buffer.from(sorted(paths), 'latin1'), `The output of \`${command}\`, sorted,`, why).toBeText(
    Buffer.from(sorted(expected), 'latin1'),
  )
}

/** A tree with folders, files, and a link to a folder; all names are distinct. */
export function plant({ random, scratch }: Kit) {
  const [top, one, two, deep, empty, link, a, b, c] = random.distinct(9, random.word) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const folders = { top, one: `${top}/${one}`, two: `${top}/${two}`, deep: `${top}/${one}/${deep}`, empty: `${top}/${empty}` }
  for (const name of Object.values(folders)) scratch.folder(name)
  const files = {
    a: scratch.file(`${folders.one}/${a}.txt`, random.text(2)),
    b: scratch.file(`${folders.deep}/${b}.md`, random.text(2)),
    c: scratch.file(`${folders.two}/${c}.txt`, random.text(2)),
  }
  const links = { link: scratch.link(one, `${top}/${link}`) }
  return {
    ...folders,
    ...files,
    ...links,
    folders: Object.values(folders),
    files: Object.values(files),
    all: [...Object.values(folders), ...Object.values(files), ...Object.values(links)],
  }
}

export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
