import type { Files } from '../files.ts'

/** Modules about one side of the loader. They report with `see`, `attempt` and `later` of the application's `report.cjs`. */
export interface Topic {
  readonly name: string
  /** By the path in the application. Packages are shared by all topics, and named after theirs. */
  readonly files: Files
  /** What the application loads, in this order; below its folder. */
  readonly load: readonly string[]
}
