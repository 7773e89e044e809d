import { crc32 } from 'node:zlib'

/**
 * A record of the log: four numbers of 32 bits, little end first, then the key and the value.
 *
 *     checksum of the head │ checksum of the body │ length of the key │ length of the value ║ key │ value
 *     ╰───────────────────────────────── head ─────────────────────────────────────────────╯ ╰── body ──╯
 *
 * The head has a checksum of its own, for a damaged length would send the reader anywhere. Both checksums begin with the position of the record in its
 * file: a piece of a log that somebody stored as a value is no record where it stands now.
 */
const HEAD = 16

/** No value is empty: this one says that the key was deleted. */
export const DELETED = ''

export interface LogRecord {
  key: string
  /** Lasts until the next look. */
  value: Buffer
  /** Bytes in the file, from head to end. */
  size: number
}

/** Gives bytes of a file from a position on: fewer where the file ends. They need last only until the next look. */
export type View = (position: number, length: number) => Buffer

export function encode(key: string, value: string, position: number): Buffer {
  const record = Buffer.alloc(HEAD + key.length + value.length)
  record.writeUInt32LE(key.length, 8)
  record.writeUInt32LE(value.length, 12)
  record.write(key + value, HEAD, 'latin1')
  record.writeUInt32LE(checksum(record.subarray(HEAD), position), 4)
  record.writeUInt32LE(checksum(record.subarray(4, HEAD), position), 0)
  return record
}

/** The record at a position, if a whole one stands there. */
export function decode(view: View, position: number): LogRecord | undefined {
  const head = view(position, HEAD)
  if (head.length < HEAD || head.readUInt32LE(0) !== checksum(head.subarray(4), position)) return undefined
  const [bodyCheck, keyLength, valueLength] = [head.readUInt32LE(4), head.readUInt32LE(8), head.readUInt32LE(12)]
  // A body that was cut off has another checksum too.
  const body = view(position + HEAD, keyLength + valueLength)
  if (checksum(body, position) !== bodyCheck) return undefined
  return { key: body.toString('latin1', 0, keyLength), value: body.subarray(keyLength), size: HEAD + body.length }
}

function checksum(bytes: Buffer, position: number): number {
  return crc32(bytes, position >>> 0)
}
