import { PrewarmError, isPrewarmError, type ErrorCode } from '../../formats/errors.ts'
import type { ApiError } from '../api.ts'

export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 413 | 415 | 422 | 500

const statuses: Readonly<Partial<Record<ErrorCode, ErrorStatus>>> = {
  ERR_PREWARM_DSH_REQUEST: 400,
  ERR_PREWARM_DSH_TOKEN: 401,
  ERR_PREWARM_DSH_REFUSED: 403,
  ERR_PREWARM_DSH_NOT_FOUND: 404,
  ERR_PREWARM_DSH_LIMIT: 413,
  ERR_PREWARM_DSH_KIND: 422,
  ERR_PREWARM_DSH_FAILED: 500,
}

/** Whatever was thrown, as what a client is told: of what nobody expected not even the message. */
export function problemOf(error: unknown): {
  readonly status: ErrorStatus
  readonly body: ApiError
} {
  const { code, message, hint } = isPrewarmError(error) ? error : failed(error)
  // All others are about what is in a file.
  return { status: statuses[code] ?? 422, body: { code, message, hint: hint ?? null } }
}

/** For what is a mistake of ours; the cause is for the terminal. */
export function failed(cause: unknown): PrewarmError {
  return new PrewarmError('ERR_PREWARM_DSH_FAILED', 'The dashboard failed on this request', {
    hint: 'The terminal that it runs in says more.',
    cause,
  })
}

export function notFound(what: string): PrewarmError {
  return new PrewarmError('ERR_PREWARM_DSH_NOT_FOUND', what)
}
