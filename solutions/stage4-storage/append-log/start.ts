import fs from 'node:fs'
import { writeAll } from '#lib/io.ts'
import { FatalError } from '#lib/program.ts'
import { decode, encode } from './record.ts'

/** Room for one record with nothing in it but its number. */
const SLOT = 64

/**
 * Remembers the first LSN that counts. There are two slots, which are written in turns: if one is torn, the other still has the number before. They are
 * there from the beginning, so that remembering needs no room on a disk that is full.
 */
export class Start {
  private readonly fd: number
  private slot = 0
  lsn = 1

  constructor(file: string) {
    this.fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT)
    const bytes = fs.readFileSync(file)
    const slots = [0, SLOT].map((at) => decode(bytes, at)?.lsn ?? 0)
    if (bytes.length === 0) {
      this.remember(1)
      this.remember(1)
    } else {
      this.lsn = Math.max(...slots)
      this.slot = slots.indexOf(this.lsn) === 0 ? 1 : 0
    }
    if (this.lsn === 0) throw new FatalError(`${file}: damaged`)
  }

  remember(lsn: number): void {
    const at = this.slot * SLOT
    const slot = Buffer.alloc(SLOT)
    encode(lsn, '', at).copy(slot)
    writeAll(this.fd, slot, at)
    fs.fdatasyncSync(this.fd)
    this.slot = 1 - this.slot
    this.lsn = lsn
  }
}
