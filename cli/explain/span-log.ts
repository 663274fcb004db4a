import type { RawTrace, SpanKind } from './raw-trace.ts'

/** At most this many changes are kept; then time goes on in the span that was open. */
const maxSwitches = 2_000_000

/**
 * Which span is the innermost one, over time. Since there is only one at any moment, times of spans never add up to more than has
 * passed.
 */
export class SpanLog {
  readonly #spans: [SpanKind, number][] = [['outside', -1]]
  readonly #switches: [number, number][] = []
  readonly #open: number[] = [0]

  enter(kind: SpanKind, file = -1): number {
    const span = this.#spans.length
    this.#spans.push([kind, file])
    this.#open.push(span)
    this.#note(span)
    return span
  }

  /** Also leaves what was entered since and left open by an error. */
  leave(span: number): void {
    const at = this.#open.lastIndexOf(span)
    if (at === -1) return
    this.#open.length = at
    this.#note(this.#open.at(-1) ?? 0)
  }

  /** What the span is about is only known once it has begun. */
  nameFile(span: number, file: number): void {
    const entry = this.#spans[span]
    if (entry !== undefined) entry[1] = file
  }

  fileOf(span: number): number {
    return this.#spans[span]?.[1] ?? -1
  }

  get innermost(): readonly [kind: SpanKind, file: number] {
    return this.#spans[this.#open.at(-1) ?? 0] ?? ['outside', -1]
  }

  get written(): Pick<RawTrace, 'spans' | 'switches'> {
    return { spans: this.#spans, switches: this.#switches }
  }

  #note(span: number): void {
    if (this.#switches.length < maxSwitches) this.#switches.push([performance.now(), span])
  }
}
