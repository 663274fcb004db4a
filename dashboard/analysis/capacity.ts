import type { RunSample } from './warmup-metrics.ts'

/*
 * Capacity that a process lacks while it warms up: the area between its steady state and what it does, after the notion of
 * Ottoni and Liu, "HHVM Jump-Start: Boosting Both Warmup and Steady-State Performance at Scale", CGO 2021, who report how
 * much less of a server's capacity is lost during warm-up. They see requests served by loaded servers; what is measured
 * here is the latency of one connection, so there are two ways to have the area in the same terms.
 *
 * `levels`: what each request of a round takes in the steady state, ms: `steadyLevels` or `pooledLevels` of warmup-metrics.ts.
 */

/**
 * Closed loop, one connection that asks again as soon as it has its answer: share of the requests that a steady process
 * would have served within the first `spanMs` and this one did not. A request counts as much as it takes in the steady
 * state, so that the order within a round makes no difference; the one under way at the end counts by the part of its
 * latency that has passed. What comes after the last round that was measured is taken to be steady.
 *
 * 0: steady from the first request; 1: none was served; negative: faster than at the end. NaN where `spanMs` is not above 0.
 */
export function capacityLostClosed(run: RunSample, levels: Float64Array, spanMs: number): number {
  let passedMs = 0
  let servedMs = 0
  for (let index = 0; index < run.latenciesMs.length && passedMs < spanMs; index++) {
    const latencyMs = run.latenciesMs[index] ?? NaN
    const level = levels[index % run.requestCount] ?? NaN
    const part = passedMs + latencyMs <= spanMs ? 1 : (spanMs - passedMs) / latencyMs
    passedMs += part * latencyMs
    servedMs += part * level
  }
  return spanMs > 0 ? (passedMs - servedMs) / spanMs : NaN
}

/**
 * Open loop, `perSecond` requests arrive whatever the answers take: the time that the first `perSecond` x `spanMs` / 1000
 * requests took above the steady state, as a share of `spanMs`. It is the share of one connection, or of a core where the
 * requests are bound by one, that warm-up takes from those that come within the span. Above 1, a queue
 * grows over the whole span. Of requests beyond the last measured one nothing is lost.
 */
export function capacityLostOpen(
  run: RunSample,
  levels: Float64Array,
  perSecond: number,
  spanMs: number,
): number {
  const arriving = (perSecond * spanMs) / 1000
  let lostMs = 0
  for (let index = 0; index < Math.min(arriving, run.latenciesMs.length); index++) {
    const excessMs = (run.latenciesMs[index] ?? NaN) - (levels[index % run.requestCount] ?? NaN)
    lostMs += Math.min(1, arriving - index) * excessMs
  }
  return spanMs > 0 ? lostMs / spanMs : NaN
}
