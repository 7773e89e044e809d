import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/**
 * A hash of names and contents of files, and of all files in folders, what is built in them left out: as hexadecimal digits.
 * @param root what the names are relative to. Places that are not there count for nothing.
 */
export function fingerprint(places: string[], root: string, salt = ''): string {
  const hash = createHash('sha256').update(salt)
  for (const place of places) {
    const target = path.join(root, place)
    if (!fs.existsSync(target)) continue
    const files = fs.statSync(target).isFile()
      ? [target]
      : fs.readdirSync(target, { recursive: true, encoding: 'utf8' }).map((name) => path.join(target, name))
    for (const file of files.sort())
      if (!/\/build(\/|$)/.test(file) && fs.statSync(file).isFile())
        hash.update(`${path.relative(root, file)}\0`).update(fs.readFileSync(file))
  }
  return hash.digest('hex')
}
