/**
 * Rounds of processes of which the truth is known: a shape, which gives the class and the round from which they are steady,
 * times the noise of a machine.
 */

/** Standard normal, by Box and Muller. */
export function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

const between = (random, low, high) => low + (high - low) * random()
const wholeBetween = (random, low, high) => Math.floor(between(random, low, high + 1))

/**
 * `sigma`: of the logarithm of a round; `correlation` with the round before; `pauses`: share of rounds with a garbage
 * collection, that adds up to `pause` rounds; `drift`: of the level, up and down over the run; `bursts`: stretches of up
 * to 8 rounds, up to 2.5 times as slow, that a run has on average.
 */
export const machines = {
  quiet: { sigma: 0.03, correlation: 0.2, pauses: 0.03, pause: 1, drift: 0.01, bursts: 0 },
  usual: { sigma: 0.08, correlation: 0.3, pauses: 0.05, pause: 2, drift: 0.02, bursts: 0.3 },
  noisy: { sigma: 0.15, correlation: 0.4, pauses: 0.06, pause: 3, drift: 0.03, bursts: 1 },
}

/** `levelMs` of a round (from 0), ms, with its mean 1 in the steady state, and the noise of the machine. */
export function simulateRounds(random, rounds, levelOf, machine) {
  const phase = 2 * Math.PI * random()
  let correlated = normal(random)
  const roundMs = Float64Array.from({ length: rounds }, (_, round) => {
    correlated =
      machine.correlation * correlated + Math.sqrt(1 - machine.correlation ** 2) * normal(random)
    const drift = 1 + machine.drift * Math.sin(phase + (2 * Math.PI * round) / rounds)
    const pause = random() < machine.pauses ? machine.pause * random() : 0
    return (levelOf(round) * Math.exp(machine.sigma * correlated) + pause) * drift
  })
  for (let left = machine.bursts; left > 0; left--) {
    if (random() >= left) continue
    const from = Math.floor(random() * rounds)
    const to = Math.min(rounds, from + wholeBetween(random, 2, 8))
    const factor = between(random, 1.3, 2.5)
    for (let round = from; round < to; round++) roundMs[round] *= factor
  }
  return roundMs
}

/** Share of the level above which a process that approaches it is not yet steady. */
const settled = 0.05

/** Each: for so many rounds, the level of each round, the class, and the round from which it is steady. */
export const shapes = {
  flat: () => ({ class: 'flat', steadyFrom: 0, levelOf: () => 1 }),
  'first round slow': (random) => {
    const height = between(random, 20, 60)
    return { class: 'warmup', steadyFrom: 1, levelOf: (round) => (round === 0 ? height : 1) }
  },
  'step down': (random, rounds) => {
    const steadyFrom = wholeBetween(random, rounds * 0.05, rounds * 0.5)
    const height = between(random, 1.3, 3)
    return { class: 'warmup', steadyFrom, levelOf: (round) => (round < steadyFrom ? height : 1) }
  },
  'fading out': (random, rounds) => {
    const height = between(random, 10, 50)
    const tau = rounds * between(random, 0.015, 0.07)
    return {
      class: 'warmup',
      steadyFrom: Math.round(tau * Math.log(height / settled)),
      levelOf: (round) => 1 + height * Math.exp(-round / tau),
    }
  },
  'gets slower': (random, rounds) => {
    const steadyFrom = wholeBetween(random, rounds * 0.1, rounds * 0.6)
    const share = between(random, 0.55, 0.85)
    const first = between(random, 20, 60)
    const levelOf = (round) => (round === 0 ? first : round < steadyFrom ? share : 1)
    return { class: 'slowdown', steadyFrom, levelOf }
  },
  'up and down': (random, rounds) => {
    const period = rounds * between(random, 0.1, 0.24)
    const height = between(random, 1.3, 1.8)
    const offset = period * random()
    const levelOf = (round) => (Math.floor((round + offset) / period) % 2 === 0 ? 1 : height)
    return { class: 'no-steady-state', steadyFrom: null, levelOf }
  },
  'late step': (random, rounds) => {
    const at = wholeBetween(random, rounds * 0.8, rounds * 0.9)
    const height = between(random, 1.3, 2)
    const levelOf = (round) => (round < at ? height : 1)
    return { class: 'no-steady-state', steadyFrom: null, levelOf }
  },
}
