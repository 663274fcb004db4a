export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * Rectangles that fill `area`, each as large as its value says and as close to a square as can be (Bruls, Huizing and van Wijk,
 * Squarified Treemaps, 2000).
 *
 * @param values - descending; what is not above zero gets an empty rectangle
 * @returns as many as there are values, in their order
 */
export function squarify(values: readonly number[], area: Rect): readonly Rect[] {
  const sizes = values.filter((value) => value > 0)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const scale = total === 0 ? 0 : (area.width * area.height) / total
  const rects: Rect[] = []
  let left = area
  let from = 0
  while (from < sizes.length) {
    const side = Math.min(left.width, left.height)
    let to = from + 1
    let sum = sizes[from] ?? 0
    // A row grows as long as its worst rectangle gets no longer by it.
    for (let next = sizes[to]; next !== undefined; next = sizes[to]) {
      const largest = sizes[from] ?? 0
      const before = worstRatio(largest, sizes[to - 1] ?? 0, sum, side, scale)
      if (worstRatio(largest, next, sum + next, side, scale) > before) break
      sum += next
      to++
    }
    left = layRow(sizes.slice(from, to), sum * scale, scale, left, rects)
    from = to
  }
  const empty = { x: area.x, y: area.y, width: 0, height: 0 }
  return [...rects, ...values.slice(sizes.length).map(() => empty)]
}

/** The longest to the shortest side of the worst rectangle of a row along `side`. */
function worstRatio(
  largest: number,
  smallest: number,
  sum: number,
  side: number,
  scale: number,
): number {
  const thickness = (sum * scale) / side
  const square = thickness * thickness
  return Math.max((largest * scale) / square, square / (smallest * scale))
}

/** Adds the rectangles of a row and returns what is left of the area. */
function layRow(
  sizes: readonly number[],
  rowArea: number,
  scale: number,
  area: Rect,
  rects: Rect[],
): Rect {
  const { x, y, width, height } = area
  const isUpright = width >= height
  const side = isUpright ? height : width
  const thickness = side === 0 ? 0 : rowArea / side
  let offset = 0
  for (const size of sizes) {
    const length = thickness === 0 ? 0 : (size * scale) / thickness
    rects.push(
      isUpright
        ? { x, y: y + offset, width: thickness, height: length }
        : { x: x + offset, y, width: length, height: thickness },
    )
    offset += length
  }
  return isUpright
    ? { x: x + thickness, y, width: Math.max(0, width - thickness), height }
    : { x, y: y + thickness, width, height: Math.max(0, height - thickness) }
}
