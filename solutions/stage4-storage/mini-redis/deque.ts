/** A list that grows and shrinks at both ends in constant time: a ring in an array whose length is a power of two. */
export class Deque {
  private ring: string[] = new Array(8)
  private first = 0
  length = 0

  private place(index: number): number {
    return (this.first + index) & (this.ring.length - 1)
  }

  private makeRoom(): void {
    if (this.length < this.ring.length) return
    const items = [...this]
    this.ring = [...items, ...new Array(items.length)]
    this.first = 0
  }

  pushFirst(item: string): void {
    this.makeRoom()
    this.first = this.place(-1)
    this.ring[this.first] = item
    this.length += 1
  }

  pushLast(item: string): void {
    this.makeRoom()
    this.ring[this.place(this.length)] = item
    this.length += 1
  }

  popFirst(): string {
    const item = this.at(0)
    this.first = this.place(1)
    this.length -= 1
    return item
  }

  popLast(): string {
    this.length -= 1
    return this.at(this.length)
  }

  at(index: number): string {
    return this.ring[this.place(index)] as string
  }

  set(index: number, item: string): void {
    this.ring[this.place(index)] = item
  }

  *[Symbol.iterator](): Generator<string> {
    for (let index = 0; index < this.length; index++) yield this.at(index)
  }
}
