import { effectSchema } from './effects.ts'
import {
  amount,
  bytes,
  list,
  nullable,
  oneOf,
  optional,
  record,
  sha256Hex,
  text,
  whole,
  type Infer,
} from './schema.ts'
import { table } from './table.ts'

/** Version of the container and of every section in it. */
export const formatVersion = 1

export const metaSchema = record('Meta', {
  appId: [text, 'name of the application package and entry file: `shop:server.js`'],
  createdAt: [text, 'when the profile was written, ISO 8601, UTC'],
  recorder: [text, 'what wrote it: `prewarm@0.1.0`'],
  node: [text, '`process.version` of the recorded process'],
  v8: [text, '`process.versions.v8`'],
  arch: [text, '`process.arch`'],
  platform: [text, '`process.platform`'],
  codeCacheTag: [
    whole,
    '`v8.cachedDataVersionTag()`: V8 version, V8 flags and CPU features in one number',
  ],
  execArgv: [
    list(text, 1000),
    'command-line flags of Node and V8, without those that prewarm added',
  ],
  nodeEnv: [
    optional(text),
    '`NODE_ENV` when the process started, empty: not set; absent: not recorded',
  ],
  durationMs: [amount, 'from process start to the end of recording, ms'],
  listenMs: [nullable(amount), 'from process start to the first HTTP server listening, ms'],
  requestCount: [whole, 'requests answered while recording'],
  profiler: [
    oneOf('inspector', 'v8-profiler-next', 'none'),
    'where the CPU samples come from; none: it could not be started',
  ],
  samplingMicros: [whole, 'sampling interval of the CPU profile, microseconds'],
  redactedHeaders: [list(text, 1000), 'header names whose values were not kept'],
  redactedKeys: [list(text, 1000), 'query and body keys whose values were not kept'],
  generation: [optional(whole), 'how often profiles were merged up to this one; absent: recorded'],
  parents: [
    optional(list(sha256Hex, 1000)),
    'SHA-256 of each file that it was merged of, the one with the most requests first; absent: recorded',
  ],
})

export const moduleSchema = record('Module', {
  id: [text, '`package@version/path` in node_modules, else the path below the application root'],
  path: [text, 'path from the application root, `/` separated; for builtins `node:name`'],
  format: [oneOf('cjs', 'esm', 'json', 'builtin', 'addon', 'wasm'), 'how Node loads it'],
  sourceHash: [nullable(sha256Hex), 'of the source text as it reached V8, UTF-8'],
  sourceLength: [whole, 'UTF-16 code units of that text'],
  phase: [
    oneOf('startup', 'late'),
    'initialised before the first HTTP server was told to listen, or after',
  ],
  selfMs: [nullable(amount), 'compile and evaluate, without what it loaded in turn, ms'],
  totalMs: [nullable(amount), 'the same with what it loaded in turn, ms'],
  requester: [nullable(whole), 'index of the module that loaded it first'],
  cacheBytes: [whole, 'of its V8 code cache, taken after warm-up; 0: none'],
})

export const resolutionSchema = record('Resolution', {
  from: [whole, 'index into `modules` of the one that asked'],
  specifier: [text, 'as it was asked for: `./db`, `pg`, `#config`'],
  how: [oneOf('require', 'import'), 'which of the two loaders was asked: their conditions differ'],
  to: [whole, 'index into `modules` of what was found'],
})

export const functionSchema = record('HotFunction', {
  module: [whole, 'index into `modules`'],
  name: [text, 'as V8 names it; empty for anonymous functions'],
  line: [whole, '1-based line of its opening parenthesis'],
  column: [whole, '1-based column of its opening parenthesis'],
  position: [nullable(whole), 'the same as an offset into the source, UTF-16 code units'],
  length: [nullable(whole), 'of its source from the opening parenthesis on, UTF-16 code units'],
  sourceHash: [nullable(sha256Hex), 'of that source'],
  headHash: [
    optional(whole),
    'of the first 32 UTF-16 code units of that source, or of all when it is shorter: they are digits to the base 65599, modulo 2^32; absent: not recorded',
  ],
  selfMs: [amount, 'sampled time in the function itself, ms'],
  samples: [whole, 'samples in the function itself'],
  tier: [
    nullable(oneOf('ignition', 'sparkplug', 'maglev', 'turbofan')),
    'highest tier among its live closures at the end; nil: could not be read',
  ],
})

