import fs from 'node:fs'
import { promisify } from 'node:util'
import { read } from '#lib/io.ts'

const NEWLINE = 10
const readAsync = promisify(fs.read)

/**
 * One line, with its newline if it has one; nothing more is taken, for what follows may belong to another program. While its first byte is awaited
 * this process can do other things (take notice of children that end); the rest of a line usually follows at once.
 */
export async function readLine(fd: number): Promise<string> {
  const byte = Buffer.alloc(1)
  const bytes: number[] = []
  const { bytesRead } = await readAsync(fd, byte, 0, 1, null)
  for (let got = bytesRead; got > 0; got = read(fd, byte)) {
    bytes.push(byte[0] as number)
    if (byte[0] === NEWLINE) break
  }
  return Buffer.from(bytes).toString()
}
