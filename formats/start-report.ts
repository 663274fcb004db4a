import { PrewarmError } from './errors.ts'
import { amount, list, nullable, oneOf, record, text, whole, type Infer } from './schema.ts'

/*
 * What `prewarm explain-start -o FILE` writes, as JSON: where the time from process start to the first listen goes. Times are ms
 * since the start of the process, or durations in ms, of one traced start; only `listenMs` is of starts without a trace.
 */

export const startReportVersion = 1

const most = { modules: 50_000, advice: 10, evidence: 20, runs: 1000, arms: 4 } as const

/** In the order in which they are shown; together they are the whole time of a start. */
export const startPhases = {
  node: 'Node.js starts',
  trace: 'the trace itself',
  prewarm: 'prewarm',
  builtin: 'modules of Node.js',
  resolve: 'finding modules',
  read: 'reading modules',
  compile: 'compiling modules',
  evaluate: 'top levels of modules',
  run: 'functions called later',
  gc: 'garbage collection',
  wait: 'waiting',
  other: 'anything else',
} as const
export type StartPhase = keyof typeof startPhases
export const startPhaseNames = Object.keys(startPhases) as readonly StartPhase[]

const phaseSchema = record('StartPhaseTime', {
  phase: [oneOf(...startPhaseNames), ''],
  ms: [amount, ''],
})

const moduleSchema = record('StartModule', {
  id: [text, '`package@version/path`, or the path below the root of the application'],
  path: [text, 'below the root of the application'],
  package: [text, '`package@version`; empty: the application itself'],
  format: [nullable(oneOf('cjs', 'esm', 'json', 'addon', 'wasm')), 'nil: nothing tells'],
  requester: [nullable(whole), 'index of the module that asked first; nil: not known'],
  requests: [whole, 'how often it was asked for; 0: not known'],
  sizeBytes: [nullable(whole), 'of the file; nil: it cannot be read'],
  startMs: [nullable(amount), 'when it was first asked for, or seen to run'],
  totalMs: [nullable(amount), 'until it was initialised, with all that it loaded; nil: not known'],
  resolveMs: [amount, 'finding it, for all who asked'],
  readMs: [amount, ''],
  compileMs: [amount, ''],
  evaluateMs: [amount, 'its top level, without the modules that this loads'],
  runMs: [amount, 'functions of it, called from no top level'],
})
export type StartModule = Infer<typeof moduleSchema>

const armSchema = record('StartArm', {
  name: [oneOf('cold', 'prewarm'), ''],
  listenMs: [amount, 'from process start to listen without a trace, median'],
  tracedMs: [amount, 'the same of the start that is shown, the fastest with a trace'],
  untracedRunsMs: [list(amount, most.runs), 'of every start without a trace'],
  tracedRunsMs: [list(amount, most.runs), 'of every start with one'],
  isSampled: [oneOf('yes', 'no'), 'no: Node allows no inspector; ES modules have no times'],
  phases: [list(phaseSchema, startPhaseNames.length), 'add up to `tracedMs`'],
  modules: [list(moduleSchema, most.modules), 'in the order in which they were asked for'],
})
export type StartArm = Infer<typeof armSchema>

const lazyModuleSchema = record('LazyModule', {
  module: [whole, 'index into the modules of the cold arm'],
  selfMs: [amount, 'without the modules that it loads'],
  ms: [amount, 'with those that nobody else loads'],
  modules: [whole, 'how many these are, itself included'],
  functions: [whole, 'that it has, none of which was called'],
})
export type LazyModule = Infer<typeof lazyModuleSchema>

const lazyPackageSchema = record('LazyPackage', {
  package: [text, '`package@version`; empty: the application itself'],
  ms: [amount, 'of its modules that were not called, with what only these load'],
  modules: [whole, 'how many these are'],
  uncalled: [whole, 'modules of the package that were not called'],
  called: [whole, 'modules of the package that were'],
  sizeBytes: [whole, 'of the files that would not be loaded'],
})
export type LazyPackage = Infer<typeof lazyPackageSchema>

const lazySchema = record('LazyCandidates', {
  observeMs: [amount, 'how long it was watched after it listened'],
  isRehearsed: [oneOf('yes', 'no'), 'whether recorded requests were rehearsed meanwhile'],
  withoutFunctions: [whole, 'modules that have none: constants, JSON'],
  modules: [list(lazyModuleSchema, most.modules), 'the dearest first'],
  packages: [list(lazyPackageSchema, most.modules), 'the dearest first'],
})
export type LazyCandidates = Infer<typeof lazySchema>

export const adviceKinds = [
  'uncalled-package',
  'two-copies',
  'package-json',
  'barrel',
  'big-json',
  'sync-calls',
  'waiting',
  'development',
  'slow-top-level',
  'many-modules',
  'newer-node',
  'no-profile',
] as const

const adviceSchema = record('StartAdvice', {
  kind: [oneOf(...adviceKinds), ''],
  title: [text, 'what could be changed, one sentence'],
  ms: [
    nullable(amount),
    'estimate of what it would save of the traced start; nil: none can be given',
  ],
  evidence: [list(text, most.evidence), 'what was measured'],
})
export type StartAdvice = Infer<typeof adviceSchema>

const reportSchema = record('StartReport', {
  type: [oneOf('prewarm-start'), ''],
  schemaVersion: [whole, 'of this format'],
  prewarm: [text, 'version that measured'],
  createdAt: [text, 'ISO 8601, UTC'],
  command: [list(text, 1000), 'the service and its arguments, as given'],
  node: [text, '`process.version` of the service'],
  profile: [nullable(text), 'name of the profile; nil: none'],
  arms: [list(armSchema, most.arms), 'cold first'],
  lazy: [nullable(lazySchema), 'nil: not looked for'],
  advice: [list(adviceSchema, most.advice), 'the most useful first'],
})
export type StartReport = Infer<typeof reportSchema>

/** Whether a text begins as such a file does. */
export function looksLikeStartReport(content: string): boolean {
  return /^\s*\{\s*"type"\s*:\s*"prewarm-start"/.test(content.slice(0, 100))
}

/** Throws `ERR_PREWARM_FMT_INVALID`, `ERR_PREWARM_FMT_LIMIT`, and `ERR_PREWARM_FMT_VERSION` for a later version. */
export function parseStartReport(content: string): StartReport {
  const value = parseJson(content) as { readonly type?: unknown; schemaVersion?: unknown } | null
  const version = value?.schemaVersion
  if (value?.type === 'prewarm-start' && typeof version === 'number') {
    if (version > startReportVersion) {
      throw new PrewarmError(
        'ERR_PREWARM_FMT_VERSION',
        `An explained start of version ${version}; this prewarm reads version ${startReportVersion}`,
        { hint: 'Update prewarm.' },
      )
    }
  }
  const report = reportSchema.parse(value, 'start')
  for (const { name, modules } of report.arms) {
    const isOutside = ({ requester }: StartModule): boolean => (requester ?? 0) >= modules.length
    const at = modules.findIndex((module) => module.requester !== null && isOutside(module))
    if (at !== -1) refuse(`start.${name}.modules[${at}].requester: there is no such module`)
  }
  const cold = report.arms.find(({ name }) => name === 'cold')?.modules.length ?? 0
  if (report.lazy?.modules.some(({ module }) => module >= cold) === true) {
    refuse('start.lazy: it names a module that is not there')
  }
  return report
}

function refuse(message: string): never {
  throw new PrewarmError('ERR_PREWARM_FMT_INVALID', message)
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return null
  }
}