export const distributionSchema = record('Distribution', {
  count: [whole, 'requests, or calls'],
  meanMs: [amount, 'arithmetic mean, ms'],
  p50Ms: [amount, 'median, ms'],
  p90Ms: [amount, '90th percentile, ms'],
  p99Ms: [amount, '99th percentile, ms'],
  maxMs: [amount, 'largest, ms'],
})

export const exemplarSchema = record('Exemplar', {
  url: [text, 'request target after redaction'],
  headers: [list(text, 400), 'names and values in turn, as sent, after redaction'],
  body: [
    nullable(bytes),
    'request body after redaction, decompressed where a header says that it was sent compressed; nil: none, or not kept',
  ],
  bodyKept: [
    oneOf('whole', 'none', 'dropped'),
    'dropped: over 64 KiB, over what all bodies may have together, of a kind that cannot be redacted, or not read to its end by the application',
  ],
  status: [
    whole,
    'status code of the recorded answer; 101: the connection was handed to another protocol, such as WebSocket',
  ],
  protocol: [optional(oneOf('http/1.1', 'h2')), 'that it came over; absent: http/1.1'],
  cutAfterMs: [
    optional(amount),
    'the client went away so long after it had asked, ms, with the answer begun and not ended; absent: it ended',
  ],
  use: [oneOf('rehearse', 'compare'), 'compare: held out for measuring, never rehearsed'],
})

export const serverSchema = record('Server', {
  kind: [oneOf('http', 'https', 'http2'), 'protocol'],
  ordinal: [
    whole,
    'position among the HTTP servers of the process, in the order in which they listened',
  ],
  port: [nullable(whole), 'port it listened on'],
  path: [nullable(text), 'unix socket or pipe it listened on'],
})

export const routeSchema = record('Route', {
  server: [whole, 'index into `servers`'],
  method: [text, 'HTTP method'],
  route: [text, "pattern: the framework's own, or the path with its variable parts named"],
  count: [whole, 'requests seen: the weight of the route'],
  cold: [
    distributionSchema,
    'latency of its first 10 requests; merged: of those of each recording',
  ],
  steady: [
    distributionSchema,
    'latency of its last 256 requests; merged: of those of each recording',
  ],
  exemplars: [list(exemplarSchema, 1000), 'distinct requests, first come first kept'],
})

export const requestsSchema = record('Requests', {
  servers: [list(serverSchema, 1000), 'the HTTP servers that answered'],
  routes: [list(routeSchema, 10_000), 'what they were asked, most frequent first'],
})

export const curvePointSchema = record('CurvePoint', {
  first: [whole, 'number of the first request in this bucket, from 1'],
  count: [whole, 'requests in the bucket'],
  meanMs: [amount, 'their mean latency, ms'],
})

export const curveSchema = record('Curve', {
  route: [whole, 'index into `requests.routes`'],
  points: [list(curvePointSchema, 1000), 'buckets that grow by a quarter of a power of two'],
})

export const ledgerEntrySchema = record('LedgerEntry', {
  route: [whole, 'index into `requests.routes`'],
  exemplar: [whole, 'index into its `exemplars`'],
  outcome: [
    oneOf('passed', 'observed', 'status-changed', 'failed', 'timed-out', 'untried'),
    'of the trial in staging, one request at a time; observed: not tried, and while it was first answered the process sent nothing over raw sockets',
  ],
  status: [nullable(whole), 'status code of the trial; nil: there was none'],
  effects: [list(effectSchema, 200), 'what it did besides answering, live and in the trial'],
  note: [text, 'why it was not tried; else empty'],
})

