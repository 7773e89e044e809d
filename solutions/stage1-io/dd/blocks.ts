declare const WebAssembly: { Memory: new (size: { initial: number }) => { buffer: ArrayBuffer } }
const WASM_PAGE = 64 * 1024

/** Records as dd counts them: whole blocks, and shorter ones. */
export class Tally {
  full = 0
  partial = 0
  bytes = 0

  add(length: number, block: number): void {
    if (length === block) this.full += 1
    else this.partial += 1
    this.bytes += length
  }

  toString(): string {
    return `${this.full}+${this.partial} records`
  }
}

/** A buffer for a block. Direct I/O wants it to begin at a page of memory, which of all of Node's buffers only WebAssembly's do. */
export function newBlock(size: number, direct: boolean): Buffer {
  if (!direct) return Buffer.alloc(size)
  return Buffer.from(new WebAssembly.Memory({ initial: Math.ceil(size / WASM_PAGE) }).buffer, 0, size)
}
