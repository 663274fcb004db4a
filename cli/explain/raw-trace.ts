/** What the traced service writes down until it listens. Times are ms since the start of the process. */
import type { Profiler } from 'node:inspector'

/**
 * What the innermost open span is about. modules: an ES module that is loaded for `require()`, whose parts only the samples tell
 * apart. outside: no span is open.
 */
export const spanKinds = [
  'outside',
  'resolve',
  'read',
  'compile',
  'evaluate',
  'builtin',
  'modules',
] as const
export type SpanKind = (typeof spanKinds)[number]

export type TracedFormat = 'cjs' | 'json' | 'addon' | 'esm' | 'wasm'

export interface TracedFile {
  readonly file: string
  readonly format: TracedFormat | null
  /** Index of the file that asked first; null: nothing tells, or nobody did. */
  readonly requester: number | null
  /** From the first request until it was initialised; null: not traced. */
  readonly startMs: number | null
  readonly endMs: number | null
  /** How often it was asked for. */
  readonly requests: number
}

/** A call that kept the thread waiting while a module was initialised. */
export interface SyncCall {
  /** Index of the module. */
  readonly file: number
  /** `readFileSync`, `execSync` */
  readonly call: string
  /** What was read or run. */
  readonly about: string
  readonly ms: number
}

export interface RawTrace {
  readonly pid: number
  readonly node: string
  /** `NODE_ENV`; null: not set. */
  readonly nodeEnv: string | null
  readonly root: string
  /** Absolute path of the entry; null: there is none. */
  readonly entry: string | null
  /** Whether it is known who imports what, and not only who requires what. */
  readonly knowsImports: boolean
  /** Node itself is ready. */
  readonly bootstrapMs: number
  /** The tracer is ready. */
  readonly readyMs: number
  readonly listenMs: number
  readonly files: readonly TracedFile[]
  /** Pairs of indices: who asked for whom. */
  readonly edges: readonly (readonly [from: number, to: number])[]
  /** By number of a span: its kind, and the index of its file or -1. Span 0 is `outside`. */
  readonly spans: readonly (readonly [kind: SpanKind, file: number])[]
  /** When another span became the innermost one, and which. */
  readonly switches: readonly (readonly [atMs: number, span: number])[]
  readonly syncCalls: readonly SyncCall[]
  /** Outbound connections before the port opened: `db:5432`. */
  readonly connections: readonly { readonly to: string; readonly atMs: number }[]
  /** Samples of the main thread; null: the inspector is not allowed. */
  readonly profile: Profiler.Profile | null
  /** What `profile.startTime` is on the clock of the others. */
  readonly profileStartMs: number
}
