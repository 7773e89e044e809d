export const WIDTH = 64
export const HEIGHT = 32

/** 64 × 32 pixels that are on or off. */
export class Screen {
  private readonly pixels = new Uint8Array(WIDTH * HEIGHT)
  private readonly wraps: boolean

  /** @param wraps what goes over an edge comes in at the other; else it is cut off. */
  constructor(wraps: boolean) {
    this.wraps = wraps
  }

  clear(): void {
    this.pixels.fill(0)
  }

  /**
   * Flips the pixels of a sprite, eight in a row, a row a byte. Its corner always wraps: where it would begin outside, it begins inside.
   * @returns whether a pixel that was on is off now.
   */
  draw(left: number, top: number, rows: Uint8Array): boolean {
    let collision = false
    for (const [dy, row] of rows.entries()) {
      for (let dx = 0; dx < 8; dx++) {
        if ((row & (0x80 >> dx)) === 0) continue
        const [x, y] = [(left % WIDTH) + dx, (top % HEIGHT) + dy]
        if (!this.wraps && (x >= WIDTH || y >= HEIGHT)) continue
        const at = (y % HEIGHT) * WIDTH + (x % WIDTH)
        if (this.pixels[at] === 1) collision = true
        this.pixels[at] = 1 - (this.pixels[at] as number)
      }
    }
    return collision
  }

  /** One string a row, a character a pixel. */
  rows(): string[] {
    return Array.from({ length: HEIGHT }, (_, y) =>
      Array.from(this.pixels.subarray(y * WIDTH, (y + 1) * WIDTH), (pixel) => (pixel ? '#' : '.')).join(''),
    )
  }
}