export const exchangeSchema = record('Exchange', {
  route: [whole, 'index into `requests.routes`'],
  exemplar: [whole, 'index into its `exemplars`'],
  method: [text, 'HTTP method of the outbound call'],
  url: [text, 'absolute, after redaction'],
  status: [whole, 'status code of the answer'],
  headers: [list(text, 400), 'of the answer, names and values in turn, after redaction'],
  body: [bytes, 'of the answer, decompressed and after redaction'],
})

export const workSampleSchema = record('WorkSample', {
  arguments: [
    text,
    'JSON, after redaction: the argument list, or what `serialize` of the application made of it; docs/work.md has the forms of what JSON lacks',
  ],
  outcome: [
    oneOf('returned', 'threw'),
    'how the recorded call ended; a promise by how it was settled',
  ],
  tried: [
    oneOf('passed', 'outcome-changed', 'timed-out', 'untried'),
    'of the trial in staging, one call at a time; passed: it ended as recorded',
  ],
  effects: [list(effectSchema, 200), 'what it did to the outside in the trial'],
  note: [text, 'why it was not tried; else empty'],
})

export const workSchema = record('Work', {
  name: [text, 'as the application calls it: `recordable(name, fn)`'],
  count: [whole, 'calls seen'],
  cold: [distributionSchema, 'latency of its first 10 calls; merged: of those of each recording'],
  steady: [distributionSchema, 'latency of its last 256 calls; merged: of those of each recording'],
  samples: [list(workSampleSchema, 1000), 'distinct calls, first come first kept'],
  unreplayable: [whole, 'calls that were looked at and could not be kept'],
  obstacle: [text, 'why the first of those could not: `argument 0: a function`; else empty'],
})

export type Meta = Infer<typeof metaSchema>
export type ModuleRecord = Infer<typeof moduleSchema>
export type Resolution = Infer<typeof resolutionSchema>
export type HotFunction = Infer<typeof functionSchema>
export type Distribution = Infer<typeof distributionSchema>
export type Exemplar = Infer<typeof exemplarSchema>
export type ServerRecord = Infer<typeof serverSchema>
export type RouteRecord = Infer<typeof routeSchema>
export type Requests = Infer<typeof requestsSchema>
export type CurvePoint = Infer<typeof curvePointSchema>
export type Curve = Infer<typeof curveSchema>
export type LedgerEntry = Infer<typeof ledgerEntrySchema>
export type Exchange = Infer<typeof exchangeSchema>
export type WorkSample = Infer<typeof workSampleSchema>
export type WorkRecord = Infer<typeof workSchema>
export type Tier = NonNullable<HotFunction['tier']>

/** The MessagePack sections of a profile, by the name that the section table gives them. */
export const sections = {
  meta: metaSchema,
  modules: table(moduleSchema),
  resolutions: table(resolutionSchema),
  functions: list(functionSchema),
  requests: requestsSchema,
  curve: list(curveSchema),
  ledger: list(ledgerEntrySchema),
  tapes: list(exchangeSchema),
  work: list(workSchema),
} as const

export type SectionName = keyof typeof sections

/** Sections that came after the first files of the version were written: one that is not there is empty. */
export const laterSections: ReadonlySet<SectionName> = new Set<SectionName>([
  'resolutions',
  'ledger',
  'tapes',
  'work',
])

/** Sections that hold what clients, upstreams and callers said: the ones that a key encrypts. */
export const sealableSections: ReadonlySet<SectionName> = new Set<SectionName>([
  'requests',
  'ledger',
  'tapes',
  'work',
])

export type Section<N extends SectionName> = Infer<(typeof sections)[N]>

/** A whole profile in memory. `codecache` holds the raw V8 blobs of `modules`, back to back in their order. */
export type Profile = { readonly [N in SectionName]: Section<N> } & {
  readonly codecache: Uint8Array
}
