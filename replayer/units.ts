import type { Reason } from '../formats/reasons.ts'
import type { SkippedUnit, UnitCounts } from '../formats/report.ts'

export const maxNamed = 100
/** Left out on purpose: a count says it all. */
const byDesign: ReadonlySet<Reason> = new Set<Reason>(['HELD_OUT'])

/** Counts what was applied and why the rest was not; the first hundred that were not are kept by name. */
export class Units {
  #applied = 0
  readonly #skipped = new Map<Reason, number>()
  readonly #named: SkippedUnit[]

  /** @param named - shared by all stages of a run */
  constructor(named: SkippedUnit[]) {
    this.#named = named
  }

  apply(): void {
    this.#applied++
  }

  skip(unit: string, reason: Reason, detail = ''): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1)
    if (this.#named.length >= maxNamed || byDesign.has(reason)) return
    this.#named.push(detail === '' ? { unit, reason } : { unit, reason, detail })
  }

  counts(): UnitCounts {
    return { applied: this.#applied, skipped: Object.fromEntries(this.#skipped) }
  }
}
