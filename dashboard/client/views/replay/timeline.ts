import type { RunReport, StageName } from '../../../../formats/report.ts'

/** application: Node.js and the application themselves, and whatever else no stage accounts for. */
export type SegmentName = StageName | 'application'

export interface Segment {
  readonly name: SegmentName
  readonly title: string
  /** One sentence: what it does. */
  readonly sentence: string
  /** Since the process started, ms; derived from the order, for a report has only durations. */
  readonly fromMs: number
  readonly ms: number
}

export interface Timeline {
  readonly segments: readonly Segment[]
  readonly totalMs: number
  /** Whether the report says when the port opened; else the total is that of the stages. */
  readonly isOpen: boolean
  /** What the budget covers: from the moment at which the application wanted to listen. null: nothing was held. */
  readonly budget: {
    readonly fromMs: number
    readonly toMs: number
    readonly budgetMs: number
    readonly usedMs: number
  } | null
  /** Rehearsals that were asked for after the port had opened, ms. */
  readonly laterMs: number
}

const words: Readonly<Record<SegmentName, readonly [title: string, sentence: string]>> = {
  preflight: ['Preflight', 'Reads and verifies the profile, and matches it with what runs here.'],
  load: [
    'Load pack',
    'Opens the file out of which modules are found, read and compiled as the application asks for them.',
  ],
  codecache: [
    'Code cache',
    'Puts the recorded code caches in place; modules take them as they load.',
  ],
  application: [
    'Application',
    'Node.js and the application themselves, until they want to listen.',
  ],
  wait: [
    'Wait',
    'Other processes of the host were rehearsing: it was not yet the turn of this one.',
  ],
  preload: ['Preload', 'Initialises the modules that staging loaded only under traffic.'],
  rehearse: ['Rehearsal', 'Repeats recorded requests, and lets V8 optimise what they run.'],
  settle: ['Settle', 'Closes what the rehearsal opened and puts the flags of V8 back.'],
  open: ['Open', 'Listens for real.'],
}

/** What is done before the application has been loaded. */
const early: ReadonlySet<StageName> = new Set<StageName>(['preflight', 'load', 'codecache'])
/** What the budget is for. */
const budgeted: ReadonlySet<StageName> = new Set<StageName>(['preload', 'rehearse'])

/**
 * The stages one after the other over the time from process start to the open port. What no stage accounts for is the application,
 * which is loaded between the code caches and whatever comes next.
 */
export function timelineOf({ stages, openMs, budgetMs }: RunReport): Timeline {
  const openedAt = stages.findIndex(({ name }) => name === 'open')
  const before = openedAt === -1 ? stages : stages.slice(0, openedAt + 1)
  const stagesMs = sum(before)
  const totalMs = Math.max(openMs ?? 0, stagesMs)
  const durations: { name: SegmentName; ms: number }[] = [
    ...before.filter(({ name }) => early.has(name)),
    ...(totalMs > stagesMs ? [{ name: 'application' as const, ms: totalMs - stagesMs }] : []),
    ...before.filter(({ name }) => !early.has(name)),
  ]
  let fromMs = 0
  const segments = durations.map(({ name, ms }): Segment => {
    const [title, sentence] = words[name]
    const segment = { name, title, sentence, fromMs, ms }
    fromMs += ms
    return segment
  })
  const held = segments.find(({ name }) => name !== 'application' && budgeted.has(name))
  const usedMs = sum(before.filter(({ name }) => budgeted.has(name)))
  return {
    segments,
    totalMs,
    isOpen: openMs !== null,
    budget:
      held === undefined
        ? null
        : { fromMs: held.fromMs, toMs: held.fromMs + budgetMs, budgetMs, usedMs },
    laterMs: openedAt === -1 ? 0 : sum(stages.slice(openedAt + 1)),
  }
}

function sum(stages: readonly { readonly ms: number }[]): number {
  return stages.reduce((total, { ms }) => total + ms, 0)
}
