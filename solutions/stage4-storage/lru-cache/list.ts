/** What can be a link of a list: each knows its neighbours, so that it can be taken out without a search. */
export interface Link {
  previous: Link
  next: Link
}

/** A ring of links. The ring itself is one of them, between the last and the first, so that no link ever lacks a neighbour. */
export class List<T extends Link> {
  private readonly ring = {} as Link

  constructor() {
    this.ring.previous = this.ring
    this.ring.next = this.ring
  }

  get first(): T | undefined {
    return this.after(this.ring)
  }

  /** The one that follows a link, unless that was the last. */
  after(link: Link): T | undefined {
    return link.next === this.ring ? undefined : (link.next as T)
  }

  append(link: T): void {
    this.insert(link, this.ring.previous)
  }

  /** Puts a link behind another, or before the first. */
  insert(link: T, after: Link = this.ring): void {
    link.previous = after
    link.next = after.next
    link.previous.next = link
    link.next.previous = link
  }

  remove(link: T): void {
    link.previous.next = link.next
    link.next.previous = link.previous
  }

  *[Symbol.iterator](): Generator<T> {
    for (let link = this.first; link; link = this.after(link)) yield link
  }
}
