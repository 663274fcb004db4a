/**
 * Every error that prewarm raises on purpose, in one table. Match on `code`, never on the message or on
 * `instanceof`: the preloaded replayer and the application's own import are two copies of this class.
 * Codes are never reused.
 */
export const errorCodes = {
  ERR_PREWARM_FMT_NOT_A_PROFILE: 'The file does not begin with the magic bytes of a profile.',
  ERR_PREWARM_FMT_VERSION: 'The profile has a format version that this prewarm cannot read.',
  ERR_PREWARM_FMT_TRUNCATED: 'The profile ends before its section table says it should.',
  ERR_PREWARM_FMT_DAMAGED: 'A SHA-256 in the profile does not match the bytes that it covers.',
  ERR_PREWARM_FMT_LIMIT: 'A count, length or depth in the profile is over its hard limit.',
  ERR_PREWARM_FMT_INVALID: 'The bytes are intact but do not have the structure of a profile.',
  ERR_PREWARM_FMT_LOCKED:
    'Sections of the profile are encrypted, and the key is missing or another one.',
  ERR_PREWARM_FMT_UNREADABLE: 'The file cannot be read.',
  ERR_PREWARM_FMT_MERGE:
    'Profiles of different applications, Node lines or processors cannot be merged.',
  ERR_PREWARM_REC_WRITE: 'The recorder cannot write the profile; the service goes on.',
  ERR_PREWARM_REC_FAILED: 'The recorder failed on its own; the service goes on.',
  ERR_PREWARM_REC_SECRET: 'A secret was about to be written; nothing was, and the service goes on.',
  ERR_PREWARM_RPL_STRICT: 'PREWARM_MODE=strict, and the profile cannot be applied.',
  ERR_PREWARM_CFG_VALUE: 'A setting has a value that cannot be used.',
  ERR_PREWARM_CFG_KEY: 'A configuration file has a key that is no setting.',
  ERR_PREWARM_CFG_FILE: 'A configuration file cannot be read or evaluated.',
  ERR_PREWARM_CLI_USAGE: 'The command line is incomplete or contradicts itself.',
  ERR_PREWARM_CLI_EXISTS: 'The output file exists and --force was not given.',
  ERR_PREWARM_CLI_SPAWN: 'The command after -- cannot be started.',
  ERR_PREWARM_CLI_NO_LISTEN: 'The service did not listen on a port in time.',
  ERR_PREWARM_CLI_REQUESTS: 'There are no usable requests to measure with.',
  ERR_PREWARM_CLI_MEASURE: 'A measured service failed or did not answer.',
  ERR_PREWARM_CLI_STATE: 'What the guard keeps cannot be changed.',
  ERR_PREWARM_CLI_EXPRESSION: 'A --fail-if expression cannot be understood.',
  ERR_PREWARM_CLI_BAKE:
    'The code caches of the profile cannot be made for this application or this Node.js.',
  ERR_PREWARM_CLI_WRITE: 'An output file cannot be written.',
  ERR_PREWARM_CLI_RESULTS:
    'A results file is of another measurement than the one that is asked for, or has no complete run.',
  ERR_PREWARM_DSH_PATH: 'What the dashboard is to open is not there, or neither file nor folder.',
  ERR_PREWARM_DSH_LISTEN: 'The dashboard cannot listen on its address.',
  ERR_PREWARM_DSH_PAGE: 'The page of the dashboard is not built.',
  ERR_PREWARM_DSH_NOT_FOUND: 'The dashboard has nothing of this name.',
  ERR_PREWARM_DSH_REQUEST: 'The dashboard cannot understand a request.',
  ERR_PREWARM_DSH_REFUSED: 'The dashboard refuses a request that another site may have made.',
  ERR_PREWARM_DSH_TOKEN: 'The dashboard asks for its token.',
  ERR_PREWARM_DSH_LIMIT: 'A file, or all that were dropped, is more than the dashboard takes.',
  ERR_PREWARM_DSH_KIND: 'The file is nothing that the dashboard can show.',
  ERR_PREWARM_DSH_FAILED: 'The dashboard failed on its own; it goes on.',
  ERR_PREWARM_DSH_GONE: 'The server of the dashboard does not answer its page any more.',
  ERR_PREWARM_DSH_ANSWER:
    'The server of the dashboard answered in a way that its page does not know.',
  ERR_PREWARM_DSH_VIEW: 'A view of the dashboard failed on its own.',
  ERR_PREWARM_DSH_ONE_FILE:
    'A report that was saved as one file does not hold what is asked of it.',
} as const

export type ErrorCode = keyof typeof errorCodes

const brand = Symbol.for('prewarm.error')

/** An expected failure: `code` from {@link errorCodes}, what happened in `message`, what to do in `hint`. */
export class PrewarmError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly [brand] = true

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'PrewarmError'
    this.code = code
    this.hint = options.hint
  }
}

export function isPrewarmError(error: unknown): error is PrewarmError {
  return typeof error === 'object' && error !== null && brand in error
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
