/** Under this many pairs no result of the test is below 5 % / 3. */
export const minTestedPairs = 7

/** Of more pairs the distribution is taken to be normal, which it is by then. */
const maxExactPairs = 100

/**
 * Two-sided p of Wilcoxon's signed-rank test ("Individual comparisons by ranking methods", Biometrics Bulletin 1, 1945): how likely
 * paired differences are at least as one-sided where each could as well have had the other sign. That is exactly so when two
 * equal arms are measured side by side, whatever the distribution. Exact with ties (mid-ranks); differences of 0 are left out. 1 for none.
 */
export function signedRankP(differences: readonly number[]): number {
  const sizes = differences.filter((difference) => difference !== 0)
  const ranks = doubledRanks(sizes.map(Math.abs))
  const total = ranks.reduce((sum, rank) => sum + rank, 0)
  const positive = ranks.reduce(
    (sum, rank, index) => ((sizes[index] ?? 0) > 0 ? sum + rank : sum),
    0,
  )
  const smaller = Math.min(positive, total - positive)
  const oneSided =
    ranks.length > maxExactPairs ? normalTail(ranks, smaller, total) : exactTail(ranks, smaller)
  return Math.min(1, 2 * oneSided)
}

/** Twice the mid-rank of each value, and so whole. */
function doubledRanks(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((a, b) => a - b)
  return values.map((value) => {
    const first = sorted.indexOf(value)
    const last = sorted.lastIndexOf(value)
    return first + last + 2
  })
}

/** Share of all choices of signs in which the positive ranks come to at most `most`. */
function exactTail(ranks: readonly number[], most: number): number {
  let shares = Float64Array.of(1)
  for (const rank of ranks) {
    const next = new Float64Array(shares.length + rank)
    shares.forEach((share, sum) => {
      next[sum] = (next[sum] ?? 0) + share / 2
      next[sum + rank] = (next[sum + rank] ?? 0) + share / 2
    })
    shares = next
  }
  return shares.subarray(0, most + 1).reduce((sum, share) => sum + share, 0)
}

function normalTail(ranks: readonly number[], most: number, total: number): number {
  const sd = Math.sqrt(ranks.reduce((sum, rank) => sum + rank * rank, 0)) / 2
  return normalBelow((most + 1 - total / 2) / sd)
}

/** Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 26.2.17: to 7.5e-8; for z of 0 and less. */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * -z)
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429]
  return Math.min(
    0.5,
    density * series.reduce((sum, factor, power) => sum + factor * t ** (power + 1), 0),
  )
}
