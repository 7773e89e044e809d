interface Node {
  member: string
  score: number
  /** For each level the next node, and how many members further that is. */
  next: (Node | undefined)[]
  width: number[]
}

const HIGHEST = 20
/** One node in four is on the next level, too. */
const CHANCE = 0.25

/**
 * Members in order of their scores, and of their bytes where scores are equal: a skip list (William Pugh, "Skip Lists: A Probabilistic Alternative to
 * Balanced Trees") whose links know how far they reach, so that ranks are found as fast as members.
 */
export class SortedSet {
  private readonly scores = new Map<string, number>()
  private readonly head: Node = { member: '', score: Number.NEGATIVE_INFINITY, next: [undefined], width: [0] }

  get size(): number {
    return this.scores.size
  }

  score(member: string): number | undefined {
    return this.scores.get(member)
  }

  set(member: string, score: number): void {
    if (this.scores.has(member)) this.delete(member)
    this.scores.set(member, score)
    const path = this.pathTo((node) => comesBefore(node, score, member))
    const height = drawHeight()
    while (this.head.next.length < height) {
      this.head.next.push(undefined)
      this.head.width.push(this.size - 1)
      path.push({ node: this.head, rank: -1 })
    }
    const rank = (path[0] as Step).rank + 1
    const node: Node = { member, score, next: [], width: [] }
    for (const [level, { node: before, rank: at }] of path.entries()) {
      const width = before.width[level] as number
      if (level < height) {
        node.next[level] = before.next[level]
        node.width[level] = width - (rank - at) + 1
        before.next[level] = node
        before.width[level] = rank - at
      } else before.width[level] = width + 1
    }
  }

  delete(member: string): boolean {
    const score = this.scores.get(member)
    if (score === undefined) return false
    this.scores.delete(member)
    for (const [level, { node: before }] of this.pathTo((node) => comesBefore(node, score, member)).entries()) {
      const found = before.next[level]
      before.width[level] = (before.width[level] as number) - 1
      if (found?.member !== member) continue
      before.next[level] = found.next[level]
      before.width[level] = (before.width[level] as number) + (found.width[level] as number)
    }
    return true
  }

  /** How many members come before it. */
  rank(member: string): number | undefined {
    const score = this.scores.get(member)
    if (score === undefined) return undefined
    return (this.pathTo((node) => comesBefore(node, score, member))[0] as Step).rank + 1
  }

  /** The rank of the first member whose score is at least this (or more, if it is left out itself). */
  rankOfScore(score: number, exclusive: boolean): number {
    return (this.pathTo((node) => node.score < score || (exclusive && node.score === score))[0] as Step).rank + 1
  }

  /** Members from a rank on, before another. */
  *range(from: number, to: number): Generator<[member: string, score: number]> {
    let at = from
    for (let node = this.nodeAt(from); node && at < to; node = node.next[0], at++) yield [node.member, node.score]
  }

  private nodeAt(rank: number): Node | undefined {
    let [node, at] = [this.head, -1]
    for (let level = node.next.length - 1; level >= 0; level--) {
      while (node.next[level] && at + (node.width[level] as number) <= rank) {
        at += node.width[level] as number
        node = node.next[level] as Node
      }
    }
    return at === rank ? node : undefined
  }

  /** On each level, lowest first, the last node of which something is true that is true of all before it, and its rank (-1 for the head). */
  private pathTo(isBefore: (node: Node) => boolean): Step[] {
    const path: Step[] = []
    let [node, rank] = [this.head, -1]
    for (let level = node.next.length - 1; level >= 0; level--) {
      for (let next = node.next[level]; next && isBefore(next); next = node.next[level]) {
        rank += node.width[level] as number
        node = next
      }
      path[level] = { node, rank }
    }
    return path
  }
}

interface Step {
  node: Node
  rank: number
}

const comesBefore = (node: Node, score: number, member: string) =>
  node.score < score || (node.score === score && node.member < member)

function drawHeight(): number {
  let height = 1
  while (height < HIGHEST && Math.random() < CHANCE) height++
  return height
}
