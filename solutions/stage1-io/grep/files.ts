import fs from 'node:fs'

export type Complain = (name: string, error: unknown) => void

/** The files to search: with -r, all that lie below a folder; links and devices found there are passed over. */
export function* filesToSearch(operands: string[], recursive: boolean, complain: Complain): Generator<string> {
  if (!recursive) yield* operands.length > 0 ? operands : ['-']
  else if (operands.length === 0) yield* filesBelow('', complain)
  else for (const operand of operands) yield* isFolder(operand) ? filesBelow(operand, complain) : [operand]
}

function* filesBelow(folder: string, complain: Complain): Generator<string> {
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`
  try {
    const entries = fs.readdirSync(folder || '.', { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory()) yield* filesBelow(prefix + entry.name, complain)
      else if (entry.isFile()) yield prefix + entry.name
    }
  } catch (error) {
    complain(folder, error)
  }
}

export function isFolder(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
