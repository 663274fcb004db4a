import { isRehearsal } from '../api.ts'

type LogMethod = (this: unknown, ...args: unknown[]) => void

/** Of the options of pino, those that are extended. */
interface LoggerOptions {
  readonly hooks?: {
    readonly logMethod?: (this: unknown, args: unknown[], log: LogMethod, level: number) => void
  }
  readonly mixin?: (...args: unknown[]) => object
}

/**
 * Options of a logger that writes nothing on behalf of a rehearsal, or with `mark` adds `"rehearsal":true` to it. Hooks and
 * mixins that the options have are called as before.
 *
 * @example
 * const logger = createPino(pino({ level: 'info' }))
 */
export function pino<O extends object>(options: O, what: 'silent' | 'mark' = 'silent'): O {
  const { hooks, mixin } = options as LoggerOptions
  const extension: LoggerOptions =
    what === 'silent'
      ? { hooks: { ...hooks, logMethod: silenced(hooks?.logMethod) } }
      : { mixin: (...args) => ({ ...mixin?.(...args), ...(isRehearsal() && { rehearsal: true }) }) }
  return { ...options, ...extension }
}

function silenced(
  inner: NonNullable<LoggerOptions['hooks']>['logMethod'],
): NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']> {
  return function (args, log, level) {
    if (isRehearsal()) return
    if (inner === undefined) log.apply(this, args)
    else inner.call(this, args, log, level)
  }
}
