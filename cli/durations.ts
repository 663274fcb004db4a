import { PrewarmError } from '../formats/errors.ts'

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

/** `250ms`, `1.5s` or `2m` in milliseconds. Throws `ERR_PREWARM_CLI_USAGE`. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? []
  const factor = unitMs[unit ?? '']
  if (amount === undefined || factor === undefined) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', `"${text}" is not a duration`, {
      hint: 'Give a number with its unit: 250ms, 3s or 2m.',
    })
  }
  return Number(amount) * factor
}
