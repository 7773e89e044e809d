import { crc32 } from 'node:zlib'

/**
 * A record of the log: three numbers of 32 bits and its own number with 64, little end first, then what was appended.
 *
 *     checksum of the head │ checksum of the data │ length of the data │ LSN ║ data
 *     ╰──────────────────────────────── head ─────────────────────────────╯
 *
 * The head has a checksum of its own, for a damaged length would send the reader anywhere. Both checksums begin with the position of the record in its
 * file: a piece of a log that somebody appended as data is no record where it stands now.
 */
const HEAD = 20

export const sizeOf = (data: string): number => HEAD + data.length

export function encode(lsn: number, data: string, position: number): Buffer {
  const record = Buffer.alloc(sizeOf(data))
  record.writeUInt32LE(data.length, 8)
  record.writeBigUInt64LE(BigInt(lsn), 12)
  record.write(data, HEAD, 'latin1')
  record.writeUInt32LE(checksum(record.subarray(HEAD), position), 4)
  record.writeUInt32LE(checksum(record.subarray(4, HEAD), position), 0)
  return record
}

/** The record at a position, if a whole one stands there. */
export function decode(bytes: Buffer, at: number, position = at): { lsn: number; data: Buffer; size: number } | undefined {
  if (bytes.length < at + HEAD) return undefined
  const head = bytes.subarray(at, at + HEAD)
  if (head.readUInt32LE(0) !== checksum(head.subarray(4), position)) return undefined
  const data = bytes.subarray(at + HEAD, at + HEAD + head.readUInt32LE(8))
  // Data that was cut off has another checksum too.
  if (checksum(data, position) !== head.readUInt32LE(4)) return undefined
  return { lsn: Number(head.readBigUInt64LE(12)), data, size: HEAD + data.length }
}

function checksum(bytes: Buffer, position: number): number {
  return crc32(bytes, position)
}
