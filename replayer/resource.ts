/** What a hook is told. */
export interface ResourceContext {
  /** Aborts when the time of the hook is over: nobody waits for it any longer. */
  readonly signal: AbortSignal
}

/**
 * Something that has to be made ready for a rehearsal, or put in order after it: metrics, caches, connections. Modelled on
 * `org.crac.Resource`.
 */
export interface Resource {
  /** How reports and warnings call it. */
  readonly name?: string | undefined
  /** Before the first recorded request. If it throws, or is not done in time, nothing is rehearsed. */
  beforeRehearsal?(context: ResourceContext): void | Promise<void>
  /** After the last one and before the port opens; also when `beforeRehearsal` has failed. */
  afterRehearsal?(context: ResourceContext): void | Promise<void>
}
