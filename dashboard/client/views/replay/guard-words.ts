import type { GuardReport } from '../../../../formats/report.ts'

/** good: all is well. info: nobody knows yet. bad: something is done about it. */
type Tone = 'good' | 'info' | 'bad'

export interface GuardWords {
  readonly tone: Tone
  readonly headline: string
  /** What it means, and what to do next. */
  readonly sentences: readonly string[]
}

const states: Readonly<Record<GuardReport['state'], string>> = {
  waiting: 'The port was not open yet when the report was written.',
  watching: 'It was still watching when the report was written.',
  over: 'The watch has ended: the time was up, or all was decided.',
  off: 'It did not watch functions and requests: `PREWARM_WATCH` is 0, or there was nothing to watch.',
}

const latencies: Readonly<Record<GuardReport['latency']['verdict'], string>> = {
  harmless: 'The first requests of clients were no slower than cold ones in staging.',
  harmful: 'The first requests of clients were slower than cold ones in staging.',
  undecided: 'Too few first requests could be compared to say whether the profile does harm.',
}

const status =
  'See `prewarm guard status -p FILE` for since when and why; `prewarm guard clear -p FILE` takes it back.'

/** null: there was no profile that fits, and so nothing to guard. */
export function guardWords(guard: GuardReport | null): GuardWords {
  if (guard === null) {
    return {
      tone: 'info',
      headline: 'Nothing to guard',
      sentences: ['No profile was applied, so that none could do harm.'],
    }
  }
  const { state, verdicts, inForce, latency, trouble } = guard
  const memory =
    trouble === null
      ? []
      : [
          `Nothing can be kept for the next start: ${trouble}. Give it a folder with \`PREWARM_STATE_DIR\`.`,
        ]
  if (verdicts.length > 0) {
    return {
      tone: 'bad',
      headline: 'This start found harm',
      sentences: [
        'From the next start on it is avoided, until there is a new profile.',
        status,
        ...memory,
      ],
    }
  }
  if (inForce.length > 0) {
    return {
      tone: 'bad',
      headline: 'Verdicts of earlier starts are in force',
      sentences: ['They hold until there is a new profile.', status, ...memory],
    }
  }
  return {
    tone:
      trouble !== null
        ? 'bad'
        : state === 'over' && latency.verdict === 'harmless'
          ? 'good'
          : 'info',
    headline: trouble === null ? 'No harm found' : 'No harm found, and no memory',
    sentences: [states[state], ...(state === 'off' ? [] : [latencies[latency.verdict]]), ...memory],
  }
}
