import { isRehearsal } from '../api.ts'

/** A `Sampler` of @opentelemetry/sdk-trace-base. */
export interface Sampler {
  shouldSample(...args: never[]): SamplingResult
  toString(): string
}

export interface SamplingResult {
  readonly decision: number
}

/** `SamplingDecision` of the SDK. */
const recordOnly = 1
const recordAndSample = 2

/**
 * A sampler that samples no span of a rehearsal, and else decides as the given one. A span that would have been sampled is
 * recorded all the same: the code of spans gets warm, and what exports them leaves it out.
 *
 * @example
 * new BasicTracerProvider({ sampler: openTelemetry(new AlwaysOnSampler()) })
 */
export function openTelemetry<S extends Sampler>(sampler: S): Pick<S, 'shouldSample' | 'toString'> {
  return {
    shouldSample(...args: never[]) {
      const result = sampler.shouldSample(...args)
      const isTooMuch = result.decision === recordAndSample && isRehearsal()
      return isTooMuch ? { ...result, decision: recordOnly } : result
    },
    toString: () => `Rehearsal{${sampler.toString()}}`,
  }
}
