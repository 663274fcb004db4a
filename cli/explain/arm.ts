import type { StartModule, StartPhase } from '../../formats/start-report.ts'
import { startPhaseNames } from '../../formats/start-report.ts'
import type { RawTrace, SpanKind, TracedFile } from './raw-trace.ts'
import { sampledTimes, type OwnFiles, type Sampled, type SampledKind } from './sampled.ts'

type Times = Pick<StartModule, 'resolveMs' | 'readMs' | 'compileMs' | 'evaluateMs' | 'runMs'>

export interface TimedFile extends TracedFile, Times {
  readonly totalMs: number | null
}

export interface TimedStart {
  readonly phases: readonly { readonly phase: StartPhase; readonly ms: number }[]
  /** Those of the trace first, at the same indices. */
  readonly files: readonly TimedFile[]
}

const timeOf = {
  resolve: 'resolveMs',
  read: 'readMs',
  compile: 'compileMs',
  evaluate: 'evaluateMs',
  run: 'runMs',
} as const satisfies Partial<Record<StartPhase, keyof Times>>

type Draft = { -readonly [K in keyof TimedFile]: TimedFile[K] }

/**
 * Gives every moment of a traced start to one phase, and where there is one to one module. Spans tell exactly what the CommonJS
 * loader is at; where none is open, and for what interrupts one, the samples do.
 */
export function timeStart(trace: RawTrace, own: OwnFiles): TimedStart {
  const { bootstrapMs, readyMs, listenMs } = trace
  const phases = new Map<StartPhase, number>(startPhaseNames.map((name) => [name, 0]))
  const drafts = trace.files.map((file): Draft => ({ ...file, ...untimed, totalMs: null }))
  const byName = new Map(drafts.map((draft) => [draft.file, draft]))
  const startMs = Math.min(readyMs, listenMs)
  const nodeMs = Math.min(bootstrapMs, startMs)
  phases.set('node', nodeMs)
  phases.set('trace', startMs - nodeMs)

  const draftOf = (file: string, atMs: number, isTopLevel: boolean): Draft => {
    let draft = byName.get(file)
    if (draft === undefined) {
      const unknown = { format: null, requester: null, startMs: null, endMs: null, requests: 0 }
      draft = { file, ...unknown, ...untimed, totalMs: null }
      drafts.push(draft)
      byName.set(file, draft)
    }
    if (isTopLevel) draft.format ??= 'esm'
    draft.startMs ??= atMs
    return draft
  }

  for (const { kind, file, isOfSpan, fromMs, toMs } of pieces(trace, own, startMs)) {
    const ms = toMs - fromMs
    phases.set(kind, (phases.get(kind) ?? 0) + ms)
    const field = kind in timeOf ? timeOf[kind as keyof typeof timeOf] : undefined
    if (field === undefined || file === null) continue
    draftOf(file, fromMs, kind === 'evaluate' && !isOfSpan)[field] += ms
  }
  for (const draft of drafts) draft.totalMs = totalOf(draft)
  return {
    phases: startPhaseNames.map((phase) => ({ phase, ms: phases.get(phase) ?? 0 })),
    files: drafts,
  }
}

const untimed: Times = { resolveMs: 0, readMs: 0, compileMs: 0, evaluateMs: 0, runMs: 0 }

function totalOf(draft: Draft): number | null {
  const { startMs, endMs, format, resolveMs, readMs, compileMs, evaluateMs } = draft
  if (startMs !== null && endMs !== null) return endMs - startMs
  // Modules of a graph are evaluated one after the other, not one within the other.
  return format === 'esm' ? resolveMs + readMs + compileMs + evaluateMs : null
}

interface Piece {
  readonly kind: StartPhase
  readonly file: string | null
  readonly isOfSpan: boolean
  readonly fromMs: number
  readonly toMs: number
}

/** The time from `startMs` to listen, cut wherever the innermost span or the sample changes. */
function* pieces(trace: RawTrace, own: OwnFiles, startMs: number): Generator<Piece> {
  const { profile, profileStartMs, listenMs, switches, spans, files } = trace
  const samples = profile === null ? [] : sampledTimes(profile, profileStartMs, listenMs, own)
  let sample = 0
  let before: Sampled = { kind: 'other', file: null }
  for (let index = -1; index < switches.length; index++) {
    const [switchedMs, span] = switches[index] ?? [startMs, 0]
    const [kind, number] = spans[span] ?? ['outside', -1]
    const about = files[number]
    const sinceMs = Math.max(switchedMs, startMs)
    const untilMs = Math.min(switches[index + 1]?.[0] ?? listenMs, listenMs)
    for (let fromMs = sinceMs; fromMs < untilMs;) {
      while ((samples[sample]?.toMs ?? Infinity) <= fromMs) sample++
      const current = samples[sample]
      const isCurrent = current !== undefined && current.fromMs <= fromMs
      const toMs = Math.min(untilMs, (isCurrent ? current.toMs : current?.fromMs) ?? untilMs)
      const isCollecting = isCurrent && current.kind === 'gc'
      // One that was taken before says nothing about what began since; the next one may.
      const seen = samples
        .slice(sample, sample + 2)
        .find((each) => each.fromMs >= sinceMs && each.fromMs < untilMs)
      const found: Sampled = isCollecting
        ? current
        : isForSamples(kind, seen)
          ? (seen ?? before)
          : { kind: kind as SampledKind, file: about?.file ?? null }
      const isOfSpan = !isCollecting && !isForSamples(kind, seen)
      const file = found.kind === 'compile' && !isOfSpan ? (found.file ?? before.file) : found.file
      const whose = file === own.replayer ? 'prewarm' : found.kind
      yield { kind: whose, file, isOfSpan, fromMs, toMs }
      fromMs = toMs
    }
    before = followUpOf(kind, about)
  }
}

/** Whether a moment of such a span is what a sample says. */
function isForSamples(span: SpanKind, seen: Sampled | undefined): boolean {
  // What was to be CommonJS and is an ES module is evaluated where it would have been compiled.
  const isModule = span === 'compile' && seen?.kind === 'evaluate'
  return span === 'outside' || span === 'modules' || isModule
}

/** What comes after a span where no sample tells: Node compiles an ES module once it is read, and keeps books of what it finds. */
function followUpOf(span: SpanKind, about: TracedFile | undefined): Sampled {
  if (span === 'read' && about?.format === 'esm') return { kind: 'compile', file: about.file }
  return { kind: span === 'resolve' ? 'resolve' : 'other', file: null }
}
