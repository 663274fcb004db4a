/** Part of the x axis. */
export interface XRange {
  readonly from: number
  readonly to: number
}

/** Zooming in ends at this share of the whole axis. */
const smallestShare = 1 / 2000

/**
 * A range that is narrower (factor under 1) or wider around a place that stays where it is; null: all of the axis is seen
 * again.
 */
export function zoomed(
  range: XRange,
  whole: XRange,
  factor: number,
  around: number,
): XRange | null {
  const span = Math.max((range.to - range.from) * factor, (whole.to - whole.from) * smallestShare)
  const share = (around - range.from) / (range.to - range.from)
  const from = around - span * Math.min(1, Math.max(0, share))
  return within({ from, to: from + span }, whole)
}

/** Moved by a share of its width, but not over the ends of the axis. */
export function panned(range: XRange, whole: XRange, share: number): XRange | null {
  const by = (range.to - range.from) * share
  return within({ from: range.from + by, to: range.to + by }, whole)
}

/** Pushed inside the axis at the same width; null where it is as wide as that. */
export function within(range: XRange, whole: XRange): XRange | null {
  const span = range.to - range.from
  if (!(span > 0) || span >= whole.to - whole.from) return null
  const from = Math.min(Math.max(range.from, whole.from), whole.to - span)
  return { from, to: from + span }
}

/** From the first to the last of several ascending lists; 0 to 1 of none. */
export function extentOf(lists: readonly (readonly number[])[]): XRange {
  const ends = lists.flatMap((list) => [list[0] ?? NaN, list.at(-1) ?? NaN])
  const finite = ends.filter(Number.isFinite)
  const from = finite.length === 0 ? 0 : Math.min(...finite)
  const to = finite.length === 0 ? 1 : Math.max(...finite)
  return from < to ? { from, to } : { from, to: from + 1 }
}

/** Of the URL; null unless both are numbers and in order. */
export function parseRange(from: string | undefined, to: string | undefined): XRange | null {
  if (from === undefined || to === undefined) return null
  const range = { from: Number(from), to: Number(to) }
  return Number.isFinite(range.from) && Number.isFinite(range.to) && range.from < range.to
    ? range
    : null
}
