import type { OutboundAnswer, OutboundCall } from '../runtime/effects/sink.ts'
import type { TapeMaker, Taped } from './observation.ts'
import type { Redactor } from './redact.ts'
import { tapedAnswer } from './tape.ts'

/** Takes the secrets out of outbound calls and their answers. */
export class TapeRecorder implements TapeMaker {
  readonly #redactor: Redactor

  constructor(redactor: Redactor) {
    this.#redactor = redactor
  }

  nameOf({ method, url }: OutboundCall): string {
    const [withoutQuery = url] = this.#redactor.redactUrl(url).split('?', 1)
    return `${method} ${withoutQuery}`
  }

  tape(call: OutboundCall, answer: OutboundAnswer): Taped | undefined {
    return tapedAnswer(call, answer, this.#redactor)
  }
}
