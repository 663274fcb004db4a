import type { Tier } from './profile.ts'

const order: readonly Tier[] = ['ignition', 'sparkplug', 'maglev', 'turbofan']

export function higherTier(one: Tier, other: Tier): Tier {
  return order.indexOf(one) > order.indexOf(other) ? one : other
}
