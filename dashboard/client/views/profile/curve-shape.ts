import type { CurvePoint } from '../../../../formats/profile.ts'

/** A recorded warm-up curve in a box of `width` by `height`, y downwards. */
export interface CurveShape {
  /** Of an SVG path; empty: there are fewer than two points. */
  readonly path: string
  readonly dots: readonly { readonly x: number; readonly y: number; readonly point: CurvePoint }[]
  readonly maxMs: number
  /** Number of the last request. */
  readonly lastRequest: number
}

/** Requests over a logarithmic axis, since what happens, happens early; latencies from zero over a linear one. */
export function curveShape(
  points: readonly CurvePoint[],
  width: number,
  height: number,
): CurveShape {
  const lastRequest = points.reduce(
    (last, { first, count }) => Math.max(last, first + count - 1),
    1,
  )
  const maxMs = points.reduce((max, { meanMs }) => Math.max(max, meanMs), 0)
  const dots = points.map((point) => ({
    x: round(requestX(middleOf(point), lastRequest) * width),
    y: round(height - (maxMs === 0 ? 0 : point.meanMs / maxMs) * height),
    point,
  }))
  const path = dots.length < 2 ? '' : `M${dots.map(({ x, y }) => `${x} ${y}`).join('L')}`
  return { path, dots, maxMs, lastRequest }
}

/** Where the n-th of `last` requests is on the axis, 0 to 1. */
export function requestX(request: number, last: number): number {
  return last <= 1 ? 0 : Math.log(Math.max(1, request)) / Math.log(last)
}

/** 1, 10, 100, ... up to the last request. */
export function requestTicks(last: number): readonly number[] {
  const ticks: number[] = []
  for (let tick = 1; tick <= last; tick *= 10) ticks.push(tick)
  return ticks
}

/** The geometric one: buckets grow. */
function middleOf({ first, count }: CurvePoint): number {
  return Math.sqrt(first * Math.max(first, first + count - 1))
}

/** A hundredth of a pixel is enough. */
function round(value: number): number {
  return Math.round(value * 100) / 100
}
