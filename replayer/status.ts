import type { Reason } from '../formats/reasons.ts'
import type { RunReport, WorkCounts } from '../formats/report.ts'
import type { Resource } from './resource.ts'
import type { WorkToRehearse } from './work.ts'

/**
 * Where a replay stands. `off`: no replayer, or switched off. `cold`: it found a reason not to act. `waiting`: code caches are in use and
 * nothing listens yet. `rehearsing`: the port is held closed, or recorded calls are repeated. `open`: done.
 */
export interface Status {
  readonly state: 'off' | 'cold' | 'waiting' | 'rehearsing' | 'open'
  readonly reason: Reason | null
  readonly detail: string
  /** Once the port is open, the first work was rehearsed in a process that does not listen, or replay was given up. */
  readonly report: RunReport | null
}

/** What the preloaded bundle offers to the application's own copy of this package. */
export interface Shared {
  status(): Status
  /** @param request - whose header is looked at; undefined: the async context is */
  isRehearsal(request?: object): boolean
  register(resource: Resource): () => void
  whenReady(): Promise<Status>
  /** Never rejects. */
  rehearse(work: WorkToRehearse): Promise<WorkCounts>
}

export const sharedKey = Symbol.for('prewarm')
