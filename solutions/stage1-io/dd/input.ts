import fs from 'node:fs'
import { promisify } from 'node:util'
import { newBlock, Tally } from './blocks.ts'
import type { Operands } from './operands.ts'

const readLater = promisify(fs.read)

export class Input {
  readonly tally = new Tally()
  private readonly fd: number
  private readonly operands: Operands
  private readonly block: Buffer
  /** A pipe may have nothing to read for a long time, and a signal must be answered meanwhile: only then is reading left to another thread. */
  private readonly mayWait: boolean
  /** Where the next block is read from, in a file that can be read anywhere; else null. */
  private position: number | null

  constructor(fd: number, operands: Operands) {
    this.fd = fd
    this.operands = operands
    this.block = newBlock(operands.inputBlock, operands.inputFlags.has('direct') || operands.outputFlags.has('direct'))
    const stat = fs.fstatSync(fd)
    this.mayWait = stat.isFIFO() || stat.isSocket()
    // The place in a file that we did not open ourselves belongs to others too, and must move with what we read.
    const seekable = operands.input !== undefined && (stat.isFile() || stat.isBlockDevice())
    this.position = seekable ? 0 : null
  }

  async skip(): Promise<void> {
    const { skip, inputBlock } = this.operands
    if (this.position !== null) {
      this.position = skip * inputBlock
      return
    }
    let left = skip
    while (left > 0 && (await this.fill()) > 0) left -= 1
  }

  /** @returns the next block, which lasts until the one after it is read, or nothing at the end. */
  async next(): Promise<Buffer | undefined> {
    const length = await this.fill()
    return length === 0 ? undefined : this.finish(length)
  }

  /** What stands for a block that could not be read. */
  lost(): Buffer {
    if (this.position !== null) this.position += this.block.length
    return this.finish(0)
  }

  private finish(length: number): Buffer {
    this.tally.add(length, this.block.length)
    return this.operands.conversions.has('sync') ? this.block.fill(0, length) : this.block.subarray(0, length)
  }

  private async fill(): Promise<number> {
    let length = await this.read(0)
    if (!this.operands.inputFlags.has('fullblock')) return length
    for (let got = length; got > 0 && length < this.block.length; length += got) got = await this.read(length)
    return length
  }

  private async read(offset: number): Promise<number> {
    const length = this.block.length - offset
    const got = this.mayWait
      ? (await readLater(this.fd, this.block, offset, length, null)).bytesRead
      : fs.readSync(this.fd, this.block, offset, length, this.position)
    if (this.position !== null) this.position += got
    return got
  }
}
