import fs from 'node:fs'
import { offsetOf, writeAll } from '#lib/io.ts'
import { newBlock, Tally } from './blocks.ts'
import type { Operands } from './operands.ts'

const { O_APPEND, O_WRONLY } = fs.constants

export class Output {
  readonly tally = new Tally()
  private fd: number
  private readonly operands: Operands
  private readonly pending: Buffer
  private used = 0
  /** Where the next block goes, if that is not simply behind the last one. */
  private position: number | undefined
  private readonly sparse: boolean

  constructor(fd: number, operands: Operands) {
    this.fd = fd
    this.operands = operands
    this.pending = newBlock(operands.outputBlock, operands.outputFlags.has('direct'))
    const isFile = fs.fstatSync(fd).isFile()
    this.sparse = isFile && operands.conversions.has('sparse')
    const start = operands.seek * operands.outputBlock
    if (start > 0 || this.sparse) this.position = (isFile ? offsetOf(fd) : 0) + start
    if (operands.output !== undefined && isFile && !operands.conversions.has('notrunc')) fs.ftruncateSync(fd, start)
  }

  /** Takes what was read, and writes it: at once, or as soon as there is enough for a block. */
  write(data: Buffer): void {
    if (this.operands.blockByBlock) {
      this.put(data)
      return
    }
    for (let taken = 0; taken < data.length; ) {
      const length = data.copy(this.pending, this.used, taken)
      taken += length
      this.used += length
      if (this.used === this.pending.length) this.putPending()
    }
  }

  finish(): void {
    if (this.used > 0) this.putPending()
    // A hole at the end was never written: the file must be told that it is longer.
    if (this.sparse && fs.fstatSync(this.fd).size < (this.position as number)) fs.ftruncateSync(this.fd, this.position)
    if (this.operands.conversions.has('fsync')) fs.fsyncSync(this.fd)
  }

  private putPending(): void {
    this.put(this.pending.subarray(0, this.used))
    this.used = 0
  }

  private put(block: Buffer): void {
    if (!(this.sparse && isZero(block))) {
      if (this.operands.outputFlags.has('direct') && block.length < this.pending.length) this.leaveDirect()
      writeAll(this.fd, block, this.position)
    }
    if (this.position !== undefined) this.position += block.length
    this.tally.add(block.length, this.pending.length)
  }

  /** A short block can not be written directly. Node has no fcntl(2) to clear the flag, but the same file can be opened again without it. */
  private leaveDirect(): void {
    this.position ??= offsetOf(this.fd)
    this.fd = fs.openSync(`/proc/self/fd/${this.fd}`, O_WRONLY | (this.operands.outputFlags.has('append') ? O_APPEND : 0))
  }
}

/** Zero at the start, and each byte the same as the one before it. */
function isZero(block: Buffer): boolean {
  return block[0] === 0 && block.subarray(1).equals(block.subarray(0, -1))
}
