/**
 * Wald's sequential probability ratio test of a share: after every outcome it says whether the share is at least the harmful one,
 * at most the harmless one, or that nothing is known yet.
 */
export interface SequentialTest {
  /** Share of requests above the limit that a start may have that is as slow as a cold one. */
  readonly harmlessShare: number
  /** Share that is to be found. */
  readonly harmfulShare: number
  /** Most often that a start whose share is harmless is called harmful, however long one looks. */
  readonly falseAlarms: number
  /** Most often that a start whose share is harmful is called harmless. */
  readonly misses: number
}

/** Natural logarithms of the likelihood of harm over that of none: what outcomes add, and where the test ends. */
export interface TestWeights {
  readonly exceeded: number
  readonly kept: number
  readonly harmful: number
  readonly harmless: number
}

/**
 * The upper bound is that of Ville's inequality: under the harmless share, the likelihood ratio is a martingale that begins
 * at 1, so that it reaches 1 / falseAlarms with that probability at most, whenever one stops looking.
 */
export function weightsOf(test: SequentialTest): TestWeights {
  const { harmlessShare, harmfulShare, falseAlarms, misses } = test
  return {
    exceeded: Math.log(harmfulShare / harmlessShare),
    kept: Math.log((1 - harmfulShare) / (1 - harmlessShare)),
    harmful: Math.log(1 / falseAlarms),
    harmless: Math.log(misses),
  }
}
