/**
 * Paths as the kernel has them: bytes, of which only `/` and 0 mean something. A name need not be valid UTF-8, so it must not become a string
 * on its way from one system call to the next; in a message (a Buffer in a template literal) it reads as text all the same.
 */
const SLASH = 0x2f

export function join(folder: Buffer, name: Buffer): Buffer {
  const separator = folder.at(-1) === SLASH ? '' : '/'
  return Buffer.concat([folder, Buffer.from(separator), name])
}

/** The last part of a path: `b` of `a/b` and of `a/b/`. */
export function baseName(path: Buffer): Buffer {
  let end = path.length
  while (end > 1 && path[end - 1] === SLASH) end--
  return path.subarray(path.lastIndexOf(SLASH, end - 2) + 1, end)
}
